import ArgumentParser
import Pipeline
import Storage

extension DeliveriesCommand {
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back what waits: deliveries, and alerts still in their groups.",
            discussion: """
                Cancelled deliveries lie in the dead letters with the reason, and can be retried;
                cancelled alerts keep the reason in `alerts show`. It is meant for a channel that is
                disabled, or gone for good. What is under way may still arrive.
                """)

        @OptionGroup var options: CommonOptions
        @OptionGroup var selection: DeliverySelection
        @Option(help: "Why; it is kept with each of them.") var reason: String

        func validate() throws { try CancelReason.check(reason) }

        func run() async throws {
            let workspace = try Workspace.load(options, for: .store)
            let store = try workspace.openStore()
            try await selection.filter.checkChannel(workspace.settings, in: store)
            let change = DeliveryChange(
                store: store, selection: selection, kind: .waiting, now: SystemClock().now)
            let (cancelled, alerts) = try await change.cancel(reason: reason)
            let count = selection.dryRun ? try await change.count() : cancelled.count
            try report(cancelled, count, alerts)
            let named = selection.ids.count { !$0.hasPrefix(AlertGroup.Key.handlePrefix) }
            if count < named {
                Output.error(
                    count == 0
                        ? Output.words(
                            "这些编号不存在，或已不在等待",
                            "these ids do not exist, or do not wait any more")
                        : Output.words(
                            "其余的编号不存在，或已不在等待",
                            "the other ids do not exist, or do not wait any more"))
                throw Exit.findings
            }
        }

        private struct Report: Encodable {
            var matched: Int
            var cancelled: [String]
            var alerts: Int
            var dryRun: Bool
        }

        private func report(_ cancelled: [Delivery], _ count: Int, _ alerts: Int) throws {
            if options.format == .json {
                return try Output.json(
                    Report(
                        matched: count, cancelled: cancelled.map(\.id.text), alerts: alerts,
                        dryRun: selection.dryRun))
            }
            Output.line(
                selection.dryRun
                    ? Output.words(
                        "会取消 \(count) 次投递和 \(alerts) 条还在分组里等待的告警（未改动）",
                        "would be cancelled: deliveries \(count), alerts still in groups \(alerts)")
                    : Output.words(
                        "已取消 \(count) 次投递和 \(alerts) 条还在分组里等待的告警",
                        "cancelled: deliveries \(count), alerts still in groups \(alerts)"))
        }
    }
}

extension DeliveryChange {
    /// Takes back what waits: alerts in their groups, of which it tells the number, and deliveries.
    ///
    /// A dry run counts the alerts.
    func cancel(
        reason: String
    ) async throws(StoreError) -> (deliveries: [Delivery], alerts: Int) {
        let alerts = try await GroupCancelling(
            store: store, selection: selection, reason: reason
        ).run()
        guard !selection.dryRun else { return ([], alerts) }
        let deliveries = try await run { delivery, now in
            guard case .waiting = delivery.state else { return nil }
            return Retrying.cancelled(delivery, reason: reason, at: now)
        }
        return (deliveries, alerts)
    }
}

/// Takes alerts that wait in groups back.
private struct GroupCancelling: Sendable {
    let store: any Store
    let selection: DeliverySelection
    let reason: String

    /// The most groups, and the most alerts of one group, that one command looks at.
    static let groupLimit = 10_000
    static let alertLimit = 100_000

    /// How many alerts it were, or would be.
    func run() async throws(StoreError) -> Int {
        let (selection, reason) = (selection, reason)
        let groups = try await store.read { reader throws(StoreError) in
            try reader.waitingGroups(to: selection.filter.channel, limit: Self.groupLimit)
        }.map(\.group.key).filter { selection.ids.isEmpty || selection.ids.contains($0.handle) }
        var count = 0
        for key in groups {
            count += try await store.transaction { transaction throws(StoreError) in
                let waiting = try transaction.waitingAlerts(in: key, limit: Self.alertLimit)
                let chosen = waiting.filter(selection.filter.matches)
                guard !selection.dryRun, !chosen.isEmpty else { return chosen.count }
                for alert in chosen {
                    try transaction.save(
                        Notice(alert: alert.id, group: key, cancelled: reason))
                }
                if chosen.count == waiting.count, var group = try transaction.group(key) {
                    group.flushAt = nil
                    group.isUrgent = false
                    try transaction.save(group)
                }
                return chosen.count
            }
        }
        return count
    }
}
