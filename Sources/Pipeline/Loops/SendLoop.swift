import Logging

/// One channel's outbox: claims what is due within the budget, sends it, records T3.
struct SendLoop: Sendable {
    let outlet: Outlet
    let parts: WatcherParts
    let bells: Bells

    /// A claim's life: longer than a send can take.
    static let lease = Duration.seconds(60)

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
            store: parts.store, budget: SharedBudget(outlet.budget),
            restsUntil: { reader, now throws(StoreError) in
                try reader.parking(of: .channel(name), at: now)?.until
            },
            nextDue: { reader throws(StoreError) in try reader.nextDeliveryDue(to: name) },
            take: { transaction, wanted, now throws(StoreError) in
                try transaction.claimDeliveries(
                    to: name, dueBy: now, leaseUntil: now + Self.lease, limit: wanted)
            })
    }

    private func sendAndRecord(_ delivery: Delivery) async {
        let outcome = await outlet.channel.send(delivery, at: parts.clock.now)
        // An attempt that was cut off by our own end is made again, under the same id.
        if Task.isCancelled, case .unavailable = outcome { return }
        let now = parts.clock.now
        let (outlet, id) = (outlet, delivery.id)
        do throws(StoreError) {
            let settled = try await parts.store.transaction { transaction throws(StoreError) in
                guard let current = try transaction.delivery(id), case .waiting = current.state
                else { return nil as Delivery? }
                let step = outlet.retrying.step(after: outcome, of: current, at: now)
                try transaction.save(step.delivery)
                if let until = step.parkedUntil {
                    try transaction.save(
                        Parking(
                            subject: .channel(outlet.name), until: until,
                            reason: step.delivery.answer, count: 1, isRefusal: false))
                }
                return step.delivery
            }
            if let settled { log(settled) }
            bells.idle.ring()
        } catch {
            parts.logger.error(
                "outcome not recorded; the delivery will be sent again under the same id",
                metadata: ["delivery": "\(id)", "reason": "\(error.message)"])
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
