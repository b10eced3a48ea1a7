import CEL
import JSON
import Testing

@Suite struct JSONParsingTests {
    private func value(_ text: String) throws -> Value { try JSON.parse(text).root.value }

    @Test(
        arguments: [
            ("null", Value.null), ("true", true), (" false ", false), ("12", 12), ("-0", 0),
            ("-9223372036854775808", .int(.min)), ("9223372036854775808", .uint(1 << 63)),
            ("18446744073709551615", .uint(.max)), ("1.5", 1.5), ("1e3", 1000.0),
            ("\"\\u559c\\ud83d\\ude00\\n\"", "喜😀\n"), ("[]", []), ("{}", [:]),
            ("[1,[2,[]],{}]", [1, [2, []], [:]]),
            ("{\"a\":{\"b\":[1,\"x\"]},\"c\":null}", ["a": ["b": [1, "x"]], "c": .null]),
        ] as [(String, Value)])
    func everyKindOfValueIsRead(text: String, expected: Value) throws {
        #expect(try value(text) == expected)
    }

    @Test func anIntegerOverSixtyFourBitsBecomesADouble() throws {
        let text = #"""
            {"n":[18446744073709551616,-9223372036854775809,1],"s":"99999999999999999999\"1"}
            """#
        #expect(
            try value(text)
                == [
                    "n": [18446744073709551616.0, -9223372036854775809.0, 1],
                    "s": "99999999999999999999\"1",
                ])
    }

    @Test func ofMembersWithOneNameTheLastCounts() throws {
        let tape = try JSON.parse(
            "{\"a\":5,\"b\":4,\"a\":{\"a\":1,\"b\":2,\"c\":0,\"a\":3},\"a\":{\"c\":6,\"a\":1,\"c\":7}}"
        )
        #expect(tape.root.value == ["b": 4, "a": ["a": 1, "c": 7]])
        #expect(tape.root.count == 2)
        #expect(Array(tape.root.members.map(\.name)) == ["b", "a"])
        let all = try JSON.parse("{\"a\":1,\"a\":2,\"a\":[{\"a\":3}]}")
        #expect(all.root.value == ["a": [["a": 3]]])
    }

    @Test func aByteOrderMarkIsSkipped() throws {
        #expect(try JSON.parse([0xEF, 0xBB, 0xBF] + Array("[1]".utf8)).root.value == [1])
    }

    @Test(
        arguments: [
            ("", JSONError.empty), ("   ", .empty), ("{\"a\":", .malformed),
            ("{\"a\":1", .malformed),
            ("[1,]", .malformed), ("[1] 2", .malformed), ("<html>", .malformed),
            ("nul", .malformed),
            ("{'a':1}", .malformed), ("\"\\x\"", .malformed), ("1e999", .invalidNumber),
            ("01", .invalidNumber), ("[\"a\nb\"]", .malformed),
        ] as [(String, JSONError)])
    func whatIsNotJSONIsRefused(text: String, expected: JSONError) {
        #expect(throws: expected) { try JSON.parse(text) }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        #expect(throws: JSONError.invalidUTF8) { try JSON.parse([0x22, 0xFF, 0x22]) }
    }

    @Test func aloneSurrogatesAreRefused() {
        #expect(throws: JSONError.self) { try JSON.parse("\"\\ud800\"") }
    }

    @Test func nestingHasALimit() throws {
        let limit = JSONLimits.depth
        let open = String(repeating: "[", count: limit)
        let close = String(repeating: "]", count: limit)
        #expect(try JSON.parse(open + close).root.kind == .list)
        #expect(throws: JSONError.tooDeep) { try JSON.parse("[" + open + close + "]") }
        #expect(throws: JSONError.tooDeep) {
            try JSON.parse(
                String(repeating: "{\"a\":", count: 100_000) + "1"
                    + String(repeating: "}", count: 100_000))
        }
    }

    @Test func manyNamesAreFoundAgain() throws {
        let members = (0..<5000).map { "\"name\($0)\":\($0)" }
        let tape = try JSON.parse("{\(members.joined(separator: ","))}")
        #expect(tape.root["name4321"]?.int == 4321)
        #expect(tape.root["name5000"] == nil)
    }

    @Test func aDocumentInPlaceReadsTheSame() throws {
        let text = "{\"words\":\"" + String(repeating: "喂", count: 1000) + "\"}"
        var roomy: [UInt8] = []
        roomy.reserveCapacity(text.utf8.count + 200)
        roomy += Array(text.utf8)
        #expect(try JSON.parse(roomy).root.value == value(text))
    }

    @Test func aFormerDocumentStaysWhenAnotherIsRead() throws {
        let first = try JSON.parse("{\"a\":\"first\"}")
        _ = try JSON.parse("{\"b\":\"second, and longer\"}")
        #expect(first.root.value == ["a": "first"])
    }

    @Test(arguments: ["", "a\"b\\c", "line\nend\r\t\u{1}\u{1f}", "喂😀/"])
    func aQuotedTextIsReadBack(text: String) throws {
        #expect(try value(JSON.quoted(text)) == .string(text))
    }
}
