import ArgumentParser
import Dispatch

/// The benchmarks' command line; `README.md` beside it says what each line means.
@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks",
        abstract: "Times what the product promises to be fast at.",
        subcommands: [
            LanguageCommand.self, TextCommand.self, ReplyCommand.self, CompileCommand.self,
            InputsCommand.self, MailCommand.self, MailSinkCommand.self,
            DeliveriesCommand.self, RequestSinkCommand.self, StrictReceiverCommand.self,
        ])

    /// Most commands run on the first thread alone: under Valgrind no others can be started.
    static func main() {
        do {
            var command = try parseAsRoot()
            guard command is any AsyncParsableCommand else { return try command.run() }
            Task { await runConcurrently() }
            dispatchMain()
        } catch {
            exit(withError: error)
        }
    }

    private static func runConcurrently() async {
        do {
            let command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() }
            exit()
        } catch {
            exit(withError: error)
        }
    }
}
