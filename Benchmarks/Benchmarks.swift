import ArgumentParser

/// The benchmarks' command line; `README.md` beside it says what each line means.
@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks",
        abstract: "Times the rule language and what stands on it.",
        subcommands: [
            LanguageCommand.self, TextCommand.self, ReplyCommand.self, CompileCommand.self,
            InputsCommand.self,
        ])
}
