import CEL
import Testing
import Text

/// A set of programs gives the answers that each program gives by itself.
@Suite("Program sets")
struct ProgramSetTests {
    static func environment(isTyped: Bool) -> Environment {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.textScanners = WordScanners()
        environment.comparesMixedNumbers = true
        if isTyped {
            environment.declare(
                object: "Sentence",
                fields: [Field("words", .string), Field("role", .string), Field("value", .int)])
            environment.declare(
                object: "Side", fields: [Field("sentences", .list(.object("Sentence")))])
        }
        let sentence: ValueType = isTyped ? .object("Sentence") : .dyn
        environment.declare(variable: "sentences", as: isTyped ? .list(sentence) : .dyn)
        environment.declare(variable: "agent", as: isTyped ? .object("Side") : .dyn)
        environment.declare(variable: "text", as: .string)
        environment.declare(variable: "texts", as: .list(.string))
        environment.declare(variable: "zero", as: .int)
        do {
            try environment.declare(constant: "nothing", as: .list(.string), value: .list([]))
        } catch {
            Issue.record(error)
        }
        return environment
    }

    /// `é` in both of its spellings, which `String` takes for one.
    static let alphabet = ["投", "诉", "退", "款", "a", "b", "1", "é", "11", "e\u{301}"]

    @Test("Two spellings of a letter are two texts, as they are for each condition alone")
    func spellings() throws {
        let environment = Self.environment(isTyped: true)
        let conditions = ["text.matches('caf\u{E9} ?a')", "text.matches('cafe\u{301} ?a')"]
        let both = try environment.compile(conditions.joined(separator: " || "))
        for text in ["caf\u{E9} abc", "cafe\u{301} abc"] {
            var activation = Activation(environment)
            try activation.set("text", to: .string(text))
            #expect(try both.evaluate(activation) == .bool(true))
        }
    }

    /// Makes conditions in which every form that a scan looks into occurs, and others.
    struct Source {
        var random: SplitMix64
        /// Patterns are asked for again, as what several ask for is found out once.
        private var known: [String] = []
        /// What the role of a sentence may be, nil for one without.
        private var roles: [Value?] = []

        init(random: SplitMix64) { self.random = random }

        mutating func pick<Element>(_ choices: [Element]) -> Element {
            choices[Int(random.next() % UInt64(choices.count))]
        }

        mutating func word() -> String {
            let length = pick([1, 1, 2, 2, 2, 3, 4, 5])
            return (0..<length).map { _ in pick(alphabet) }.joined()
        }

        mutating func pattern() -> String {
            if known.count > 4, pick([true, true, false]) { return pick(known) }
            known.append(newPattern())
            return known[known.count - 1]
        }

        private mutating func newPattern() -> String {
            pick([
                word(), "\(word())|\(word())", "\(word()).*\(word())",
                "(\(word())|\(word()))\(word())",
                "[投诉a]\(word())", "\(word())?\(word())", "\(word())+", "1[0-9]{1,2}", "^\(word())",
                "(?i)\(word())", "\(word()){2}", "(\(word()))*\(word())?", "\\d+|\(word())",
                "[^a]b", "\\d{2,}", "1\\d{2}[1a]?", "(\\d|1){3}", "\\d+(款|a)",
                "1\\d?1|\\d{4}\(word())",
                "(a|)\(word())", ".", "\(word())$", "^(\(word())|\(word()))$",
                "(投|诉)(\(word()))?(款|a)", "\\b\(word())", "(\(word())|b$)",
            ])
        }

        mutating func list() -> String {
            "[" + (0..<pick([1, 2, 3, 6])).map { _ in "'\(word())'" }.joined(separator: ", ") + "]"
        }

        /// A condition on the text that an expression gives.
        mutating func test(_ text: String) -> String {
            pick([
                "\(text).contains('\(word())')", "\(text).startsWith('\(word())')",
                "\(text).endsWith('\(word())')", "\(text).matches('\(pattern())')",
                "\(text) == '\(word())'", "\(text) != '\(word())'", "\(text) in \(list())",
                "\(list()).exists(w, \(text).contains(w))",
                "\(list()).exists(w, \(text).contains(w) && \(text).size() > 2)",
                "cel.bind(w, '\(word())', \(text).contains(w))", "\(text).contains('')",
                "texts.exists(t, \(text).contains(t))", "\(text).size() > 3",
            ])
        }

        /// A loop in a loop: over nothing, constants, lists and what is no list or not there.
        mutating func inner(_ name: String) -> String {
            let range = pick([
                "[]", "nothing", "nothing.filter(n, n == 'q')", "[1, 2]", list(), "texts",
                "agent.sentences", "dyn(\(name)).tags", "dyn(\(name)).words", "{}", "{'a': 1}",
                "[1 / zero]", "texts.map(m, m + 'a')", "dyn(\(name)).?words",
                "cel.bind(b, [], b)",
            ])
            let body = pick([
                test("\(name).words"), "t == 'x' && \(test("\(name).words"))",
                "\(name).role == 'agent' && \(test("\(name).words"))",
                "\(test("\(name).words")) || \(test("\(name).words"))",
            ])
            return pick([
                "\(range).exists(t, \(body))", "\(range).exists(t, \(body))",
                "\(range).exists(t, \(body))", "\(range).all(t, \(body))",
                "\(range).exists_one(t, \(body))", "\(range).exists(i, t, \(body))",
                "size(\(range).filter(t, \(body))) > 0",
                "cel.bind(q, \(range).size() / zero, \(range).exists(t, \(body)))",
                "[1].exists(u, \(range).exists(t, \(body)))",
            ])
        }

        mutating func condition(_ name: String, _ depth: Int) -> String {
            let leaf = pick([
                test("\(name).words"), test("\(name).words"), "\(name).role == 'agent'",
                inner(name),
                "\(name).value > 3", "1 / (\(name).value - 3) > 0", "!has(\(name).words)",
            ])
            if depth == 0 { return leaf }
            return pick([
                leaf, "!(\(condition(name, depth - 1)))",
                "(\(condition(name, depth - 1)) && \(condition(name, depth - 1)))",
                "(\(condition(name, depth - 1)) || \(condition(name, depth - 1)))",
            ])
        }

        mutating func rule(_ depth: Int = 1) -> String {
            let range = pick(["sentences", "agent.sentences"])
            let body = condition("s", 2)
            let leaf = pick([
                "\(range).exists(s, \(body))", "\(range).all(s, \(body))",
                "\(range).exists_one(s, \(body))", "\(range).filter(s, \(body)).size() > 1",
                "size(\(range).filter(s, \(body))) == 0", "\(range).exists(i, s, i > 0 && \(body))",
                "\(range).map(s, \(body), s.words).size() == 1", test("text"), test("text"),
                "texts.exists(t, \(test("t")))", "1 / zero > 0",
                "\(range).exists(s, s.role == 'agent' && \(test("s.words")))",
                "\(range).exists(s, \(test("s.words")) && 'customer' == s.role)",
                "\(range).exists(s, s.role == '' && \(test("s.words")))",
                "\(range).filter(s, s.role == 'agent' && \(body) && \(test("s.words")))"
                    + ".size() == 2",
                "\(range).exists(s, (s.role == 'agent' && \(test("s.words"))) || "
                    + "(s.role == 'customer' && \(test("s.words"))))",
            ])
            if depth == 0 { return leaf }
            return pick([
                leaf, "!(\(rule(0)))", "\(rule(0)) && \(rule(0))", "\(rule(0)) || \(rule(0))",
                "(\(rule(0)) ? \(rule(0)) : \(rule(0)))",
            ])
        }

        mutating func sentence() -> Value {
            var fields: [Value: Value] = ["value": .int(pick([1, 3, 5]))]
            let role: Value? = pick(roles)
            if let role { fields["role"] = role }
            if pick([true, true, true, true, true, false]) {
                fields["words"] = .string((0..<pick([0, 1, 3, 9])).map { _ in word() }.joined())
            }
            return .map(fields)
        }

        mutating func activation(_ environment: Environment) throws -> Activation {
            var activation = Activation(environment)
            // A role that is no text makes the condition fail, so there is one in few activations.
            roles = ["agent", "customer", "agent", "customer", "agent", "customer", nil, ""]
            if pick([true, false, false, false]) { roles += [1, .null] }
            let sentences = (0..<pick([0, 1, 5, 20])).map { _ in sentence() }
            try activation.set("sentences", to: .list(sentences))
            try activation.set("agent", to: ["sentences": .list(sentences.reversed())])
            try activation.set("text", to: .string((0..<5).map { _ in word() }.joined()))
            try activation.set("texts", to: .list((0..<4).map { _ in .string(word()) }))
            if pick([true, false]) { try activation.set("zero", to: 0) }
            return activation
        }
    }

    @Test("random rules answer alike in a set and alone", arguments: 0..<8, [true, false])
    func random(seed: Int, isTyped: Bool) throws {
        var source = Source(random: SplitMix64(state: UInt64(seed) &* 7_919))
        let environment = Self.environment(isTyped: isTyped)
        var programs: [Program] = []
        while programs.count < 40 {
            // A pattern such as `a+*` is refused; then another one is made.
            if let program = try? environment.compile(source.rule(), expecting: .bool) {
                programs.append(program)
            }
        }
        let set = ProgramSet(programs, environment)
        for _ in 0..<10 {
            let activation = try source.activation(environment)
            set.asking(activation) { questions in
                for (index, program) in programs.enumerated() {
                    let together = Result { () throws(EvaluationError) in
                        try questions.isTrue(index)
                    }
                    let alone = Result { () throws(EvaluationError) in
                        try program.isTrue(activation)
                    }
                    #expect(together == alone, "\(program.source)")
                    let value = Result { () throws(EvaluationError) in
                        try questions.withResult(index) { $0.bool == true }
                    }
                    #expect(value == alone, "\(program.source)")
                }
            }
        }
    }

    @Test("words are found for every pattern that the analysis understands")
    func requiredWords() throws {
        // One pattern, and what the shortest texts with a match are.
        let rows: [(String, [String])] = [
            ("投诉", ["投诉"]), ("投诉|退款", ["投诉", "退款"]), ("(投诉|退款).*主管", ["投诉主管", "退款x主管"]),
            ("1[3-5]\\d{2}", ["1399", "1500"]), ("[一二]次", ["一次", "二次"]),
            ("退(款|货)?吧", ["退吧", "退款吧"]),
            ("a{0,2}b", ["b", "aab"]), ("(ab){2,}", ["abab"]), ("^您好|再见$", ["您好啊", "再见"]),
            ("(?i)VIP", ["vip", "Vip"]), ("\\bA\\d+\\b", ["A1"]), ("(a|)", ["", "a"]), ("x*", [""]),
            ("[^投]诉", ["申诉"]), ("a.c", ["abc"]), ("\\.", ["."]), ("\\p{Han}", ["汉"]),
            ("a|b|", [""]),
            ("\\d{3,}", ["123"]), ("\\d{2}", ["x12y"]), ("(1|23){2,}", ["11", "1231"]),
            ("1?\\d{2}(元|块)", ["12元", "112块"]), ("\\d*1\\d?", ["1"]), ("^\\d{2}$|元", ["12", "元"]),
            ("(a|b)(c|d)", ["ac", "bd"]), ("[[:digit:]]", ["5"]), ("\\x{6295}", ["投"]),
        ]
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.textScanners = WordScanners()
        environment.declare(variable: "texts", as: .list(.string))
        let programs = try rows.map {
            try environment.compile(
                "texts.exists(t, t.matches(r'\($0.0)'))", expecting: .bool)
        }
        let set = ProgramSet(programs, environment)
        for (index, row) in rows.enumerated() {
            for text in row.1 {
                var activation = Activation(environment)
                try activation.set("texts", to: ["nothing here", .string(text)])
                let holds = try set.asking(activation) { questions in
                    Result { () throws(EvaluationError) in try questions.isTrue(index) }
                }.get()
                #expect(holds, "\(row.0) on \(text)")
            }
        }
    }

    @Test("more filters than a scan keeps apart answer as alone")
    func manyFilters() throws {
        let environment = Self.environment(isTyped: true)
        let programs = try (0..<200).map { number in
            try environment.compile(
                "sentences.exists(s, s.role == 'r\(number)' && s.words.contains('投诉'))",
                expecting: .bool)
        }
        let set = ProgramSet(programs, environment)
        var activation = Activation(environment)
        try activation.set(
            "sentences",
            to: .list(
                (0..<200).map { number in
                    let words = number.isMultiple(of: 3) ? "我要投诉\(number)" : "你好"
                    return ["role": .string("r\(number)"), "words": .string(words)]
                }))
        set.asking(activation) { questions in
            for number in programs.indices {
                #expect((try? questions.isTrue(number)) == number.isMultiple(of: 3))
            }
        }
    }

    @Test("the programs of a set are asked in any order, each with a budget of its own")
    func selection() throws {
        var environment = Environment()
        environment.declare(variable: "n", as: .list(.int))
        let programs = try ["true", "n.all(a, a >= 0)", "n.size() > 5"].map {
            try environment.compile($0, expecting: .bool)
        }
        let set = ProgramSet(programs, environment)
        var activation = Activation(environment)
        try activation.set("n", to: .list((0..<100).map { .int($0) }))
        set.asking(activation) { questions in
            #expect((try? questions.isTrue(2)) == true)
            #expect((try? questions.isTrue(0)) == true)
        }
        let codes = set.asking(activation, budget: Budget(cost: 50)) { questions in
            programs.indices.map { index in
                do throws(EvaluationError) {
                    return "\(try questions.isTrue(index))"
                } catch {
                    return error.code
                }
            }
        }
        #expect(codes == ["true", "cost-exceeded", "true"])
    }
}
