package import Networking
package import Pipeline

/// A Prometheus Alertmanager, through API v2.
///
/// Its key against doubles is the set of labels.
package struct Alertmanager: Service {
    /// With its route prefix, when it has one.
    package let endpoint: Endpoint
    let login: HTTPLogin?
    /// How long an alert fires after it was taken; nil: as long as the service's own
    /// `resolve_timeout`.
    let hold: Duration?

    /// Longer than the pauses between two notifications of one group, within which an alert
    /// that has ended is never told of.
    package static let defaultHold: Duration = .seconds(3600)
    package static let longestHold: Duration = .seconds(7 * 86_400)

    /// Checks them all; `ranges` is `network.allow-private`, as it mostly is a private one.
    ///
    /// A `hold` of zero leaves the end to the service.
    package init(
        url: String, hold: Duration = Self.defaultHold, token: Secret? = nil,
        username: String? = nil, password: Secret? = nil, allowing ranges: [AddressRange] = []
    ) throws(SettingsError) {
        endpoint = try SettingsCheck.base(url, allowing: ranges)
        guard !endpoint.target.contains("/api/") else {
            throw SettingsError(
                "url", wrong: Bilingual("不要写 /api/…", "leave /api/… out"),
                hint: Bilingual(
                    "例如 http://alertmanager:9093", "for example http://alertmanager:9093"))
        }
        guard (.zero...Self.longestHold).contains(hold) else {
            throw SettingsError(
                "hold", wrong: Bilingual("应在 0 到 7d 之间", "it is between 0 and 7d"))
        }
        self.hold = hold == .zero ? nil : hold
        login = try HTTPLogin(token: token, username: username, password: password)
    }
}

extension Alertmanager {
    package var concurrency: Int { 4 }
    /// The labels of each alert are what its end is told by.
    package var folds: Bool { false }
    package var secrets: [String] { login?.secrets.map(\.value) ?? [] }
    package var verdict: any ServiceVerdict.Type { AlertmanagerVerdict.self }

    package func format(of channel: String, in context: MessageContext) -> any MessageFormat {
        AlertmanagerFormat(context: context)
    }

    /// An alert fires from now on, also when it had to wait: one that has ended already when it
    /// comes is told to nobody.
    package func request(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) -> HTTPRequest {
        let ending = hold.flatMap { AlertmanagerFormat.body(body, endingAt: now + $0) }
        return post(
            ending ?? body, to: endpoint.joined("/api/v2/alerts"),
            headers: login.map { [$0.header] } ?? [])
    }
}
