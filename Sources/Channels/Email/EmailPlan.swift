package import Networking
package import Pipeline

extension EmailChannel.Settings: ChannelPlan {
    /// Mails share few connections.
    package var concurrency: Int { 2 }

    /// The password, also as the login protocols spell it.
    package var secrets: [String] {
        guard let login else { return [] }
        let user = Array(login.username.value.utf8)
        let password = Array(login.password.value.utf8)
        return [
            login.password.value, Base64.text(password), Base64.text([0] + user + [0] + password),
        ]
    }

    package func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel {
        EmailChannel(name: name, settings: self, context: context, transport: transport)
    }
}
