import Logging

/// One channel's outbox: claims what is due within the budget, sends it, records T3.
///
/// A channel that fails is probed with one delivery at a time, see ``Breaker``.
struct SendLoop: Sendable {
    let outlet: Outlet
    let parts: WatcherParts
    let bells: Bells
    let budget: SharedBudget
    let recording: Recording

    /// A claim's life: longer than a send can take.
    static let lease = Duration.seconds(60)
    /// The most deliveries that end in one transaction after a failed probe.
    static let expiryLimit = 100

    func run(stop: StopSignal) async {
        let (name, claiming) = (outlet.name, claiming)
        let loop = WorkLoop(
            name: "send \(name)", bell: bells.send(name), stop: stop, clock: parts.clock,
            limit: outlet.concurrency, longestSleep: parts.longestSleep, logger: parts.logger)
        await loop.run(claim: claiming.claim) { delivery in await sendAndRecord(delivery) }
    }

    private var claiming: Claiming<Delivery> {
        let name = outlet.name
        return Claiming(
            store: parts.store, budget: budget,
            restsUntil: { reader, now throws(StoreError) in try reader.rest(of: name, at: now) },
            nextDue: { reader throws(StoreError) in try reader.nextDeliveryDue(to: name) },
            take: { transaction, wanted, now throws(StoreError) in
                try Self.claim(wanted, to: name, at: now, in: transaction)
            })
    }

    private static func claim(
        _ wanted: Int, to channel: String, at now: Timestamp, in transaction: any StoreTransaction
    ) throws(StoreError) -> [Delivery] {
        let trouble = try transaction.trouble(of: channel)
        // Another process may be the one that probes.
        guard Breaker.restsUntil(trouble, at: now) == nil else { return [] }
        let isProbe = trouble?.pause != nil
        let claimed = try transaction.claimDeliveries(
            to: channel, dueBy: now, leaseUntil: now + lease, limit: isProbe ? 1 : wanted)
        if let trouble, isProbe, let probe = claimed.first {
            try transaction.save(Breaker.probing(trouble, by: probe.id, until: now + lease))
        }
        return claimed
    }

    private func sendAndRecord(_ delivery: Delivery) async {
        let outcome = await outlet.channel.send(delivery, at: parts.clock.now)
        // An attempt that was cut off by our own end is made again, under the same id.
        if Task.isCancelled, case .unavailable = outcome { return }
        let now = parts.clock.now
        do throws(StoreError) {
            let settlement = Settlement(outlet: outlet, recording: recording)
            let settled = try await parts.store.transaction { transaction throws(StoreError) in
                try settlement.record(outcome, of: delivery.id, at: now, in: transaction)
            }
            log(settled)
            if settled.isFailedProbe { try await expire(at: now) }
            if settled.changesGroups { bells.ringFlushes() }
            bells.flush(outlet.name).ring()
            bells.idle.ring()
        } catch {
            parts.logger.error(
                "outcome not recorded; the delivery will be sent again under the same id",
                metadata: ["delivery": "\(delivery.id)", "reason": "\(error.message)"])
        }
    }

    /// Ends what has waited through a trouble that is longer than all retries.
    private func expire(at now: Timestamp) async throws(StoreError) {
        let settlement = Settlement(outlet: outlet, recording: recording)
        var expired: [Delivery]
        repeat {
            expired = try await parts.store.transaction { transaction throws(StoreError) in
                try settlement.expire(Self.expiryLimit, at: now, in: transaction)
            }
            for delivery in expired { log(delivery) }
            if !expired.isEmpty { bells.ringFlushes() }
        } while expired.count == Self.expiryLimit
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
        var metadata: Logger.Metadata = [
            "delivery": "\(delivery.id)", "channel": "\(delivery.channel)",
            "attempts": "\(delivery.attempts)", "answer": "\(delivery.answer)",
        ]
        switch delivery.state {
        case .delivered:
            parts.logger.info("delivered", metadata: metadata)
        case .waiting(let dueAt):
            metadata["again"] = "\(dueAt.rfc3339)"
            parts.logger.warning("not delivered yet", metadata: metadata)
        case .dead(let reason):
            metadata["answer"] = nil
            metadata["reason"] = "\(reason)"
            parts.logger.error("dead letter", metadata: metadata)
        }
    }
}
