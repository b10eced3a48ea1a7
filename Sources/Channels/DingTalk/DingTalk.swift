package import Networking
package import Pipeline

/// A DingTalk (钉钉) custom robot in a group.
package struct DingTalk: Service {
    package let endpoint: Endpoint
    /// `SEC…`; nil when the robot is not set to sign.
    let secret: Secret?
    /// One of the robot's keywords; empty when it has none.
    let keyword: String
    let mentions: Mentions

    /// Checks them all.
    ///
    /// The address has the robot's `access_token` in it; `ranges` is `network.allow-private`,
    /// for a stand-in of the robot.
    package init(
        url: String, secret: Secret? = nil, keyword: String = "",
        mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        endpoint = try Endpoint(url, allowing: ranges)
        try SettingsCheck.address(
            endpoint.target.contains("access_token="),
            sample: "https://oapi.dingtalk.com/robot/send?access_token=…")
        try SettingsCheck.secret(secret)
        try SettingsCheck.keyword(keyword)
        try mentions.check(
            most: Mentions.most,
            form: Bilingual(
                "手机号和 userId 是不含空白的 ASCII",
                "mobile numbers and user ids are ASCII without blanks")
        ) { people in
            (people.mobiles + people.users).allSatisfy { person in
                (1...64).contains(person.utf8.count)
                    && person.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            }
        }
        self.secret = secret
        self.keyword = keyword
        self.mentions = mentions
    }
}

extension DingTalk {
    /// What the service documents: a robot that sends more is blocked for ten minutes.
    package var messagesPerMinute: Int? { 20 }
    package var secrets: [String] { endpoint.secrets + (secret.map { [$0.value] } ?? []) }
    package var verdict: any ServiceVerdict.Type { DingTalkVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        DingTalkFormat(channel: channel, keyword: keyword, mentions: mentions, context: context)
    }

    /// The service takes a signature for an hour.
    package func request(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) -> HTTPRequest {
        var values: [(name: String, value: String)] = []
        if let secret {
            let sign = DingTalkSignature.base64(
                milliseconds: now.milliseconds, secret: secret.value)
            values = [("timestamp", String(now.milliseconds)), ("sign", sign)]
        }
        return post(body, to: endpoint.appending(values))
    }
}
