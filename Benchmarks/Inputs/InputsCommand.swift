import ArgumentParser
import Foundation
import JSON

/// `inputs DIR`: writes a folder of inputs, the same bytes each time.
struct InputsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inputs",
        abstract:
            "Writes a conversation, expressions and 100 rules for `cel` and for other engines.")

    @Argument(help: "The folder; it is made when it is not there.")
    var folder: String

    func run() throws {
        let folder = URL(filePath: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func write(_ text: String, to name: String) throws {
            try Data((text + "\n").utf8).write(to: folder.appending(path: name))
        }
        try write(ConversationFile.text(sentences: 200), to: "conversation.json")
        try write(ConversationFile.text(sentences: 12), to: "conversation-small.json")
        try write(Self.list(ExpressionList.entries), to: "expressions.json")
        try write(Self.list(RuleList.entries), to: "rules100.json")
    }

    private static func list(_ entries: [(name: String, expression: String)]) -> String {
        let lines = entries.map { entry in
            "{\"name\": \(JSON.quoted(entry.name)), \"expr\": \(JSON.quoted(entry.expression))}"
        }
        return "[\n" + lines.joined(separator: ",\n") + "\n]"
    }
}
