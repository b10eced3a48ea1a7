import Foundation
import Testing

@testable import StandIns

@Suite("Task files and JSON") struct TaskFileTests {
    private static let identifier =
        "expected a text of 1 to 256 bytes without blanks or control characters"

    /// One Qualitycheck task with these items.
    private static func items(_ items: String) -> String {
        #"{"qc": [{"taskId": "q", "items": [\#(items)]}]}"#
    }

    @Test(
        "A bad file is refused with the place and what is wrong",
        arguments: [
            ("", "line 1, column 1: not JSON: expected a value, found the end"),
            ("{", "line 1, column 2: not JSON: expected a name in quotes"),
            ("{\"a\": 1,\n \"质\": tru}", "line 2, column 7: not JSON: expected a value"),
            ("[]", "expected an object with the lists \"ccai\" and \"qc\""),
            ("{}", "has neither a list \"ccai\" nor a list \"qc\""),
            (#"{"ccai": {}}"#, "ccai: expected a list"),
            (#"{"ccai": [1]}"#, "ccai[0]: expected an object"),
            (#"{"ccai": [{"data": 1}]}"#, "ccai[0].data: expected an object"),
            (
                #"{"ccai": [{"data": {}}]}"#,
                "ccai[0].data.taskStatus: expected a text such as \"FINISH\""
            ),
            (
                #"{"ccai": [{"data": {"taskStatus": "FINISH"}}]}"#,
                "ccai[0].taskId: " + identifier
            ),
            (
                #"{"ccai": [{"taskId": "a b", "data": {"taskStatus": "FINISH"}}]}"#,
                "ccai[0].taskId: " + identifier
            ),
            (
                #"{"ccai": [{"taskId": "a", "queuePolls": -1, "data": {"taskStatus": "E"}}]}"#,
                "ccai[0].queuePolls: expected a whole number of polls, 0 or more"
            ),
            (
                #"{"ccai": [{"taskId": "a", "runPolls": 1.5, "data": {"taskStatus": "E"}}]}"#,
                "ccai[0].runPolls: expected a whole number of polls, 0 or more"
            ),
            (
                #"{"ccai": [{"taskId": "a", "data": {"taskStatus": "E"}}, "#
                    + #"{"taskId": "a\n", "data": {"taskStatus": "E"}}]}"#,
                "ccai[1].taskId: a\n is in the file already"
            ),
            (#"{"qc": [{"taskId": "q", "appKey": 5}]}"#, "qc[0].appKey: expected a text"),
            (#"{"qc": [{"taskId": "q", "items": 5}]}"#, "qc[0].items: expected a list"),
            (
                items(#"{"tid": "x", "final": {}}"#),
                "qc[0].items[0].final.statusCode: expected 3 or -1"
            ),
            (
                items(#"{"tid": "x", "steps": [1], "final": {"statusCode": 3}}"#),
                "qc[0].items[0].steps: expected three numbers: how many polls see 0, 1 and 2"
            ),
            (
                items(
                    #"{"tid": "x", "final": {"statusCode": 3}},"#
                        + #"{"tid": "x", "final": {"statusCode": 3}}"#),
                "qc[0].items[1].tid: x is in this task already"
            ),
        ])
    func mistakes(text: String, message: String) {
        #expect(throws: StandInError(message)) { try TaskFile.parse(Array(text.utf8)) }
    }

    @Test("A file that is not there is named") func missing() throws {
        let error = try #require(throws: StandInError.self) {
            try TaskFile.read(path: "/nowhere/tasks.json")
        }
        #expect(error.message.hasPrefix("cannot read the task file /nowhere/tasks.json: "))
    }

    @Test("A file is read, and numbers of polls default to 1") func defaults() throws {
        let folder = FileManager.default.temporaryDirectory
        let url = folder.appendingPathComponent("stand-ins-\(UUID().uuidString).json")
        try CloudStandInTests.file.write(to: url, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: url) }
        let tasks = try TaskFile.read(path: url.path)
        #expect(tasks.all.map(\.taskID) == ["t-1", "t-2", "q-1"])
        let plain = try TaskFile.parse(
            Array(#"{"ccai":[{"taskId":"a","data":{"taskStatus":"X"}}]}"#.utf8))
        #expect(plain.calls.map(\.queuePolls) == [1])
        #expect(plain.calls.map(\.runPolls) == [1])
    }

    @Test(
        "JSON is written as it was read",
        arguments: [
            #"{"b":1,"a":-0.50e+3,"c":[true,false,null,[],{}]}"#, #""é😀\"\\\n\u0001""#, "5.180",
        ])
    func roundTrip(text: String) throws {
        #expect(try JSONReader.read(Array(text.utf8)).spelling == text)
    }

    @Test("Escapes are understood") func escapes() throws {
        let text = #" "\u00e9\ud83d\ude00\/\t" "#
        #expect(try JSONReader.read(Array(text.utf8)) == "é😀/\t")
    }

    @Test(
        "What is no JSON is refused",
        arguments: [
            "01", "1.", "-", "+1", "1e", ".5", "tru", "[1,]", "{\"a\":1,}", "[1 2]", "\"a",
            "\"\\x\"", "\"\\ud83d\"", "\"\\ude00\"", "\"\\u12\"", "\"\u{1}\"", "1 2", "{1:2}",
            String(repeating: "[", count: 100_000),
        ])
    func noJSON(text: String) {
        #expect(throws: StandInError.self) { try JSONReader.read(Array(text.utf8)) }
    }

    @Test("Bytes that are not UTF-8 are refused in texts") func badUTF8() {
        #expect(throws: StandInError.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
    }
}
