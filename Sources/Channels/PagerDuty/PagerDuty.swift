package import Networking
package import Pipeline

/// A service of PagerDuty, through Events API v2.
package struct PagerDuty: Service {
    package let endpoint: Endpoint
    /// The integration key of Events API v2.
    let routingKey: Secret

    /// Where events go, unless the account is in another region.
    package static let defaultURL = "https://events.pagerduty.com"

    /// Checks them all; `ranges` is `network.allow-private`, for a relay of one's own.
    package init(
        routingKey: Secret?, url: String = Self.defaultURL,
        allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        endpoint = try SettingsCheck.base(url, allowing: ranges)
        self.routingKey = try SettingsCheck.key(routingKey, "routing-key")
        guard self.routingKey.value.wholeMatch(of: /[A-Za-z0-9]{32}/) != nil else {
            throw SettingsError(
                "routing-key",
                wrong: Bilingual("不是 32 位字母和数字", "it has not 32 letters and digits"),
                hint: Bilingual(
                    "服务 → Integrations → Events API v2 → Integration Key",
                    "Service, Integrations, Events API v2, Integration Key"))
        }
    }
}

extension PagerDuty {
    /// What the service documents for one key.
    package var messagesPerMinute: Int? { 120 }
    package var concurrency: Int { 4 }
    /// An incident for each alert, which the end of that alert closes.
    package var folds: Bool { false }
    package var secrets: [String] { [routingKey.value] }
    package var verdict: any ServiceVerdict.Type { PagerDutyVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        PagerDutyFormat(context: context)
    }

    /// The routing key is added here, as messages are stored.
    package func request(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) -> HTTPRequest {
        post(
            JSONText.adding([("routing_key", JSONText.string(routingKey.value))], to: body),
            to: endpoint.joined("/v2/enqueue"))
    }
}
