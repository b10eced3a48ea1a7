/// A channel that does not work, from its first failure to the next delivery; one that works has
/// none.
///
/// It is stored, so that a restart neither tries a dead service anew nor tells of it twice.
package struct ChannelTrouble: Hashable, Codable, Sendable {
    package let channel: String
    /// The first failure: the name of this trouble in what is told of it.
    package let since: Timestamp
    /// Failures in a row.
    package var failures: Int
    /// Of the last failure, or of a refusal that holds; free of secrets.
    package var reason: String
    /// Whether someone must act (address, token), as opposed to a service that is away.
    package var isRefusal: Bool
    /// Nil while there are too few failures to leave the service alone, and no refusal.
    package var pause: Pause?

    /// How long the service is left alone.
    package struct Pause: Hashable, Codable, Sendable {
        /// When the next probe may go, or when the one under way counts as lost.
        package var until: Timestamp
        /// Probes that failed.
        package var probes: Int
        /// The one that is under way.
        package var probe: Delivery.ID?
        /// The first refusal, and the probes that were refused; nil for none.
        package var refusals: Int?

        package init(
            until: Timestamp, probes: Int = 0, probe: Delivery.ID? = nil, refusals: Int? = nil
        ) {
            self.until = until
            self.probes = probes
            self.probe = probe
            self.refusals = refusals
        }
    }

    /// Whether it has refused a probe after another refusal, so that it was not the message.
    package var refusesAgain: Bool { isRefusal && (pause?.refusals ?? 0) > 1 }

    package init(
        channel: String, since: Timestamp, failures: Int = 0, reason: String = "",
        isRefusal: Bool = false, pause: Pause? = nil
    ) {
        self.channel = channel
        self.since = since
        self.failures = failures
        self.reason = reason
        self.isRefusal = isRefusal
        self.pause = pause
    }
}
