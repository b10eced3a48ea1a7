// Of what is very long, a message shows the beginning.
extension Message {
    /// The most code points of a part of the source that a message shows.
    static let shownLimit = 100
    /// The most code points of what the host, or its engine, says.
    static let toldLimit = 300

    /// The message with the beginning of each part of the source that is very long: a text of a
    /// hundred thousand bytes is one token, and nobody reads it in a message.
    var clipped: Message {
        switch self {
        case .unexpectedCharacter(let text, let instead):
            .unexpectedCharacter(text.clipped(), instead: instead?.clipped)
        case .foreignPattern(let text, let pattern):
            .foreignPattern(text.clipped(), pattern: pattern.clipped())
        case .badEscape(let text): .badEscape(text.clipped())
        case .badNumber(let text, let instead):
            .badNumber(text.clipped(), instead: instead?.clipped())
        case .numberTooLarge(let text): .numberTooLarge(text.clipped())
        case .unexpected(let found, let expected):
            .unexpected(found: found.clipped(), expected: expected)
        case .foreign(let word, let instead):
            .foreign(word.clipped(), instead: instead.clipped())
        case .unclosed(let opening, let closing, let opened, let found):
            .unclosed(opening, closing: closing, opened: opened, found: found.clipped())
        case .hostMacro(let macro, let english, let chinese):
            .hostMacro(
                macro: macro, english: english.clipped(to: Message.toldLimit),
                chinese: chinese.clipped(to: Message.toldLimit))
        case .unknownName(let name, let suggestion):
            .unknownName(name.clipped(), suggestion: suggestion)
        case .unknownField(let field, let type, let suggestion, let remedy):
            .unknownField(field.clipped(), type: type, suggestion: suggestion, remedy: remedy)
        case .unknownFunction(let name, let suggestion):
            .unknownFunction(name.clipped(), suggestion: suggestion)
        case .notSelectable(let field, let type, let suggestion, let remedy):
            .notSelectable(field.clipped(), type: type, suggestion: suggestion, remedy: remedy)
        case .impossibleText(let field, let value, let meant, let instead):
            .impossibleText(
                field.clipped(), value: value.clipped(), meant: meant, instead: instead)
        case .impossibleNumber(let field, let range, let holds):
            .impossibleNumber(field.clipped(), range: range, holds: holds)
        case .impossibleElement(let field, let range, let value):
            .impossibleElement(field.clipped(), range: range, value: value.clipped())
        case .badDuration(let text, let meant): .badDuration(text.clipped(), meant: meant)
        case .badTimestamp(let text, let meant): .badTimestamp(text.clipped(), meant: meant)
        case .badPattern(let reason): .badPattern(reason.clipped(to: Message.toldLimit))
        default: self
        }
    }
}

extension ForeignSigns.Advice {
    fileprivate var clipped: ForeignSigns.Advice {
        switch self {
        case .leaveOut, .nameInLetters: self
        case .key(let key): .key(key.clipped())
        case .write(let text): .write(text.clipped())
        }
    }
}

extension String {
    /// The text, or its beginning with a sign that it goes on.
    func clipped(to limit: Int = Message.shownLimit) -> String {
        guard utf8.count > limit else { return self }
        let beginning = unicodeScalars.prefix(limit)
        return beginning.endIndex == endIndex ? self : String(beginning) + "…"
    }
}
