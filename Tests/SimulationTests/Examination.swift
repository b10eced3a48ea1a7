import Pipeline
import Storage
import TestSupport

/// What must hold at the end of every run.
struct Examination {
    let world: World
    let store: any Store

    func run() async throws -> Scenario.Run {
        let problems = try await leftovers() + alerts() + deliveries() + receipts() + inFlight()
        return Scenario.Run(problems: problems, journal: world.with(\.journal))
    }

    /// Nothing is pending, and nothing is dead: the storm is shorter than the retries.
    private func leftovers() async throws -> [String] {
        let counts = try await store.read { reader throws(StoreError) in try reader.counts() }
        let left = [
            ("pending tasks", counts.pendingTasks), ("waiting groups", counts.waitingGroups),
            ("waiting deliveries", counts.waitingDeliveries), ("dead letters", counts.dead),
            ("faults", counts.faults),
        ]
        return left.filter { $0.1 != 0 }.map { "\($0.1) \($0.0)" }
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

    /// Every alert is in delivered messages on each of its channels, and what the receiver got is
    /// what the outbox holds.
    private func deliveries() async throws -> [String] {
        let got = world.with { state in
            Set(state.receipts.map { "\($0.channel)\n\($0.body)" })
        }
        return try await store.read { reader throws(StoreError) -> [String] in
            var problems: [String] = []
            for alert in try reader.alerts(AlertQuery(limit: 10_000)) {
                let notices = try reader.notices(of: alert.id)
                // What is told of a channel goes to the others.
                let expected = Scenario.channels.filter { $0 != alert.labels["channel"] }
                if notices.map(\.channel).sorted() != expected {
                    problems.append("\(alert.id): on \(notices.map(\.channel))")
                }
                for notice in notices {
                    if notice.deliveries.isEmpty { problems.append("\(alert.id): never flushed") }
                    for id in notice.deliveries {
                        guard let delivery = try reader.delivery(id) else {
                            problems.append("\(id): not in the outbox")
                            continue
                        }
                        if delivery.state != .delivered {
                            problems.append("\(id): \(delivery.state)")
                        }
                        if !got.contains("\(notice.channel)\n\(delivery.message.body)") {
                            problems.append("\(id): never reached \(notice.channel)")
                        }
                    }
                }
            }
            return problems
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
            let limit =
                host.hasPrefix(SimulatedTransport.hookHost) ? Scenario.hookConcurrency : 1
            return most > limit ? "\(host): \(most) at once" : nil
        }
    }
}
