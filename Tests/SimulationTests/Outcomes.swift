import Pipeline

extension Examination {
    /// Every alert is on each channel of its route, and of the fallbacks of what is dead, exactly
    /// once: delivered, dead with its reason, taken back, or waiting at a channel that is off.
    func outcomes() async throws -> [String] {
        let received = world.with { state in
            Set(state.receipts.map { "\($0.channel)\n\($0.body)" })
        }
        let (plan, off) = (world.plan, world.offForGood)
        return try await store.read { reader throws(StoreError) -> [String] in
            var problems: [String] = []
            for alert in try reader.alerts(AlertQuery(limit: 10_000)) {
                let notices = try reader.notices(of: alert.id)
                let found = Set(notices.map(\.channel))
                // What is told of a channel goes to the others.
                var expected = Set(
                    Routing.ways(for: alert, routes: plan.routes).map(\.key.channel))
                if let channel = alert.labels["channel"] { expected.remove(channel) }
                var allowed = expected
                for notice in notices {
                    if let fallback = plan.fallbacks[notice.channel] { allowed.insert(fallback) }
                    var deliveries: [Delivery] = []
                    for id in notice.deliveries {
                        guard let delivery = try reader.delivery(id) else {
                            problems.append("\(id): not in the outbox")
                            continue
                        }
                        deliveries.append(delivery)
                    }
                    let outcome = NoticeOutcome(
                        notice: notice, deliveries: deliveries, plan: plan,
                        isOff: off.contains(notice.channel), received: received)
                    problems += outcome.problems
                    if outcome.isDead, let fallback = plan.fallbacks[notice.channel] {
                        expected.insert(fallback)
                    }
                }
                for channel in expected.subtracting(found).sorted() {
                    problems.append("\(alert.id): not on \(channel)")
                }
                for channel in found.subtracting(allowed).sorted() {
                    problems.append("\(alert.id): on \(channel), where nobody sent it")
                }
            }
            return problems
        }
    }
}

/// What became of an alert on one channel.
private struct NoticeOutcome {
    let notice: Notice
    let deliveries: [Delivery]
    let plan: Plan
    let isOff: Bool
    let received: Set<String>

    /// Whether a message of it died by itself.
    var isDead: Bool {
        deliveries.contains { delivery in
            guard case .dead(let reason) = delivery.state else { return false }
            return !reason.hasPrefix(Retrying.cancelledMark)
        }
    }

    var problems: [String] {
        let name = "\(notice.alert) on \(notice.channel)"
        if notice.isWaiting { return isOff ? [] : ["\(name): never flushed"] }
        if let cancelled = notice.cancelled {
            return cancelled == Operator.reason && deliveries.isEmpty
                ? [] : ["\(name): cancelled for \(cancelled)"]
        }
        // One recipient, or one part, each.
        let flushes = Set(deliveries.map { "\($0.group.text) \($0.createdAt.milliseconds)" })
        let problems = flushes.count > 1 ? ["\(name): told by \(flushes.sorted())"] : []
        return problems + deliveries.compactMap(problem)
    }

    private func problem(_ delivery: Delivery) -> String? {
        switch delivery.state {
        case .delivered:
            let bodies = [delivery.message.body, delivery.message.plain].compactMap(\.self)
            return bodies.contains { received.contains("\(delivery.channel)\n\($0)") }
                ? nil : "\(delivery.id): never reached \(delivery.channel)"
        case .waiting:
            return isOff ? nil : "\(delivery.id): still waits"
        case .dead(let reason):
            if reason == Retrying.cancelledMark + Operator.reason { return nil }
            let isRefused = ["413", "550", "430104"].contains { reason.contains($0) }
            let isExhausted =
                plan.impatient.contains(delivery.channel)
                && (reason.contains("attempts: ") || reason.contains("longer than its retries: "))
            return isRefused || isExhausted ? nil : "\(delivery.id): dead because of \(reason)"
        }
    }
}
