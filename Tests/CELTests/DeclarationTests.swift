import CEL
import Testing

/// What a host may declare, and what it is told when it may not.
@Suite("Declarations")
struct DeclarationTests {
    private static let words = Documentation("words", "词")

    private static func function(
        _ name: String, _ overloads: (String, [ValueType], Bool)...
    ) -> HostFunction {
        HostFunction(
            name, words,
            overloads: overloads.map { id, parameters, isReceiver in
                .init(id, parameters, returns: .bool, isReceiver: isReceiver) { _ in .bool(true) }
            })
    }

    /// Each declaration, and what is said of it.
    static let rows: [(String, String, @Sendable (inout Environment) -> Void)] = [
        (
            "a name in Chinese", "`客户`: no source can spell the name",
            { $0.declare(variable: "客户", as: .int) }
        ),
        (
            "an empty name", "``: no source can spell the name",
            { $0.declare(variable: "", as: .int) }
        ),
        (
            "a reserved word", "`while`: no source can spell the name",
            { $0.declare(variable: "while", as: .int) }
        ),
        (
            "a digit in front", "`a.1b`: no source can spell the name",
            { $0.declare(variable: "a.1b", as: .int) }
        ),
        (
            "a constant with a blank", "`a b`: no source can spell the name",
            { try? $0.declare(constant: "a b", as: .int, value: .int(1)) }
        ),
        (
            "a type of the language", "`string`: the language has a type of that name",
            { $0.declare(object: "string", fields: []) }
        ),
        (
            "a field twice", "`T`: it has the field `a` twice",
            { $0.declare(object: "T", fields: [Field("a", .int), Field("a", .string)]) }
        ),
        (
            "a field in Chinese", "`T`: no source can spell the field `字段`",
            { $0.declare(object: "T", fields: [Field("字段", .int)]) }
        ),
        ("no overload", "`f`: it has no overload", { $0.declare(function("f")) }),
        (
            "an id twice", "`f`: there is another overload with the id `one`",
            { $0.declare(function("f", ("one", [.int], false), ("one", [.string], false))) }
        ),
        (
            "an id of another function", "`g`: there is another overload with the id `one`",
            {
                $0.declare(function("f", ("one", [.int], false)))
                $0.declare(function("g", ("one", [.int], false)))
            }
        ),
        (
            "the same arguments twice", "`f`: there is another overload that takes the same: (int)",
            { $0.declare(function("f", ("one", [.int], false), ("two", [.int], false))) }
        ),
        (
            "the same type parameters under other names",
            "`f`: there is another overload that takes the same: (list(0), 0)",
            {
                $0.declare(
                    function(
                        "f", ("one", [.list(.parameter("A")), .parameter("A")], false),
                        ("two", [.list(.parameter("B")), .parameter("B")], false)))
            }
        ),
        (
            "what the language has",
            "`size`: there is another overload that takes the same: (string)",
            { $0.declare(function("size", ("one", [.string], false))) }
        ),
        (
            "a method without a receiver",
            "`f`: the overload `one` is a method and has no receiver",
            { $0.declare(function("f", ("one", [], true))) }
        ),
        (
            "too many parameters", "`f`: the overload `one` has more than 32 parameters",
            { $0.declare(function("f", ("one", Array(repeating: .int, count: 33), false))) }
        ),
        (
            "a method with a dot", "`a.b`: no source can spell the name",
            { $0.declare(function("a.b", ("one", [.int], true))) }
        ),
        (
            "a macro in Chinese", "`说`: no source can spell the name",
            { $0.declare(Macro("说", arguments: 0...1, words) { _ in nil }) }
        ),
        (
            "a macro with fewer than no arguments", "`said`: a call has no fewer than 0 arguments",
            { $0.declare(Macro("said", arguments: -1...1, words) { _ in nil }) }
        ),
    ]

    @Test(
        "a declaration that cannot be right is told by whatever uses it", arguments: rows.map(\.0))
    func mistakes(_ name: String) throws {
        let (_, expected, declare) = try #require(Self.rows.first { $0.0 == name })
        var environment = Environment()
        declare(&environment)
        let told = environment.declarationMistakes
        #expect(told.map { $0.message(in: .english) } == ["the host's declaration of \(expected)"])
        #expect(told.map(\.code) == ["bad-declaration"])
        #expect(told[0].message(in: .chinese) != told[0].message(in: .english))
        let parsed = try environment.parse("1 + 1")
        for use in [
            { _ = try environment.compile("1 + 1") }, { _ = try environment.check(parsed) },
            { _ = try environment.planUnchecked(parsed) },
        ] as [() throws -> Void] {
            let error = #expect(throws: CompilationError.self) { try use() }
            #expect(error?.diagnostics == told)
        }
    }

    @Test("what may be declared")
    func sound() throws {
        var environment = Environment()
        for name in ["a", "a", "_b", "a.b.c", "loop_", "a.while", "true"] {
            environment.declare(variable: name, as: .int)
        }
        environment.declare(object: "a.T", fields: [Field("in", .int), Field("a-b c", .int)])
        environment.declare(object: "a.T", fields: [Field("in", .int)])
        environment.declare(
            Self.function(
                "size", ("size_T", [.object("a.T")], false), ("T_size", [.object("a.T")], true)))
        environment.declare(Self.function("@hidden", ("hidden", [.int], false)))
        environment.declare(Self.function("while", ("while", [.int], true)))
        environment.declare(
            Self.function(
                "same", ("a", [.parameter("A"), .parameter("A")], false),
                ("b", [.parameter("A"), .parameter("B")], false)))
        environment.declare(
            Self.function("many", ("many", Array(repeating: .int, count: 32), false)))
        #expect(environment.declarationMistakes == [])
        #expect(try environment.compile("1.while() && a.while > 0").resultType == .bool)
    }

    @Test("a source's own mistakes wait until the declarations are sound")
    func order() {
        var environment = Environment()
        environment.declare(variable: "客户", as: .int)
        let error = #expect(throws: CompilationError.self) { try environment.compile("nothing +") }
        #expect(error?.diagnostics.map(\.code) == ["bad-declaration"])
    }
}
