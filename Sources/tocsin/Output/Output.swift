import ArgumentParser
import CEL
import Foundation
import Pipeline
import Synchronization

/// How a command answers.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text, json
}

/// What commands print: tables for people, JSON for programs; findings and errors go to the
/// error stream.
enum Output {
    /// The language of the command line: that of the settings when they name one, else the locale's.
    static var language: Language { settingsLanguage.withLock { $0 } ?? localeLanguage }

    /// What the settings of this process name.
    private static let settingsLanguage = Mutex<Language?>(nil)
    private static let localeLanguage = language(ofLocale: ProcessInfo.processInfo.environment)

    /// From here on the language is the one that the settings name.
    static func use(_ language: Language) { settingsLanguage.withLock { $0 = language } }

    /// The language of a locale; C, POSIX and none mean the product's own.
    static func language(ofLocale environment: [String: String]) -> Language {
        let locale =
            ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
            .compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let name = locale.split(separator: ".").first.map(String.init) ?? ""
        return name.isEmpty || name == "C" || name == "POSIX" || name.hasPrefix("zh")
            ? .chinese : .english
    }

    /// The text in the language of the command line.
    static func words(_ chinese: String, _ english: String) -> String {
        language == .chinese ? chinese : english
    }

    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func text(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    static func error(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// One JSON value, keys sorted, and a line end.
    static func json(_ value: some Encodable, isPretty: Bool = true) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        let data = try encoder.encode(value)
        FileHandle.standardOutput.write(data + Data("\n".utf8))
    }

    /// Whether people read the output as it comes.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// The exit codes that scripts rely on.
enum Exit {
    /// Findings, failed tests, dead or lost work.
    static let findings = ExitCode(1)
    static let usage = ExitCode(64)
    /// Settings or rules that cannot be used.
    static let configuration = ExitCode(78)
}

extension StoreError {
    /// The message in the language, where it has been written in it.
    func text(in language: Language) -> String {
        language == .chinese ? chinese ?? message : message
    }
}
