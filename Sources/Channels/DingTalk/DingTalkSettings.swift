package import Networking
import Pipeline

extension DingTalkChannel {
    /// What the settings say of a robot, checked.
    package struct Settings: Sendable {
        package let endpoint: Endpoint
        /// `SEC…`; nil when the robot is not set to sign.
        let secret: Secret?
        /// One of the robot's keywords; empty when it has none.
        let keyword: String
        let mentions: Mentions

        /// The most people of one message.
        package static let mostPeople = 50

        /// Checks them all.
        ///
        /// The address has the robot's `access_token` in it; `ranges` is `network.allow-private`,
        /// for a stand-in of the robot.
        package init(
            url: String, secret: Secret? = nil, keyword: String = "",
            mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
            endpoint = try Endpoint(url, allowing: ranges)
            try SettingsCheck.address(
                endpoint.target.contains("access_token="),
                sample: "https://oapi.dingtalk.com/robot/send?access_token=…")
            try SettingsCheck.secret(secret)
            try SettingsCheck.keyword(keyword)
            try mentions.check(
                most: Self.mostPeople,
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
}
