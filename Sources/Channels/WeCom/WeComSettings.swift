package import Networking
import Pipeline

extension WeComChannel {
    /// What the settings say of a robot, checked.
    package struct Settings: Sendable {
        package let endpoint: Endpoint
        let mentions: Mentions

        /// The most people of one message: their names take room from 4096 bytes.
        package static let mostPeople = 20

        /// Checks them all.
        ///
        /// The address has the robot's `key` in it.
        package init(
            url: String, mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
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
}
