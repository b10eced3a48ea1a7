import Logging

/// One channel's outbox: claims what is due within the budget, sends it, records T3.
///
/// What has ended by the time of a commit is recorded by that commit, together, and the same
/// transaction claims what comes next: it sees all that is known of the channel. While others wait
/// to be sent, the commit waits a moment for more. A channel that fails is probed with one delivery
/// at a time, see ``Breaker``.
struct SendLoop: Sendable {
    let outlet: Outlet
    let parts: WatcherParts
    let bells: Bells
    let budget: SharedBudget
    let recording: Recording

    /// The most deliveries that end in one transaction after a failed probe.
    static let expiryLimit = 100

    func run(stop: StopSignal) async {
        let (bell, clock) = (bells.send(outlet.name), parts.clock)
        let line = SendLine(width: outlet.concurrency, budget: budget)
        let threads = Threads(of: outlet, in: parts.store)
        stop.bind(bell)
        await withDiscardingTaskGroup { group in
            var failures = 0
            while !stop.isRequested, !Task.isCancelled {
                if line.holds() {
                    await bell.wait(until: clock.now + SendQueue.longestHold, on: clock)
                    // The ring may have been the stop's.
                    if stop.isRequested || Task.isCancelled { break }
                }
                let now = clock.now
                let (turn, wanted) = line.takeTurn(at: now)
                do throws(StoreError) {
                    let claim = try await record(turn, claiming: wanted, at: now)
                    failures = 0
                    line.add(claim.items, probe: claim.probe)
                    while let delivery = line.start(at: clock.now) {
                        group.addTask(executorPreference: outlet.executor) {
                            await send(delivery, of: line, in: threads)
                        }
                    }
                    guard line.rests() else { continue }
                    await bell.rest(
                        until: wanted > 0 ? claim.lookAgainAt : budget.nextAvailable(at: now),
                        since: now, longest: parts.longestSleep, on: clock)
                } catch {
                    failures += 1
                    log(error)
                    await recordOneByOne(turn, of: line)
                    await bell.wait(until: now + WorkLoop.pause(after: failures), on: clock)
                }
            }
            // What is under way records itself.
            line.close()
        }
        await recordAtEnd(line)
    }

    /// Sends one, and whatever waits when it has ended.
    private func send(_ first: Delivery, of line: SendLine, in threads: Threads) async {
        var next: Delivery? = first
        while let delivery = next {
            // After a failure by itself, and a probe as well: it may be answers that fail.
            let message =
                delivery.attempts > 0 || line.isProbe(delivery)
                ? nil : await threads.message(for: delivery, at: parts.clock.now)
            let outcome = await outlet.channel.send(
                delivery, answering: message, at: parts.clock.now)
            threads.note(outcome, of: delivery, at: parts.clock.now)
            let (after, wakes) = line.end(delivery, Self.said(outcome), at: parts.clock.now)
            next = after
            if wakes { bells.send(outlet.name).ring() }
        }
        if line.isClosed { await recordAtEnd(line) }
    }

    /// An attempt that was cut off by our own end is made again, under the same id.
    private static func said(_ outcome: Outcome) -> Outcome? {
        if Task.isCancelled, case .unavailable = outcome { return nil }
        return outcome
    }

    private func recordAtEnd(_ line: SendLine) async {
        let (turn, _) = line.takeTurn(at: parts.clock.now)
        do throws(StoreError) {
            _ = try await record(turn, claiming: 0, at: parts.clock.now)
        } catch {
            await recordOneByOne(turn, of: line)
        }
    }

    /// After a failure: one that cannot be recorded does not keep the others from it.
    ///
    /// What cannot go back either does so with the next turn.
    private func recordOneByOne(_ turn: SendQueue.Turn, of line: SendLine) async {
        await withDiscardingTaskGroup { group in
            for ended in turn.ended {
                group.addTask {
                    do throws(StoreError) {
                        let turn = SendQueue.Turn(ended: [ended])
                        _ = try await record(turn, claiming: 0, at: ended.at)
                    } catch {
                        parts.logger.error(
                            "outcome not recorded; the delivery will be sent again under the same id",
                            metadata: [
                                "delivery": "\(ended.delivery.id)", "reason": "\(error.message)",
                            ])
                    }
                }
            }
        }
        let rest = SendQueue.Turn(returned: turn.returned)
        do throws(StoreError) {
            _ = try await record(rest, claiming: 0, at: parts.clock.now)
        } catch {
            line.keep(rest.returned)
        }
    }

    /// T3 and the next claim.
    private func record(
        _ turn: SendQueue.Turn, claiming wanted: Int, at now: Timestamp
    ) async throws(StoreError) -> Claim<Delivery> {
        if turn.isEmpty {
            // What has nothing to write does not begin a transaction.
            guard wanted > 0 else { return Claim(items: []) }
            let next = try await nextLook(at: now)
            guard let next, next <= now else { return Claim(items: [], lookAgainAt: next) }
        }
        let settlement = Settlement(outlet: outlet, recording: recording)
        let (settled, next) = try await parts.store.transaction { transaction throws(StoreError) in
            let settled = try settlement.record(turn.ended, in: transaction)
            try release(turn.returned, at: now, in: transaction)
            return (settled, try claim(wanted, at: now, in: transaction))
        }
        await conclude(settled, at: now)
        return next
    }

    private func release(
        _ returned: [Delivery], at now: Timestamp, in transaction: any StoreTransaction
    ) throws(StoreError) {
        guard !returned.isEmpty else { return }
        try transaction.release(returned)
        let known = try transaction.trouble(of: outlet.name)
        guard let trouble = Breaker.unsent(returned, amid: known, at: now) else { return }
        try transaction.save(trouble)
    }

    private func nextLook(at now: Timestamp) async throws(StoreError) -> Timestamp? {
        let name = outlet.name
        return try await parts.store.read { reader throws(StoreError) -> Timestamp? in
            if let until = try reader.rest(of: name, at: now) { return until }
            return try reader.nextDeliveryDue(to: name)
        }
    }

    private func claim(
        _ wanted: Int, at now: Timestamp, in transaction: any StoreTransaction
    ) throws(StoreError) -> Claim<Delivery> {
        let name = outlet.name
        guard wanted > 0 else { return Claim(items: []) }
        if let until = try transaction.rest(of: name, at: now) {
            return Claim(items: [], lookAgainAt: until)
        }
        let trouble = try transaction.trouble(of: name)
        let isProbe = trouble?.pause != nil
        let limit = isProbe ? 1 : wanted
        let lease = now + SendQueue.lease
        let claimed = try transaction.claimDeliveries(
            to: name, dueBy: now, leaseUntil: lease, limit: limit)
        let probe = isProbe ? claimed.first?.id : nil
        if let trouble, let probe {
            try transaction.save(Breaker.probing(trouble, by: probe, until: lease))
        }
        let isAll = claimed.count < limit
        return Claim(
            items: claimed, lookAgainAt: isAll ? try transaction.nextDeliveryDue(to: name) : now,
            probe: probe)
    }

    private func conclude(_ settled: [Settlement.Result], at now: Timestamp) async {
        guard !settled.isEmpty else { return }
        for result in settled { log(result) }
        if settled.contains(where: \.isFailedProbe) { await expire(at: now) }
        if settled.contains(where: \.changesGroups) { bells.ringFlushes() }
        // Alerts wait for room in the budget, or for the end of a rest.
        if outlet.messagesPerMinute != nil || settled.contains(where: \.changesRest) {
            bells.flush(outlet.name).ring()
        }
        bells.idle.ring()
    }

    /// Ends what has waited through a trouble that is longer than all retries.
    ///
    /// What is left of it by a failure ends after the next probe.
    private func expire(at now: Timestamp) async {
        let settlement = Settlement(outlet: outlet, recording: recording)
        var expired: [Delivery] = []
        repeat {
            do throws(StoreError) {
                expired = try await parts.store.transaction { transaction throws(StoreError) in
                    try settlement.expire(Self.expiryLimit, at: now, in: transaction)
                }
            } catch {
                return log(error)
            }
            for delivery in expired { log(delivery) }
            if !expired.isEmpty { bells.ringFlushes() }
        } while expired.count == Self.expiryLimit
    }

    private func log(_ error: StoreError) {
        parts.logger.error(
            "store failed",
            metadata: ["loop": "send \(outlet.name)", "reason": "\(error.message)"])
    }

    private func log(_ settled: Settlement.Result) {
        if let delivery = settled.delivery { log(delivery) }
        guard let news = settled.news else { return }
        let metadata: Logger.Metadata = ["channel": "\(outlet.name)"]
        switch news {
        case .failing: parts.logger.error("channel fails; it is probed", metadata: metadata)
        case .refused: parts.logger.error("channel refuses", metadata: metadata)
        case .works: parts.logger.notice("channel works again", metadata: metadata)
        }
    }

    private func log(_ delivery: Delivery) {
        let logger = parts.logger
        switch delivery.state {
        case .delivered:
            logger.info("delivered", metadata: Self.facts(delivery, "answer", delivery.answer))
        case .waiting(let dueAt):
            var facts = Self.facts(delivery, "answer", delivery.answer)
            facts["again"] = "\(dueAt.rfc3339)"
            logger.warning("not delivered yet", metadata: facts)
        case .dead(let reason):
            logger.error("dead letter", metadata: Self.facts(delivery, "reason", reason))
        }
    }

    private static func facts(
        _ delivery: Delivery, _ name: String, _ words: String
    ) -> Logger.Metadata {
        [
            "delivery": "\(delivery.id)", "channel": "\(delivery.channel)",
            "attempts": "\(delivery.attempts)", name: "\(words)",
        ]
    }
}
