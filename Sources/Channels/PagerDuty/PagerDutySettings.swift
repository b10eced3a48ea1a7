package import Networking
package import Pipeline

extension PagerDutyChannel {
    /// What the settings say of a service's integration, checked.
    package struct Settings: Sendable {
        let endpoint: Endpoint
        /// The integration key of Events API v2.
        let routingKey: Secret

        /// Where events go, unless the account is in another region.
        package static let defaultURL = "https://events.pagerduty.com"

        /// Checks them all; `ranges` is `network.allow-private`, for a relay of one's own.
        package init(
            routingKey: Secret?, url: String = Self.defaultURL,
            allowing ranges: [AddressRange] = []
        ) throws(ChannelSettingsError) {
            endpoint = try ServiceCheck.base(url, allowing: ranges)
            self.routingKey = try ServiceCheck.key(routingKey, "routing-key")
            guard self.routingKey.value.wholeMatch(of: /[A-Za-z0-9]{32}/) != nil else {
                throw ChannelSettingsError(
                    "routing-key",
                    wrong: Bilingual("不是 32 位字母和数字", "it has not 32 letters and digits"),
                    hint: Bilingual(
                        "服务 → Integrations → Events API v2 → Integration Key",
                        "Service, Integrations, Events API v2, Integration Key"))
            }
        }
    }
}

extension PagerDutyChannel.Settings: ChannelPlan {
    /// What the service documents for one key.
    package var messagesPerMinute: Int? { 120 }
    package var concurrency: Int { 4 }

    package func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel {
        PagerDutyChannel(name: name, settings: self, context: context, transport: transport)
    }
}
