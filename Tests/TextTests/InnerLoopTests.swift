import CEL
import Testing
import Text

/// A loop inside another one is no reason to pass an element over: its own list may be empty, or no
/// list at all.
@Suite("Loops in loops of a program set")
struct InnerLoopTests {
    /// A rule, and what it gives of one sentence with the words.
    static let rows: [(String, String, String)] = [
        (
            "sentences.exists(s, agent.sentences.exists(t, s.words.contains('投诉')))", "我要投诉",
            "false"
        ),
        (
            "!sentences.exists(s, nothing.filter(w, w == 'q').exists(w, s.words.contains('投诉')))",
            "我要投诉", "true"
        ),
        ("sentences.exists(s, nothing.exists(w, s.words.contains('投诉')))", "我要投诉", "false"),
        ("sentences.exists(s, [].exists(t, s.words.contains('投诉')))", "我要投诉", "false"),
        (
            "size(sentences.filter(s, [].exists(t, s.words.contains('投诉')))) == 1", "我要投诉",
            "false"
        ),
        (
            "sentences.exists(s, [1].exists(u, [].exists(t, s.words.contains('投诉'))))", "我要投诉",
            "false"
        ),
        (
            "sentences.exists(s, dyn(s).tags.exists(t, t == 'x' && s.words.contains('投诉')))", "你好",
            "no-such-key"
        ),
        (
            "sentences.exists(s, dyn(s.words).exists(t, s.words.contains('投诉')))", "你好",
            "no-such-overload"
        ),
        ("sentences.exists(s, ['x'].exists(t, s.words.contains('投诉')))", "我要投诉", "true"),
        ("sentences.exists(s, ['x', '投'].exists(t, s.words.contains(t)))", "我要投诉", "true"),
    ]

    @Test("answers as the rule alone", arguments: rows.map(\.0))
    func answers(_ source: String) throws {
        let row = try #require(Self.rows.first { $0.0 == source })
        let environment = ProgramSetTests.environment(isTyped: true)
        // Enough conditions on the list for it to be scanned.
        let sources =
            [source]
            + (0..<16).map { "sentences.exists(s, s.words.contains('word\($0)'))" }
        let programs = try sources.map { try environment.compile($0, expecting: .bool) }
        var activation = Activation(environment)
        try activation.set("sentences", to: [["words": .string(row.1)]])
        try activation.set("agent", to: ["sentences": []])
        let alone = Self.answer { () throws(EvaluationError) in
            try programs[0].isTrue(activation)
        }
        let together = ProgramSet(programs, environment).asking(activation) { questions in
            Self.answer { () throws(EvaluationError) in try questions.isTrue(0) }
        }
        #expect(alone == row.2)
        #expect(together == row.2)
    }

    private static let ranges = [
        "[]", "nothing", "nothing.filter(n, n == 'q')", "[1, 2]", "['a', '投']", "texts",
        "agent.sentences", "dyn(s).tags", "dyn(s.words)", "{}", "{'a': 1}", "[1 / zero]",
        "texts.map(m, m + 'a')", "dyn(s.?words)", "cel.bind(b, [], b)",
    ]

    private static let bodies = [
        "s.words.contains('a')", "dyn(t) == 'x' && s.words.contains('a')",
        "s.role == 'agent' && s.words.contains('a')", "s.words.matches('a|b')",
        "s.words.contains('a') || s.words.contains('b')",
    ]

    private static let inner: [@Sendable (_ range: String, _ body: String) -> String] = [
        { "\($0).exists(t, \($1))" }, { "\($0).all(t, \($1))" },
        { "\($0).exists(i, t, \($1))" }, { "[1].exists(u, \($0).exists(t, \($1)))" },
        { "cel.bind(q, 1 / zero, \($0).exists(t, \($1)))" },
        { "s.role == 'agent' && \($0).exists(t, \($1))" },
    ]

    @Test("each range with each body answers as alone", arguments: 0..<inner.count, [true, false])
    func product(_ form: Int, isTyped: Bool) throws {
        let environment = ProgramSetTests.environment(isTyped: isTyped)
        var programs: [Program] = []
        for range in Self.ranges {
            for body in Self.bodies {
                let condition = Self.inner[form](range, body)
                for source in [
                    "sentences.exists(s, \(condition))", "sentences.all(s, !(\(condition)))",
                    "size(sentences.filter(s, \(condition))) == 1",
                ] {
                    programs.append(try environment.compile(source, expecting: .bool))
                }
            }
        }
        let set = ProgramSet(programs, environment)
        var faults = 0, values = 0
        for words in ["a", "b", "c", "a投"] {
            for others in [[], ["x"]] as [[Value]] {
                var activation = Activation(environment)
                let sentence: Value = ["words": .string(words), "role": "agent"]
                try activation.set("sentences", to: [["words": "", "role": ""], sentence])
                try activation.set("agent", to: ["sentences": .list(others.map { _ in sentence })])
                try activation.set("texts", to: .list(others))
                if words != "b" { try activation.set("zero", to: 0) }
                set.asking(activation) { questions in
                    for (index, program) in programs.enumerated() {
                        let together = Self.answer { () throws(EvaluationError) in
                            try questions.isTrue(index)
                        }
                        let alone = Self.answer { () throws(EvaluationError) in
                            try program.isTrue(activation)
                        }
                        #expect(together == alone, "\(program.source) of \(words)")
                        if ["true", "false"].contains(alone) { values += 1 } else { faults += 1 }
                    }
                }
            }
        }
        #expect(faults > 100 && values > 100, "\(faults) faults, \(values) values")
    }

    private static func answer(_ ask: () throws(EvaluationError) -> Bool) -> String {
        do throws(EvaluationError) {
            return "\(try ask())"
        } catch {
            return error.code
        }
    }

    @Test("a condition as deep as allowed is looked through once")
    func deep() throws {
        let environment = ProgramSetTests.environment(isTyped: true)
        for (depth, before, behind) in [
            (90, "s.role == 'agent' && (", ")"), (90, "(", ") && s.role == 'agent'"),
            (90, "s.value > 1 && (", ")"),
            (45, "(s.words.contains('b') || ", ") && s.words.contains('a')"),
        ] {
            let source =
                "sentences.exists(s, " + String(repeating: before, count: depth)
                + "s.words.contains('x')" + String(repeating: behind, count: depth) + ")"
            let time = try processorTime {
                _ = try environment.compile(source, expecting: .bool)
            }
            // Of a debug build; to look at the parts twice on each level takes for ever.
            #expect(time < .seconds(5), "\(before): \(time)")
        }
    }
}
