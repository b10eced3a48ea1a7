/// The language of messages.
public enum Language: Sendable, CaseIterable {
    /// English.
    case english
    /// Chinese, in simplified characters.
    case chinese
}

/// One thing that is wrong with a source text, and where.
public struct Diagnostic: Hashable, Sendable {
    /// How bad it is.
    public enum Severity: Sendable {
        /// The source cannot be used.
        case error
        /// The source can be used, and is probably not meant so.
        case warning
    }

    /// How bad it is.
    public let severity: Severity
    /// The part of the source that is meant, in UTF-8 bytes from its start.
    public let range: Range<Int>
    /// The line of the part's start, from 1.
    public let line: Int
    /// The column of the part's start, from 1, counted in code points.
    public let column: Int
    let content: Message

    init(_ content: Message, at range: Range<Int>, in source: Source) {
        self.content = content.clipped
        self.range = range
        (line, column) = source.position(of: range.lowerBound)
        severity = .error
    }

    /// A stable name of the mistake, such as `unknown-field`.
    public var code: String { content.code }

    /// What is wrong, in one sentence without a full stop.
    public func message(in language: Language) -> String { content.text(in: language) }

    /// As ``message(in:)``, for a source that is a part of a larger text, such as a file: `place` tells
    /// line and column there of an offset in the source.
    public func message(
        in language: Language, placing place: (_ offset: Int) -> (line: Int, column: Int)
    ) -> String {
        content.placed(place).text(in: language)
    }

    /// What to do about it, when that is known.
    public func hint(in language: Language) -> String? { content.hint(in: language) }

    /// The name that was probably meant, when one is near.
    public var suggestion: String? { content.suggestion }

    /// Code, message, the source's line with the part underlined, and the hint.
    public func rendered(of source: String, in language: Language) -> String {
        var text = "\(line):\(column): \(message(in: language)) [\(code)]\n"
        text += Excerpt(of: source, at: range).rendered()
        if let hint = hint(in: language) {
            text += "\n" + (language == .chinese ? "  提示：" : "  hint: ") + hint
        }
        return text
    }
}

/// All that is wrong with a source text, in the order of the text.
public struct CompilationError: Error, Hashable, Sendable {
    /// At least one diagnostic.
    public let diagnostics: [Diagnostic]
}

/// Why an evaluation gave no value.
public struct EvaluationError: Error, Hashable, Sendable {
    /// The part of the source whose evaluation failed, in UTF-8 bytes from its start.
    public let range: Range<Int>
    /// The line of the part's start, from 1.
    public let line: Int
    /// The column of the part's start, from 1, counted in code points.
    public let column: Int
    let content: Message

    /// A stable name of the fault, such as `no-such-key`.
    public var code: String { content.code }

    /// What went wrong, in one sentence without a full stop.
    public func message(in language: Language) -> String { content.text(in: language) }

    /// What to do about it, when that is known.
    public func hint(in language: Language) -> String? { content.hint(in: language) }
}

extension EvaluationError: CustomStringConvertible {
    /// Place, message and code, in English.
    public var description: String { "\(line):\(column): \(message(in: .english)) [\(code)]" }
}
