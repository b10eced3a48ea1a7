import Logging

/// One channel's groups whose time has come: writes their alerts as messages, then the outbox, T2.
///
/// Messages are made outside of the transaction, since heavy alerts take their time. T2 writes
/// them only where the groups and their alerts still are what they were made of; else they are
/// thrown away and made anew. So nothing is told twice, and a crash before T2 leaves groups due.
struct FlushLoop: Sendable {
    let outlet: Outlet
    let parts: WatcherParts
    let bells: Bells
    let budget: SharedBudget

    /// Groups of one round, and alerts at which no more groups are read; the rest follows at once.
    static let groupLimit = 200
    static let alertLimit = 1000
    /// Waiting messages that are due by then use up the budget first.
    static let backlogSpan = Duration.seconds(60)

    /// What one look at the store shows.
    private struct Look: Sendable {
        var due: [Flushing.Due] = []
        var digest: AlertGroup
        var allowance = Allowance()
        /// When to look again, if nothing is due.
        var next: Timestamp?
        /// When the next group is due that is not due yet.
        var later: Timestamp?
    }

    func run(stop: StopSignal) async {
        let loop = WorkLoop(
            name: "flush \(outlet.name)", bell: bells.flush(outlet.name), stop: stop,
            clock: parts.clock, limit: 1, longestSleep: parts.longestSleep, logger: parts.logger)
        await loop.run { (_, now) async throws(StoreError) -> Claim<Never> in
            let look = try await look(at: now)
            guard !look.due.isEmpty else { return Claim(items: [], lookAgainAt: look.next) }
            let plan = FlushPlan(
                look.due, digest: look.digest, allowance: look.allowance, at: now,
                language: parts.language, writing: outlet.channel.messages)
            if !plan.flushings.isEmpty { try await record(plan.flushings, at: now) }
            guard plan.flushings.isEmpty else { return Claim(items: [], lookAgainAt: now) }
            // What was held back alone is no reason to look at once.
            return Claim(
                items: [],
                lookAgainAt: [plan.lookAgainAt ?? now, look.later].compactMap(\.self).min())
        } act: { _ in
        }
    }

    private func look(at now: Timestamp) async throws(StoreError) -> Look {
        let name = outlet.name
        // Without folding it is the outbox that waits for the budget.
        let limit = outlet.channel.folds ? outlet.messagesPerMinute : nil
        let tokens = limit.map { (now: budget.available($0, at: now), of: $0) }
        let roomAt = budget.nextAvailable(at: now)
        return try await parts.store.read { reader throws(StoreError) in
            var look = Look(digest: AlertGroup(key: .digest(of: name)))
            look.next = try reader.nextFlushDue(to: name)
            guard let next = look.next, next <= now else { return look }
            if let known = try reader.group(look.digest.key) { look.digest = known }
            look.allowance.restsUntil = try reader.rest(of: name, at: now)
            look.allowance.roomAt = roomAt
            if let tokens {
                let backlog = try reader.dueDeliveries(to: name, by: now + Self.backlogSpan)
                look.allowance.room = tokens.now - backlog
            }
            var held: [AlertGroup] = []
            var alerts = 0
            for group in try reader.dueGroups(to: name, by: now, limit: Self.groupLimit) {
                guard look.allowance.admits(group, at: now) != .nothing else {
                    held.append(group)
                    continue
                }
                guard alerts < Self.alertLimit else { break }
                let waiting = try reader.waitingAlerts(
                    in: group.key, criticalFirst: group.isUrgent, limit: Flushing.alertLimit)
                look.due.append(Flushing.Due(group: group, alerts: waiting))
                alerts += waiting.count
            }
            // What is not due yet may be critical, and is not to wait for what is held back.
            look.later = try reader.nextFlushDue(to: name, after: now)
            look.next = [look.allowance.nextLook(at: held, after: now), look.later]
                .compactMap(\.self).min()
            return look
        }
    }

    private func record(_ flushings: [Flushing], at now: Timestamp) async throws(StoreError) {
        let deliveries = try await parts.store.transaction { transaction throws(StoreError) in
            var recorded: [Delivery] = []
            for flushing in flushings where try flushing.isCurrent(in: transaction) {
                try flushing.record(at: now, in: transaction)
                recorded += flushing.deliveries
            }
            return recorded
        }
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
    /// Whether nobody flushed the groups meanwhile, and all the alerts still wait in them.
    func isCurrent(in reader: any StoreReader) throws(StoreError) -> Bool {
        guard try reader.group(carrier.key)?.flushedAt == carrier.flushedAt else { return false }
        for leaving in leaving {
            let present = try reader.group(leaving.group.key)
            guard let present, present.flushedAt == leaving.group.flushedAt else { return false }
        }
        for notice in notices {
            let present = try reader.notice(of: notice.alert, on: notice.channel)
            guard let present, present.isWaiting, present.group == notice.group else {
                return false
            }
        }
        return true
    }

    /// T2.
    func record(at now: Timestamp, in transaction: any StoreTransaction) throws(StoreError) {
        try transaction.save(deliveries)
        for notice in notices { try transaction.save(notice) }
        for leaving in leaving {
            let present = try transaction.group(leaving.group.key) ?? leaving.group
            let rest = try transaction.waitingAlerts(
                in: present.key, criticalFirst: present.isUrgent, limit: Self.alertLimit)
            try transaction.save(
                Grouping.left(
                    present, by: leaving, in: notices.isEmpty ? nil : flush, rest: rest, at: now))
        }
        guard !leaving.contains(where: { $0.group.key == self.carrier.key }) else { return }
        var digest = try transaction.group(carrier.key) ?? carrier
        digest.flushedAt = flush.at
        try transaction.save(digest)
    }
}
