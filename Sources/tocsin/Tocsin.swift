import ArgumentParser
import Foundation
import Pipeline

/// The command line.
@main
struct Tocsin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tocsin",
        abstract: "Watches conversation-analysis tasks, evaluates rules, rings the right people.",
        version: Version.text,
        subcommands: [
            InitCommand.self, CheckCommand.self, RunCommand.self, TasksCommand.self,
            AlertsCommand.self, DeliveriesCommand.self, SourcesCommand.self, ChannelsCommand.self,
            FunctionsCommand.self, SimulateCommand.self, DemoCommand.self, VersionCommand.self,
        ])

    static func main() async {
        let arguments = Arguments.reordered(Array(CommandLine.arguments.dropFirst()))
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as StoreError {
            Output.error(error.text(in: Output.language))
            Foundation.exit(Exit.findings.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}

/// `--config FILE` works before the subcommand as well as after it.
enum Arguments {
    static func reordered(_ arguments: [String]) -> [String] {
        guard let first = arguments.first else { return arguments }
        if first == "--config", arguments.count > 2 {
            return withConfig(arguments[1], behind: Array(arguments.dropFirst(2)))
        }
        if first.hasPrefix("--config="), arguments.count > 1 {
            let file = String(first.dropFirst("--config=".count))
            return withConfig(file, behind: Array(arguments.dropFirst()))
        }
        return arguments
    }

    /// Behind the words of the subcommand, before a `--` that ends the options.
    private static func withConfig(_ file: String, behind arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments[..<end] + ["--config", file] + arguments[end...]
    }
}
