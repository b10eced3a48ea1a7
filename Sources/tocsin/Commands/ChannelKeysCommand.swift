import ArgumentParser
import Pipeline

extension ChannelsCommand {
    /// What the settings of a channel can be written with.
    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every key of every kind of channel: meaning, default, bound, an example.")

        @Argument(help: "Kinds of channels; default: all.") var types: [String] = []
        @Option(help: "text for people, json for programs.") var format: OutputFormat = .text
        @Flag(help: "The tables of the README.") var markdown = false

        func run() throws {
            if markdown { return Output.text(ChannelManual.markdown(in: Output.language)) }
            let known = ChannelKind.all.map(\.name)
            for type in types where !known.contains(type) {
                throw ValidationError(
                    Output.words("没有 \(type) 这种通道", "there is no kind of channel \(type)"))
            }
            let kinds = ChannelKind.all.filter { types.isEmpty || types.contains($0.name) }
            if format == .json { return try Output.json(kinds.flatMap(Entry.entries)) }
            for kind in kinds {
                Output.line(ChannelManual.text(of: kind, in: Output.language))
            }
        }

        /// A key for programs.
        struct Entry: Encodable {
            var type: String
            var key: String
            var example: String
            var required: Bool
            var meaning: String
            var terms: String

            static func entries(of kind: ChannelKind) -> [Entry] {
                (SettingKey.ofEveryChannel + kind.settings).map { key in
                    Entry(
                        type: kind.name, key: key.name, example: key.example,
                        required: key.isRequired, meaning: key.meaning.text(in: Output.language),
                        terms: key.terms.text(in: Output.language))
                }
            }
        }
    }
}
