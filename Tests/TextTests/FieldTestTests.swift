import CEL
import Testing
import Text

/// What a loop asks of its elements itself has the answers, and the faults, of the condition's code.
@Suite("Tests of fields in loops")
struct FieldTestTests {
    private static func environment(isTyped: Bool) -> Environment {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.comparesMixedNumbers = true
        environment.declare(
            object: "Element",
            fields: [Field("text", .string), Field("number", .int), Field("part", .double)])
        environment.declare(
            variable: "elements", as: isTyped ? .list(.object("Element")) : .dyn)
        return environment
    }

    private static let tests = [
        "e.number < 3", "e.number <= 3", "e.number > 3", "e.number >= 3", "e.number == 3",
        "3 != e.number", "e.number < \(Int64.min)", "e.number > 9223372036854775807",
        "e.number <= 9223372036854775807", "e.number >= \(Int64.min)",
        "e.part < 0.5", "e.part <= 0.5", "e.part > 0.5", "e.part >= 0.5", "e.part < 0.0",
        "e.part > -0.0", "e.part >= 0.0", "e.part < 1e308 * 10.0", "e.part > 2",
        "e.part == 0.5", "e.text == '投诉'", "e.text != ''", "e.text == '投诉投诉投诉'",
        "e.text.contains('诉投')", "e.text.startsWith('投诉')", "e.text.contains('a')",
        "'a' == e.text", "['诉投'].exists(w, e.text.contains(w))", "1 / e.number > 0",
        "e.text.matches('投.*诉')", "e.text.endsWith('诉')", "e == e",
    ]

    private static let loops: [@Sendable (String) -> String] = [
        { "elements.exists(e, \($0))" }, { "elements.all(e, \($0))" },
        { "elements.exists_one(e, \($0))" }, { "elements.filter(e, \($0)).size()" },
        { "elements.filter(e, \($0)).map(e, e.number)" }, { "elements.map(e, \($0), e.text)" },
        { "elements.exists(e, elements.exists(f, f.number == 3 && \($0)))" },
    ]

    private static func value(_ random: inout SplitMix64) -> Value {
        func pick<Element>(_ choices: [Element]) -> Element {
            choices[Int(random.next() % UInt64(choices.count))]
        }
        let texts: [Value] = ["", "a", "投诉", "投诉投诉投诉", "我要投诉", "诉", "诉投", .null, 3]
        let numbers: [Value] = [
            0, 2, 3, 4, .int(.min), .int(.max), .uint(3), .uint(.max), .double(3), .double(3.5),
            .null, "3",
        ]
        let parts: [Value] = [
            .double(0.5), .double(0), .double(-0.0), .double(.nan), .double(.infinity),
            .double(-.infinity), .double(0.5.nextUp), .double(0.5.nextDown), 0, 2, 3, .null,
        ]
        var fields: [Value: Value] = [:]
        // Most elements are plain, so that most loops do not end in a fault.
        let isPlain = pick([true, true, true, false])
        if !isPlain && pick([true, false]) { fields["other"] = 1 }
        if isPlain || pick([true, false]) {
            fields["text"] = pick(isPlain ? Array(texts.prefix(7)) : texts)
        }
        if isPlain || pick([true, false]) {
            fields["number"] = pick(isPlain ? Array(numbers.prefix(6)) : numbers)
        }
        if isPlain || pick([true, false]) {
            fields["part"] = pick(isPlain ? Array(parts.prefix(8)) : parts)
        }
        return pick([true, true, true, true, true, true, true, isPlain]) ? .map(fields) : 7
    }

    @Test("a loop's own tests answer as the code of the condition", arguments: [true, false])
    func alike(isTyped: Bool) throws {
        let environment = Self.environment(isTyped: isTyped)
        var random = SplitMix64(state: isTyped ? 5 : 6)
        var conditions = Self.tests
        for (index, test) in Self.tests.enumerated() {
            let other = Self.tests[(index * 7 + 3) % Self.tests.count]
            conditions += ["\(test) && \(other)", "\(other) && (\(test) && e.number > 1)"]
        }
        var activations: [Activation] = []
        for count in [0, 1, 2, 2, 3, 3, 5, 5, 9, 9] {
            var activation = Activation(environment)
            try activation.set(
                "elements", to: .list((0..<count).map { _ in Self.value(&random) }))
            activations.append(activation)
        }
        var faults = 0, values = 0
        for condition in conditions {
            for loop in Self.loops {
                // A condition behind `?` is no test that a loop knows.
                let plain = try environment.compile(loop("(\(condition)) ? true : false"))
                let tested = try environment.compile(loop(condition))
                for activation in activations {
                    let one = Self.outcome(plain, activation)
                    let other = Self.outcome(tested, activation)
                    #expect(one == other, "\(tested.source)")
                    if one.hasPrefix("fault") { faults += 1 } else { values += 1 }
                }
            }
        }
        #expect(faults > 500 && values > 500, "\(faults) faults, \(values) values")
    }

    private static func outcome(_ program: Program, _ activation: Activation) -> String {
        do throws(EvaluationError) {
            return "\(try program.evaluate(activation))"
        } catch {
            return "fault \(error.code)"
        }
    }
}
