import ArgumentParser
import Pipeline

/// What conditions can be written with.
struct FunctionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "functions",
        abstract: "The words and functions of conditions, with an example each.",
        discussion:
            "X and Y are lists of sentences: `sentences`, `customer`, `agent`, or what another word gave."
    )

    @Argument(help: "Only what has this in its name or its line.") var part: String?
    @Option(help: "text for people, json for programs.") var format: OutputFormat = .text
    @Flag(help: "The words of conversations as the tables of rules/README.md.") var markdown = false

    func run() throws {
        if markdown { return Output.text(WordManual.markdown) }
        let all = WordManual.words + WordManual.language
        let shown = all.filter { part.map($0.has) ?? true }
        if format == .json { return try Output.json(shown) }
        var group = ""
        for word in shown {
            if word.group != group {
                group = word.group
                Output.line("\(WordManual.title(of: group, in: Output.language))\n")
            }
            for signature in word.signatures { Output.line("  " + signature) }
            if word.signatures.isEmpty { Output.line("  " + word.name) }
            Output.line("      " + Output.words(word.chinese, word.english))
            if !word.example.isEmpty { Output.line("      " + word.example) }
            Output.line("")
        }
        if shown.isEmpty {
            Output.line(Output.words("没有匹配的词", "no word matches"))
            throw Exit.findings
        }
    }
}

extension WordDescription {
    fileprivate func has(_ part: String) -> Bool {
        ([name, english, chinese] + signatures).contains {
            $0.lowercased().contains(part.lowercased())
        }
    }
}
