import Foundation
import GRDB
import Pipeline

/// Brings the file of an older program up to the schema of this one.
///
/// A run of the older program would fail on the new tables, so a file with something in it is
/// migrated only by who holds its run lock; a new file is anyone's.
struct Migration {
    let file: StoreFile
    /// The run lock, where the caller has it.
    let lock: RunLock?
    /// How long to wait for another process that has the lock: it may be migrating.
    let patience: Duration

    /// Between two looks at the lock, in seconds.
    private static let pause = 0.02

    /// Brings the file up to ``Schema/version``; two processes may do it at once.
    ///
    /// Throws `busy` when another process works on the older file.
    func run(in database: Database) throws {
        // Each turn finds a newer version than the one before.
        for _ in 0...Schema.version {
            let found = try Schema.foundVersion(database)
            guard found < Schema.version else { return }
            let lock = found == 0 ? nil : try runLock(from: found, in: database)
            try withExtendedLifetime(lock) { try migrate(database, from: found) }
        }
    }

    /// In one transaction; does nothing when another process was first.
    private func migrate(_ database: Database, from found: Int64) throws {
        try database.inTransaction(.immediate) {
            try Schema.check(database, of: file)
            guard try Schema.foundVersion(database) == found else { return .rollback }
            for migration in Schema.migrations.dropFirst(Int(found)) {
                try database.execute(sql: migration)
            }
            try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(Schema.version)")
            return .commit
        }
    }

    /// The run lock of the file; nil when the file has been migrated meanwhile.
    private func runLock(from found: Int64, in database: Database) throws -> RunLock? {
        if let lock, lock.covers(file) { return lock }
        let end = ContinuousClock.now + patience
        while true {
            if let lock = try freeRunLock() { return lock }
            guard try Schema.foundVersion(database) == found else { return nil }
            guard ContinuousClock.now < end else { throw inUse(from: found) }
            Thread.sleep(forTimeInterval: Self.pause)
        }
    }

    /// The run lock; nil while another has it.
    private func freeRunLock() throws(StoreError) -> RunLock? {
        do {
            return try RunLock(storePath: file.path)
        } catch {
            guard error.kind == .busy else { throw error }
            return nil
        }
    }

    private func inUse(from found: Int64) -> StoreError {
        StoreError(
            .busy,
            "opening the store \(file.path): an older run uses it (schema \(found), this one needs "
                + "\(Schema.version)), or another command is bringing it up to date: wait a little, "
                + "or stop that run",
            chinese: "打开库（store）\(file.path)：旧版本的 run 正在用它（schema \(found)，本程序需要 "
                + "\(Schema.version)），或另一条命令正在升级它：稍等再试，或先停掉那个 run")
    }
}

extension Schema {
    /// The version of the file that is open.
    static func foundVersion(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }
}
