import ArgumentParser
import Foundation

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented tocsin.yaml and a rules/ folder to start from.",
        discussion: "A file that exists already is left as it is, and named.")

    @Argument(help: "The folder; default: this one.")
    var folder = "."

    func run() throws {
        let base = URL(filePath: folder, directoryHint: .isDirectory)
        var files = [("tocsin.yaml", SettingsTemplate.text)]
        files += ShippedRules.files.map { ("rules/\($0.name)", $0.text) }
        for (name, text) in files {
            let url = base.appending(path: name)
            do {
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url, options: .withoutOverwriting)
                Output.line(Output.words("写入 \(name)", "wrote \(name)"))
            } catch CocoaError.fileWriteFileExists {
                Output.line(Output.words("已有 \(name)，未改动", "\(name) is there, left as it is"))
            } catch {
                Output.error(
                    Output.words(
                        "写不了 \(url.path)：\(error.localizedDescription)",
                        "cannot write \(url.path): \(error.localizedDescription)"))
                throw Exit.findings
            }
        }
        Output.line(
            Output.words(
                "下一步：改 tocsin.yaml，然后 tocsin check", "next: edit tocsin.yaml, then tocsin check"))
    }
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "The release.")

    @Option(help: "text for people, json for programs.")
    var format: OutputFormat = .text

    func run() throws {
        if format == .json { return try Output.json(["version": Version.text]) }
        Output.line("tocsin \(Version.text)")
    }
}
