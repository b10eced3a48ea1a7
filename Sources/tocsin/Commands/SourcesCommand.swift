import ArgumentParser
import Clouds
import Networking
import Pipeline

struct SourcesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "The clouds that are watched.", subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send one signed request to each source, and say what the answer means.")

        @OptionGroup var options: CommonOptions
        @Argument(help: "Sources; default: all.") var names: [String] = []

        private struct Row: Encodable {
            var source: String
            var works: Bool
            var explanation: String
        }

        func run() async throws {
            let settings = try Workspace.load(options, for: .connections).settings
            let sources = try settings.sources.chosen(names, by: \.name, what: ("来源", "source"))
            let transport = Assembly.transport(settings.network)
            var rows: [Row] = []
            for source in sources {
                let probe = await Assembly.cloud(source, transport).probe(at: SystemClock().now)
                var works = false
                if case .works = probe { works = true }
                rows.append(
                    Row(source: source.name, works: works, explanation: probe.explanation))
            }
            await transport.shutdown()
            if options.format == .json {
                try Output.json(rows)
            } else {
                for row in rows {
                    Output.line("\(row.works ? "✓" : "✗") \(row.source): \(row.explanation)")
                }
            }
            if rows.contains(where: { !$0.works }) { throw Exit.findings }
        }
    }
}
