/// A place where alerts go.
package protocol Channel: Sendable {
    /// The messages for these alerts, in order: pure, and free of secrets.
    ///
    /// Never empty for a non-empty list; every alert is in at least one of them.
    func messages(for alerts: [Alert], in flush: Flush) -> [Message]

    /// Whether alerts that find no room in the budget may become one that counts them.
    ///
    /// Not where the service knows each alert by itself, and is told of its end: they wait instead.
    var folds: Bool { get }

    /// Sends one message, once.
    ///
    /// Signs it now. Never throws: bad news is an outcome.
    func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome

    /// The room in whose threads its service shows messages, as a short hash; nil for a service
    /// that is told of no threads.
    ///
    /// It changes with the settings: a message's name means nothing in another room.
    var threadRoom: String? { get }

    /// The same, as an answer to an earlier message of the group, by the service's name for that
    /// one; where that cannot be, as a message by itself.
    func send(
        _ delivery: Delivery, answering message: String?, at now: Timestamp
    ) async -> Outcome

    /// The messages that end an alert of which this channel has told; none where its service knows
    /// no end.
    func endings(of alert: Alert, at now: Timestamp) -> [Message]
}

extension Channel {
    package var folds: Bool { true }

    package var threadRoom: String? { nil }

    package func send(
        _ delivery: Delivery, answering message: String?, at now: Timestamp
    ) async -> Outcome {
        await send(delivery, at: now)
    }

    package func endings(of alert: Alert, at now: Timestamp) -> [Message] { [] }
}
