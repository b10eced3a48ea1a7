import Foundation
import GRDB
import Pipeline
import TestSupport
import Testing

@testable import Storage

/// The store of an older program that may still run.
@Suite("A store of an older program, and who may migrate it")
struct MigrationLockTests {
    /// The version in the file, read without the store.
    private static func version(of path: String) throws -> Int64? {
        try DatabaseQueue(path: path).read { database in
            try Int64.fetchOne(database, sql: "PRAGMA user_version")
        }
    }

    @Test("While an older run works, nobody migrates its file, and the error says what to do")
    func runningElsewhere() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            try MigrationTests.makeFirst(path)
            var lock: RunLock? = try RunLock(storePath: path)
            let other = try RunLock(storePath: folder + "/other.db")
            for held in [nil, other] {
                let error = #expect(throws: StoreError.self) {
                    _ = try SQLiteStore(
                        path: path, busyTimeout: .milliseconds(60), holding: held)
                }
                #expect(error?.kind == .busy)
                #expect(error?.message.contains("an older run uses it") == true)
                #expect(error?.message.contains("wait a little, or stop that run") == true)
                #expect(error?.message.contains("schema 1") == true)
                #expect(error?.chinese?.contains("正在升级它：稍等再试，或先停掉那个 run") == true)
                #expect(try Self.version(of: path) == 1)
            }
            withExtendedLifetime(lock) {}
            lock = nil
            let store = try SQLiteStore(path: path, busyTimeout: .milliseconds(60))
            #expect(try await ask(store, "PRAGMA user_version") == Schema.version)
        }
    }

    @Test("In another process the lock counts as well")
    func otherProcess() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            try MigrationTests.makeFirst(path)
            let lock = try RunLock(storePath: path)
            await #expect(processExitsWith: .success) { [path = path as String] in
                do throws(StoreError) {
                    _ = try SQLiteStore(path: path, busyTimeout: .milliseconds(60))
                    preconditionFailure("it was migrated under a run")
                } catch {
                    precondition(error.kind == .busy && error.chinese != nil)
                }
            }
            #expect(try Self.version(of: path) == 1)
            withExtendedLifetime(lock) {}
        }
    }

    @Test("A run migrates under the lock that it has, also behind a link")
    func ownLock() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            try MigrationTests.makeFirst(path)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link.db", withDestinationPath: path)
            let lock = try RunLock(storePath: path)
            let store = try SQLiteStore(
                path: folder + "/link.db", busyTimeout: .milliseconds(60), holding: lock)
            #expect(try await ask(store, "PRAGMA user_version") == Schema.version)
            #expect(throws: StoreError.self) { _ = try RunLock(storePath: path) }
        }
    }

    @Test("A lock that ends within the patience is waited for")
    func shortHolder() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            try MigrationTests.makeFirst(path)
            let (taken, hasTaken) = AsyncStream<Bool>.makeStream()
            // A thread, since opening blocks the tasks of a small machine.
            Thread.detachNewThread {
                let lock = try? RunLock(storePath: path)
                hasTaken.yield(lock != nil)
                hasTaken.finish()
                Thread.sleep(forTimeInterval: 0.08)
                withExtendedLifetime(lock) {}
            }
            for await isTaken in taken { #expect(isTaken) }
            let store = try SQLiteStore(path: path, busyTimeout: .seconds(60))
            #expect(try await ask(store, "PRAGMA user_version") == Schema.version)
        }
    }

    @Test("A run waits for a lock that ends within its patience, and no longer")
    func patientRun() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            let (taken, hasTaken) = AsyncStream<Bool>.makeStream()
            Thread.detachNewThread {
                let lock = try? RunLock(storePath: path)
                hasTaken.yield(lock != nil)
                hasTaken.finish()
                Thread.sleep(forTimeInterval: 0.3)
                withExtendedLifetime(lock) {}
            }
            for await isTaken in taken { #expect(isTaken) }
            let lock = try RunLock(storePath: path, patience: .seconds(60))
            #expect(throws: StoreError.self) {
                _ = try RunLock(storePath: path, patience: .milliseconds(60))
            }
            withExtendedLifetime(lock) {}
        }
    }

    @Test("A store of this version, and a new one, are opened beside a run")
    func nothingToMigrate() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            let lock = try RunLock(storePath: path)
            _ = try SQLiteStore(path: path, busyTimeout: .milliseconds(60))
            _ = try SQLiteStore(path: path, busyTimeout: .milliseconds(60))
            #expect(try Self.version(of: path) == Schema.version)
            withExtendedLifetime(lock) {}
        }
    }
}
