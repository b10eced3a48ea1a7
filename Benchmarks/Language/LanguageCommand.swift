import ArgumentParser
import CEL

/// `cel DIR OUT CONVERSATION`: the expressions and the 100 rules of a folder.
struct LanguageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cel",
        abstract: "Times the expressions and rules of a folder, and writes times and values.")

    @Argument(help: "The folder with expressions.json and rules100.json.")
    var folder: String
    @Argument(help: "The file to write.")
    var output: String
    @Argument(help: "The conversation's file in the folder.")
    var conversation = "conversation.json"
    @Option(help: "What the checker knows of the conversation.")
    var mode = Typing.typed
    @Option(help: "Run this row alone, untimed: for a profiler.")
    var only: String?
    @Option(help: "How often to run it.")
    var times = 1000

    func run() throws {
        let inputs = try InputFolder(folder, conversation: conversation)
        let environment = Declarations.environment(mode)
        let runs = try LanguageRuns(inputs, environment)
        if let only {
            guard let run = try runs.run(only) else {
                throw ValidationError("no row is called \(only)")
            }
            for _ in 0..<times { try run() }
            return
        }
        var report = RunReport(peer: "tocsin", mode: mode.rawValue)
        for entry in inputs.expressions {
            do {
                guard let (value, body) = try runs.expression(entry.name) else { continue }
                report.results.append(
                    .init(name: entry.name, timing: try Stopwatch.wall(body), value: value))
            } catch {
                report.results.append(.init(name: entry.name, error: error))
            }
        }
        for name in LanguageRuns.wholes {
            guard let run = try runs.run(name) else { continue }
            try run()
            report.results.append(
                .init(
                    name: name, timing: try Stopwatch.wall(run),
                    value: name == LanguageRuns.pass ? .conditions(runs.answers) : nil))
        }
        try report.write(to: output)
    }
}

/// What the rows of ``LanguageCommand`` do, ready to run.
private final class LanguageRuns {
    static let pass = "rules100"
    static let wholes = [pass, "decode_and_rules100", "compile_rules100"]

    /// What the last pass said.
    private(set) var answers: [Bool]
    private let inputs: InputFolder
    private let environment: Environment
    private let sources: [String]
    private let programs: [String: Result<Program, CompilationError>]
    private let rules: CompiledRules
    private let activation: Activation

    init(_ inputs: InputFolder, _ environment: Environment) throws {
        self.inputs = inputs
        self.environment = environment
        sources = inputs.rules.map(\.source)
        programs = Dictionary(
            inputs.expressions.map { entry in
                (
                    entry.name,
                    Result { () throws(CompilationError) in
                        try environment.compile(entry.source)
                    }
                )
            }, uniquingKeysWith: { first, _ in first })
        rules = try CompiledRules(sources, environment)
        // After the programs, as an activation's documentation asks for.
        activation = try inputs.activation(environment)
        answers = Array(repeating: false, count: rules.count)
    }

    /// The value, and one evaluation: a condition is asked whether it holds, as rules are.
    func expression(_ name: String) throws -> (Answer, () throws -> Void)? {
        guard let program = try programs[name]?.get() else { return nil }
        let activation = activation
        let value = try program.evaluate(activation)
        guard case .bool(let expected) = value else {
            return (.value(value), { consume(try program.evaluate(activation)) })
        }
        guard try program.isTrue(activation) == expected else {
            throw InputError(reason: "evaluate and isTrue differ")
        }
        return (.value(value), { consume(try program.isTrue(activation)) })
    }

    /// One run of a row.
    func run(_ name: String) throws -> (() throws -> Void)? {
        switch name {
        case Self.pass:
            { [self] in try rules.evaluate(activation, into: &answers) }
        case "decode_and_rules100":
            { [self] in try rules.evaluate(inputs.activation(environment), into: &answers) }
        case "compile_rules100":
            { [self] in consume(try CompiledRules(sources, environment)) }
        default: try expression(name)?.1
        }
    }
}
