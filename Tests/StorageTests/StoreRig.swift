import Foundation
import Pipeline
import Storage
import TestSupport
import Testing

/// A way to make an empty store; every test of the contract runs on each.
struct StoreRig: Sendable, CustomTestStringConvertible {
    let name: String
    private let open: @Sendable (_ folder: String) throws -> any Store

    static let all = [
        StoreRig(name: "a file") { try SQLiteStore(path: $0 + "/store.db") },
        StoreRig(name: "SQLite in memory") { _ in try SQLiteStore() },
        StoreRig(name: "MemoryStore") { _ in MemoryStore() },
    ]

    var testDescription: String { name }

    func run(_ body: (any Store) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in try await body(open(folder)) }
    }
}

/// A folder of its own, gone afterwards.
func withTemporaryFolder<Result>(
    _ body: (_ folder: String) async throws -> Result
) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/tocsin-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

extension Store {
    /// Runs the body in a transaction of its own.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws(StoreError) -> Result
    ) async throws -> Result {
        try await transaction(body)
    }

    func save(tasks: [TaskRecord]) async throws {
        try await write { transaction throws(StoreError) in
            for task in tasks { try transaction.save(task) }
        }
    }

    func save(deliveries: [Delivery]) async throws {
        try await write { transaction throws(StoreError) in
            try transaction.save(deliveries)
        }
    }

    func claim(
        _ source: String = "calls", by now: Timestamp, until lease: Timestamp, limit: Int = 100
    ) async throws -> [TaskRecord] {
        try await write { transaction throws(StoreError) in
            try transaction.claimTasks(of: source, dueBy: now, leaseUntil: lease, limit: limit)
        }
    }

    func claimDeliveries(
        _ channel: String = "hook", by now: Timestamp, until lease: Timestamp, limit: Int = 100
    ) async throws -> [Delivery] {
        try await write { transaction throws(StoreError) in
            try transaction.claimDeliveries(
                to: channel, dueBy: now, leaseUntil: lease, limit: limit)
        }
    }

    func task(_ id: TaskID) async throws -> TaskRecord? {
        try await read { reader throws(StoreError) in try reader.task(id) }
    }

    func delivery(_ id: Delivery.ID) async throws -> Delivery? {
        try await read { reader throws(StoreError) in try reader.delivery(id) }
    }
}

/// A moment `seconds` after the start of the tests' time.
func at(_ seconds: Int64) -> Timestamp {
    Timestamp(milliseconds: Samples.now.milliseconds + seconds * 1000)
}
