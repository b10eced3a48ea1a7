import ArgumentParser
import CEL

/// `compile`: the steps from a rule's text to its program, each by itself.
struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile", abstract: "Times parse, check and plan of 100 rules.")

    @Argument(help: "A folder in the form of `inputs`; without one, the rules that it would write.")
    var folder: String?
    @Option(help: "What the checker knows of the conversation.")
    var mode = Typing.typed
    @Option(help: "Run this line alone, untimed: for a profiler.")
    var only: String?
    @Option(help: "How often to run it.")
    var times = 100

    func run() throws {
        let sources =
            try folder.map { try InputFolder($0, conversation: "conversation.json") }?
            .rules.map(\.source) ?? RuleList.entries.map(\.expression)
        let environment = Declarations.environment(mode)
        let parsed = try sources.map { try environment.parse($0) }
        let checked = try parsed.map { try environment.check($0, expecting: .bool) }
        let steps: [(String, () throws -> Void)] = [
            ("parse", { for source in sources { consume(try environment.parse(source)) } }),
            (
                "check",
                { for tree in parsed { consume(try environment.check(tree, expecting: .bool)) } }
            ),
            ("plan", { for tree in checked { consume(try environment.plan(tree)) } }),
            ("whole", { consume(try CompiledRules(sources, environment)) }),
        ]
        if let only {
            guard let step = steps.first(where: { $0.0 == only }) else {
                throw ValidationError("no line is called \(only)")
            }
            for _ in 0..<times { try step.1() }
            return
        }
        print("\(sources.count) rules, \(sources.reduce(0) { $0 + $1.utf8.count }) bytes")
        for (name, body) in steps {
            let microseconds = Int((try Stopwatch.wall(body).least / 1000).rounded())
            print("\(name)\(String(repeating: " ", count: 10 - name.count))\(microseconds) us")
        }
    }
}
