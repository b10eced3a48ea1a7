package import Pipeline

/// The store in one SQLite file: the truth of one host.
///
/// One connection writes, on its own thread; a second one reads, on another, so that neither
/// waits for the other. Commits that come together share one transaction and one wait for the
/// disk, and return when they are durable. Other processes may open the same file: each waits
/// five seconds for another's write, then fails with `busy`.
///
/// ```swift
/// let store = try SQLiteStore(path: "tocsin.db")
/// try await store.transaction { transaction throws(StoreError) in try transaction.save(task) }
/// let counts = try await store.read { reader throws(StoreError) in try reader.counts() }
/// ```
package actor SQLiteStore: Store {
    private let writer: SQLiteConnection
    private let workplace: Workplace
    /// The callers that wait for a commit.
    nonisolated let line = CommitLine()
    /// Nil for a store in memory, which has one connection only.
    private nonisolated let reader: ReadingActor?

    /// How long a call waits for another process's write, unless the caller says otherwise.
    package static let busyTimeout = Duration.seconds(5)

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        workplace.executor.asUnownedSerialExecutor()
    }

    /// Opens the store at `path`, and makes it when there is none, in a folder that exists, with
    /// mode 0600.
    ///
    /// Blocks while it does.
    ///
    /// `executor` runs all that touches the file; without one the store has threads of its own.
    /// The file of an older program is migrated under the run lock: `lock`, or one that is taken
    /// for as long; `busy` while an older run has it.
    /// Throws `incompatible` for another program's database or a newer store, `corrupt` for what
    /// is no database, `readOnly`, `full`, `busy` or `unavailable` by what stands in the way.
    package init(
        path: String, executor: (any SerialExecutor)? = nil, busyTimeout: Duration = busyTimeout,
        holding lock: RunLock? = nil
    ) throws(StoreError) {
        let file = try StoreFile(path: path)
        writer = try SQLiteConnection.writer(of: file, busyTimeout: busyTimeout, holding: lock)
        let reading = try SQLiteConnection.reader(of: file, busyTimeout: busyTimeout)
        workplace = Workplace(executor, named: "store")
        reader = ReadingActor(reading, executor: executor)
    }

    /// A store in memory: it has the SQL of the one on disk, and is gone with the last reference.
    package init(inMemoryOn executor: (any SerialExecutor)? = nil) throws(StoreError) {
        writer = try SQLiteConnection.writer(of: .inMemory, busyTimeout: Self.busyTimeout)
        workplace = Workplace(executor, named: "store")
        reader = nil
    }

    package nonisolated func transaction<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let turn = BodyTurn(body)
        switch await line.enter(turn) {
        case .leader: await commitNextGroup()
        case .settled: break
        }
        return try turn.result()
    }

    package nonisolated func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreReader) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        guard let reader else { return try await readFromWriter(body) }
        return try await reader.read(body)
    }

    /// Closes the file, so that nothing is left beside it; calls under way end first.
    ///
    /// What is asked afterwards is `unavailable`. A store that is not closed loses nothing.
    package func close() async throws(StoreError) {
        try await reader?.close()
        try writer.close()
    }

    private func commitNextGroup() {
        let group = line.nextGroup()
        writer.commit(group.map { $0.turn })
        line.settle(group)
    }

    private func readFromWriter<Result: Sendable>(
        _ body: @Sendable (any StoreReader) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try writer.read(body)
    }
}

/// Reads on a connection of its own.
private actor ReadingActor {
    private let connection: SQLiteConnection
    private let workplace: Workplace

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        workplace.executor.asUnownedSerialExecutor()
    }

    init(_ connection: SQLiteConnection, executor: (any SerialExecutor)?) {
        self.connection = connection
        workplace = Workplace(executor, named: "store reader")
    }

    func read<Result: Sendable>(
        _ body: @Sendable (any StoreReader) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try connection.read(body)
    }

    func close() throws(StoreError) { try connection.close() }
}

/// Where an actor works: on an executor from outside, or on a thread that ends with it.
private final class Workplace: Sendable {
    let executor: any SerialExecutor
    private let thread: ThreadExecutor?

    init(_ executor: (any SerialExecutor)?, named name: String) {
        if let executor {
            self.executor = executor
            thread = nil
        } else {
            let thread = ThreadExecutor(name: name)
            self.executor = thread
            self.thread = thread
        }
    }

    deinit { thread?.stop() }
}
