import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Storage

/// Runs SQL on the writing connection of a store, as a person with an editor would.
func edit(_ store: SQLiteStore, _ sql: String) async throws {
    try await store.write { transaction throws(StoreError) in
        try (transaction as? SQLSession)?.execute(sql, while: "editing")
    }
}

/// The number that SQL answers with, on the writing connection.
func ask(_ store: SQLiteStore, _ sql: String) async throws -> Int64? {
    try await store.write { transaction throws(StoreError) in
        try (transaction as? SQLSession)?.number(sql, while: "asking")
    }
}

@Suite("A store's file")
struct StoreFileTests {
    @Test("A commit waits for the disk: the writer's synchronous is FULL, its journal the WAL")
    func settings() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            #expect(try await ask(store, "PRAGMA synchronous") == 2)
            #expect(FileManager.default.fileExists(atPath: folder + "/store.db-wal"))
            #expect(try await ask(store, "PRAGMA temp_store") == 2)
        }
    }

    @Test("The file and what is beside it are for their owner alone", arguments: [true, false])
    func modes(isThere: Bool) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            if isThere {
                try Data().write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o666], ofItemAtPath: path)
            }
            let store = try SQLiteStore(path: path)
            try await store.save(tasks: [Samples.task()])
            for suffix in ["", "-wal", "-shm"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
            }
        }
    }

    @Test("A path is a file's name, whatever it looks like", arguments: [":memory:", "file:a?b=c"])
    func oddNames(name: String) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/" + name
            try await SQLiteStore(path: path).save(tasks: [Samples.task()])
            #expect(FileManager.default.fileExists(atPath: path))
            #expect(try await SQLiteStore(path: path).task(Samples.task().id) != nil)
        }
        #expect(try StoreFile(path: name).path.hasSuffix("/" + name))
    }

    @Test("What one process writes, another that has the file open sees")
    func twoConnections() async throws {
        try await withTemporaryFolder { folder in
            let daemon = try SQLiteStore(path: folder + "/store.db")
            let command = try SQLiteStore(path: folder + "/store.db")
            try await command.save(tasks: [Samples.task("from-the-command")])
            #expect(try await daemon.claim(by: at(0), until: at(30)).count == 1)
            let seen = try await command.task(Samples.task("from-the-command").id)
            #expect(seen?.dueAt == at(30))
        }
    }

    @Test("Two processes may make the same store at once")
    func racingMakers() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let store = try SQLiteStore(path: path)
                        try await store.save(tasks: [Samples.task("t-\(number)")])
                    }
                }
                try await group.waitForAll()
            }
            let store = try SQLiteStore(path: path)
            #expect(try await ask(store, "SELECT COUNT(*) FROM tasks") == 8)
        }
    }

    @Test("What cannot be a store is refused by its kind, and not touched")
    func refusals() async throws {
        try await withTemporaryFolder { folder in
            let files = FileManager.default
            try files.createDirectory(atPath: folder + "/folder", withIntermediateDirectories: true)
            let text = Data("alerts: everywhere\n".utf8)
            try text.write(to: URL(fileURLWithPath: folder + "/text"))
            for (name, sql) in [
                ("foreign", "PRAGMA application_id = 0"), ("newer", "PRAGMA user_version = 99"),
                ("negative", "PRAGMA user_version = -1"),
            ] {
                try await edit(SQLiteStore(path: folder + "/" + name), sql)
            }
            let cases: [(path: String, kind: StoreError.Kind, words: String)] = [
                ("", .unavailable, "path"), (folder + "/a\u{0}b", .unavailable, "path"),
                (folder + "/nowhere/store.db", .unavailable, "no such folder"),
                (folder + "/folder", .unavailable, folder),
                (folder + "/text", .corrupt, "restore the file from a backup"),
                (folder + "/foreign", .incompatible, "another program"),
                (folder + "/newer", .incompatible, "schema 99"),
                (folder + "/negative", .incompatible, "schema -1"),
            ]
            for (path, kind, words) in cases {
                let error = #expect(throws: StoreError.self, "\(path)") {
                    _ = try SQLiteStore(path: path)
                }
                #expect(error?.kind == kind, "\(path): \(error?.message ?? "")")
                #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            }
            #expect(files.contents(atPath: folder + "/text") == text)
        }
    }

    @Test("A file that is moved away while it is open takes no more writes")
    func movedAway() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            let store = try SQLiteStore(path: path)
            try await store.save(tasks: [Samples.task()])
            try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
            let error = await #expect(throws: StoreError.self) {
                try await store.save(tasks: [Samples.task("lost")])
            }
            #expect(error?.kind == .unavailable)
            try FileManager.default.moveItem(atPath: path + ".old", toPath: path)
            try await store.save(tasks: [Samples.task("kept")])
            #expect(try await ask(store, "SELECT COUNT(*) FROM tasks") == 2)
        }
    }
}
