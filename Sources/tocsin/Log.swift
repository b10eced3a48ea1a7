import Foundation
import Logging
import Pipeline

/// The program's log: one line for each event on the error stream, keys and values, no sentences.
enum Log {
    static func logger(level: Logger.Level) -> Logger {
        var logger = Logger(label: "tocsin") { _ in LineHandler() }
        logger.logLevel = level
        return logger
    }
}

/// `2026-11-21T04:00:00.123Z notice alert raised rule=customer-loud task=calls/t-1`.
private struct LineHandler: LogHandler {
    var logLevel: Logger.Level = .notice
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let pairs = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .sorted { $0.key < $1.key }
            .map { " \($0.key)=\(Self.quoted("\($0.value)"))" }
        let line = "\(SystemClock().now.rfc3339) \(event.level) \(event.message)\(pairs.joined())\n"
        FileHandle.standardError.write(Data(line.utf8))
    }

    /// A value with blanks, quotes or control characters in JSON's quotes: one event, one line.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy {
            $0 != " " && $0 != "\"" && $0 != "=" && $0.properties.generalCategory != .control
        }
        if isPlain && !value.isEmpty { return value }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
