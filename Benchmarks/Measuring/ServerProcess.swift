import Foundation

/// A server in a process of its own, so that its share of the processor is nobody else's.
///
/// It says in a line of JSON when it is ready, answers questions line by line, and ends with
/// `quit`.
final class ServerProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    /// What it said when it was ready.
    private(set) var greeting: [String: Int] = [:]

    /// One of this program's own commands.
    convenience init(command: [String]) throws {
        try self.init(URL(filePath: CommandLine.arguments[0]), command)
    }

    init(_ executable: URL, _ arguments: [String]) throws {
        process.standardInput = input
        process.standardOutput = output
        process.executableURL = executable
        process.arguments = arguments
        try process.run()
        greeting = try nextNumbers()
    }

    func ask(_ question: String) throws -> [String: Int] {
        try input.fileHandleForWriting.write(contentsOf: Data("\(question)\n".utf8))
        return try nextNumbers()
    }

    /// Ends it, and waits for its end.
    func end() {
        try? input.fileHandleForWriting.write(contentsOf: Data("quit\n".utf8))
        process.waitUntilExit()
    }

    /// The members of the next line that are numbers.
    private func nextNumbers() throws -> [String: Int] {
        let line = output.fileHandleForReading.availableData
        guard let entries = try? JSONDecoder().decode([String: Entry].self, from: line) else {
            throw InputError(reason: "the server did not answer")
        }
        return entries.compactMapValues { entry in
            if case .number(let number) = entry { number } else { nil }
        }
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
