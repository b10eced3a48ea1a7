package import Networking
package import Pipeline

extension MatrixChannel {
    /// What the settings say of an account and its room, checked.
    package struct Settings: Sendable {
        /// Of the homeserver.
        let endpoint: Endpoint
        let token: Secret
        /// `!id:server`.
        let room: String
        /// The event that starts a thread; nil: the room itself.
        let thread: String?
        let mentions: Mentions

        /// The specification's bound for ids.
        static let idLimit = 255

        /// Checks them all; `ranges` is `network.allow-private`, for a homeserver of one's own.
        package init(
            url: String, token: Secret?, room: String, thread: String? = nil,
            mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
            endpoint = try ServiceCheck.base(url, allowing: ranges)
            self.token = try ServiceCheck.key(token, "token")
            guard !room.isEmpty else { throw ChannelSettingsError("room", .missing) }
            guard room.hasPrefix("!"), Self.isID(room) else {
                throw ChannelSettingsError(
                    "room", wrong: Bilingual("不是房间编号", "it is not the id of a room"),
                    hint: Bilingual(
                        "写 !abc:example.com 这样的编号，不是 #别名：见房间设置 → 高级",
                        "use the id (!abc:example.com) and not the #alias: room settings, Advanced")
                )
            }
            self.room = room
            guard thread.map({ $0.hasPrefix("$") && Self.isID($0) }) ?? true else {
                throw ChannelSettingsError(
                    "thread", wrong: Bilingual("不是事件编号", "it is not the id of an event"),
                    hint: Bilingual("以 $ 开头", "it starts with $"))
            }
            self.thread = thread
            try mentions.check(
                most: Mentions.most, form: Bilingual("写 @名字:服务器", "write @name:server")
            ) { people in
                people.areUsers(everyone: true, isName: MatrixFormat.isName) && !people.here
            }
            self.mentions = mentions
        }

        private static func isID(_ text: String) -> Bool {
            (2...idLimit).contains(text.utf8.count)
                && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        }
    }
}

extension MatrixChannel.Settings: ChannelPlan {
    /// What Synapse grants an account by default: 0.2 a second.
    package var messagesPerMinute: Int? { 12 }
    package var concurrency: Int { 1 }

    package func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel {
        MatrixChannel(name: name, settings: self, context: context, transport: transport)
    }
}
