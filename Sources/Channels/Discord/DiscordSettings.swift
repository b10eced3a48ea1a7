package import Networking
import Pipeline

extension DiscordChannel {
    /// What the settings say of a webhook, checked.
    package struct Settings: Sendable {
        package let endpoint: Endpoint
        let mentions: Mentions
        let thread: Thread?

        /// Where messages go within the channel.
        package enum Thread: Hashable, Sendable {
            /// Each message opens one: what a forum asks for.
            case new
            /// All go into this one.
            case existing(id: String)
        }

        /// The most people of one message; the service takes 100 of a kind, the content fewer.
        package static let mostPeople = 50

        /// Checks them all.
        ///
        /// `thread` is a thread's id, `new`, or empty for none.
        package init(
            url: String, mentions: Mentions = Mentions(), thread: String = "",
            allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
            endpoint = try Endpoint(url, allowing: ranges)
            let target = endpoint.target
            let path = target.prefix { $0 != "?" }
            let pieces = path.firstRange(of: "/webhooks/").map {
                path[$0.upperBound...].split(separator: "/", omittingEmptySubsequences: false)
            }
            try SettingsCheck.address(
                pieces.map { pieces in
                    pieces.count == 2 && Self.isID(pieces[0])
                        && pieces[1].isName(upTo: 200, others: "_-")
                } ?? false, sample: "https://discord.com/api/v10/webhooks/1234…/…")
            try mentions.check(
                most: Self.mostPeople,
                form: Bilingual("写数字 ID", "write ids, which are numbers")
            ) { people in
                (people.users + people.groups).allSatisfy(Self.isID)
            }
            guard thread.isEmpty || thread == "new" || Self.isID(thread) else {
                throw ChannelSettingsError(
                    "thread",
                    .wrong(
                        Bilingual(
                            "写子区的数字 ID，或 new（论坛频道，每条消息开一个帖子）",
                            "write a thread's id, or `new` (a forum: each message opens a post)")))
            }
            self.mentions = mentions
            self.thread = thread.isEmpty ? nil : thread == "new" ? .new : .existing(id: thread)
        }

        private static func isID(_ text: some StringProtocol) -> Bool {
            (1...20).contains(text.utf8.count)
                && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
    }
}
