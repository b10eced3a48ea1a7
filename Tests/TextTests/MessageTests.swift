import Testing
import Text

@testable import CEL

/// Every code has a source or an evaluation that gives it, and its words in each language.
@Suite("Messages")
struct MessageTests {
    /// Code, and a source that gives it when compiled.
    static let compiled: [(String, String)] = [
        ("source-too-large", String(repeating: " ", count: 100_001)),
        ("unexpected-character", "1 @ 2"), ("foreign-pattern", "'a' == /a/"),
        ("unterminated-text", "'a"), ("bad-escape", "'\\q'"), ("bad-number", "30s"),
        ("number-too-large", "99999999999999999999"), ("syntax", "1 2"), ("unclosed", "(1"),
        ("unopened", "1)"), ("reserved-word", "while"),
        ("too-deep", String(repeating: "[", count: 101)),
        ("too-many-nodes", "[" + String(repeating: "!x,", count: 30_000) + "]"),
        ("loops-too-deep", String(repeating: "[1].all(x, ", count: 7) + "true)))))))"),
        ("macro-argument", "has(1)"), ("reserved-variable", "[1].all(__result__, true)"),
        ("macro", "broken()"),
        ("too-many-mistakes", "[" + String(repeating: "x,", count: 51) + "]"),
        ("bad-declaration", "1"),
        ("unknown-name", "x"), ("unknown-field", "thing.nme"), ("unknown-function", "f()"),
        ("macro-form", "[1].all(true)"), ("wrong-arguments", "1 + 'a'"),
        ("not-selectable", "1.x"), ("not-iterable", "1.all(x, true)"),
        ("wrong-type", "[1].all(x, 1)"),
        ("impossible-value", "thing.size == 11"), ("bad-duration", "duration('5 minutes')"),
        ("bad-timestamp", "timestamp('2026-01-31')"),
        ("bad-key-type", "{1.5: 1}"), ("bad-pattern", "'a'.matches('(')"),
        (
            "patterns-too-large",
            "[" + (0..<12).map { "'x'.matches(r'\\pL{100}\($0)')" }.joined(separator: ",") + "]"
        ),
    ]

    /// Code of a fault, and a source that gives it when evaluated, without types.
    static let evaluated: [(String, String)] = [
        ("unknown-name", "x"), ("unknown-function", "f()"), ("no-such-overload", "1 + 'a'"),
        ("no-such-field", "1.x"), ("no-such-key", "{'a': 1}.b"), ("bad-index", "[1]['a']"),
        ("index-out-of-range", "[1][1]"), ("division-by-zero", "1 / 0"),
        ("overflow", "9223372036854775807 + 1"), ("out-of-range", "timestamp(999999999999)"),
        ("bad-conversion", "int('a')"), ("wrong-kind", "1 ? 2 : 3"),
        ("duplicate-key", "{'a': 1, 'a': 2}"), ("bad-key", "{1.5: 1}"),
        ("bad-pattern", "'a'.matches('(')"),
        ("unknown-zone", "timestamp(0).getHours('Nowhere/Land')"),
        ("none-value", "optional.none().value()"), ("not-text", "string(b'\\xff')"),
        ("bad-format", "'%d'.format(['a'])"), ("bad-argument", "math.bitShiftLeft(1, -1)"),
        ("cost-exceeded", "lots.all(a, lots.all(b, lots.all(c, true)))"),
        ("memory-exceeded", "lots.map(a, lots.map(b, lots)).size()"),
        ("host-failure", "failing()"), ("too-deep", "deep() == deep()"),
    ]

    static let environment: Environment = {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.timeZones = SystemTimeZones()
        environment.limits.builtBytes = 1 << 20
        environment.declare(
            object: "Thing",
            fields: [
                Field("name", .string), Field("size", .int, values: .numbers(0...10)),
            ])
        environment.judgesLiterals = true
        environment.declare(variable: "thing", as: .object("Thing"))
        environment.declare(variable: "lots", as: .list(.int))
        environment.declare(
            Macro("broken", arguments: 0...0, Documentation("broken", "坏的")) { expansion in
                expansion.report("never right", "总是不对")
                return expansion.literal(true)
            })
        environment.declare(
            HostFunction(
                "failing", Documentation("fails", "失败"),
                overloads: [
                    .init("failing", [], returns: .int) { _ in throw HostFailure("on purpose") }
                ]))
        environment.declare(
            HostFunction(
                "deep", Documentation("a deep value", "很深的值"),
                overloads: [
                    .init("deep", [], returns: .dyn) { _ in
                        (0..<2_000).reduce(Value.null) { value, _ in .list([value]) }
                    }
                ]))
        return environment
    }()

    private static func activation() throws -> Activation {
        var activation = Activation(environment)
        try activation.set("lots", to: .list((0..<1_000).map { .int($0) }))
        return activation
    }

    @Test("a source gives the code, with words in each language", arguments: compiled.map(\.0))
    func compiling(_ code: String) throws {
        let source = try #require(Self.compiled.first { $0.0 == code }?.1)
        var environment = Self.environment
        if code == "bad-declaration" { environment.declare(variable: "客户", as: .int) }
        let error = #expect(throws: CompilationError.self) { try environment.compile(source) }
        let diagnostic = try #require(error?.diagnostics.last { $0.code == code })
        for language in Language.allCases {
            #expect(!diagnostic.message(in: language).isEmpty)
            #expect(diagnostic.hint(in: language) != "")
        }
        // Another language has other words.
        #expect(diagnostic.message(in: .english) != diagnostic.message(in: .chinese))
    }

    @Test(
        "an evaluation gives the code, with words in each language", arguments: evaluated.map(\.0))
    func evaluating(_ code: String) throws {
        let source = try #require(Self.evaluated.first { $0.0 == code }?.1)
        let program = try Self.environment.planUnchecked(try Self.environment.parse(source))
        let activation = try Self.activation()
        let error = #expect(throws: EvaluationError.self) { try program.evaluate(activation) }
        #expect(error?.code == code)
        #expect(error?.message(in: .english) != error?.message(in: .chinese))
    }

    @Test("what the host leaves out, and what it takes back, have codes of their own")
    func host() throws {
        let bare = Environment()
        for (source, code) in [
            ("'a'.matches('a')", "no-regex-engine"),
            ("timestamp(0).getHours('Asia/Tokyo')", "no-time-zones"),
        ] {
            let program = try bare.compile(source)
            let error = #expect(throws: EvaluationError.self) {
                try program.evaluate(Activation(bare))
            }
            #expect(error?.code == code)
        }
        let program = try Self.environment.compile("lots.all(x, x >= 0)")
        let activation = try Self.activation()
        let error = #expect(throws: EvaluationError.self) {
            try program.evaluate(activation, budget: Budget(cost: 1_000_000, isCancelled: { true }))
        }
        #expect(error?.code == "cancelled")
    }

    @Test("every code of a source, and of an evaluation, is among them")
    func complete() {
        let known = Set(Self.evaluated.map(\.0))
            .union(["no-regex-engine", "no-time-zones", "cancelled", "too-large"])
        #expect(known == Set(Fault.Code.allCases.map(\.name)))
        #expect(Self.compiled.map(\.0).sorted() == Message.Code.allCases.map(\.rawValue).sorted())
    }
}
