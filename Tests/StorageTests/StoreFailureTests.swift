import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Storage

@Suite("A store whose disk fails", .serialized)
struct StoreFailureTests {
    @Test(
        "A full disk refuses what does not fit, keeps the rest, and goes on when there is room",
        .enabled(if: SmallDisk.isAvailable, "no small disk can be mounted here"))
    func full() async throws {
        try await SmallDisk.run(megabytes: 6) { folder in
            let ballast = folder + "/ballast"
            try Data(repeating: 1, count: 2_000_000).write(to: URL(fileURLWithPath: ballast))
            let store = try SQLiteStore(path: folder + "/store.db")
            let outcomes = await fill(store)
            let kept = Set(outcomes.filter { $0.value == nil }.keys)
            #expect(!kept.isEmpty && kept.count < outcomes.count)
            #expect(outcomes.values.allSatisfy { $0 == nil || $0?.kind == .full })
            let reasons = outcomes.values.compactMap { $0?.message }
            #expect(reasons.allSatisfy { $0.contains("free some space") && $0.contains(folder) })
            #expect(try await found(store) == kept)

            try FileManager.default.removeItem(atPath: ballast)
            try await store.write { transaction throws(StoreError) in
                try Self.save("afterwards", in: transaction)
            }
            #expect(try await found(store) == kept.union(["afterwards"]))
            try await store.close()
            let again = try SQLiteStore(path: folder + "/store.db")
            #expect(try await found(again) == kept.union(["afterwards"]))
            #expect(try await ask(again, "SELECT COUNT(*) FROM pragma_integrity_check") == 1)
            try await again.close()
        }
    }

    @Test(
        "A store cannot be made where there is no room",
        .enabled(if: SmallDisk.isAvailable, "no small disk can be mounted here"))
    func noRoom() async throws {
        try await SmallDisk.run(megabytes: 1) { folder in
            try Data().write(to: URL(fileURLWithPath: folder + "/ballast"))
            let ballast = try #require(FileHandle(forWritingAtPath: folder + "/ballast"))
            while (try? ballast.write(contentsOf: Data(repeating: 1, count: 4096))) != nil {}
            try ballast.close()
            let error = #expect(throws: StoreError.self) {
                _ = try SQLiteStore(path: folder + "/store.db")
            }
            #expect(error?.kind == .full, "\(error?.message ?? "")")
        }
    }

    @Test(
        "A store on a disk that cannot be written is refused as read-only",
        .enabled(if: SmallDisk.isAvailable, "no small disk can be mounted here"))
    func readOnlyDisk() async throws {
        try await SmallDisk.run(megabytes: 4) { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            try await store.save(tasks: [Samples.task()])
            try await store.close()
            try #require(try await SmallDisk.remount(folder, "ro"))
            for name in ["/store.db", "/new.db"] {
                let error = #expect(throws: StoreError.self) {
                    _ = try SQLiteStore(path: folder + name)
                }
                #expect(error?.kind == .readOnly, "\(error?.message ?? "")")
            }
            try #require(try await SmallDisk.remount(folder, "rw"))
            let again = try SQLiteStore(path: folder + "/store.db")
            #expect(try await again.task(Samples.task().id) != nil)
            try await again.close()
        }
    }

    @Test("A store that was closed says so, and leaves one file")
    func closed() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            try await store.save(tasks: [Samples.task()])
            try await store.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["store.db"])
            let write = await #expect(throws: StoreError.self) {
                try await store.save(tasks: [Samples.task("t-2")])
            }
            let read = await #expect(throws: StoreError.self) {
                _ = try await store.task(Samples.task().id)
            }
            #expect([write?.kind, read?.kind] == [.unavailable, .unavailable])
        }
    }

    /// Saves large replies, eight at a time, until the disk is full; what became of each.
    private func fill(_ store: SQLiteStore) async -> [String: StoreError?] {
        await withTaskGroup(of: [String: StoreError?].self) { group in
            for caller in 0..<8 {
                group.addTask {
                    var outcomes: [String: StoreError?] = [:]
                    for number in 0..<20 {
                        let name = "\(caller)-\(number)"
                        do throws(StoreError) {
                            try await store.transaction { transaction throws(StoreError) in
                                try Self.save(name, in: transaction)
                            }
                            outcomes[name] = .some(nil)
                        } catch {
                            outcomes[name] = error
                        }
                    }
                    return outcomes
                }
            }
            return await group.reduce(into: [:]) { all, some in all.merge(some) { $1 } }
        }
    }

    private static func save(
        _ name: String, in transaction: any StoreTransaction
    ) throws(StoreError) {
        try transaction.save(Samples.task(name))
        try transaction.save(
            StoredResult(
                record: Samples.task(name), readAt: at(1), ruleSetVersion: "v",
                reply: Array(repeating: 7, count: 100_000)))
    }

    /// The tasks that are there with their whole reply.
    private func found(_ store: SQLiteStore) async throws -> Set<String> {
        try await store.read { reader throws(StoreError) in
            var names: Set<String> = []
            for task in try reader.tasks(TaskQuery(limit: 1000)) {
                let replies = try reader.results(of: task.id)
                if replies.map(\.reply.count) == [100_000] { names.insert(task.id.id) }
            }
            return names
        }
    }
}

/// A small file system in memory, for tests that fill it.
enum SmallDisk {
    /// Whether this user may mount one.
    static let isAvailable: Bool = {
        let folder = FileManager.default.temporaryDirectory.path + "/tocsin-disk-\(getpid())"
        defer { rmdir(folder) }
        guard mkdir(folder, 0o700) == 0, mount(1, at: folder) else { return false }
        return command("umount", [folder])
    }()

    static func run(megabytes: Int, _ body: (_ folder: String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try #require(mount(megabytes, at: folder))
            defer { _ = command("umount", ["--lazy", folder]) }
            try await body(folder)
        }
    }

    private static func mount(_ megabytes: Int, at folder: String) -> Bool {
        command("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tocsin-test", folder])
    }

    /// Mounts it anew, writable or not; waits while a process that is just being started by another
    /// test still has our files open.
    static func remount(_ folder: String, _ mode: String) async throws -> Bool {
        for _ in 0..<100 {
            if command("mount", ["-o", "remount,\(mode)", folder]) { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    /// Whether the command ended well.
    private static func command(_ name: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
