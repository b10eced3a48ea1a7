import Foundation
import GRDB
import Pipeline

/// One connection to the file, for a writer or for readers; whoever holds it says on which
/// thread it works, since every call blocks.
struct SQLiteConnection: Sendable {
    private let queue: DatabaseQueue
    let file: StoreFile
    /// The file that was opened; nil for a store in memory.
    private let identity: StoreFile.Identity?

    /// What a connection keeps of the file in memory, KiB.
    static let cacheSize = 8 * 1024
    /// The `-wal` file is cut to this after a checkpoint, bytes.
    static let journalSizeLimit = 64 * 1024 * 1024

    /// How often, and how many seconds apart, the switch to the write-ahead log is tried again.
    private static let switchAttempts = 50
    private static let switchPause = 0.02

    /// The connection that writes.
    ///
    /// It makes or migrates the file; `lock` is its run lock, where the caller has it.
    static func writer(
        of file: StoreFile, busyTimeout: Duration, holding lock: RunLock? = nil
    ) throws(StoreError) -> SQLiteConnection {
        if !file.isInMemory { try file.prepare() }
        return try SQLiteConnection(
            file: file, busyTimeout: busyTimeout, while: "opening the store"
        ) { database in
            try Schema.check(database, of: file)
            if !file.isInMemory {
                try writeAhead(database)
                file.restrict()
            }
            try Migration(file: file, lock: lock, patience: busyTimeout).run(in: database)
        }
    }

    /// A connection that only reads, beside the writer of the same file.
    static func reader(
        of file: StoreFile, busyTimeout: Duration
    ) throws(StoreError) -> SQLiteConnection {
        try SQLiteConnection(
            file: file, busyTimeout: busyTimeout, while: "opening the store for reading"
        ) { database in
            try database.execute(sql: "PRAGMA query_only = ON")
        }
    }

    private init(
        file: StoreFile, busyTimeout: Duration, while action: String,
        prepare: (Database) throws -> Void
    ) throws(StoreError) {
        self.file = file
        var configuration = Configuration()
        configuration.busyMode = .timeout(Double(busyTimeout.wholeMilliseconds) / 1000)
        configuration.foreignKeysEnabled = false
        // A rollback that fails leaves its transaction open: the next commit begins by ending
        // it, where GRDB would trap.
        configuration.allowsUnsafeTransactions = true
        do {
            queue =
                file.isInMemory
                ? try DatabaseQueue(configuration: configuration)
                : try DatabaseQueue(path: file.path, configuration: configuration)
            try queue.writeWithoutTransaction { database in
                // Sorting must not leave pieces of conversations in a temporary folder.
                try database.execute(sql: "PRAGMA temp_store = MEMORY")
                try database.execute(sql: "PRAGMA cache_size = -\(Self.cacheSize)")
                try prepare(database)
            }
            identity = file.identity
        } catch {
            throw file.failure(error, while: action)
        }
    }

    /// Readers beside the writer, and a commit that is on the disk when it returns.
    ///
    /// GRDB sets `synchronous` to NORMAL when it opens, so FULL comes after.
    private static func writeAhead(_ database: Database) throws {
        let mode = try switchToLog(database)
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.execute(sql: "PRAGMA journal_size_limit = \(journalSizeLimit)")
        guard mode == "wal", try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
            throw StoreError(
                .unavailable,
                "opening the store: its file system cannot keep a write-ahead log: "
                    + "put the store on a local disk")
        }
    }

    /// Two processes that make the same file at once are in each other's way, and here SQLite does
    /// not wait, as it does elsewhere.
    private static func switchToLog(_ database: Database) throws -> String? {
        for _ in 0..<switchAttempts {
            do {
                return try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            } catch DatabaseError.SQLITE_BUSY {
                Thread.sleep(forTimeInterval: switchPause)
            }
        }
        return try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
    }
}

extension SQLiteConnection {
    /// Runs the bodies in one transaction, each in its own savepoint, and commits them together.
    ///
    /// Each turn is told how it went.
    func commit(_ turns: [any Turn]) {
        queue.writeWithoutTransaction { database in
            do {
                try checkPlace()
                if database.isInsideTransaction { try database.rollback() }
                try database.beginTransaction(.immediate)
                let session = SQLSession(database, file: file)
                for turn in turns { try runAlone(turn, in: session) }
                try database.commit()
            } catch {
                // It may have been rolled back already; what is left of it the next commit ends.
                try? database.rollback()
                let failure = file.failure(error, while: "committing")
                for turn in turns { turn.fail(failure) }
            }
        }
    }

    /// Throws when the file is no longer where it was: what is written to it then is lost.
    private func checkPlace() throws(StoreError) {
        guard file.identity != identity else { return }
        throw StoreError(
            .unavailable,
            "committing: \(file.path) was moved, replaced or deleted while it was open: put it "
                + "back, or start again")
    }

    /// Keeps what the body did, or nothing of it when it throws.
    ///
    /// Throws when SQLite has given up the whole transaction, as it does when the disk is full.
    private func runAlone(_ turn: any Turn, in session: SQLSession) throws {
        try session.execute("SAVEPOINT body", while: "beginning a body")
        let isKept = turn.run(in: session)
        if let loss = session.loss { throw loss }
        if !isKept { try session.execute("ROLLBACK TO body", while: "undoing a body") }
        try session.execute("RELEASE body", while: "ending a body")
    }

    /// Runs `body` over one state of the file; what it might write is undone.
    func read<Result>(
        _ body: (any StoreReader) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        do {
            return try queue.writeWithoutTransaction { database in
                if database.isInsideTransaction { try database.rollback() }
                try database.beginTransaction(.deferred)
                defer { try? database.rollback() }
                return try body(SQLSession(database, file: file))
            }
        } catch {
            throw file.failure(error, while: "reading")
        }
    }

    /// Closes the connection; the last one of a file moves the log into it.
    ///
    /// Whatever is asked afterwards is `unavailable`.
    func close() throws(StoreError) {
        do {
            try queue.close()
        } catch {
            throw file.failure(error, while: "closing the store")
        }
    }
}
