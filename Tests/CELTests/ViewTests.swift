import CEL
import Testing

/// Host functions that read their arguments where they lie.
@Suite("Views of arguments")
struct ViewTests {
    static let sentences = ValueType.list(.object("Sentence"))

    /// Functions that each use one part of the interface.
    static let environment: Environment = {
        var environment = Environment()
        environment.declare(
            object: "Sentence",
            fields: [Field("index", .int), Field("words", .string), Field("loud", .int)])
        environment.declare(variable: "s", as: sentences)
        environment.declare(variable: "any", as: .dyn)
        func declare(
            _ name: String, _ parameters: [ValueType], _ result: ValueType,
            _ body: @escaping @Sendable (HostCall) throws -> View
        ) {
            environment.declare(
                HostFunction(
                    name, Documentation(name, name),
                    overloads: [.reading(name, parameters, returns: result, body: body)]))
        }
        declare("loud", [sentences, .int], sentences) { call in
            var loudness = MemberReader(MemberKey("loud", position: 2))
            let (list, least) = (call[0], call[1].int ?? 0)
            try call.spend(list.count)
            return try call.elements(of: list) { index in
                list[index].map { loudness.int($0) >= least } ?? false
            }
        }
        declare("kind", [.dyn], .string) { call in try call.text("\(call[0].kind)") }
        declare("number", [.dyn], .double) { call in call.double(call[0].double ?? -1) }
        declare("whole", [.dyn], .int) { call in call.int(call[0].int ?? -1) }
        declare("octets", [.dyn], .int) { call in
            call.int(Int64(call[0].withUTF8 { $0.count } ?? -1))
        }
        declare("member", [.dyn, .string], .dyn) { call in
            call[0][call[1].string ?? ""] ?? call.null
        }
        declare("same", [.dyn, .dyn], .bool) { call in call.bool(call[0].hasSameText(as: call[1])) }
        declare("noted", [.object("Sentence"), .string], .object("Sentence")) { call in
            try call.copy(of: call[0], setting: "words", to: call[1])
        }
        declare("pair", [.dyn, .dyn], .list(.dyn)) { call in try call.list([call[0], call[1]]) }
        declare("wait", [], .duration) { call in try call.duration(.seconds(90)) }
        declare("squares", [.int], .int) { call in
            let numbers = try call.scratch(Int(clamping: call[0].int ?? 0), of: Int64(0))
            for index in 0..<numbers.count { numbers[index] = Int64(index * index) }
            return call.int((0..<numbers.count).reduce(0) { $0 + numbers[$1] })
        }
        declare("wrong", [], .int) { call in try call.text("no number") }
        declare("failing", [], .int) { _ in throw HostFailure("no luck") }
        declare("endless", [], .int) { call in
            while true { try call.spend(1_000) }
        }
        declare("parsed", [.string], .dyn) { call in
            let text = call[0].string ?? ""
            return try call.keep(Tape.of(["text": .string(text)]), size: text.utf8.count)
        }
        return environment
    }()

    static let activation: Activation = {
        var activation = Activation(environment)
        try? activation.set(
            "s",
            to: [
                ["index": 0, "words": "您好", "loud": 4], ["index": 1, "loud": 8],
                ["words": "投诉", "loud": 9.0, "index": 2], ["index": 3, "loud": "9"],
            ])
        try? activation.set("any", to: ["a": ["b": 1], "list": [1, 2]])
        return activation
    }()

    @Test(
        "a function reads and makes what it should",
        arguments: [
            ("loud(s, 8).map(x, x.index)", [1, 2]), ("loud(s, 1).size()", 3),
            ("loud(s, 10).size()", 0), ("loud([], 1).size()", 0),
            ("loud(loud(s, 1), 9)[0].words", "投诉"),
            // Objects that the expression makes are maps.
            ("loud(dyn([{'index': 7, 'loud': 9}]), 9)[0].index", 7),
            ("kind(1)", "int"), ("kind(s)", "list"), ("kind(s[0])", "object"),
            ("kind({})", "map"), ("kind(null)", "null"), ("kind(any.a)", "object"),
            ("number(2)", 2.0), ("number(3u)", 3.0), ("number(2.5)", 2.5), ("number('x')", -1.0),
            ("whole(2.0)", 2), ("whole(2.5)", -1), ("whole(7u)", 7), ("whole(null)", -1),
            ("octets('客户')", 6), ("octets(b'ab')", 2), ("octets(1)", -1), ("octets('')", 0),
            ("member(any.a, 'b')", 1), ("member(any, 'z')", .null), ("member(1, 'b')", .null),
            ("member({'k': 5}, 'k')", 5), ("member(s[2], 'words')", "投诉"),
            ("same('a', 'a')", true), ("same('a', 'b')", false), ("same(1, 1)", false),
            ("noted(s[0], '早').words", "早"), ("noted(s[1], '早').words", "早"),
            ("noted(s[0], '早').loud", 4), ("noted(dyn({}), 'x').words", "x"),
            ("pair(1, any.list)[1][1]", 2), ("pair(s[0], 'x')[0].words", "您好"),
            ("wait() == duration('90s')", true), ("squares(5)", 30), ("squares(0)", 0),
            ("parsed('x').text", "x"), ("parsed(s[0].words).text", "您好"),
            ("s.map(x, parsed(x.words).text)", ["您好", "", "投诉", ""]),
        ] as [(String, Value)])
    func values(_ source: String, _ expected: Value) throws {
        let program = try Self.environment.compile(source)
        #expect(try program.evaluate(Self.activation) == expected)
    }

    @Test(
        "what goes wrong in a function is the evaluation's error",
        arguments: [
            ("wrong()", "wrong-kind"), ("failing()", "host-failure"),
            ("endless()", "cost-exceeded"), ("squares(3000000)", "memory-exceeded"),
        ])
    func faults(_ source: String, _ code: String) throws {
        let program = try Self.environment.compile(source)
        let error = #expect(throws: EvaluationError.self) {
            try program.evaluate(Self.activation)
        }
        #expect(error?.code == code)
    }

    @Test("work is counted")
    func cost() throws {
        let program = try Self.environment.compile("endless() == 1 || true", expecting: .bool)
        #expect(throws: EvaluationError.self) {
            try program.isTrue(Self.activation, budget: Budget(cost: 10_000))
        }
        let few = try Self.environment.compile("loud(s, 8)")
        #expect(try few.evaluateCounting(Self.activation).cost < 500)
    }
}
