package import Networking
package import Pipeline

extension EmailChannel.Settings: ChannelPlan {
    package var concurrency: Int { connections }

    package var secrets: [String] { login?.secrets ?? [] }

    package func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel {
        EmailChannel(name: name, settings: self, context: context, transport: transport)
    }
}
