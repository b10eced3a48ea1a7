import Pipeline
import TestSupport
import Testing

/// What every store promises about transactions.
@Suite("Every store: transactions")
struct TransactionContract {
    private static let refusal = StoreError(.failed, "the body's own")

    @Test("A throwing body changes nothing, and its error comes out", arguments: StoreRig.all)
    func throwing(rig: StoreRig) async throws {
        try await rig.run { store in
            try await store.save(tasks: [Samples.task(dueAt: at(1))])
            await #expect(throws: Self.refusal) {
                try await store.write { transaction throws(StoreError) in
                    try transaction.save(Samples.task(dueAt: nil))
                    try transaction.save(Samples.task("t-2"))
                    _ = try transaction.insert(Samples.alert())
                    throw Self.refusal
                }
            }
            #expect(try await store.task(Samples.task().id)?.dueAt == at(1))
            let counts = try await store.read { reader throws(StoreError) in try reader.counts() }
            #expect(
                counts == StoreCounts(tasks: [.queue: 1], pending: [Samples.task().id.source: 1]))
        }
    }

    @Test("A transaction reads what it wrote", arguments: StoreRig.all)
    func readsItsWrites(rig: StoreRig) async throws {
        try await rig.run { store in
            let found = try await store.write { transaction throws(StoreError) in
                try transaction.save(Samples.task(dueAt: at(7)))
                return try transaction.nextTaskDue(of: "calls")
            }
            #expect(found == at(7))
        }
    }

    @Test("Transactions at the same time run one after the other", arguments: StoreRig.all)
    func serial(rig: StoreRig) async throws {
        let id = Samples.task().id
        try await rig.run { store in
            try await store.save(tasks: [Samples.task()])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<300 {
                    group.addTask {
                        try await store.write { transaction throws(StoreError) in
                            guard var task = try transaction.task(id) else { return }
                            task.attempts += 1
                            try transaction.save(task)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.task(id)?.attempts == 300)
        }
    }

    @Test("A throwing body takes none of its neighbours with it", arguments: StoreRig.all)
    func neighbours(rig: StoreRig) async throws {
        try await rig.run { store in
            let failures = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        do {
                            try await store.write { transaction throws(StoreError) in
                                try transaction.save(Samples.task("t-\(number)"))
                                if number % 3 == 0 { throw Self.refusal }
                            }
                            return false
                        } catch {
                            return error as? StoreError == Self.refusal
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(failures == 100)
            let counts = try await store.read { reader throws(StoreError) in try reader.counts() }
            #expect(counts.pendingTasks == 200)
        }
    }

    @Test("A read is of one state, whatever is written meanwhile", arguments: StoreRig.all)
    func consistentReads(rig: StoreRig) async throws {
        let (left, right) = (Samples.task("left"), Samples.task("right"))
        try await rig.run { store in
            try await store.save(tasks: [left, right])
            let isEven = try await withThrowingTaskGroup(of: Bool.self) { group in
                for round in 1...100 {
                    group.addTask {
                        try await store.write { transaction throws(StoreError) in
                            for var task in [left, right] {
                                task.attempts = round
                                try transaction.save(task)
                            }
                        }
                        return true
                    }
                    group.addTask {
                        try await store.read { reader throws(StoreError) in
                            let first = try reader.task(left.id)?.attempts
                            return first == (try reader.task(right.id)?.attempts)
                        }
                    }
                }
                return try await group.allSatisfy(\.self)
            }
            #expect(isEven)
        }
    }
}
