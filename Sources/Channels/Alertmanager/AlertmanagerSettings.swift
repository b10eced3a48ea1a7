package import Networking
package import Pipeline

extension AlertmanagerChannel {
    /// What the settings say of an Alertmanager, checked.
    package struct Settings: Sendable {
        /// With its route prefix, when it has one.
        let endpoint: Endpoint
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
        ) throws(ChannelSettingsError) {
            endpoint = try ServiceCheck.base(url, allowing: ranges)
            guard !endpoint.target.contains("/api/") else {
                throw ChannelSettingsError(
                    "url", wrong: Bilingual("不要写 /api/…", "leave /api/… out"),
                    hint: Bilingual(
                        "例如 http://alertmanager:9093", "for example http://alertmanager:9093"))
            }
            guard (.zero...Self.longestHold).contains(hold) else {
                throw ChannelSettingsError(
                    "hold", wrong: Bilingual("应在 0 到 7d 之间", "it is between 0 and 7d"))
            }
            self.hold = hold == .zero ? nil : hold
            login = try HTTPLogin(token: token, username: username, password: password)
        }
    }
}

extension AlertmanagerChannel.Settings: ChannelPlan {
    /// The service limits nothing.
    package var messagesPerMinute: Int? { nil }
    package var concurrency: Int { 4 }

    package func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel {
        AlertmanagerChannel(name: name, settings: self, context: context, transport: transport)
    }
}
