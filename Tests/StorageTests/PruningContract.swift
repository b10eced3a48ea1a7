import Pipeline
import TestSupport
import Testing

/// What every store promises about retention.
@Suite("Every store: retention")
struct PruningContract {
    /// Old is before 100 s for all but replies, where it is before 50 s.
    private static let retention = Retention(resultsBefore: at(50), alertsBefore: at(100))

    @Test("Pruning deletes what is old and settled, in bounded steps", arguments: StoreRig.all)
    func pruning(rig: StoreRig) async throws {
        try await rig.run { store in
            try await store.write(Self.fill)
            var steps: [Int] = []
            repeat {
                steps.append(
                    try await store.write { transaction throws(StoreError) in
                        try transaction.prune(Self.retention, limit: 4)
                    })
            } while steps.last != 0 && steps.count < 20
            #expect(steps.allSatisfy { $0 <= 4 })
            #expect(steps.reduce(0, +) == 9)
            try await check(store)
        }
    }

    /// Nine rows that are old and settled, and beside each kind what must stay.
    private static let fill: @Sendable (any StoreTransaction) throws(StoreError) -> Void = {
        transaction throws(StoreError) in
        for (id, readAt, dueAt) in [
            ("old-1", at(10), nil), ("old-2", at(20), nil), ("pending", at(10), at(30)),
            ("new", at(100), nil),
        ] as [(String, Timestamp, Timestamp?)] {
            var task = Samples.task(id, dueAt: dueAt)
            task.lastReadAt = readAt
            task.status = dueAt == nil ? .finish : .running
            try transaction.save(task)
        }
        for readAt in [at(10), at(49), at(50), at(60)] {
            try transaction.save(
                StoredResult(
                    record: Samples.task("new"), readAt: readAt, ruleSetVersion: "v", reply: [1]))
        }
        for (id, settledAt, state) in [
            ("sent", at(10), .delivered), ("dead", at(99), .dead(reason: "x")),
            ("waiting", nil, .waiting(dueAt: at(10))), ("kept", at(100), .delivered),
        ] as [(String, Timestamp?, Delivery.State)] {
            var delivery = Samples.delivery(id)
            delivery.state = state
            delivery.settledAt = settledAt
            try transaction.save([delivery])
        }
        for (task, raisedAt, carrier) in [
            ("told", at(10), "sent"), ("waiting", at(10), ""), ("on-its-way", at(10), "waiting"),
            ("kept", at(10), "kept"), ("new", at(100), "sent"),
        ] {
            let alert = Samples.alert(task: task, raisedAt: raisedAt)
            _ = try transaction.insert(alert)
            let deliveries = carrier.isEmpty ? [] : [Delivery.ID(carrier)]
            try transaction.save(
                Notice(alert: alert.id, group: Samples.key(), deliveries: deliveries))
        }
        for (rule, raisedAt) in [("old", at(99)), ("new", at(100))] {
            _ = try transaction.insert(
                RuleFault(id: Samples.alert(rule).id, reason: "", raisedAt: raisedAt))
        }
        for (channel, flushAt, flushedAt) in [
            ("old", nil, at(99)), ("busy", at(5), at(1)), ("new", nil, at(100)),
        ] as [(String, Timestamp?, Timestamp)] {
            try transaction.save(
                AlertGroup(
                    key: Samples.key(channel: channel), flushAt: flushAt, flushedAt: flushedAt))
        }
    }

    private func check(_ store: any Store) async throws {
        let left = try await store.read { reader throws(StoreError) in
            (
                tasks: try reader.tasks(TaskQuery()).map(\.id.id),
                results: try reader.results(of: Samples.task("new").id).map(\.readAt),
                alerts: try reader.alerts(AlertQuery()).map(\.id.task.id),
                deliveries: try reader.deliveries(DeliveryQuery()).map(\.id.text),
                faults: try reader.faults(limit: 9).map(\.id.rule),
                told: try reader.notices(of: Samples.alert(task: "told").id),
                kept: try reader.notices(of: Samples.alert(task: "kept").id).count
            )
        }
        #expect(Set(left.tasks) == ["pending", "new"])
        #expect(left.results == [at(50), at(60)])
        #expect(Set(left.alerts) == ["waiting", "on-its-way", "kept", "new"])
        #expect(Set(left.deliveries) == ["waiting", "kept"])
        #expect(left.faults == ["new"])
        #expect(left.told.isEmpty)
        #expect(left.kept == 1)
        for (channel, isThere) in [("old", false), ("busy", true), ("new", true)] {
            let group = try await store.read { reader throws(StoreError) in
                try reader.group(Samples.key(channel: channel))
            }
            #expect((group != nil) == isThere, "\(channel)")
        }
    }
}
