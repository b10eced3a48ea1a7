import Foundation
import Pipeline
import Storage
import TestSupport
import Testing

@Suite("A store whose process dies")
struct StoreCrashTests {
    @Test("kill -9 in the middle of commits loses no transaction that had returned")
    func killed() async throws {
        try await withTemporaryFolder { folder in
            for round in 0..<4 {
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [folder = folder as String, round = round as Int] in
                    let store = try SQLiteStore(path: folder + "/store.db")
                    try await write(to: store, round: round, journal: folder + "/journal")
                }
                let journal = try String(contentsOfFile: folder + "/journal", encoding: .utf8)
                let returned = journal.split(separator: "\n").map(String.init)
                #expect(!returned.isEmpty)
                let store = try SQLiteStore(path: folder + "/store.db")
                let (missing, counts) = try await store.read { reader throws(StoreError) in
                    var missing: [String] = []
                    for id in returned {
                        let task = try reader.task(TaskID(source: "calls", id: id))
                        let alerts = try reader.alerts(
                            AlertQuery(task: TaskID(source: "calls", id: id)))
                        if task == nil || alerts.count != 1 { missing.append(id) }
                    }
                    return (missing, try reader.counts())
                }
                #expect(missing.isEmpty)
                #expect(counts.pendingTasks == counts.alerts)
                #expect(counts.alerts >= returned.count)
                try await store.close()
            }
        }
    }

    @Test("Two runs on one store: the second is refused, until the first has ended")
    func runLock() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            var first: RunLock? = try RunLock(storePath: path)
            _ = try SQLiteStore(path: path)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link.db", withDestinationPath: path)
            for name in [path, folder + "/link.db", folder + "/./store.db"] {
                let error = #expect(throws: StoreError.self) { _ = try RunLock(storePath: name) }
                #expect(error?.kind == .busy)
                #expect(error?.message.contains("another run (process \(getpid())) works") == true)
                let chinese = error?.chinese ?? ""
                #expect(chinese.contains("另一个 run（进程 \(getpid())）正在用"), "\(chinese)")
                #expect(!chinese.contains("process"), "\(chinese)")
            }
            await #expect(processExitsWith: .success) { [path = path as String] in
                do throws(StoreError) {
                    _ = try RunLock(storePath: path)
                    preconditionFailure("a second process took the lock")
                } catch {
                    precondition(error.kind == .busy)
                }
            }
            _ = try RunLock(storePath: folder + "/other.db")
            withExtendedLifetime(first) {}
            first = nil
            _ = try RunLock(storePath: path)
        }
    }

    @Test("The run lock ends with its process, however that ends")
    func runLockAfterKill() async throws {
        try await withTemporaryFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
                let lock = try RunLock(storePath: folder + "/store.db")
                kill(getpid(), SIGKILL)
                withExtendedLifetime(lock) {}
            }
            _ = try RunLock(storePath: folder + "/store.db")
        }
    }

    @Test("A refused run lock closes no file but its own")
    func runLockDescriptors() async throws {
        try await withTemporaryFolder { folder in
            let lock = try RunLock(storePath: folder + "/store.db")
            let lost = await withTaskGroup(of: Int.self) { group in
                group.addTask {
                    for _ in 0..<20_000 { _ = try? RunLock(storePath: folder + "/store.db") }
                    return 0
                }
                group.addTask {
                    (0..<20_000).count { _ in
                        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
                        let isOpen = (0..<20).allSatisfy { _ in fcntl(descriptor, F_GETFD) >= 0 }
                        return close(descriptor) != 0 || !isOpen
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(lost == 0)
            withExtendedLifetime(lock) {}
        }
    }

    @Test("A run lock that cannot be made says why")
    func runLockErrors() async throws {
        let error = #expect(throws: StoreError.self) {
            _ = try RunLock(storePath: "/nowhere/at/all.db")
        }
        #expect(error?.kind == .unavailable)
    }
}

/// Commits tasks with their alerts from many tasks at once, and notes each one once its transaction
/// has returned.
///
/// When some hundreds have, and others are under way, the process dies.
private func write(to store: SQLiteStore, round: Int, journal: String) async throws {
    let descriptor = open(journal, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    let last = 200 + 130 * round
    try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<16 {
            group.addTask {
                for number in 0...last {
                    let id = "\(round)-\(caller)-\(number)"
                    try await store.transaction { transaction throws(StoreError) in
                        try transaction.save(Samples.task(id))
                        _ = try transaction.insert(Samples.alert(task: id))
                    }
                    let line = id + "\n"
                    _ = line.withCString { Foundation.write(descriptor, $0, strlen($0)) }
                    if number * 16 >= last { kill(getpid(), SIGKILL) }
                }
            }
        }
        try await group.waitForAll()
    }
}
