import CEL
import Text

/// Rules about the texts of sentences, asked together and each alone: the answers are the same.
enum RulesCase {
    private static let environment: Environment = {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.textScanners = WordScanners()
        environment.limits.cost = 50_000
        environment.declare(
            object: "Sentence", fields: [Field("words", .string), Field("value", .int)])
        environment.declare(variable: "sentences", as: .list(.object("Sentence")))
        environment.declare(variable: "text", as: .string)
        return environment
    }()

    /// As many as it takes for a scan to be worth its while.
    private static let ruleCount = 12
    private static let letters = ["投", "诉", "a", "b", "1", "é", ".", "A"]

    static func complaint(about input: FuzzInput) -> String? {
        var input = input
        var programs: [Program] = []
        for _ in 0..<ruleCount {
            let source = rule(&input)
            // A pattern such as `a+*` is refused.
            if let program = try? environment.compile(source, expecting: .bool) {
                programs.append(program)
            }
        }
        let set = ProgramSet(programs, environment)
        var activation = Activation(environment)
        var sentences: [Value] = []
        for _ in 0..<input.choice(6) {
            sentences.append([
                "words": .string(word(&input, 9)), "value": .int(Int64(input.choice(4))),
            ])
        }
        if input.choice(5) == 1 { sentences.append(["value": 1]) }
        do {
            try activation.set("sentences", to: .list(sentences))
            try activation.set("text", to: .string(word(&input, 12)))
        } catch {
            return "the values do not fit a tape: \(error)"
        }
        var complaint: String?
        set.asking(activation) { questions in
            for (index, program) in programs.enumerated() {
                let together = Result { () throws(EvaluationError) in try questions.isTrue(index) }
                let alone = Result { () throws(EvaluationError) in try program.isTrue(activation) }
                if together != alone {
                    complaint = "`\(program.source)`: \(together) together, \(alone) alone"
                }
            }
        }
        return complaint
    }

    private static func word(_ input: inout FuzzInput, _ most: Int) -> String {
        (0..<input.choice(most + 1)).map { _ in letters[input.choice(letters.count)] }.joined()
    }

    private static func pattern(_ input: inout FuzzInput) -> String {
        let one = word(&input, 3)
        switch input.choice(14) {
        case 0: return one
        case 1: return "\(one)|\(word(&input, 3))"
        case 2: return "\(one).*\(word(&input, 2))"
        case 3: return "(\(one)|\(word(&input, 2)))\(word(&input, 2))"
        case 4: return "[投a]\(one)"
        case 5: return "\(one)?\(word(&input, 2))"
        case 6: return "(\(one))+"
        case 7: return "^\(one)"
        case 8: return "(?i)\(one)"
        case 9: return "(\(one)){1,2}\(word(&input, 1))"
        case 10: return "\\d|\(one)"
        case 11: return "1?\\d{2,}\(one)"
        case 12: return "(\\d|\(one)){2}"
        default: return "\(one)$"
        }
    }

    private static func test(_ text: String, _ input: inout FuzzInput) -> String {
        switch input.choice(8) {
        case 0: "\(text).contains('\(word(&input, 3))')"
        case 1: "\(text).matches(r'\(pattern(&input))')"
        case 2: "\(text).startsWith('\(word(&input, 2))')"
        case 3: "\(text).endsWith('\(word(&input, 2))')"
        case 4: "\(text) == '\(word(&input, 3))'"
        case 5: "\(text) in ['\(word(&input, 2))', '\(word(&input, 2))']"
        case 6: "['\(word(&input, 2))', '\(word(&input, 2))'].exists(w, \(text).contains(w))"
        default: "\(text).size() > \(input.choice(4))"
        }
    }

    private static func condition(_ name: String, _ depth: Int, _ input: inout FuzzInput) -> String
    {
        switch depth == 0 ? input.choice(4) : input.choice(7) {
        case 0, 1: test("\(name).words", &input)
        case 2: "\(name).value > \(input.choice(4))"
        case 3: "1 / (\(name).value - 1) > 0"
        case 4: "!(\(condition(name, depth - 1, &input)))"
        case 5: "(\(condition(name, depth - 1, &input)) && \(condition(name, depth - 1, &input)))"
        default: "(\(condition(name, depth - 1, &input)) || \(condition(name, depth - 1, &input)))"
        }
    }

    private static func rule(_ input: inout FuzzInput) -> String {
        switch input.choice(8) {
        case 0, 1: "sentences.exists(s, \(condition("s", 2, &input)))"
        case 2: "sentences.all(s, \(condition("s", 1, &input)))"
        case 3: "sentences.exists_one(s, \(condition("s", 1, &input)))"
        case 4: "sentences.filter(s, \(condition("s", 1, &input))).size() > 1"
        case 5: test("text", &input)
        case 6: "!sentences.exists(s, \(condition("s", 1, &input))) && \(test("text", &input))"
        default: "\(test("text", &input)) || sentences.exists(s, \(condition("s", 1, &input)))"
        }
    }
}
