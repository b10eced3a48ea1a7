package import Networking
package import Pipeline

extension NtfyChannel {
    /// What the settings say of a topic, checked.
    package struct Settings: Sendable {
        /// Of the server.
        let endpoint: Endpoint
        let topic: String
        let login: HTTPLogin?

        /// The public server.
        package static let defaultURL = "https://ntfy.sh"

        /// Checks them all; `ranges` is `network.allow-private`, for a server of one's own.
        package init(
            topic: String, url: String = Self.defaultURL, token: Secret? = nil,
            username: String? = nil, password: Secret? = nil, allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
            endpoint = try ServiceCheck.base(url, allowing: ranges)
            guard !topic.isEmpty else { throw ChannelSettingsError("topic", .missing) }
            guard topic.wholeMatch(of: /[A-Za-z0-9_\-]{1,64}/) != nil else {
                throw ChannelSettingsError(
                    "topic", wrong: Bilingual("不是主题名", "it is not the name of a topic"),
                    hint: Bilingual(
                        "1 到 64 个字母、数字、_ 或 -", "1 to 64 letters, digits, _ or -"))
            }
            self.topic = topic
            login = try HTTPLogin(token: token, username: username, password: password)
        }
    }
}

extension NtfyChannel.Settings: ChannelPlan {
    /// The server's default: one in five seconds, once the first sixty are used up.
    package var messagesPerMinute: Int? { 12 }
    package var concurrency: Int { 1 }

    package func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel {
        NtfyChannel(name: name, settings: self, context: context, transport: transport)
    }
}
