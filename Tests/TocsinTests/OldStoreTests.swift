import Foundation
import GRDB
import Pipeline
import Testing

@testable import Storage
@testable import tocsin

/// Commands on the store of an older program.
struct OldStoreTests {
    private static let settings = """
        store: sqlite:tocsin.db
        channels:
          hook: { type: webhook, url: "https://hook.example.com/in" }
        routes:
          - notify: [hook]
        """

    /// A store of the schema before this one.
    private static func make(in folder: URL) throws -> DatabaseQueue {
        try FileManager.default.createDirectory(
            at: folder.appending(path: "rules"), withIntermediateDirectories: true)
        try Data(settings.utf8).write(to: folder.appending(path: "tocsin.yaml"))
        let queue = try DatabaseQueue(path: folder.appending(path: "tocsin.db").path)
        try queue.write { database in
            for migration in Schema.migrations.dropLast() { try database.execute(sql: migration) }
            try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(Schema.version - 1)")
        }
        return queue
    }

    @Test("Beside an older run no command migrates; once it has ended, run does, under its lock")
    func beside() async throws {
        try await StoreCommandTests.Place.inFolder { folder in
            let old = try Self.make(in: folder)
            func version() throws -> Int64 {
                try old.read { database in try Schema.foundVersion(database) }
            }
            var lock: RunLock? = try RunLock(
                storePath: folder.appending(path: "tocsin.db").path)
            // Each waits a while for the lock, since it may be that of another migration.
            async let status = StoreCommandTests.Place.run(["deliveries", "status"], in: folder)
            async let list = StoreCommandTests.Place.run(["tasks", "list"], in: folder)
            async let run = StoreCommandTests.Place.run(["run", "--until-idle"], in: folder)
            #expect(await [status, list, run] == [1, 1, 1])
            #expect(try version() == Schema.version - 1)
            withExtendedLifetime(lock) {}
            lock = nil
            #expect(await StoreCommandTests.Place.run(["run", "--until-idle"], in: folder) == 0)
            #expect(try version() == Schema.version)
        }
    }
}
