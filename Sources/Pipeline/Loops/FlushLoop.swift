import Logging

/// Groups whose time has come: renders their alerts and writes the outbox, T2.
///
/// There is nothing to wait for between claim and record, so both are one transaction.
struct FlushLoop: Sendable {
    let parts: WatcherParts
    let bells: Bells

    /// Groups in one transaction, and alerts in one flush; the rest of a group follows at once.
    static let groupLimit = 50
    static let alertLimit = 200
    /// When a group of a channel that is not in the settings is looked at again.
    static let unknownChannelPause = Duration.seconds(300)

    func run(stop: StopSignal) async {
        let loop = WorkLoop(
            name: "flush", bell: bells.flush, stop: stop, clock: parts.clock, limit: 1,
            longestSleep: parts.longestSleep, logger: parts.logger)
        await loop.run { (_, now) async throws(StoreError) -> Claim<Never> in
            let due = try await parts.store.read { reader throws(StoreError) in
                try reader.nextFlushDue(to: nil)
            }
            guard let due, due <= now else { return Claim(items: [], lookAgainAt: due) }
            try await flush(at: now)
            return Claim(items: [], lookAgainAt: now)
        } act: { _ in
        }
    }

    private func flush(at now: Timestamp) async throws(StoreError) {
        let (outlets, logger) = (parts.outlets, parts.logger)
        let flushed = try await parts.store.transaction { transaction throws(StoreError) in
            var flushed: [Delivery] = []
            for group in try transaction.dueGroups(by: now, limit: Self.groupLimit) {
                guard let outlet = outlets[group.key.channel] else {
                    logger.error(
                        "alerts wait for a channel that is not in the settings",
                        metadata: ["channel": "\(group.key.channel)"])
                    var waiting = group
                    waiting.flushAt = now + Self.unknownChannelPause
                    try transaction.save(waiting)
                    continue
                }
                flushed += try flush(group, to: outlet, at: now, in: transaction)
            }
            return flushed
        }
        for channel in Set(flushed.map(\.channel)).sorted() { bells.send(channel).ring() }
        bells.idle.ring()
        for delivery in flushed {
            parts.logger.debug(
                "delivery queued",
                metadata: ["delivery": "\(delivery.id)", "channel": "\(delivery.channel)"])
        }
    }

    private func flush(
        _ group: AlertGroup, to outlet: Outlet, at now: Timestamp,
        in transaction: any StoreTransaction
    ) throws(StoreError) -> [Delivery] {
        var group = group
        let alerts = try transaction.waitingAlerts(in: group.key, limit: Self.alertLimit)
        group.flushAt = alerts.count == Self.alertLimit ? now : nil
        guard !alerts.isEmpty else {
            group.flushAt = nil
            try transaction.save(group)
            return []
        }
        let flush = Grouping.flush(of: group, at: now)
        let messages = outlet.channel.messages(for: alerts, in: flush)
        let deliveries = Grouping.deliveries(messages, of: group, flush: flush, at: now)
        for delivery in deliveries { try transaction.save(delivery) }
        for alert in alerts {
            let carriers = deliveries.filter { $0.message.alerts.contains(alert.id) }
            precondition(!carriers.isEmpty, "a channel left an alert out of its messages")
            try transaction.save(
                Notice(alert: alert.id, group: group.key, deliveries: carriers.map(\.id)))
        }
        group.flushedAt = flush.at
        try transaction.save(group)
        return deliveries
    }
}
