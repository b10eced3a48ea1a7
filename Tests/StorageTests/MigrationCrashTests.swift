import Foundation
import GRDB
import Pipeline
import TestSupport
import Testing

@testable import Storage

/// A program that dies while it migrates the store of an older one.
@Suite("A migration that is killed")
struct MigrationCrashTests {
    private static let deliveries = 4000

    /// What version 1 left, with so many deliveries that a migration writes megabytes.
    private static func make(_ path: String) throws {
        try MigrationTests.makeFirst(path)
        try DatabaseQueue(path: path).write { database in
            try database.execute(
                sql: """
                    WITH RECURSIVE numbers (n) AS (
                        SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
                    INSERT INTO deliveries
                        (id, channel, kind, created_at, due_at, leased_due_at, value)
                    SELECT 'm-' || n, 'hook', 'waiting', 1700000000000 + n, 1700000070000 + n,
                        NULL, json_set(value, '$.id', 'm-' || n, '$.message.body',
                            hex(zeroblob(1500)))
                    FROM numbers, deliveries WHERE id = 'd-1'
                    """, arguments: [deliveries])
        }
    }

    /// Ends the process as soon as the log of the file has so many bytes.
    private static func killWhenLog(of path: String, reaches size: Int) {
        Thread.detachNewThread {
            var status = stat()
            while stat(path + "-wal", &status) != 0 || Int(status.st_size) < size {
                usleep(20)
            }
            kill(getpid(), SIGKILL)
        }
    }

    @Test("at any byte of its log leaves the old store or the new one, and the next start goes on")
    func killed() async throws {
        try await withTemporaryFolder { folder in
            try Self.make(folder + "/old.db")
            var random = SplitMix64(seed: 11)
            var unmigrated = 0
            for round in 0..<8 {
                let path = folder + "/\(round).db"
                try FileManager.default.copyItem(atPath: folder + "/old.db", toPath: path)
                // The log of a whole migration has more than that.
                let size = Int.random(in: 1...8_000_000, using: &random)
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [path = path as String, size = size as Int] in
                    Self.killWhenLog(of: path, reaches: size)
                    let store = try SQLiteStore(path: path)
                    // The log is as long as it was until the store is closed.
                    try await Task.sleep(for: .seconds(30))
                    try await store.close()
                }
                let found = try await DatabaseQueue(path: path).read { database in
                    try Schema.foundVersion(database)
                }
                #expect(found == 1 || found == Schema.version, "round \(round), \(size) bytes")
                unmigrated += found == 1 ? 1 : 0
                let store = try SQLiteStore(path: path, busyTimeout: .milliseconds(500))
                try await Self.check(store)
                try await store.close()
            }
            #expect(unmigrated > 0, "none was killed before the end")
        }
    }

    private static func check(_ store: SQLiteStore) async throws {
        #expect(try await ask(store, "PRAGMA user_version") == Schema.version)
        #expect(
            try await ask(store, "SELECT COUNT(*) FROM delivery_values")
                == Int64(deliveries + 2))
        let claimed = try await store.claimDeliveries(
            by: at(100), until: at(160), limit: 2 * deliveries)
        #expect(claimed.count == deliveries + 1)
        #expect(claimed.allSatisfy { $0.attempts == 2 && $0.message.alerts.count == 1 })
    }
}
