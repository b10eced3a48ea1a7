import Dispatch
import Pipeline
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite("Group commit")
struct GroupCommitTests {
    @Test("What waits for a commit shares the next one, up to the limit")
    func sharing() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            let gate = DispatchSemaphore(value: 0)
            let isInside = Flag()
            let waiting = CommitLine.largestGroup + 44
            // A body that sees how many are left in the line tells to which group it belongs.
            let groups = try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask {
                    try await store.write { transaction throws(StoreError) in
                        isInside.raise()
                        gate.wait()
                        return store.line.count
                    }
                }
                while !isInside.isRaised { await Task.yield() }
                for number in 0..<waiting {
                    group.addTask {
                        try await store.write { transaction throws(StoreError) in
                            try transaction.save(Samples.task("t-\(number)"))
                            return store.line.count
                        }
                    }
                }
                while store.line.count < waiting { await Task.yield() }
                gate.signal()
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(CommitLine.largestGroup == 256)
            #expect(groups == [waiting: 1, 44: CommitLine.largestGroup, 0: 44])
            #expect(try await ask(store, "SELECT COUNT(*) FROM tasks") == Int64(waiting))
        }
    }

    @Test("A reader does not wait for a writer")
    func readers() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            try await store.save(tasks: [Samples.task()])
            let gate = DispatchSemaphore(value: 0)
            let isInside = Flag()
            async let write: Void = store.write { transaction throws(StoreError) in
                try transaction.save(Samples.task("t-2"))
                isInside.raise()
                gate.wait()
            }
            while !isInside.isRaised { await Task.yield() }
            let during = try await store.read { reader throws(StoreError) in try reader.counts() }
            #expect(during.pendingTasks == 1)
            gate.signal()
            try await write
            let after = try await store.read { reader throws(StoreError) in try reader.counts() }
            #expect(after.pendingTasks == 2)
        }
    }

    @Test("A store that another process keeps locked is busy, and works when it is free")
    func busy() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            let store = try SQLiteStore(path: path, busyTimeout: .milliseconds(50))
            let other = try SQLiteStore(path: path)
            let gate = DispatchSemaphore(value: 0)
            let isInside = Flag()
            async let write: Void = other.write { transaction throws(StoreError) in
                isInside.raise()
                gate.wait()
            }
            while !isInside.isRaised { await Task.yield() }
            let error = await #expect(throws: StoreError.self) {
                try await store.save(tasks: [Samples.task()])
            }
            #expect(error?.kind == .busy)
            #expect(try await store.task(Samples.task().id) == nil)
            gate.signal()
            try await write
            try await store.save(tasks: [Samples.task()])
            #expect(try await store.task(Samples.task().id) != nil)
        }
    }

    @Test("A body that swallows its own error keeps the rest of what it did")
    func swallowed() async throws {
        let store = try SQLiteStore()
        try await store.write { transaction throws(StoreError) in
            try transaction.save(Samples.task())
            try? (transaction as? SQLSession)?.execute("INSERT INTO nowhere", while: "testing")
            try transaction.save(Samples.task("t-2"))
        }
        #expect(try await ask(store, "SELECT COUNT(*) FROM tasks") == 2)
    }

    @Test("When SQLite gives up a transaction, nothing of its group is kept")
    func givenUp() async throws {
        let store = try SQLiteStore()
        let error = await #expect(throws: StoreError.self) {
            try await store.write { transaction throws(StoreError) in
                try transaction.save(Samples.task())
                // As SQLite does by itself when the disk is full.
                try? (transaction as? SQLSession)?.execute("ROLLBACK", while: "testing")
                try transaction.save(Samples.task("t-2"))
            }
        }
        #expect(error?.kind == .failed)
        #expect(try await ask(store, "SELECT COUNT(*) FROM tasks") == 0)
        try await store.save(tasks: [Samples.task()])
    }

    @Test("On a simulator's executor the same seed gives the same order", arguments: 0..<20)
    func determinism(seed: UInt64) throws {
        let first = try order(seed)
        #expect(first.count == 40)
        #expect(try order(seed) == first)
    }

    @Test("Other seeds give other orders")
    func variety() throws {
        #expect(try Set((0..<10).map { try order($0) }).count > 1)
    }

    /// The order in which forty concurrent callers got through a store in memory.
    private func order(_ seed: UInt64) throws -> [Int] {
        try simulate(seed: seed) { _, executor in
            let store = try SQLiteStore(inMemoryOn: executor)
            let order = Journal()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await store.write { transaction throws(StoreError) in
                            try transaction.save(Samples.task("t-\(number)"))
                        }
                        order.note(number)
                    }
                    group.addTask {
                        let count = try await store.read { reader throws(StoreError) in
                            try reader.tasks(TaskQuery()).count
                        }
                        order.note(100 + count)
                    }
                }
                try await group.waitForAll()
            }
            return order.entries
        }
    }
}

/// Something that has happened.
private final class Flag: Sendable {
    private let state = Mutex(false)

    var isRaised: Bool { state.withLock(\.self) }

    func raise() { state.withLock { $0 = true } }
}

/// What happened, in order.
private final class Journal: Sendable {
    private let state = Mutex<[Int]>([])

    var entries: [Int] { state.withLock(\.self) }

    func note(_ entry: Int) { state.withLock { $0.append(entry) } }
}
