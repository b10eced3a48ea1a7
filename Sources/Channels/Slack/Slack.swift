package import Networking
package import Pipeline

/// An incoming webhook of Slack.
///
/// It tells no message's `ts`, so nothing that was sent can be changed by it.
package struct Slack: Service {
    package let endpoint: Endpoint
    let mentions: Mentions
    let thread: String

    /// Checks them all.
    ///
    /// The address ends in three keys; `thread` is the `ts` of a message that all of ours are
    /// to answer, which a webhook itself never tells.
    package init(
        url: String, mentions: Mentions = Mentions(), thread: String = "",
        allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        endpoint = try Endpoint(url, allowing: ranges)
        let target = endpoint.target
        let keys = target.firstRange(of: "/services/").map {
            target[$0.upperBound...].split(separator: "/", omittingEmptySubsequences: false)
        }
        try SettingsCheck.address(
            keys.map { $0.count == 3 && $0.allSatisfy { !$0.isEmpty } } ?? false,
            sample: "https://hooks.slack.com/services/T…/B…/…")
        try mentions.check(
            most: Mentions.most,
            form: Bilingual(
                "users 是 U… 或 W…，groups 是 S…（用户组）",
                "users are U… or W…, groups are S… (user groups)")
        ) { people in
            people.users.allSatisfy {
                $0.isName(upTo: 24) && ($0.hasPrefix("U") || $0.hasPrefix("W"))
            }
                && people.groups.allSatisfy { $0.isName(upTo: 24) && $0.hasPrefix("S") }
        }
        let pieces = thread.split(separator: ".", omittingEmptySubsequences: false)
        let isSound =
            pieces.count == 2
            && pieces.allSatisfy { (1...20).contains($0.count) && $0.allSatisfy(\.isNumber) }
            && thread.utf8.count == thread.count
        guard thread.isEmpty || isSound else {
            throw SettingsError(
                "thread",
                wrong: Bilingual("不是一条消息的 ts", "it is not the ts of a message"),
                hint: Bilingual("形如 1700000000.000100", "it looks like 1700000000.000100"))
        }
        self.mentions = mentions
        self.thread = thread
    }
}

extension Slack {
    /// What the service documents: about one a second.
    package var messagesPerMinute: Int? { 60 }
    package var verdict: any ServiceVerdict.Type { SlackVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        SlackFormat(mentions: mentions, context: context, thread: thread)
    }
}
