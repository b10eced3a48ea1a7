import ArgumentParser

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "The settings file; default ./tocsin.yaml, then /etc/tocsin/tocsin.yaml.")
    var config: String?

    @Option(help: "text for people, json for programs.")
    var format: OutputFormat = .text
}

/// What lists take.
struct PageOptions: ParsableArguments {
    static let mostRows = 100_000

    @Option(help: "The most rows.")
    var limit = 100

    func validate() throws {
        guard (1...Self.mostRows).contains(limit) else {
            throw ValidationError(
                Output.words(
                    "--limit 在 1 到 \(Self.mostRows) 之间",
                    "--limit is between 1 and \(Self.mostRows)"))
        }
    }
}
