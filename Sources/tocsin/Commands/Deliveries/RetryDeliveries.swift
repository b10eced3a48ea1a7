import ArgumentParser
import Pipeline
import Storage

extension DeliveriesCommand {
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make dead letters due again, and what waits for its next attempt due now.",
            discussion: """
                Dead letters have all their attempts before them again, the others those that are
                left. A running daemon sends them within a second; else the next run does. A channel
                that is left alone because it failed is tried at once.
                """)

        @OptionGroup var options: CommonOptions
        @OptionGroup var selection: DeliverySelection

        func run() async throws {
            let workspace = try Workspace.load(options, for: .store)
            let store = try workspace.openStore()
            try await selection.filter.checkChannel(workspace.settings, in: store)
            let now = SystemClock().now
            func change(_ kind: DeliveryQuery.Kind) -> DeliveryChange {
                DeliveryChange(store: store, selection: selection, kind: kind, now: now)
            }
            var changed: [Delivery] = []
            var count = 0
            if selection.dryRun {
                count = try await change(.dead).count() + change(.waiting).countLate()
            } else {
                // First what waits: what is revived waits, too.
                changed = try await change(.waiting).hasten() + change(.dead).revive()
                count = changed.count
            }
            try report(changed, count, workspace.settings)
            if !selection.ids.isEmpty, count < selection.ids.count {
                Output.error(
                    count == 0
                        ? Output.words(
                            "这些编号不存在、已送达，或一分钟内就会再发",
                            "these ids do not exist, are delivered, or go within a minute")
                        : Output.words(
                            "其余的编号不存在、已送达，或一分钟内就会再发",
                            "the other ids do not exist, are delivered, or go within a minute"))
                throw Exit.findings
            }
        }

        private struct Report: Encodable {
            var matched: Int
            var retried: [String]
            var dryRun: Bool
        }

        private func report(_ changed: [Delivery], _ count: Int, _ settings: Settings) throws {
            if options.format == .json {
                return try Output.json(
                    Report(
                        matched: count, retried: changed.map(\.id.text),
                        dryRun: selection.dryRun))
            }
            Output.line(
                selection.dryRun
                    ? Output.words(
                        "会重新投递 \(count) 条（未改动）", "would be sent again: \(count)")
                    : Output.words(
                        "重新投递 \(count) 条", "to be sent again: \(count)"))
            for channel in Set(changed.map(\.channel)).sorted() {
                guard let absence = settings.absence(of: channel) else { continue }
                Output.line(
                    Output.words(
                        "通道 \(channel) 未启用（\(absence)）：先等着",
                        "channel \(channel) is \(absence): they wait"))
            }
        }
    }
}

/// One change of many deliveries, in steps of bounded size.
struct DeliveryChange: Sendable {
    let store: any Store
    let selection: DeliverySelection
    /// What it applies to.
    let kind: DeliveryQuery.Kind
    /// When the command began: what is settled later is not changed a second time.
    let now: Timestamp

    static let batch = 500

    /// Saves what `change` makes of each that is selected; nil leaves it.
    func run(
        _ change: @escaping @Sendable (Delivery, Timestamp) -> Delivery?
    ) async throws(StoreError) -> [Delivery] {
        var changed: [Delivery] = []
        try await forEachBatch { batch, transaction throws(StoreError) in
            let some = batch.compactMap { change($0, now) }
            try transaction.save(some)
            return some
        } then: {
            changed += $0
        }
        return changed
    }

    /// How many are selected.
    func count() async throws(StoreError) -> Int {
        guard selection.ids.isEmpty else {
            var count = 0
            try await forEachBatch { batch, _ in
                batch
            } then: {
                count += $0.count
            }
            return count
        }
        let query = selection.filter.query(kind: kind, limit: 1)
        return try await store.read { reader throws(StoreError) in try reader.count(query) }
    }

    private func forEachBatch(
        _ body:
            @escaping @Sendable ([Delivery], any StoreTransaction) throws(StoreError) -> [Delivery],
        then: ([Delivery]) -> Void
    ) async throws(StoreError) {
        let (filter, kind, now) = (selection.filter, kind, now)
        guard selection.ids.isEmpty else {
            let ids = Set(selection.ids).sorted().map { Delivery.ID($0) }
            for start in stride(from: 0, to: ids.count, by: Self.batch) {
                let some = Array(ids[start..<min(start + Self.batch, ids.count)])
                then(
                    try await store.transaction { transaction throws(StoreError) in
                        var batch: [Delivery] = []
                        for id in some {
                            guard let delivery = try transaction.delivery(id),
                                delivery.kind == kind, filter.matches(delivery)
                            else { continue }
                            batch.append(delivery)
                        }
                        return try body(batch, transaction)
                    })
            }
            return
        }
        var place: DeliveryQuery.Place?
        repeat {
            var query = filter.query(kind: kind, limit: Self.batch)
            query.after = place
            let step = try await store.transaction { [query] transaction throws(StoreError) in
                let found = try transaction.deliveries(query)
                let open = found.filter { ($0.settledAt ?? now) <= now }
                return (
                    next: found.count == Self.batch
                        ? found.last.map(DeliveryQuery.Place.init) : nil,
                    changed: try body(open, transaction)
                )
            }
            then(step.changed)
            place = step.next
        } while place != nil
    }
}

extension DeliveryChange {
    /// Makes dead letters due again, and has their channels tried at once: whoever retries has
    /// mended something.
    func revive() async throws(StoreError) -> [Delivery] {
        let revived = try await run { delivery, now in
            guard case .dead = delivery.state else { return nil }
            return Retrying.revived(delivery, at: now)
        }
        let named = selection.filter.channel.map { [$0] } ?? []
        try await tryNow(revived.map(\.channel) + named)
        return revived
    }

    /// Makes what waits for its next attempt due now, and has its channels tried at once.
    func hasten() async throws(StoreError) -> [Delivery] {
        let hastened = try await run { delivery, now in
            guard Self.isLate(delivery, at: now) else { return nil }
            var delivery = delivery
            delivery.state = .waiting(dueAt: now)
            return delivery
        }
        try await tryNow(hastened.map(\.channel))
        return hastened
    }

    /// How many ``hasten()`` would change.
    func countLate() async throws(StoreError) -> Int {
        var count = 0
        let now = now
        try await forEachBatch { batch, _ in
            batch.filter { Self.isLate($0, at: now) }
        } then: {
            count += $0.count
        }
        return count
    }

    /// Whether it waits for longer than a claim lasts: what is under way now never does.
    private static func isLate(_ delivery: Delivery, at now: Timestamp) -> Bool {
        guard case .waiting(let dueAt) = delivery.state else { return false }
        return dueAt - now > SendQueue.lease
    }

    private func tryNow(_ channels: [String]) async throws(StoreError) {
        let (channels, now) = (Set(channels).sorted(), now)
        guard !channels.isEmpty else { return }
        try await store.transaction { transaction throws(StoreError) in
            for channel in channels { try transaction.probeNow(channel, at: now) }
        }
    }
}
