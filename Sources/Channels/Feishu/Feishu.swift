package import Networking
package import Pipeline

/// A custom bot of a Feishu (飞书) or Lark group.
package struct Feishu: Service {
    package let endpoint: Endpoint
    /// Nil when the bot is not set to check signatures.
    let secret: Secret?
    /// One of the bot's keywords; empty when it has none.
    let keyword: String
    let mentions: Mentions

    /// Checks them all.
    ///
    /// The address ends in the bot's token; people are called by open id (`ou_…`) or user id,
    /// the only ones that a custom bot may use.
    package init(
        url: String, secret: Secret? = nil, keyword: String = "",
        mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        endpoint = try Endpoint(url, allowing: ranges)
        let path = "/open-apis/bot/v2/hook/"
        let target = endpoint.target
        let token = target.firstRange(of: path).map { target[$0.upperBound...] }
        try SettingsCheck.address(
            token.map { !$0.isEmpty && $0 != "/" } ?? false,
            sample: "https://open.feishu.cn\(path)…")
        try SettingsCheck.secret(secret)
        try SettingsCheck.keyword(keyword)
        try mentions.check(
            most: Mentions.most,
            form: Bilingual(
                "只能用 open_id（ou_…）或 user_id，不能用手机号、邮箱",
                "only open ids (ou_…) and user ids, no mail addresses")
        ) { people in
            people.users.allSatisfy { $0.isName(others: "_-") }
        }
        self.secret = secret
        self.keyword = keyword
        self.mentions = mentions
    }
}

extension Feishu {
    /// What the service documents for one bot.
    package var messagesPerMinute: Int? { 100 }
    package var secrets: [String] { endpoint.secrets + (secret.map { [$0.value] } ?? []) }
    package var verdict: any ServiceVerdict.Type { FeishuVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        FeishuFormat(
            keyword: keyword, mentions: mentions, context: context, isSigned: secret != nil)
    }

    /// The service takes a signature for an hour.
    package func request(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) -> HTTPRequest {
        guard let secret else { return post(body) }
        let members = FeishuSignature.members(
            seconds: now.milliseconds / 1000, secret: secret.value)
        return post("{" + members + body.dropFirst())
    }
}
