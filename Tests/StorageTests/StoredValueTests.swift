import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Storage

@Suite("Values in a store")
struct StoredValueTests {
    @Test("A value of an older or a newer program is read: new fields are optional")
    func evolution() async throws {
        let store = try SQLiteStore()
        try await store.save(tasks: [Samples.task(labels: ["team": "a"])])
        try await edit(
            store, "UPDATE tasks SET value = json_set(value, '$.future', json('{\"a\":[1]}'))")
        #expect(try await store.task(Samples.task().id) == Samples.task(labels: ["team": "a"]))
    }

    @Test("Where a person changed a column, the column holds")
    func columnsHold() async throws {
        let store = try SQLiteStore()
        try await store.save(tasks: [Samples.task(dueAt: nil)])
        try await edit(store, "UPDATE tasks SET status = 'RUNNING', due_at = 5")
        let task = try await store.task(Samples.task().id)
        #expect(task?.status == .running)
        #expect(task?.dueAt == Timestamp(milliseconds: 5))
    }

    @Test(
        "A row that makes no sense is an error that names it",
        arguments: [
            ("UPDATE tasks SET value = '{'", "t-1"),
            ("UPDATE tasks SET value = '{}'", "'id' is missing"),
            ("UPDATE tasks SET value = json_set(value, '$.labels', 7)", "labels"),
            ("UPDATE tasks SET value = json_set(value, '$.id.id', 'x')", "another task"),
            ("UPDATE tasks SET status = 'DONE'", "status"),
            ("UPDATE alerts SET value = '[]'", "complaint-words"),
            ("UPDATE alerts SET value = json_set(value, '$.severity', 'huge')", "severity"),
            ("UPDATE notices SET value = 'null'", "hook"),
            ("UPDATE alert_groups SET value = '1'", "group_key"),
            ("UPDATE delivery_values SET value = json_set(value, '$.id', 'x')", "d-1"),
            ("DELETE FROM delivery_values", "d-1"),
            ("UPDATE deliveries SET due_at = NULL", "due_at"),
            ("UPDATE results SET value = '{}'", "t-1"),
            ("UPDATE parkings SET value = '{}'", "calls"),
            ("UPDATE channel_troubles SET value = '{}'", "hook"),
            (
                "UPDATE channel_troubles SET value = json_set(value, '$.channel', 'x')",
                "another channel"
            ),
            ("UPDATE faults SET value = '{}'", "complaint-words"),
        ])
    func nonsense(change: String, words: String) async throws {
        let store = try SQLiteStore()
        try await store.write { transaction throws(StoreError) in
            try transaction.save(Samples.task())
            _ = try transaction.insert(Samples.alert())
            try transaction.save(Notice(alert: Samples.alert().id, group: Samples.key()))
            try transaction.save(AlertGroup(key: Samples.key(), flushAt: at(1)))
            try transaction.save([Samples.delivery()])
            try transaction.save(
                StoredResult(
                    record: Samples.task(), readAt: at(1), ruleSetVersion: "v", reply: [1]))
            try transaction.save(
                Parking(
                    subject: .source("calls"), until: at(1), reason: "", count: 1,
                    isRefusal: false))
            try transaction.save(ChannelTrouble(channel: "hook", since: at(1)))
            _ = try transaction.insert(
                RuleFault(id: Samples.alert().id, reason: "", raisedAt: at(1)))
        }
        try await edit(store, change)
        let error = await #expect(throws: StoreError.self) {
            try await store.read { reader throws(StoreError) in
                _ = try reader.tasks(TaskQuery())
                _ = try reader.alerts(AlertQuery())
                _ = try reader.notices(of: Samples.alert().id)
                _ = try reader.group(Samples.key())
                _ = try reader.deliveries(DeliveryQuery())
                _ = try reader.results(of: Samples.task().id)
                _ = try reader.parkings()
                _ = try reader.troubles()
                _ = try reader.faults(limit: 1)
            }
        }
        #expect(error?.kind == .corrupt)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("delete that row") == true)
    }

    @Test("What a delivery carries goes with it")
    func pruned() async throws {
        let store = try SQLiteStore()
        var delivery = Samples.delivery()
        delivery.state = .delivered
        delivery.settledAt = at(1)
        try await store.write { [delivery] transaction throws(StoreError) in
            try transaction.save([delivery])
            let retention = Retention(resultsBefore: at(9), alertsBefore: Samples.now + .seconds(9))
            #expect(try transaction.prune(retention, limit: 9) == 1)
        }
        #expect(try await ask(store, "SELECT COUNT(*) FROM delivery_values") == 0)
    }

    @Test("A damaged file is an error, and no crash")
    func damage() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.db"
            try await fill(path)
            let size = try #require(FileManager.default.contents(atPath: path)?.count)
            let file = try #require(FileHandle(forWritingAtPath: path))
            for offset in stride(from: 4096 * 3, to: size, by: 4096) {
                try file.seek(toOffset: UInt64(offset))
                try file.write(contentsOf: Data(repeating: 0xA5, count: 2000))
            }
            try file.close()
            let error = await #expect(throws: StoreError.self) {
                let store = try SQLiteStore(path: path)
                try await store.read { reader throws(StoreError) in
                    _ = try reader.tasks(TaskQuery(limit: 1000))
                    _ = try reader.alerts(AlertQuery(limit: 1000))
                }
            }
            #expect(error?.kind == .corrupt)
            #expect(error?.message.contains(path) == true)
        }
    }

    /// Writes a store and moves all of it from the log into the file.
    private func fill(_ path: String) async throws {
        let store = try SQLiteStore(path: path)
        try await store.write { transaction throws(StoreError) in
            for number in 0..<300 {
                try transaction.save(Samples.task("t-\(number)"))
                _ = try transaction.insert(Samples.alert(task: "t-\(number)"))
            }
        }
        try await store.close()
    }

    @Test("JSON is written so that every reader reads it")
    func json() throws {
        let values: [Tree] = [
            Tree(), Tree(text: "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}中文🔔"), Tree(number: .min),
            Tree(fraction: -1.5e-300), Tree(flag: false, list: [[], ["a", "b"], [""]]),
            Tree(map: ["": [:], "a\"b": ["c": 1]]), Tree(children: [Tree(), Tree(text: "x")]),
            Tree(choice: .pair(1, second: "b")), Tree(choice: .nothing),
        ]
        for value in values {
            let text = try JSONText.text(of: value)
            let read = try JSONDecoder().decode(Tree.self, from: Data(text.utf8))
            #expect(read == value, "\(text)")
            #expect(try JSONText.value(from: text) == value, "\(text)")
        }
        #expect(try JSONText.text(of: ["a", "b"]) == #"["a","b"]"#)
        #expect(try JSONText.text(of: [String: Int]()) == "{}")
        #expect(try JSONText.text(of: Tree?.none) == "null")
        #expect(throws: EncodingError.self) { try JSONText.text(of: [Double.infinity]) }
    }

    @Test(
        "JSON is read as Foundation reads it, or refused as it refuses it",
        arguments: [
            "", "{", "null", "7", "[]", "{}", #"{"text":null}"#, #"{"text":7}"#, #"{"text":"a"}"#,
            #"{"number":9223372036854775807}"#, #"{"number":9223372036854775808}"#,
            #"{"number":1.0}"#, #"{"number":1.5}"#, #"{"number":-1}"#, #"{"number":"1"}"#,
            #"{"number":true}"#, #"{"fraction":1}"#, #"{"fraction":18446744073709551615}"#,
            #"{"fraction":1e400}"#, #"{"flag":1}"#, #"{"flag":false}"#, #"{"list":{}}"#,
            #"{"list":[[],["a",null]]}"#, #"{"map":{"a":{"b":255}}}"#, #"{"map":{"a":{"b":256}}}"#,
            #"{"map":{"a":{"b":-1}}}"#, #"{"children":[{},{"children":[]}]}"#,
            #"{"choice":{"nothing":{}}}"#, #"{"choice":{"pair":{"_0":1,"second":"b"}}}"#,
            #"{"choice":{"pair":{"_0":1}}}"#, #"{"choice":{"nothing":{},"pair":{}}}"#,
            #"{"choice":{}}"#, #"{"text":"\ud83d\ude00\u0000"}"#, #"{"text":"\ud83d"}"#,
            #"{"future":[{"a":1}],"flag":true}"#, "{\"text\":\"a\nb\"}", "{\"flag\":true}x",
        ])
    func sameAsFoundation(text: String) throws {
        let theirs = Result { try JSONDecoder().decode(Tree.self, from: Data(text.utf8)) }
        let ours = Result { try JSONText.value(from: text, as: Tree.self) }
        switch theirs {
        case .success(let tree): #expect(try ours.get() == tree)
        case .failure: #expect(throws: DecodingError.self) { try ours.get() }
        }
    }

    @Test("A value beyond 64 signed bits is read whole")
    func wide() throws {
        let durations: [Duration] = [.seconds(-1), .milliseconds(5), .seconds(1 << 40)]
        for duration in durations {
            let text = try JSONText.text(of: duration)
            #expect(try JSONText.value(from: text) == duration)
        }
        #expect(try JSONText.value(from: "[18446744073709551615]") == [UInt64.max])
    }

    private struct Tree: Codable, Hashable {
        var text: String?
        var number: Int64?
        var fraction: Double?
        var flag: Bool?
        var list: [[String]]?
        var map: [String: [String: UInt8]]?
        var children: [Tree]?
        var choice: Choice?

        enum Choice: Codable, Hashable {
            case nothing
            case pair(Int, second: String)
        }
    }
}
