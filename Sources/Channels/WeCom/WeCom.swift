package import Networking
package import Pipeline

/// A robot of a WeCom (企业微信) group: 群机器人, now called 消息推送.
///
/// The service knows no signature: the address is the secret.
package struct WeCom: Service {
    package let endpoint: Endpoint
    let mentions: Mentions

    /// The most people of one message: their names take room from 4096 bytes.
    package static let mostPeople = 20

    /// Checks them all.
    ///
    /// The address has the robot's `key` in it.
    package init(
        url: String, mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        endpoint = try Endpoint(url, allowing: ranges)
        let query = endpoint.target.split(separator: "?", maxSplits: 1).last ?? ""
        let hasKey = query.split(separator: "&").contains {
            $0.hasPrefix("key=") && $0.utf8.count > 4
        }
        try SettingsCheck.address(
            hasKey && endpoint.target.contains("/webhook/send?"),
            sample: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…")
        try mentions.check(
            most: Self.mostPeople,
            form: Bilingual(
                "users 是成员的 userid，mobiles 是手机号",
                "users are member ids (userid), mobiles are numbers")
        ) { people in
            people.users.allSatisfy { $0.isName(others: "_-.@") }
                && people.mobiles.allSatisfy { $0.isName(upTo: 32, others: "+-") }
        }
        self.mentions = mentions
    }
}

extension WeCom {
    /// What the service documents for one robot.
    package var messagesPerMinute: Int? { 20 }
    package var verdict: any ServiceVerdict.Type { WeComVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        WeComFormat(mentions: mentions, context: context)
    }
}
