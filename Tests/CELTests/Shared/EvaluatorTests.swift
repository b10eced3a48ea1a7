import CEL
import Testing

@Suite("Evaluator")
struct EvaluatorTests {
    static let environment: Environment = {
        var environment = SampleEnvironment.plain
        environment.regexEngine = TestEngines.regex
        environment.timeZones = TestEngines.zones
        environment.comparesMixedNumbers = true
        environment.declare(variable: "missing", as: .string)
        return environment
    }()

    static let activation: Activation = {
        var activation = Activation(environment)
        let sentences: Value = [
            ["words": "您好，很高兴为您服务", "speaker": "agent", "emotionValue": 3, "begin": 0],
            ["words": "我要投诉！", "speaker": "customer", "emotionValue": 9.5, "begin": 4_000],
            ["words": "曝光你们", "speaker": "customer", "begin": .null],
        ]
        let values: [(String, Value)] = [
            ("sentences", sentences),
            ("task", ["status": "FINISH", "labels": ["team": "一组"]]),
            ("raw", ["a": ["b": [["c": 1.5]]], "n": .null, "i": 3]), ("count", 3),
        ]
        for (name, value) in values {
            do {
                try activation.set(name, to: value)
            } catch {
                Issue.record(error)
            }
        }
        return activation
    }()

    /// Source, and its value printed, or the fault's code behind `!`.
    static let rows: [(String, String)] = [
        ("1 + 2 * 3 - 4 / 2", "int 5"),
        ("'你' + '好'", "string 你好"),
        ("size('👨‍👩‍👧') + size('é')", "int 6"),
        ("9223372036854775807 + count", "! overflow"),
        ("-9223372036854775808 / (count - 4)", "! overflow"),
        ("-9223372036854775808 % (count - 4)", "! overflow"),
        ("1 / (count - 3)", "! division-by-zero"),
        ("1.0 / 0.0", "double inf"),
        ("1 / (count - 3) > 0 || true", "bool true"),
        ("false && 1 / (count - 3) > 0", "bool false"),
        ("1 / (count - 3) > 0 && count > 5", "bool false"),
        ("[0, 1].exists(x, 1 / x == 1)", "bool true"),
        ("[0, 1].all(x, 1 / x == 1)", "! division-by-zero"),
        ("[1, 0, 2].all(x, 1 / x == 1)", "bool false"),
        ("cel.bind(x, 1 / (count - 3), true)", "bool true"),
        ("cel.bind(x, count, x * x)", "int 9"),
        ("[1, 2].map(x, cel.bind(y, x * 10, y + y))", "list [20, 40]"),
        // Objects: fields that are not there read as the default of their type.
        ("sentences[2].emotionValue", "double 0.0"),
        ("sentences[2].begin == 0 && !has(sentences[2].begin)", "bool true"),
        ("has(sentences[0].emotionValue) && !has(sentences[2].emotionValue)", "bool true"),
        ("sentences[0].emotionValue", "double 3.0"),
        ("sentences[1].emotionValue >= 8", "bool true"),
        ("sentences.filter(s, s.emotionValue >= 8).map(s, s.words)", "list [我要投诉！]"),
        ("sentences.exists_one(s, s.speaker == 'agent')", "bool true"),
        ("sentences.map(s, s.speaker).exists(r, r in ['a', 'b', 'c', 'customer'])", "bool true"),
        ("sentences[3].words", "! index-out-of-range"),
        ("task.labels.team", "string 一组"),
        ("task.labels.region", "! no-such-key"),
        ("task.labels[?'region'].orValue('无')", "string 无"),
        ("raw.a.b[0].c > 1", "bool true"),
        ("raw.a.b[0].c + 1", "! no-such-overload"),
        ("raw.n == null && has(raw.n) && !has(raw.m)", "bool true"),
        ("raw.i.x", "! no-such-field"),
        ("raw.x.y || true", "bool true"),
        ("raw.x == 1 || raw.y == 2", "! no-such-key"),
        ("raw.i == 3.0 && raw.i in [1u, 3u]", "bool true"),
        ("missing == ''", "! unknown-name"),
        ("{'a': 1, 'a': 2}", "! duplicate-key"),
        ("{'b': [1, {'c': null}]}.b", "list [1, {c: null}]"),
        ("type(raw.i) == int && type(sentences) == list", "bool true"),
        ("string(1234567.0) + string(0.1) + string(-0.0)", "string 1.234567e+060.1-0"),
        ("timestamp('2026-02-28T23:30:00Z') + duration('1h')", "timestamp 2026-03-01T00:30:00Z"),
        ("string(duration('1h1m1.5s'))", "string 3661.5s"),
        ("'a,b,c'.split(',').join('-')", "string a-b-c"),
        ("'%s %d %.2f %x'.format(['你', 3, 1.005, 255])", "string 你 3 1.00 ff"),
    ]

    /// Rows that need what a host brings in.
    static let hostRows: [(String, String)] = [
        ("sentences.exists(s, s.words.matches('投诉|曝光'))", "bool true"),
        ("timestamp('2026-07-01T00:00:00Z').getHours('Asia/Shanghai')", "int 8"),
        ("timestamp('2030-07-01T00:00:00Z').getHours('America/New_York')", "int 20"),
        ("timestamp('2099-01-01T00:00:00Z').getHours('America/New_York')", "int 19"),
        ("timestamp('2026-07-01T00:00:00Z').getHours('Nowhere/Land')", "! unknown-zone"),
        ("'a'.matches('(')", "! bad-pattern"),
        ("'a'.matches('(' + string(count))", "! bad-pattern"),
    ]

    @Test(
        "an expression has this value, checked and unchecked",
        arguments: rows + (TestEngines.regex == nil ? [] : hostRows))
    func value(_ source: String, _ expected: String) throws {
        let environment = Self.environment
        do {
            let program = try environment.compile(source)
            #expect(Self.outcome(program) == expected)
        } catch {
            #expect("! \(error.diagnostics.first?.code ?? "")" == expected)
        }
        // Without types a declared field has no default.
        guard !source.contains("sentences["), !source.contains("s.") else { return }
        let unchecked = try environment.planUnchecked(try environment.parse(source))
        #expect(Self.outcome(unchecked) == expected)
    }

    static func outcome(_ program: Program) -> String {
        do {
            return shown(try program.evaluate(activation))
        } catch {
            return "! \(error.code)"
        }
    }

    static func shown(_ value: Value) -> String {
        switch value {
        case .bool(let value): "bool \(value)"
        case .int(let value): "int \(value)"
        case .double(let value): "double \(value)"
        case .string(let value): "string \(value)"
        case .timestamp(let value): "timestamp \(value.rfc3339)"
        case .list: "list \(plain(value))"
        default: "\(value)"
        }
    }

    static func plain(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .int(let value): "\(value)"
        case .string(let value): value
        case .list(let elements): "[" + elements.map(plain).joined(separator: ", ") + "]"
        case .map(let entries):
            "{"
                + entries.map { "\(plain($0.key)): \(plain($0.value))" }.sorted()
                .joined(separator: ", ") + "}"
        case .optional(let value): "optional(\(value.map(plain) ?? ""))"
        default: "\(value)"
        }
    }

    @Test("a fault names the part that failed")
    func place() throws {
        let program = try Self.environment.compile("count == 3 &&\n 1 / (count - 3) == 1")
        let error = #expect(throws: EvaluationError.self) { try program.isTrue(Self.activation) }
        #expect(error?.code == "division-by-zero")
        #expect(error?.line == 2)
        #expect(error?.column == 2)
        #expect(error?.message(in: .chinese) == "除数为零")
    }

    @Test("constants are known when planned, also inside a set")
    func constants() throws {
        var environment = Self.environment
        try environment.declare(
            constant: "lists", as: .map(.string, .list(.string)),
            value: ["escalation": ["投诉", "曝光", "12315", "工信部"]])
        let program = try environment.compile(
            "'曝光' in lists.escalation && !('a' in lists.escalation) && lists.escalation.exists(w, w == '投诉')"
        )
        #expect(try program.isTrue(Activation(environment)))
        #expect(program.usage.paths == ["lists.escalation"])
    }

    @Test("a lazy variable is made when first read, once in an evaluation")
    func lazy() throws {
        let counter = Counter()
        var activation = Self.activation
        activation.set("raw") {
            counter.add()
            return try Tape.of(["i": 5]).root
        }
        let unread = try Self.environment.compile("count > 5 && raw.i == 5")
        #expect(try !unread.isTrue(activation))
        #expect(counter.count == 0)
        let read = try Self.environment.compile("raw.i == 5 && raw.i + raw.i == 10")
        #expect(try read.isTrue(activation))
        #expect(counter.count == 1)
        activation.set("raw") { throw HostFailure("no JSON") }
        let error = #expect(throws: EvaluationError.self) { try read.isTrue(activation) }
        #expect(error?.code == "host-failure")
        #expect(error?.message(in: .english).contains("no JSON") == true)
    }

    @Test("host functions get values and give values")
    func hostFunctions() throws {
        var environment = Self.environment
        environment.declare(
            HostFunction(
                "twice", Documentation("twice", "两倍"),
                overloads: [
                    .init("twice_string", [.string], returns: .string, isReceiver: true) { values in
                        guard case .string(let text) = values[0] else { throw HostFailure("?") }
                        return .string(text + text)
                    },
                    .init("twice_list", [.list(.int)], returns: .list(.int)) { values in
                        guard case .list(let list) = values[0] else { throw HostFailure("?") }
                        return .list(list + list)
                    },
                ]))
        let program = try environment.compile("'a'.twice() + string(twice([1, 2]).size())")
        #expect(try program.evaluate(Activation(environment)) == "aa4")
    }

    @Test("an activation of another environment is read by name")
    func otherEnvironment() throws {
        var other = Environment()
        other.declare(variable: "z", as: .int)
        other.declare(variable: "count", as: .int)
        var activation = Activation(other)
        try activation.set("count", to: 41)
        let program = try Self.environment.compile("count + 1")
        #expect(try program.evaluate(activation) == 42)
    }

    @Test("an activation is taken over by an environment, whether it declares more or otherwise")
    func takenOver() throws {
        var first = Environment()
        first.declare(variable: "count", as: .int)
        var more = first
        more.declare(variable: "added", as: .string)
        var otherwise = Environment()
        otherwise.declare(variable: "added", as: .string)
        otherwise.declare(variable: "count", as: .double)
        var values = Activation(first)
        try values.set("count", to: 41)
        for (environment, source) in [(more, "count + 1"), (otherwise, "int(count) + 1")] {
            let program = try environment.compile(source)
            let length = try environment.compile("added.size()")
            var activation = Activation(environment, with: values)
            #expect(try program.evaluate(activation) == 42)
            #expect(throws: EvaluationError.self) { try length.evaluate(activation) }
            try activation.set("added", to: "abc")
            #expect(try length.evaluate(activation) == 3)
            #expect(try program.evaluate(activation) == 42)
            activation.clear("count")
            #expect(throws: EvaluationError.self) { try program.evaluate(activation) }
        }
    }

    @Test("a variable of a wrong kind is a fault, a number that fits is taken")
    func kinds() throws {
        let program = try Self.environment.compile("count + 1")
        var activation = Self.activation
        try activation.set("count", to: 2.0)
        #expect(try program.evaluate(activation) == 3)
        try activation.set("count", to: "2")
        let error = #expect(throws: EvaluationError.self) { try program.evaluate(activation) }
        #expect(error?.code == "wrong-kind")
    }
}

private final class Counter: @unchecked Sendable {
    // Unchecked because one test uses it from one task.
    var count = 0
    func add() { count += 1 }
}
