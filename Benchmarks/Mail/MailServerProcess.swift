import ArgumentParser
import Foundation
import StandIns

/// A mail server in a process of its own, so that each side has its own share of the processor.
final class MailServerProcess {
    let port: Int
    private let process = Process()
    private let input = Pipe()

    private static let postfix = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Tests/ChannelsTests/Servers/postfix.py").standardizedFileURL

    init(_ kind: MailCommand.Server) throws {
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        switch kind {
        case .sink:
            process.executableURL = URL(filePath: CommandLine.arguments[0])
            process.arguments = ["mail-sink"]
        case .postfix:
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = [Self.postfix.path()]
        }
        try process.run()
        let line = output.fileHandleForReading.availableData
        guard let ready = try? JSONDecoder().decode([String: Entry].self, from: line),
            case .number(let port)? = ready["smtp"]
        else { throw InputError(reason: "the mail server did not start") }
        self.port = port
    }

    /// Ends it, and waits for its end.
    func end() {
        try? input.fileHandleForWriting.write(contentsOf: Data("quit\n".utf8))
        process.waitUntilExit()
    }

    private enum Entry: Decodable {
        case number(Int)
        case other

        init(from decoder: any Decoder) throws {
            let number = try? decoder.singleValueContainer().decode(Int.self)
            self = number.map(Entry.number) ?? .other
        }
    }
}

/// `mail-sink`: takes mails until its standard input ends.
struct MailSinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail-sink", abstract: "A mail server that keeps nothing.",
        shouldDisplay: false)

    func run() async throws {
        var options = MailOptions()
        options.keep = 1
        let sink = MailStandIn(options: options)
        try await withStandIns([sink]) {
            print("{\"smtp\": \(try await sink.port)}")
            fflush(nil)
            while let line = readLine() { if line == "quit" { break } }
        }
    }
}
