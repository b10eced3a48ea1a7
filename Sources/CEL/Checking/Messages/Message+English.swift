// What is said in English.
extension Message {
    var english: String {
        switch self {
        case .sourceTooLarge(let limit): "the expression is longer than \(limit) bytes"
        case .unexpectedCharacter(let text, _): "unexpected character `\(text)`"
        case .invisibleCharacter(let code):
            "unexpected character U+\(Message.hexadecimal(code)), which cannot be seen"
        case .foreignPattern(let text, _): "a regular expression is a text, not `\(text)`"
        case .unterminatedText: "the text has no closing quote"
        case .badEscape(let text): "`\(text)` is not an escape sequence here"
        case .badNumber(let text, _): "`\(text)` is not a number"
        case .numberTooLarge(let text): "the number \(text) does not fit in 64 bits"
        case .unexpected(let found, let expected):
            "found \(shown(found)), expected \(expected.english)"
        case .foreign(let word, _): "`\(word)` is not of this language"
        case .unclosed(let opening, let closing, let opened, let found):
            "found \(shown(found)), expected `\(closing)` for the `\(opening)` at \(opened)"
        case .unopened(let closing): "`\(closing)` closes nothing"
        case .reservedWord(let word): "`\(word)` is a reserved word and cannot be a name"
        case .tooDeep(let limit): "the expression is nested more than \(limit) levels deep"
        case .namesTooDeep(let limit):
            "with what names stand for it is nested more than \(limit) levels deep"
        case .tooManyNodes(let limit): "the expression has more than \(limit) parts"
        case .loopsTooDeep(let limit): "loops are nested more than \(limit) levels deep"
        case .macroArgument(let macro, let expected):
            "`\(macro)` needs \(expected.english) here"
        case .reservedVariable(let name): "`\(name)` cannot be the name of a variable"
        case .hostMacro(let macro, let english, _): "`\(macro)`: \(english)"
        case .tooManyMistakes(let limit): "more than \(limit) mistakes; the rest is not shown"
        case .badDeclaration(let name, let mistake):
            "the host's declaration of `\(name)`: \(mistake.english)"
        case .unknownName(let name, _): "there is no `\(name)`"
        case .unknownField(let field, let type, _, _): "`\(type)` has no field `\(field)`"
        case .unknownFunction(let name, _): "there is no function `\(name)`"
        case .macroForm(let name, let isReceiver, let counts):
            "`\(name)` is called \(isReceiver ? "on a value" : "by itself"), with "
                + counts.map(String.init).joined(separator: " or ") + " arguments"
        case .wrongArguments(let name, let arguments, _, _):
            "`\(name)` does not take (\(arguments.map(\.description).joined(separator: ", ")))"
        case .wrongArgument(let name, let type, _): "`\(name)` does not take `\(type)` here"
        case .notSelectable(let field, let type, _, _): "`\(type)` has no fields, so no `\(field)`"
        case .notIterable(let type): "a loop needs a list or a map, not `\(type)`"
        case .wrongType(let found, let expected): "expected `\(expected)`, found `\(found)`"
        case .badKeyType(let type): "a key cannot be `\(type)`"
        case .impossibleText(let field, let value, _, _): "`\(field)` is never \(value)"
        case .impossibleNumber(let field, let range, let holds):
            "`\(field)` is \(Message.shown(range)), so this \(holds ? "always" : "never") holds"
        case .impossibleElement(let field, let range, let value):
            "`\(field)` is \(Message.shown(range)), never \(value)"
        case .badDuration(let text, _): "\(text) is no duration"
        case .badTimestamp(let text, _): "\(text) is no time"
        case .badPattern(let reason): "the regular expression is refused: \(reason)"
        case .patternTooLong(let limit):
            "the regular expression is longer than \(limit) bytes"
        case .patternsTooLarge(let limit):
            "the regular expressions need more than \(limit) instructions together"
        case .fault(let code, let subject, let detail):
            code.english + (subject.isEmpty ? "" : ": \(subject)")
                + (detail.isEmpty ? "" : " (\(detail))")
        }
    }

    private static func shown(_ range: ClosedRange<Double>) -> String {
        "from \(shown(range.lowerBound)) to \(shown(range.upperBound))"
    }

    private func shown(_ found: String) -> String { found.isEmpty ? "the end" : "`\(found)`" }
}

extension Expected {
    var english: String {
        switch self {
        case .expression: "an expression"
        case .operation: "an operator or the end"
        case .endOfExpression: "the end of the expression"
        case .fieldName: "a field name"
        case .name: "a simple name"
        case .closing(let token): "`\(token)` to close"
        case .token(let token): "`\(token)`"
        case .selection: "a field selection such as `a.b`"
        case .literal(let type): "a literal \(type)"
        }
    }
}
