/// What leaves a group at a flush, written out: the decision of T2.
///
/// Pure. It is made of what was read, and holds only while the store still says the same.
package struct Flushing: Hashable, Sendable {
    /// The group as it was read.
    package let group: AlertGroup
    package let flush: Flush
    /// The rows of the outbox.
    package let deliveries: [Delivery]
    /// The alerts that leave, each with the deliveries that carry it.
    package let notices: [Notice]
    /// Whether more may have waited than one flush takes.
    package let isFull: Bool

    /// The most alerts in one flush.
    package static let alertLimit = 200

    /// Writes out the alerts that wait in the group; `messages` is the channel's own way.
    package init(
        _ alerts: [Alert], of group: AlertGroup, at now: Timestamp,
        messages: ([Alert], Flush) -> [Message]
    ) {
        let flush = Grouping.flush(of: group, at: now)
        let deliveries =
            alerts.isEmpty
            ? []
            : Grouping.deliveries(messages(alerts, flush), of: group, flush: flush, at: now)
        var carriers: [Alert.ID: [Delivery.ID]] = [:]
        for delivery in deliveries {
            for alert in delivery.message.alerts {
                carriers[alert, default: []].append(delivery.id)
            }
        }
        self.group = group
        self.flush = flush
        self.deliveries = deliveries
        notices = alerts.map { alert in
            guard let carriers = carriers[alert.id] else {
                preconditionFailure("a channel left an alert out of its messages")
            }
            return Notice(alert: alert.id, group: group.key, deliveries: carriers)
        }
        isFull = alerts.count >= Self.alertLimit
    }
}
