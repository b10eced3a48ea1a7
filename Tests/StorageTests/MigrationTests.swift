import Foundation
import GRDB
import Pipeline
import TestSupport
import Testing

@testable import Storage

/// Stores of older programs, made by the SQL that those released and the JSON that they wrote.
@Suite("A store of an older program")
struct MigrationTests {
    /// The first schema, as released: it never changes.
    @Test("A released migration stays as it was")
    func released() {
        let hashes = Schema.migrations.map { StableHash.text(of: $0.utf8) }
        #expect(hashes.first == "8yxykodea953tbi2zarfkeohy")
    }

    private static let group = """
        {"channel":"hook","route":"routes[0]","labels":{"rule":"complaint-words"}}
        """
    private static let alert = """
        {"rule":"complaint-words","task":{"source":"calls","id":"t-1"},"tid":""}
        """

    private static func delivery(_ id: String, _ state: String) -> String {
        """
        {"id":"\(id)","channel":"hook","group":\(group),"message":{"part":1,"parts":1,\
        "recipient":"","body":"{}","alerts":[\(alert)]},"createdAt":1700000000000,"attempts":2,\
        "revivedAt":1700000004000,\
        "state":\(state),"answer":"503"}
        """
    }

    /// What version 1 left: a leased and a dead delivery, a waiting group with its alert.
    static func makeFirst(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        let rows: [(sql: String, arguments: StatementArguments)] = [
            (
                """
                INSERT INTO deliveries (id, channel, kind, created_at, due_at, leased_due_at, value)
                VALUES ('d-1', 'hook', 'waiting', 1700000000000, 1700000060000, 1700000005000, ?)
                """, [delivery("d-1", #"{"waiting":{"dueAt":1700000005000}}"#)]
            ),
            (
                """
                INSERT INTO deliveries (id, channel, kind, created_at, settled_at, value)
                VALUES ('d-2', 'hook', 'dead', 1700000000000, 1700000009000, ?)
                """, [delivery("d-2", #"{"dead":{"reason":"gone"}}"#)]
            ),
            (
                "INSERT INTO alert_groups VALUES (?, 'hook', 1700000030000, NULL, ?)",
                [Samples.key().text, #"{"key":\#(group),"flushAt":1700000030000}"#]
            ),
            (
                """
                INSERT INTO alerts VALUES
                    ('calls', 't-1', '', 'complaint-words', 1700000000000, 3, ?)
                """, [try JSONText.text(of: Samples.alert())]
            ),
            (
                """
                INSERT INTO notices VALUES ('calls', 't-1', '', 'complaint-words', 'hook', ?,
                    1700000000000, 1, ?)
                """,
                [
                    Samples.key().text,
                    #"{"alert":\#(alert),"group":\#(group),"deliveries":[]}"#,
                ]
            ),
        ]
        try queue.write { database in
            try database.execute(sql: Schema.migrations[0])
            for row in rows { try database.execute(sql: row.sql, arguments: row.arguments) }
            try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        try queue.close()
    }

    @Test("Everything in it is there, due and claimed as before")
    func first() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            try Self.makeFirst(path)
            let store = try SQLiteStore(path: path)
            #expect(try await ask(store, "PRAGMA user_version") == Schema.version)
            let before = try await store.read { reader throws(StoreError) in
                (
                    counts: try reader.counts(), group: try reader.group(Samples.key()),
                    flush: try reader.nextFlushDue(to: "hook"),
                    due: try reader.nextDeliveryDue(to: "hook"),
                    waiting: try reader.waitingAlerts(in: Samples.key(), limit: 9),
                    troubles: try reader.troubles()
                )
            }
            #expect(before.counts.dead == 1 && before.counts.waitingDeliveries == 1)
            #expect(before.group == AlertGroup(key: Samples.key(), flushAt: at(30)))
            #expect(before.flush == at(30))
            #expect(before.due == at(60))
            #expect(before.waiting == [Samples.alert()])
            #expect(before.troubles.isEmpty)
            try await store.write { transaction throws(StoreError) in
                try transaction.releaseLeases()
            }
            let claimed = try await store.claimDeliveries(by: at(5), until: at(65))
            #expect(claimed.map(\.id.text) == ["d-1"])
            #expect(claimed.first?.isUrgent == false)
            #expect(claimed.first?.attempts == 2)
            let dead = try await store.delivery(Delivery.ID("d-2"))
            #expect(dead?.state == .dead(reason: "gone"))
            #expect(dead?.answer == "503" && dead?.settledAt == at(9))
            #expect(dead?.revivedAt == at(4))
            let columns = "attempts = 2 AND answer = '503' AND revived_at = 1700000004000"
            let rows = "SELECT COUNT(*) FROM deliveries WHERE \(columns)"
            #expect(try await ask(store, rows) == 2)
            #expect(try await ask(store, "SELECT COUNT(*) FROM delivery_values") == 2)
        }
    }

    @Test("Two processes may migrate it at once")
    func race() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            try Self.makeFirst(path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let store = try SQLiteStore(path: path)
                        #expect(try await ask(store, "SELECT COUNT(*) FROM deliveries") == 2)
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
