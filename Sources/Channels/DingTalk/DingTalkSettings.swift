package import Networking

extension DingTalkChannel {
    /// What the settings say of a robot, checked.
    package struct Settings: Sendable {
        package let endpoint: Endpoint
        /// `SEC…`; nil when the robot is not set to sign.
        let secret: Secret?
        /// One of the robot's keywords; empty when it has none.
        let keyword: String
        let mentions: Mentions

        /// Whom a message calls by name.
        package struct Mentions: Hashable, Sendable {
            package var mobiles: [String]
            package var userIDs: [String]
            package var all: Bool

            /// The most people of one message.
            package static let limit = 50

            package init(mobiles: [String] = [], userIDs: [String] = [], all: Bool = false) {
                self.mobiles = mobiles
                self.userIDs = userIDs
                self.all = all
            }

            var isEmpty: Bool { mobiles.isEmpty && userIDs.isEmpty && !all }
        }

        /// The most characters of a keyword.
        package static let keywordLimit = 64

        /// Checks them all.
        ///
        /// The address has the robot's `access_token` in it; `ranges` is `network.allow-private`,
        /// for a stand-in of the robot.
        package init(
            url: String, secret: Secret? = nil, keyword: String = "",
            mentions: Mentions = Mentions(), allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
            endpoint = try Endpoint(url, allowing: ranges)
            guard endpoint.target.contains("access_token=") else {
                throw ChannelSettingsError(
                    "url", .unusable("the robot's whole address has an access_token in it"))
            }
            if let secret, secret.value.isEmpty || PlainText.line(secret.value) != secret.value {
                throw ChannelSettingsError(
                    "secret", .unusable("it is empty, or has blanks or line ends around it"))
            }
            guard PlainText.line(keyword) == keyword, keyword.count <= Self.keywordLimit else {
                throw ChannelSettingsError(
                    "keyword",
                    .unusable("use one line of at most \(Self.keywordLimit) characters"))
            }
            guard mentions.mobiles.count + mentions.userIDs.count <= Mentions.limit else {
                throw ChannelSettingsError("at", .tooMany(limit: Mentions.limit))
            }
            let areSound = (mentions.mobiles + mentions.userIDs).allSatisfy { person in
                !person.isEmpty && person.utf8.count <= 64
                    && person.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            }
            guard areSound else {
                throw ChannelSettingsError(
                    "at", .unusable("mobile numbers and user ids are ASCII without blanks"))
            }
            self.secret = secret
            self.keyword = keyword
            self.mentions = mentions
        }
    }
}
