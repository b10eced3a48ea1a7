package import Networking
package import Pipeline

extension MattermostChannel {
    /// What the settings say of an incoming webhook, checked.
    package struct Settings: Sendable {
        /// The whole address is the secret.
        let endpoint: Endpoint
        let mentions: Mentions

        /// Checks them all; `ranges` is `network.allow-private`, for a server of one's own.
        package init(
            url: String, mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
            endpoint = try ServiceCheck.base(url, allowing: ranges)
            guard endpoint.target.contains("/hooks/") else {
                throw ChannelSettingsError(
                    "url", wrong: Bilingual("不是接入 webhook 的地址", "it is no incoming webhook's"),
                    hint: Bilingual(
                        "Mattermost 给出的地址里有 /hooks/",
                        "the address that Mattermost shows has /hooks/ in it"))
            }
            try mentions.check(
                most: Mentions.most,
                form: Bilingual("写用户名；所有人用 all: true", "write a user name; for everyone all: true")
            ) { $0.areUsers(everyone: true, isName: AttachmentFormat.isName) }
            self.mentions = mentions
        }
    }
}

extension MattermostChannel.Settings: ChannelPlan {
    /// The server limits nothing unless its administrator says so.
    package var messagesPerMinute: Int? { nil }
    package var concurrency: Int { 1 }

    package func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel {
        MattermostChannel(name: name, settings: self, context: context, transport: transport)
    }
}
