package import Networking
import Pipeline

extension FeishuChannel {
    /// What the settings say of a bot, checked.
    package struct Settings: Sendable {
        package let endpoint: Endpoint
        /// Nil when the bot is not set to check signatures.
        let secret: Secret?
        /// One of the bot's keywords; empty when it has none.
        let keyword: String
        let mentions: Mentions

        /// The most people of one message.
        package static let mostPeople = 50

        /// Checks them all.
        ///
        /// The address ends in the bot's token; people are called by open id (`ou_…`) or user id,
        /// the only ones that a custom bot may use.
        package init(
            url: String, secret: Secret? = nil, keyword: String = "",
            mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
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
                most: Self.mostPeople,
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
}
