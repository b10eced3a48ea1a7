import Logging

/// One channel's groups whose time has come: renders their alerts, then writes the outbox, T2.
///
/// Messages are made outside of the transaction, since heavy alerts take their time. T2 writes
/// them only where the group and its alerts still are what they were made of; else they are
/// thrown away and made anew. So nothing is told twice, and a crash before T2 leaves the group due.
struct FlushLoop: Sendable {
    let outlet: Outlet
    let parts: WatcherParts
    let bells: Bells

    /// Groups, and alerts, of one round; the rest follows at once.
    static let groupLimit = 50
    static let alertLimit = 1000

    /// A group that is due, with what waits in it.
    private struct Due: Sendable {
        let group: AlertGroup
        let alerts: [Alert]
    }

    func run(stop: StopSignal) async {
        let loop = WorkLoop(
            name: "flush \(outlet.name)", bell: bells.flush(outlet.name), stop: stop,
            clock: parts.clock, limit: 1, longestSleep: parts.longestSleep, logger: parts.logger)
        await loop.run { (_, now) async throws(StoreError) -> Claim<Never> in
            let (due, next) = try await look(at: now)
            guard !due.isEmpty else { return Claim(items: [], lookAgainAt: next) }
            var flushes: [Flushing] = []
            for group in due {
                flushes.append(
                    Flushing(
                        group.alerts, of: group.group, at: now, messages: outlet.channel.messages))
                await Task.yield()
            }
            try await record(flushes, at: now)
            return Claim(items: [], lookAgainAt: now)
        } act: { _ in
        }
    }

    /// What is due; else when something will be.
    private func look(
        at now: Timestamp
    ) async throws(StoreError) -> (due: [Due], next: Timestamp?) {
        let name = outlet.name
        return try await parts.store.read { reader throws(StoreError) in
            guard let next = try reader.nextFlushDue(to: name), next <= now else {
                return ([], try reader.nextFlushDue(to: name))
            }
            var due: [Due] = []
            var room = Self.alertLimit
            for group in try reader.dueGroups(to: name, by: now, limit: Self.groupLimit) {
                guard room > 0 else { break }
                let alerts = try reader.waitingAlerts(in: group.key, limit: Flushing.alertLimit)
                due.append(Due(group: group, alerts: alerts))
                room -= alerts.count
            }
            return (due, nil)
        }
    }

    private func record(_ flushes: [Flushing], at now: Timestamp) async throws(StoreError) {
        let recorded = try await parts.store.transaction { transaction throws(StoreError) in
            var recorded: [Flushing] = []
            for flush in flushes where try flush.isCurrent(in: transaction) {
                try flush.record(at: now, in: transaction)
                recorded.append(flush)
            }
            return recorded
        }
        let deliveries = recorded.flatMap(\.deliveries)
        if !deliveries.isEmpty { bells.send(outlet.name).ring() }
        bells.idle.ring()
        for delivery in deliveries {
            parts.logger.debug(
                "delivery queued",
                metadata: ["delivery": "\(delivery.id)", "channel": "\(delivery.channel)"])
        }
    }
}

extension Flushing {
    /// Whether nobody flushed the group meanwhile, and all the alerts still wait in it.
    func isCurrent(in reader: any StoreReader) throws(StoreError) -> Bool {
        guard let present = try reader.group(group.key), present.flushedAt == group.flushedAt
        else { return false }
        for notice in notices {
            let present = try reader.notice(of: notice.alert, on: notice.channel)
            guard let present, present.isWaiting, present.group == group.key else { return false }
        }
        return true
    }

    /// T2.
    func record(at now: Timestamp, in transaction: any StoreTransaction) throws(StoreError) {
        for delivery in deliveries { try transaction.save(delivery) }
        for notice in notices { try transaction.save(notice) }
        let present = try transaction.group(group.key) ?? group
        let hasMore = try !transaction.waitingAlerts(in: group.key, limit: 1).isEmpty
        try transaction.save(
            Grouping.flushed(present, by: self, hasMore: hasMore, at: now))
    }
}
