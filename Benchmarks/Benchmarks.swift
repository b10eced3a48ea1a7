import ArgumentParser

/// The benchmarks' command line; `README.md` beside it says what each line means.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks",
        abstract: "Times what the product promises to be fast at.",
        subcommands: [
            LanguageCommand.self, TextCommand.self, ReplyCommand.self, CompileCommand.self,
            InputsCommand.self, MailCommand.self, MailSinkCommand.self,
        ])
}
