package import CEL

/// What leaves groups at a flush, written out: the decision of T2.
///
/// Pure. It is made of what was read, and holds only while the store still says the same.
package struct Flushing: Hashable, Sendable {
    /// The groups that alerts leave.
    package let leaving: [Leaving]
    /// The group whose flush it is: the only one that is left, or the channel's digest.
    package let carrier: AlertGroup
    package let flush: Flush
    /// The rows of the outbox.
    package let deliveries: [Delivery]
    /// The alerts that leave, each with the deliveries that carry it.
    package let notices: [Notice]

    /// The most alerts in one flush of a group.
    package static let alertLimit = 200

    /// A group that is due, with what waits in it.
    package struct Due: Hashable, Sendable {
        package let group: AlertGroup
        /// At most ``Flushing/alertLimit``, by moment; of an urgent group the critical ones first.
        package let alerts: [Alert]

        package init(group: AlertGroup, alerts: [Alert]) {
            self.group = group
            self.alerts = alerts
        }

        package var critical: [Alert] { alerts.filter { $0.severity == .critical } }
    }

    /// A channel's own way of writing alerts.
    package typealias Writing = ([Alert], Flush) -> [Message]

    /// `alerts` leave their group by themselves; all that wait in it, or the critical ones.
    package init(
        _ alerts: [Alert], of due: Due, at now: Timestamp, language: Language, writing: Writing
    ) {
        let isWhole = alerts.count == due.alerts.count && alerts.count < Self.alertLimit
        let marked = due.group.marked(alerts, language)
        self.init(
            of: [(due.group, alerts.map(\.id), isWhole)], carrier: due.group, at: now,
            urgent: Set(alerts.filter { $0.severity == .critical }.map(\.id))
        ) { flush in marked.isEmpty ? [] : writing(marked, flush) }
    }

    /// The alerts leave their groups together, folded by rule.
    package init(
        digestOf parts: [(due: Due, alerts: [Alert])], carrier: AlertGroup, at now: Timestamp,
        language: Language, writing: Writing
    ) {
        let alerts = parts.flatMap { $0.due.group.marked($0.alerts, language) }
        let digest = Digest(alerts, language: language)
        self.init(
            of: parts.map { part in
                let isWhole =
                    part.alerts.count == part.due.alerts.count
                    && part.alerts.count < Self.alertLimit
                return (part.due.group, part.alerts.map(\.id), isWhole)
            }, carrier: carrier, at: now, urgent: []
        ) { flush in digest.messages(in: flush, by: writing) }
    }

    private init(
        of parts: [(group: AlertGroup, alerts: [Alert.ID], isWhole: Bool)], carrier: AlertGroup,
        at now: Timestamp, urgent: Set<Alert.ID>, write: (Flush) -> [Message]
    ) {
        let flush = Grouping.flush(of: carrier, at: now)
        let deliveries = Grouping.deliveries(
            write(flush), of: carrier, flush: flush, urgent: urgent, at: now)
        var carriers: [Alert.ID: [Delivery.ID]] = [:]
        for delivery in deliveries {
            for alert in delivery.message.alerts {
                carriers[alert, default: []].append(delivery.id)
            }
        }
        self.carrier = carrier
        self.flush = flush
        self.deliveries = deliveries
        leaving = parts.map { Leaving(group: $0.group, isWhole: $0.isWhole) }
        notices = parts.flatMap { part in
            part.alerts.map { alert in
                guard let carriers = carriers[alert] else {
                    preconditionFailure("a channel left an alert out of its messages")
                }
                return Notice(alert: alert, group: part.group.key, deliveries: carriers)
            }
        }
    }
}

extension AlertGroup {
    /// The alerts as people are to see them in a message of this group.
    fileprivate func marked(_ alerts: [Alert], _ language: Language) -> [Alert] {
        guard let origin = Routing.origin(of: key) else { return alerts }
        return alerts.map { Fallback.marked($0, from: origin, language) }
    }
}
