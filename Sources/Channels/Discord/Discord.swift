package import Networking
package import Pipeline

/// A webhook of a Discord channel.
package struct Discord: Service {
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

    /// Checks them all.
    ///
    /// `thread` is a thread's id, `new`, or empty for none.
    package init(
        url: String, mentions: Mentions = Mentions(), thread: String = "",
        allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
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
            most: Mentions.most,
            form: Bilingual("写数字 ID", "write ids, which are numbers")
        ) { people in
            (people.users + people.groups).allSatisfy(Self.isID)
        }
        guard thread.isEmpty || thread == "new" || Self.isID(thread) else {
            throw SettingsError(
                "thread",
                wrong: Bilingual(
                    "写子区的数字 ID，或 new（论坛频道，每条消息开一个帖子）",
                    "write a thread's id, or `new` (a forum: each message opens a post)"))
        }
        self.mentions = mentions
        self.thread = thread.isEmpty ? nil : thread == "new" ? .new : .existing(id: thread)
    }

    private static func isID(_ text: some StringProtocol) -> Bool {
        (1...20).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension Discord {
    /// Within the five in two seconds that users see; the service tells its limits by 429.
    package var messagesPerMinute: Int? { 120 }
    package var verdict: any ServiceVerdict.Type { DiscordVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        DiscordFormat(mentions: mentions, context: context, thread: thread)
    }

    /// It waits for the message to be kept: without `wait` a message that is not gives no error.
    package func request(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) -> HTTPRequest {
        var values: [(name: String, value: String)] = []
        let query = endpoint.target.split(separator: "?", maxSplits: 1).dropFirst().last
        if !(query ?? "").split(separator: "&").contains(where: { $0.hasPrefix("wait=") }) {
            values.append(("wait", "true"))
        }
        if case .existing(let id)? = thread { values.append(("thread_id", id)) }
        return post(body, to: endpoint.appending(values))
    }
}
