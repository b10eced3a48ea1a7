import CEL
import Testing

/// What is sound by its types and can mean nothing.
@Suite("Judging")
struct JudgingTests {
    static let environment: Environment = {
        var environment = Environment()
        environment.comparesMixedNumbers = true
        environment.judgesLiterals = true
        environment.synonyms = ["客服": "agent"]
        environment.declare(
            object: "Sentence",
            fields: [
                Field("speaker", .string, values: .texts(["customer", "agent"])),
                Field("loudness", .int, values: .numbers(0...10)),
                Field("share", .double, values: .numbers(0...1)), Field("words", .string),
                Field(
                    "track", .string,
                    values: .texts(["0", "1"], instead: Documentation("a number", "一个数"))),
            ])
        environment.declare(variable: "s", as: .object("Sentence"))
        environment.declare(variable: "list", as: .list(.object("Sentence")))
        return environment
    }()

    /// The messages and hints in a language.
    private func told(_ source: String, _ language: Language = .english) -> [String] {
        do throws(CompilationError) {
            _ = try Self.environment.compile(source)
            return []
        } catch {
            return error.diagnostics.map { diagnostic in
                "\(diagnostic.column) \(diagnostic.message(in: language))"
                    + (diagnostic.hint(in: language).map { " -> \($0)" } ?? "")
            }
        }
    }

    @Test(
        "a text that a field never is",
        arguments: [
            ("s.speaker == '客服'", "14 `s.speaker` is never \"客服\" -> did you mean `\"agent\"`?"),
            (
                "'agnet' != s.speaker",
                "1 `s.speaker` is never \"agnet\" -> did you mean `\"agent\"`?"
            ),
            (
                "list.exists(x, x.speaker == 'nobody at all')",
                "29 `x.speaker` is never \"nobody at all\" -> it is `\"customer\"` or `\"agent\"`"
            ),
            (
                "s.speaker in ['agent', '']",
                "24 `s.speaker` is never \"\" -> it is `\"customer\"` or `\"agent\"`"
            ),
            ("s.track == 'agent'", "12 `s.track` is never \"agent\" -> a number"),
        ])
    func texts(_ source: String, _ expected: String) {
        #expect(told(source) == [expected])
        #expect(told(source, .chinese).count == 1)
    }

    @Test(
        "a number that a field never is",
        arguments: [
            ("s.loudness >= 12", "never"), ("s.loudness > 10", "never"),
            ("s.loudness == 11", "never"),
            ("12 <= s.loudness", "never"), ("s.loudness < 0", "never"),
            ("s.loudness <= -1", "never"),
            ("s.loudness > 10.5", "never"), ("s.loudness != 11", "always"),
            ("s.loudness < 12", "always"), ("s.loudness >= -1", "always"),
        ])
    func numbers(_ source: String, _ holds: String) {
        #expect(
            told(source) == ["1 `s.loudness` is from 0 to 10, so this \(holds) holds"])
        #expect(told(source, .chinese).first?.contains("从 0 到 10") == true)
    }

    @Test("a share of more than the whole")
    func shares() {
        #expect(told("s.share > 80") == ["1 `s.share` is from 0 to 1, so this never holds"])
        #expect(told("s.share in [0, 50]") == ["16 `s.share` is from 0 to 1, never 50"])
        #expect(told("s.share in [0, 50]", .chinese) == ["16 `s.share` 从 0 到 1，不会是 50"])
    }

    @Test(
        "what can be is left alone",
        arguments: [
            "s.speaker == 'agent'", "s.loudness >= 10", "s.loudness > 0", "s.loudness >= 0",
            "s.loudness <= 10", "s.loudness == 0", "s.words == 'nobody'", "s.share > 0.8",
            "s.speaker == s.words", "s.loudness > size(s.words)", "s.speaker in [s.words, 'agent']",
            "{'speaker': 'x'}.speaker == 'y'", "duration('1h30m') > duration('0')",
            "timestamp('2026-01-31T00:00:00Z') > timestamp(0)",
            "duration(s.words) > duration('1s')",
        ])
    func fine(_ source: String) {
        #expect(told(source) == [])
    }

    @Test(
        "a text that only looks like a number is not proposed as one",
        arguments: ["inf", "nan", "+5", "0x1p-1", "5.", ".", "1e999", "- 5"])
    func numbersInQuotes(_ text: String) {
        #expect(told("s.share > '\(text)'").allSatisfy { !$0.contains("for a number") })
        #expect(told("s.loudness > '\(text)'").allSatisfy { !$0.contains("for a number") })
    }

    @Test("a number in quotes is", arguments: ["5", "-5", "0"])
    func realNumbersInQuotes(_ text: String) {
        let hint = "for a number write `\(text)`"
        #expect(told("s.share > '\(text)'").first?.contains(hint) == true)
        #expect(told("s.loudness > '\(text)'").first?.contains(hint) == true)
    }

    @Test(
        "a constant text that is no time",
        arguments: [
            (
                "duration('5 minutes')",
                "10 \"5 minutes\" is no duration -> write `duration(\"5m\")`"
            ),
            ("duration('5分钟')", "10 \"5分钟\" is no duration -> write `duration(\"5m\")`"),
            ("duration('2 days')", "10 \"2 days\" is no duration -> write `duration(\"48h\")`"),
            (
                "duration('999999999 days')",
                "10 \"999999999 days\" is no duration -> write `duration(\"1h30m\")`"
            ),
            ("duration('')", "10 \"\" is no duration -> write `duration(\"1h30m\")`"),
            (
                "timestamp('2026-01-31')",
                "11 \"2026-01-31\" is no time -> write `timestamp(\"2026-01-31T00:00:00Z\")`"
            ),
            (
                "timestamp('2026-13-01')",
                "11 \"2026-13-01\" is no time -> write `timestamp(\"2026-01-31T09:30:00+08:00\")`"
            ),
        ])
    func times(_ source: String, _ expected: String) {
        #expect(told(source) == [expected])
        #expect(told(source, .chinese).count == 1)
    }

    @Test("unless it is asked for, such a text fails when evaluated, as the language has it")
    func plain() throws {
        let program = try Environment().compile("true || duration('5 minutes') > duration('1s')")
        #expect(try program.isTrue(Activation(Environment())))
    }
}
