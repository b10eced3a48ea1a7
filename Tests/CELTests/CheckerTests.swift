import CEL
import Testing

@Suite("Checker")
struct CheckerTests {
    static let environment = SampleEnvironment.plain

    /// Source, and its type, or the codes and suggestions of its mistakes behind `!`.
    static let rows: [(String, String)] = [
        ("1 + 2", "int"),
        ("1.0 / 2.0", "double"),
        ("'a' + 'b'", "string"),
        ("[1, 2]", "list(int)"),
        ("[1, 'a']", "list(dyn)"),
        ("{'a': 1.0}", "map(string, double)"),
        ("[]", "list(dyn)"),
        ("sentences[0].words", "string"),
        ("sentences.map(s, s.emotionValue)", "list(double)"),
        ("sentences.filter(s, s.begin > 1)", "list(Sentence)"),
        ("sentences.exists(s, s.words.contains('a'))", "bool"),
        ("task.labels.team", "string"),
        ("task.labels['team'].size()", "int"),
        ("raw.a.b[0].c", "dyn"),
        ("raw.a + 1", "int"),
        ("task.?labels.?team", "optional_type(string)"),
        ("type(1)", "type(int)"),
        ("timestamp('2026-01-01T00:00:00Z') - duration('1h')", "google"),
        ("count > 0 ? 'a' : 'b'", "string"),
        ("cel.bind(x, 1.5, x * x)", "double"),
        ("{'a': 1}.map(k, k)", "list(string)"),
        ("task.stauts", "! unknown-field:status"),
        ("sentences.exists(s, s.emotonValue >= 8.0)", "! unknown-field:emotionValue"),
        ("sentence.size()", "! unknown-name:sentences"),
        ("task.status.contain('a')", "! unknown-function:contains"),
        ("1 + 'a'", "! wrong-arguments"),
        ("1 == 1.0", "! wrong-arguments"),
        ("1 in [1.0]", "! wrong-arguments"),
        ("count.x", "! not-selectable"),
        ("count.all(x, true)", "! not-iterable"),
        ("sentences.all(s, s.words)", "! wrong-type"),
        ("true ? 1 : 'a'", "! wrong-arguments"),
        ("!count", "! wrong-arguments"),
        ("{1.5: 1}", "! bad-key-type"),
        ("null == 1", "! wrong-arguments"),
        ("f(x) + g(y)", "! unknown-function unknown-name unknown-function unknown-name"),
        // A faulty part is told once, not again for all around it.
        (
            "task.stauts == 'A' && task.labls == 'B' || 1",
            "! unknown-field:status unknown-field:labels wrong-arguments"
        ),
    ]

    @Test("an expression has this type", arguments: rows)
    func type(_ source: String, _ expected: String) {
        do {
            let checked = try Self.environment.check(try Self.environment.parse(source))
            let shown = "\(checked.type)"
            #expect(shown == (expected == "google" ? "timestamp" : expected))
        } catch {
            let codes = error.diagnostics.map { diagnostic in
                diagnostic.code + (diagnostic.suggestion.map { ":\($0)" } ?? "")
            }
            #expect("! " + codes.joined(separator: " ") == expected)
        }
    }

    @Test("the expected type is demanded")
    func expected() throws {
        _ = try Self.environment.compile("count > 1", expecting: .bool)
        _ = try Self.environment.compile("raw", expecting: .bool)
        let error = #expect(throws: CompilationError.self) {
            try Self.environment.compile("count + 1", expecting: .bool)
        }
        #expect(error?.diagnostics.map(\.code) == ["wrong-type"])
    }

    @Test("numbers of different types compare when the environment says so")
    func mixedNumbers() throws {
        var environment = Self.environment
        environment.comparesMixedNumbers = true
        for source in [
            "sentences[0].emotionValue >= 8", "count == 1.5", "1 in [1.0, 2.0]", "1u < 2",
            "size('a') != 1.0",
        ] {
            #expect(throws: Never.self) { try environment.compile(source, expecting: .bool) }
            #expect(throws: CompilationError.self) { try Self.environment.compile(source) }
        }
        #expect(throws: CompilationError.self) { try environment.compile("1 + 1.0") }
    }

    @Test("a diagnostic says place, line, caret and hint, in both languages")
    func rendering() throws {
        let source = "sentences.exists(s, s.speaker == \"客户\" &&\n  s.emotonValue >= 8.0)"
        let error = #expect(throws: CompilationError.self) {
            try Self.environment.compile(source)
        }
        let diagnostic = try #require(error?.diagnostics.first)
        #expect(
            diagnostic.rendered(of: source, in: .chinese) == """
                2:5: `Sentence` 没有字段 `emotonValue` [unknown-field]
                    s.emotonValue >= 8.0)
                      ^~~~~~~~~~~
                  提示：是不是 `emotionValue`？
                """)
        #expect(diagnostic.hint(in: .english) == "did you mean `emotionValue`?")
    }

    @Test("usage tells the paths, the fields and the comparisons with constants")
    func usage() throws {
        let source = """
            task.status == "ERROR" || !(task.status in ["FINISH", "QUEUE"]) || "X" != task.status
            || sentences.exists(task, task.words == "a") || raw["a"].b == 1 || task.labels.team == ""
            """
        let usage = try Self.environment.compile(source).usage
        #expect(usage.paths == ["task.status", "sentences", "raw.a.b", "task.labels.team"])
        #expect(usage.fields == ["b", "labels", "status", "team", "words"])
        #expect(usage.reads("task"))
        #expect(!usage.reads("task.stat"))
        let status = usage.comparisons.filter { $0.path == "task.status" }
        #expect(status.map(\.constants) == [["ERROR"], ["FINISH", "QUEUE"], ["X"]])
        #expect(status.map(\.isNegated) == [false, true, true])
    }

    @Test("messages of both languages have the same codes and are never empty")
    func functions() {
        let functions = Self.environment.functions
        #expect(functions.contains { $0.name == "contains" && !$0.signatures.isEmpty })
        #expect(functions.contains { $0.name == "exists" && $0.isMacro })
        for function in functions {
            #expect(!function.documentation.english.isEmpty)
            #expect(!function.documentation.chinese.isEmpty)
        }
    }
}
