import ArgumentParser
import CEL

/// `text COUNT…`: rules about words, 100 to 10,000 of them, over conversations that differ.
struct TextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text", abstract: "Times rules about words, by how many there are.")

    @Argument(help: "How many rules; the first is what the others are compared with.")
    var counts = [100, 1000, 10_000]
    @Option(help: "How many conversations.")
    var conversations = 24
    @Flag(help: "Only the rules together: neither alone nor RE2.")
    var together = false
    @Option(help: "Evaluate the rules together so many times, untimed: for a profiler.")
    var times: Int?

    func run() throws {
        let dialogues = (0..<conversations).map {
            Dialogue(seed: 9_000 + $0, sentences: 200, clauses: 2...4)
        }
        let spoken = try dialogues.map(TextConversation.init)
        let bytes = spoken.reduce(0) { $0 + $1.byteCount } / max(1, spoken.count)
        if times == nil {
            print("\(conversations) conversations of 200 sentences, \(bytes) bytes of words each")
            print(
                Self.row([
                    "rules", "compile ms", "together us", "ratio", "alone us", "RE2 us", "hold %",
                ]))
        }
        var first: Double?
        for count in counts {
            let bench = try TextBench(TextRules(count: count, seed: 77), spoken)
            if let times {
                for _ in 0..<times { try bench.together() }
                continue
            }
            let line = try bench.line(isWhole: !together)
            let base = first ?? line.together
            first = base
            print(
                Self.row([
                    "\(count)", Self.text(line.compile / 1e6), Self.text(line.together / 1e3),
                    Self.text(line.together / base), line.alone.map { Self.text($0 / 1e3) } ?? "-",
                    line.oneByOne.map { Self.text($0 / 1e3) } ?? "-", Self.text(line.held * 100),
                ]))
        }
    }

    private static func text(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func row(_ cells: [String]) -> String {
        cells.map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }.joined()
    }
}

/// The rules of one line, compiled, with the conversations.
private final class TextBench {
    /// Times in nanoseconds for one conversation.
    struct Line {
        var compile = 0.0
        var together = 0.0
        var alone: Double?
        var oneByOne: Double?
        /// How many of the answers are yes.
        var held = 0.0
    }

    private let rules: TextRules
    private let environment: Environment
    private let compiled: CompiledRules
    private let conversations: [TextConversation]
    private var answers: [Bool]

    init(_ rules: TextRules, _ conversations: [TextConversation]) throws {
        self.rules = rules
        self.conversations = conversations
        environment = try rules.environment()
        compiled = try CompiledRules(rules.rules.map(\.condition), environment)
        answers = Array(repeating: false, count: rules.rules.count)
    }

    func together() throws {
        for conversation in conversations {
            try compiled.evaluate(conversation.activation(environment), into: &answers)
        }
    }

    func line(isWhole: Bool) throws -> Line {
        var line = Line()
        let share = Double(conversations.count)
        let sources = rules.rules.map(\.condition)
        line.compile = try Stopwatch.wall(batches: 3) {
            consume(try CompiledRules(sources, environment))
        }.least
        line.held = try check()
        line.together = try Stopwatch.wall(together).least / share
        guard isWhole else { return line }
        let programs = try sources.map { try environment.compile($0, expecting: .bool) }
        line.alone =
            try Stopwatch.wall(batches: 3) {
                for conversation in conversations {
                    let activation = conversation.activation(environment)
                    for (index, program) in programs.enumerated() {
                        answers[index] = try program.isTrue(activation)
                    }
                }
            }.least / share
        let judge = try OneByOne(rules.rules)
        let scopes = conversations.map(OneByOne.Scopes.init)
        line.oneByOne =
            Stopwatch.wall(batches: 3) {
                for scope in scopes { judge.evaluate(scope, into: &answers) }
            }.least / share
        return line
    }

    /// Every answer beside RE2's own; how many are yes.
    private func check() throws -> Double {
        let judge = try OneByOne(rules.rules)
        var expected = answers
        var held = 0
        for (number, conversation) in conversations.enumerated() {
            try compiled.evaluate(conversation.activation(environment), into: &answers)
            judge.evaluate(OneByOne.Scopes(conversation), into: &expected)
            if let wrong = answers.indices.first(where: { answers[$0] != expected[$0] }) {
                throw InputError(
                    reason: "conversation \(number), wrong: \(rules.rules[wrong].condition)")
            }
            held += answers.count(where: \.self)
        }
        return Double(held) / Double(max(1, answers.count * conversations.count))
    }
}
