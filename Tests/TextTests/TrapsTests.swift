import CEL
import Foundation
import Testing
import Text

@Suite("Traps")
struct TrapsTests {
    /// The variables of the expressions: both hold an int and a null.
    static let environment: Environment = {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.timeZones = SystemTimeZones()
        environment.declare(variable: "d", as: .dyn)
        environment.declare(variable: "m", as: .map(.string, .dyn))
        return environment
    }()

    private static func evaluate(_ source: String) throws -> Value {
        var activation = Activation(environment)
        for name in ["d", "m"] { try activation.set(name, to: ["a": 1, "n": .null]) }
        return try environment.compile(source).evaluate(activation)
    }

    @Test(
        "every expression on which implementations agree has their answer",
        .enabled(if: TrapsData.isPresent, "no data"))
    func agreed() throws {
        for section in try TrapsData.load() {
            let traps = section.tests.filter { $0.expect != nil }
            let failures = traps.compactMap { trap in
                Self.failure(trap).map { "\(trap.expr): \($0)" }
            }
            print("traps \(section.name): \(traps.count - failures.count)/\(traps.count)")
            #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        }
    }

    /// Where the two implementations differ: the expression, our answer, and why that one.
    static let choices: [(source: String, answer: String, reason: String)] = [
        ("double('NaN') < 1.0", "bool false", "IEEE 754: nothing is less or more than NaN"),
        ("1e400", "! number-too-large", "a number that no double holds is a mistake"),
        ("int(' 1')", "! bad-conversion", "a number's text has no spaces"),
        ("double(' 1')", "! bad-conversion", "a number's text has no spaces"),
        ("double('1_000')", "! bad-conversion", "a number's text has no separators"),
        ("string(double('NaN'))", "string NaN", "double() reads it back"),
        ("string(1.0/0.0)", "string +Inf", "double() reads it back, and the sign is told"),
        ("''.split('')", "list []", "as many parts as code points, and there are none"),
        (
            "timestamp('2023-01-01T00:00:60Z')", "! bad-conversion",
            "no leap second was there, and moving to the next minute would hide it"
        ),
        (
            "timestamp('2023-06-15t12:30:45z')", "timestamp 2023-06-15T12:30:45Z",
            "RFC 3339 allows small letters"
        ),
        ("timestamp('2023-6-15T12:30:45Z')", "! bad-conversion", "RFC 3339 wants two digits"),
        (
            "string(timestamp('2023-01-01T08:00:00.120+08:00'))",
            "string 2023-01-01T00:00:00.12Z", "a time has no zone; equal times have one text"
        ),
        (
            "string(timestamp('2023-06-15T12:30:45.100Z'))", "string 2023-06-15T12:30:45.1Z",
            "the shortest text, as for numbers"
        ),
        ("string(duration('-1.5s'))", "string -1.5s", "the shortest text, as for numbers"),
        ("duration('1µs')", "duration(1e-06 seconds)", "the sign of the unit is understood"),
        (
            "duration('1234ms').getMilliseconds()", "int 234",
            "the specification's tests want the part within the second"
        ),
        (
            "duration('9223372037s')", "! bad-conversion",
            "a duration is 64 bits of nanoseconds, as the specification's tests want"
        ),
        ("int(duration('1s'))", "! wrong-arguments", "the specification has no such conversion"),
        ("{'a':1,'a':2}", "! duplicate-key", "the specification: a repeated key is an error"),
        ("{1:1, 1u:2}", "! duplicate-key", "1 and 1u are equal, so they are one key"),
        ("{1.0:1}", "! bad-key-type", "the specification: keys are bool, int, uint, string"),
        ("{null:1}", "! bad-key-type", "the specification: keys are bool, int, uint, string"),
        ("{[1]:1}", "! bad-key-type", "the specification: keys are bool, int, uint, string"),
        ("{dyn(1.5):1}", "! bad-key", "the specification: keys are bool, int, uint, string"),
        ("[1,2,3].reverse()", "list [3, 2, 1]", "one of the two does not have the function"),
        (
            "'hello'.indexOf('l',9)", "! index-out-of-range",
            "an index beyond the end is an error everywhere else"
        ),
        ("'%s'.format([1e100])", "string 1e+100", "the same text as string() gives"),
        ("'%d'.format([1.0])", "string 1", "a whole number asked for as a whole number"),
    ]

    @Test("where implementations differ, the answer is the one chosen", arguments: choices)
    func chosen(_ source: String, _ answer: String, _ reason: String) {
        #expect(Self.answer(source) == answer, "\(reason)")
    }

    @Test(
        "every expression on which implementations differ is chosen for",
        .enabled(if: TrapsData.isPresent, "no data"))
    func allChosen() throws {
        let traps = try TrapsData.load().flatMap(\.tests).filter { $0.expect == nil }
        #expect(traps.map(\.expr).sorted() == Self.choices.map(\.source).sorted())
    }

    @Test(
        "the types deduced are those of the implementation that tells them",
        .enabled(if: TrapsData.isPresent, "no data"))
    func types() throws {
        let chosen = Set(Self.choices.map(\.source))
        var compared = 0
        for trap in try TrapsData.load().flatMap(\.tests) where !chosen.contains(trap.expr) {
            guard let expected = trap.deducedType else { continue }
            compared += 1
            let type = try Self.environment.check(Self.environment.parse(trap.expr)).type
            #expect(Self.spelled(type) == expected, "\(trap.expr)")
        }
        print("traps types: \(compared)")
        #expect(compared > 400)
    }

    /// A type as the data spell it.
    private static func spelled(_ type: ValueType) -> String {
        switch type {
        case .type(let inner): "type(\(spelled(inner)))"
        case .null, .duration, .timestamp: type.runtimeName
        default: type.description
        }
    }

    private static func answer(_ source: String) -> String {
        do {
            return EvaluatorTests.shown(try evaluate(source))
        } catch let error as CompilationError {
            return "! " + error.diagnostics.map(\.code).joined(separator: " ")
        } catch let error as EvaluationError {
            return "! \(error.code)"
        } catch {
            return "! \(error)"
        }
    }

    /// Expressions whose list is in the order of a map, which is free.
    private static let inMapOrder: Set = ["m.map(k, m[k])"]

    /// What went wrong, nil when the expression has the answer that is expected.
    private static func failure(_ trap: TrapsData.Trap) -> String? {
        let expected = trap.expect?.value?.value
        do {
            let value = try evaluate(trap.expr)
            guard let expected else { return "expected an error, got \(value)" }
            if inMapOrder.contains(trap.expr), case .list(let found) = value,
                case .list(let wanted) = expected, found.count == wanted.count,
                wanted.allSatisfy(found.contains)
            {
                return nil
            }
            return ConformanceData.isSame(value, expected)
                ? nil : "expected \(expected), got \(value)"
        } catch {
            return expected == nil ? nil : "\(error)"
        }
    }
}
