import CEL
import Testing

@Suite("Parser")
struct ParserTests {
    /// Source, and the tree printed back, or the codes of its mistakes behind `!`.
    static let rows: [(String, String)] = [
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)-4", "1 - (2 - 3) - 4"),
        ("a?b:c?d:e", "a ? b : c ? d : e"),
        ("(a?b:c)?d:e", "(a ? b : c) ? d : e"),
        ("!a && -b < --c", "!a && -b < --c"),
        ("-1 - -2", "-1 - -2"),
        ("-(1)", "-(1)"),
        ("-(1).abs() + -(1.5) + --0 + -1u", "-(1.abs()) + -(1.5) + -(0) + -(1u)"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("!!true", "!!true"),
        ("a || b && c || d", "a || b && c || d"),
        ("(a || b) && c", "(a || b) && c"),
        ("a || (b || c) || d", "(a || (b || c)) || d"),
        ("((a || b) || c) || d", "(a || b || c) || d"),
        ("(a && b) && (c && d) && e && f", "a && b && c && d && e && f"),
        ("a || b || c || d || e || f || g", "a || b || c || d || e || f || g"),
        ("a.b.c[1].d(2, x)", "a.b.c[1].d(2, x)"),
        (".a.b", ".a.b"),
        ("a.?b[?c].?d", "a.?b[?c].?d"),
        ("[1, ?b, c,]", "[1, ?b, c]"),
        ("{'a': 1, ?'b': c,}", "{\"a\": 1, ?\"b\": c}"),
        ("a in [1,2] == true", "a in [1, 2] == true"),
        ("has(a.b) && !has(a.`c-d`)", "has(a.b) && !has(a.`c-d`)"),
        ("l.exists(x, x > 1)", "l.exists(x, x > 1)"),
        ("l.map(x, x > 1, x * 2).filter(y, true)", "l.map(x, x > 1, x * 2).filter(y, true)"),
        ("l.all(i, v, i < v)", "l.all(i, v, i < v)"),
        ("cel.bind(x, 1, x + x)", "cel.bind(x, 1, x + x)"),
        ("o.optMap(v, v + 1)", "o.optMap(v, v + 1)"),
        ("math.greatest(1, 2, 3)", "math.greatest(1, 2, 3)"),
        ("(-1).abs()", "(-1).abs()"),
        ("d.if.while", "d.if.while"),
        ("", "! syntax"),
        ("1 +", "! syntax"),
        ("(1", "! unclosed"),
        ("[1, 2", "! unclosed"),
        ("f(1,)", "! syntax"),
        ("1 2", "! syntax"),
        ("a ? b", "! syntax"),
        ("true ? false ? 1 : 2 : 3", "! syntax"),
        ("a.in", "! syntax"),
        ("while", "! reserved-word"),
        ("has(x)", "! macro-argument"),
        ("has(m['k'])", "! macro-argument"),
        ("l.all(x.y, true)", "! macro-argument"),
        ("l.all(__result__, true)", "! reserved-variable"),
        ("9223372036854775808", "! number-too-large"),
        // One run shows the mistakes of every argument.
        ("f(1 +, [2 3], @, 'x)", "! syntax syntax unexpected-character unterminated-text"),
    ]

    @Test("a source becomes this tree, which reads the same", arguments: rows)
    func tree(_ source: String, _ expected: String) throws {
        let environment = Environment()
        do {
            let text = try environment.parse(source).text
            #expect(text == expected)
            #expect(try environment.parse(text).text == text)
        } catch {
            let codes = error.diagnostics.map(\.code).joined(separator: " ")
            #expect("! \(codes)" == expected)
        }
    }

    @Test("macros can be left out")
    func noMacros() throws {
        let text = try Environment().parseWithoutMacros("has(x) && l.all(x, y)").text
        #expect(text == "has(x) && l.all(x, y)")
    }

    @Test("a mistake has its place, in lines and code points")
    func place() throws {
        let error = #expect(throws: CompilationError.self) {
            try Environment().parse("'你好' ==\n  \"客户\" && @")
        }
        let diagnostic = try #require(error?.diagnostics.first)
        #expect(diagnostic.line == 2)
        #expect(diagnostic.column == 11)
        #expect(diagnostic.message(in: .chinese) == "出现了意外的字符 `@`")
    }

    @Test("an excerpt underlines East Asian text in terminal columns")
    func excerpt() {
        let source = "s.role == \"客户\" && s.emotonValue >= 8"
        let start = source.utf8.count - "emotonValue >= 8".utf8.count
        let excerpt = Excerpt(of: source, at: start..<start + 11)
        #expect(
            excerpt.rendered() == """
                  s.role == "客户" && s.emotonValue >= 8
                                        ^~~~~~~~~~~
                """)
        #expect(Excerpt.width(of: "客户ab🐱é") == 9)
        let second = Excerpt(of: "a\n\t你b", at: 6..<7)
        #expect(second.lineNumber == 2)
        #expect(second.indent == 6)
        #expect(Excerpt(of: "abc", at: 90..<99).rendered(prefix: "") == "abc\n   ^")
    }

    @Test("a host's macro makes nodes, and says what is wrong")
    func hostMacro() throws {
        var environment = Environment()
        environment.declare(variable: "words", as: .list(.string))
        environment.declare(
            Macro("said", arguments: 1...3, Documentation("said", "说过")) { expansion in
                var conditions: [NodeID] = []
                for argument in expansion.arguments {
                    if expansion.literalInt(argument) != nil {
                        expansion.report("takes texts", "只接受文本", at: argument)
                    }
                    let word = expansion.name("@w")
                    conditions.append(expansion.call("contains", target: word, [argument]))
                }
                var all = conditions[0]
                for other in conditions.dropFirst() { all = expansion.call("_||_", [all, other]) }
                return expansion.loop(.exists, over: expansion.name("words"), "@w", body: all)
            })
        let program = try environment.compile("said('a', 'b') && !said('z')", expecting: .bool)
        #expect(program.source == "said('a', 'b') && !said('z')")
        var activation = Activation(environment)
        try activation.set("words", to: ["xa", "y"])
        #expect(try program.isTrue(activation))
        let error = #expect(throws: CompilationError.self) { try environment.compile("said(1)") }
        #expect(error?.diagnostics.first?.message(in: .english) == "`said`: takes texts")
    }

    @Test("methods of a variable are those of the field that it stands for")
    func receivers() throws {
        var environment = Environment()
        environment.declare(
            object: "Side", fields: [Field("words", .list(.string)), Field("share", .double)])
        environment.declare(variable: "side", as: .object("Side"))
        environment.declare(methodsOf: "side", on: "words")
        environment.declare(
            Macro("both", isReceiver: true, arguments: 1...1, Documentation("both", "都")) {
                expansion in
                guard let target = expansion.target else { return nil }
                let other = expansion.receiver(expansion.arguments[0])
                return expansion.call("_+_", [target, other])
            })
        var activation = Activation(environment)
        try activation.set("side", to: ["words": ["a", "b"], "share": 0.5])
        for (source, expected) in [
            ("side.size()", 2), ("side.exists(w, w == 'b')", true), ("side.share", 0.5),
            ("side.words.size()", 2), ("side.both(side).size()", 4), ("side.both([]).size()", 2),
        ] as [(String, Value)] {
            let parsed = try environment.parse(source)
            #expect(try environment.compile(parsed.text).evaluate(activation) == expected)
            #expect(try environment.compile(source).evaluate(activation) == expected)
        }
    }

    @Test("a macro's name is suggested too")
    func suggestions() throws {
        let error = #expect(throws: CompilationError.self) {
            try Environment().compile("[1].exsits(x, x == 1)")
        }
        #expect(
            error?.diagnostics.map { $0.hint(in: .english) }.contains("did you mean `exists`?")
                == true)
    }
}
