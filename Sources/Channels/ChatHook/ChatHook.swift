package import Networking
package import Pipeline

/// An incoming webhook of Mattermost or Rocket.Chat, which differ only in their dialect.
///
/// It cannot reply in a thread, and it has no key against doubles.
package struct ChatHook: Service {
    package enum Dialect: Hashable, Sendable {
        case mattermost
        case rocketChat

        var name: String { self == .mattermost ? "Mattermost" : "Rocket.Chat" }

        /// The service's default for one post.
        ///
        /// It counts `text` alone; here all that is read counts, so that no message is a wall.
        var limit: Int { self == .mattermost ? 16_383 : 5000 }

        /// Mattermost counts code points, Rocket.Chat UTF-16 units.
        func length(_ text: String) -> Int {
            self == .mattermost ? text.unicodeScalars.count : text.utf16.count
        }

        func bold(_ text: String) -> String { self == .mattermost ? "**\(text)**" : "*\(text)*" }

        var everyone: String { self == .mattermost ? "@channel" : "@all" }
    }

    let dialect: Dialect
    /// The whole address is the secret.
    package let endpoint: Endpoint
    let mentions: Mentions

    /// Checks them all; `ranges` is `network.allow-private`, for a server of one's own.
    package init(
        _ dialect: Dialect, url: String, mentions: Mentions = Mentions(),
        allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        self.dialect = dialect
        endpoint = try SettingsCheck.base(url, allowing: ranges)
        guard endpoint.target.contains("/hooks/") else {
            throw SettingsError(
                "url", wrong: Bilingual("不是接入 webhook 的地址", "it is no incoming webhook's"),
                hint: Bilingual(
                    "\(dialect.name) 给出的地址里有 /hooks/",
                    "the address that \(dialect.name) shows has /hooks/ in it"))
        }
        try mentions.check(
            most: Mentions.most,
            form: Bilingual("写用户名；所有人用 all: true", "write a user name; for everyone all: true")
        ) { $0.areUsers(everyone: true, isName: AttachmentFormat.isName) }
        self.mentions = mentions
    }

    /// Mattermost limits nothing unless its administrator says so; 10 is Rocket.Chat's default for
    /// one route.
    package var messagesPerMinute: Int? { dialect == .mattermost ? nil : 10 }

    package var verdict: any ServiceVerdict.Type {
        dialect == .mattermost ? MattermostVerdict.self : RocketChatVerdict.self
    }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        AttachmentFormat(dialect: dialect, mentions: mentions, context: context)
    }
}
