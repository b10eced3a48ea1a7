/// What ends an alert on the channels that know an end: an incident is resolved, a firing alert
/// stops.
///
/// Pure.
package enum Ending {
    /// What becomes of one channel's notice.
    package enum Decision: Hashable, Sendable {
        /// The rows of the outbox, and the notice with them.
        case send([Delivery], Notice)
        /// The service knows no end.
        case unknown
        /// What told of the alert has not arrived: an end would come before its beginning.
        case untold
    }

    /// `sent` is what carried the alert; `messages` is the channel's own way to end it.
    package static func decision(
        on notice: Notice, sent: [Delivery], messages: [Message], at now: Timestamp
    ) -> Decision {
        guard !messages.isEmpty else { return .unknown }
        let isTold = sent.contains { delivery in
            if case .delivered = delivery.state { true } else { false }
        }
        let isUnderWay = sent.contains { delivery in
            if case .waiting = delivery.state { true } else { false }
        }
        guard isTold, !isUnderWay else { return .untold }
        let parts = [
            notice.group.text, notice.alert.rule, "\(notice.alert.task)", notice.alert.tid,
        ]
        let hash = StableHash.text(of: parts.joined(separator: "\n").utf8)
        let moment = String(now.milliseconds, radix: 36)
        let deliveries = messages.enumerated().map { place, message in
            Delivery(
                id: Delivery.ID("\(hash)-end-\(moment)-\(place + 1)"), group: notice.group,
                message: message, createdAt: now, state: .waiting(dueAt: now))
        }
        var notice = notice
        notice.deliveries += deliveries.map(\.id)
        return .send(deliveries, notice)
    }
}
