import Pipeline
import Storage
import TestSupport

/// What must hold at the end of every run.
struct Examination {
    let world: World
    let store: any Store

    func run() async throws -> Scenario.Run {
        var problems = world.with(\.problems)
        problems +=
            try await leftovers() + alerts() + outcomes() + outbox() + digests() + troubles()
        problems += receipts() + inFlight() + budgets() + urgencies()
        return Scenario.Run(problems: problems, journal: world.with(\.journal))
    }

    /// Nothing is pending but at a channel that is off.
    private func leftovers() async throws -> [String] {
        let off = world.offForGood
        return try await store.read { reader throws(StoreError) in
            let counts = try reader.counts()
            var left = [("pending tasks", counts.pendingTasks), ("faults", counts.faults)]
            for backlog in try reader.backlogs() where !off.contains(backlog.channel) {
                left.append(("alerts wait for \(backlog.channel)", backlog.waitingAlerts))
                left.append(("deliveries wait for \(backlog.channel)", backlog.waitingDeliveries))
            }
            return left.filter { $0.1 != 0 }.map { "\($0.1) \($0.0)" }
        }
    }

    /// Exactly the alerts that the cloud's truth calls for, beside Tocsin's own.
    private func alerts() async throws -> [String] {
        let found = try await store.read { reader throws(StoreError) in
            try reader.alerts(AlertQuery(limit: 10_000)).map(\.id)
                .filter { !$0.rule.hasPrefix(OwnAlert.prefix) }.map { "\($0.rule) \($0.task.id)" }
        }
        let expected = world.expectedAlerts
        return expected.subtracting(found).sorted().map { "lost: \($0)" }
            + Set(found).subtracting(expected).sorted().map { "not called for: \($0)" }
    }

    /// Every delivery of the outbox is that of the notices of its alerts, all of one flush; and
    /// receivers know no others.
    private func outbox() async throws -> [String] {
        let received = world.with { state in Set(state.receipts.map { "\($0.channel)\n\($0.body)" })
        }
        return try await store.read { reader throws(StoreError) in
            var problems: [String] = []
            var sent: Set<String> = []
            for delivery in try reader.deliveries(DeliveryQuery(limit: 100_000)) {
                sent.insert("\(delivery.channel)\n\(delivery.message.body)")
                if let plain = delivery.message.plain {
                    sent.insert("\(delivery.channel)\n\(plain)")
                }
                for alert in delivery.message.alerts {
                    let notice = try reader.notice(of: alert, on: delivery.channel)
                    if notice?.deliveries.contains(delivery.id) != true {
                        problems.append("\(delivery.id): unknown to the notice of \(alert)")
                    }
                }
            }
            return problems + received.subtracting(sent).sorted().map { "never sent: \($0)" }
        }
    }

    /// The same id always came with the same message.
    private func receipts() -> [String] {
        var bodies: [String: String] = [:]
        var problems: [String] = []
        for receipt in world.with(\.receipts) {
            let key = "\(receipt.channel) \(receipt.id)"
            if receipt.id.isEmpty { problems.append("\(receipt.channel): a message without an id") }
            if let before = bodies[key], before != receipt.body {
                problems.append("\(key): its message changed")
            }
            bodies[key] = receipt.body
        }
        return problems
    }

    private func inFlight() -> [String] {
        world.with(\.mostInFlight).sorted { $0.key < $1.key }.compactMap { host, most in
            if host.hasPrefix(SimulatedTransport.cloudHost) {
                return most > Source.defaultConcurrency ? "\(host): \(most) reads at once" : nil
            }
            let isHook = host.hasPrefix(SimulatedTransport.hookHost)
            let limit = isHook ? world.plan.hookConcurrency : 1
            return most > limit ? "\(host): \(most) at once" : nil
        }
    }

    /// No minute of a life has more attempts than its channel's budget; a clock that jumps has no
    /// minutes.
    private func budgets() -> [String] {
        guard !world.storms.has(.clockJump) else { return [] }
        let attempts = Dictionary(grouping: world.with(\.attempts)) { "\($0.channel) \($0.life)" }
        return attempts.sorted { $0.key < $1.key }.compactMap { key, attempts in
            guard let limit = world.plan.messagesPerMinute[attempts[0].channel] else { return nil }
            let times = attempts.map(\.at)
            let isOver = zip(times, times.dropFirst(limit)).contains { $1 - $0 < .seconds(60) }
            return isOver ? "\(key): more than \(limit) in a minute" : nil
        }
    }

    /// A critical message is tried before everything that was written later.
    ///
    /// Not where a crash has left it to its lease, or a clock that jumped has dated it.
    private func urgencies() -> [String] {
        let disorder: [Faults.Kind] = [.crashBefore, .crashAfter, .clockJump]
        guard !disorder.contains(where: world.storms.has) else { return [] }
        var problems: [String] = []
        for channel in Scenario.channels where world.plan.concurrency(of: channel) == 1 {
            var seen: Set<Delivery.ID> = []
            let firsts = world.with(\.attempts).filter {
                $0.channel == channel && seen.insert($0.id).inserted
            }
            for (place, urgent) in firsts.enumerated() where urgent.isUrgent {
                let early = firsts[..<place].first {
                    !$0.isUrgent && $0.createdAt > urgent.createdAt
                }
                if let early { problems.append("\(urgent.id): critical, but behind \(early.id)") }
            }
        }
        return problems
    }
}
