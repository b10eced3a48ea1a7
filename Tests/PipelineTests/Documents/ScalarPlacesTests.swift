import CEL
import Pipeline
import Testing

/// A place in a value is the same place in its file, however the value is written.
@Suite struct ScalarPlacesTests {
    /// What is marked in the file when `word` is reported in the value of `key`.
    static func mark(_ word: String, in text: String, key: String = "when") throws -> String {
        let findings = Findings()
        let document = Document(name: "a.yaml", text: text)
        let root = try #require(Cursor.root(of: document, findings))
        let cursor = try #require(root.fields([key, "next"])?[key])
        let value = Array(try #require(cursor.text()).utf8)
        let word = Array(word.utf8)
        let start = try #require(
            value.indices.first { value[$0...].starts(with: word) }, "the value has the word")
        cursor.report("here", at: start..<start + word.count, Bilingual("这", "here"))
        return try #require(findings.shorthand.first)
    }

    @Test(arguments: [
        // Literal blocks.
        ("when: |\n  a && 错误 && c\n", "2:8 here «错误»"),
        ("when: |\n  a &&\n    b &&\n  错误\nnext: 1", "4:3 here «错误»"),
        ("when: |-\n  错误", "2:3 here «错误»"),
        ("when: |+\n\n\n  a\n\n  错误\n\n", "6:3 here «错误»"),
        ("when: |2\n    a\n  错误", "3:3 here «错误»"),
        ("when: | # 注释\n  错误\n", "2:3 here «错误»"),
        ("when: |\r\n  a &&\r\n  错误\r\n", "3:3 here «错误»"),
        // Folded blocks.
        ("when: >\n  a &&\n  b && 错误\n", "3:8 here «错误»"),
        ("when: >-\n  a\n\n  b 错误\n", "4:5 here «错误»"),
        // Plain.
        ("when: a && 错误 && c", "1:12 here «错误»"),
        ("when:   a &&\n   b   &&\n\n  错误", "4:3 here «错误»"),
        ("{ when: a 错误, next: 1 }", "1:11 here «错误»"),
        // Quoted.
        ("when: '错误 it''s'", "1:8 here «错误»"),
        ("when: 'it''s 错误'", "1:14 here «错误»"),
        ("when: 'a\n  b 错误'", "2:5 here «错误»"),
        ("when: \"a \\\"b\\\" 错误\"", "1:16 here «错误»"),
        ("when: \"a\\u4e2d\\x41 错误\"", "1:20 here «错误»"),
        ("when: \"\\U0001F600 错误\"", "1:19 here «错误»"),
        ("when: \"a\\\n  b 错误\"", "2:5 here «错误»"),
        ("when: \"a\n  b 错误\"", "2:5 here «错误»"),
    ])
    func thePlaceIsExact(_ text: String, _ expected: String) throws {
        #expect(try Self.mark("错误", in: text) == expected)
    }

    @Test(arguments: [
        ("when: \"a \\u9519\\u8bef b\"", "错误"), ("when: \"x\\ty\"", "\t"),
        ("when: >\n  错\n  误\n", "错 误"),
    ])
    func aPlaceThatIsWrittenOtherwiseStaysInTheFile(_ text: String, _ word: String) throws {
        #expect(try Self.mark(word, in: text).contains("here"))
    }
}
