import CEL
import Testing

@Suite("Activations")
struct ActivationTests {
    @Test("the manual's example works as it stands there")
    func manual() throws {
        var environment = Environment()
        environment.declare(
            object: "Sentence", fields: [Field("words", .string), Field("emotionValue", .double)])
        environment.declare(variable: "sentences", as: .list(.object("Sentence")))
        environment.declare(variable: "region", as: .string)
        environment.declare(
            HostFunction(
                "isRude", Documentation("whether a text is rude", "是否粗鲁"),
                overloads: [
                    .init("isRude_string", [.string], returns: .bool) { .bool($0[0] == "滚") }
                ]))
        let program = try environment.compile(
            "region == 'east' && sentences.exists(s, s.emotionValue >= 8.0 || isRude(s.words))",
            expecting: .bool)

        var builder = TapeBuilder()
        builder.beginList()
        builder.beginObject()
        builder.name("words")
        builder.string("滚")
        builder.name("emotionValue")
        builder.double(2.5)
        builder.end()
        builder.end()

        var activation = Activation(environment)
        activation.set("sentences", to: try builder.finish().root)
        activation.set("region") { try Tape.of("east").root }
        let fires = try program.isTrue(activation)
        #expect(fires)
    }

    /// Declared type, value, and a condition that then holds.
    static let rows: [(ValueType, Value, String)] = [
        (.double, 5, "x > 4.5"), (.double, .uint(5), "x == 5.0"), (.double, 5.5, "x == 5.5"),
        (.int, .uint(5), "x == 5"), (.int, 5.0, "x == 5"), (.int, 5, "x == 5"),
        (.uint, 5, "x == 5u"), (.uint, 5.0, "x == 5u"), (.dyn, 5, "x == 5"),
        (.string, "a", "x == 'a'"), (.list(.double), [1, 2.5], "x[1] == 2.5"),
        (.map(.string, .int), ["a": 1], "x.a == 1"), (.null, .null, "x == null"),
        (.object("Thing"), ["size": 3], "x.size == 3.0"),
    ]

    @Test("a value is there whatever was declared after it was set", arguments: rows)
    func laterDeclarations(_ type: ValueType, _ value: Value, _ condition: String) throws {
        for isLazy in [false, true] {
            var environment = Environment()
            environment.declare(object: "Thing", fields: [Field("size", .double)])
            environment.declare(variable: "before", as: .int)
            environment.declare(variable: "x", as: type)
            var activation = Activation(environment)
            try activation.set("before", to: 1)
            if isLazy {
                activation.set("x") { try Tape.of(value).root }
            } else {
                try activation.set("x", to: value)
            }
            let early = try environment.compile(condition)
            #expect(try early.isTrue(activation))
            for name in ["after", "later"] {
                environment.declare(variable: name, as: .list(.double))
                let late = try environment.compile("\(condition) && before == 1")
                #expect(try late.isTrue(activation), "\(name), lazy: \(isLazy)")
                #expect(try early.isTrue(activation))
            }
        }
    }

    @Test("a value of a wrong kind stays one when more is declared")
    func misfits() throws {
        var environment = Environment()
        environment.declare(variable: "x", as: .int)
        var activation = Activation(environment)
        try activation.set("x", to: 1.5)
        environment.declare(variable: "y", as: .int)
        let program = try environment.compile("x == 1")
        let error = #expect(throws: EvaluationError.self) { try program.isTrue(activation) }
        #expect(error?.code == "wrong-kind")
    }
}
