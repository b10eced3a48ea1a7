/// Everything that can be said about a source or an evaluation: one case a thing to say, one code a kind
/// of mistake, one wording in each language.
///
/// All wording is in this folder, but that of ``Fault/Code``, for what fails while evaluating.
enum Message: Hashable, Sendable {
    // The text.
    case sourceTooLarge(limit: Int)
    case unexpectedCharacter(String, instead: ForeignSigns.Advice?)
    case invisibleCharacter(UInt32)
    case foreignPattern(String, pattern: String)
    case unterminatedText
    case badEscape(String)
    case badNumber(String, instead: String? = nil)
    case numberTooLarge(String)
    // The shape.
    case unexpected(found: String, expected: Expected)
    case foreign(String, instead: String)
    case unclosed(String, closing: String, opened: Place, found: String)
    case unopened(String)
    case reservedWord(String)
    case tooDeep(limit: Int)
    case namesTooDeep(limit: Int)
    case tooManyNodes(limit: Int)
    case loopsTooDeep(limit: Int)
    case macroArgument(macro: String, expected: Expected)
    case reservedVariable(String)
    case hostMacro(macro: String, english: String, chinese: String)
    case tooManyMistakes(limit: Int)
    // What the host has declared.
    case badDeclaration(String, DeclarationMistake)
    // The meaning.
    case unknownName(String, suggestion: String?)
    case unknownField(String, type: ValueType, suggestion: String?, remedy: Remedy? = nil)
    case unknownFunction(String, suggestion: String?)
    case macroForm(String, isReceiver: Bool, counts: [Int])
    case wrongArguments(
        String, arguments: [ValueType], candidates: [String], remedy: Remedy? = nil)
    case wrongArgument(String, type: ValueType, candidates: [String])
    case notSelectable(String, type: ValueType, suggestion: String?, remedy: Remedy? = nil)
    case notIterable(ValueType)
    case wrongType(found: ValueType, expected: ValueType)
    case badKeyType(ValueType)
    case impossibleText(String, value: String, meant: String?, instead: Documentation)
    case impossibleNumber(String, range: ClosedRange<Double>, holds: Bool)
    case impossibleElement(String, range: ClosedRange<Double>, value: String)
    case badDuration(String, meant: String?)
    case badTimestamp(String, meant: String?)
    case badPattern(String)
    case patternTooLong(limit: Int)
    case patternsTooLarge(limit: Int)
    // The evaluation.
    case fault(Fault.Code, subject: String, detail: String)
}

/// What to write instead, made of what stands in the source.
enum Remedy: Hashable, Sendable {
    /// One of some fields, as `agent.speechRate.max`.
    case fields([String])
    /// A form of its own, as `list.size()`, and what it gives.
    case form(String, for: Documentation)
    /// The form that asks each element of a list, and what the host has to say of the field.
    case elements(String, advice: Documentation?)
}

/// A place in the source that a message names beside its own.
struct Place: Hashable, Sendable {
    /// In UTF-8 bytes from the source's start.
    var offset: Int
    /// From 1.
    var line: Int
    /// From 1, in code points.
    var column: Int

    init(offset: Int, line: Int, column: Int) {
        self.offset = offset
        self.line = line
        self.column = column
    }

    init(_ offset: Int, in source: Source) {
        let (line, column) = source.position(of: offset)
        self.init(offset: offset, line: line, column: column)
    }
}

extension Place: CustomStringConvertible {
    var description: String { "\(line):\(column)" }
}

/// What a place in the source should have held.
enum Expected: Hashable, Sendable {
    case expression, operation, endOfExpression, fieldName, name, closing(String), token(String)
    case selection, literal(String)
}

extension Message {
    /// The kinds of mistakes that are found before an evaluation, by their stable names.
    enum Code: String, CaseIterable {
        case sourceTooLarge = "source-too-large"
        case unexpectedCharacter = "unexpected-character"
        case foreignPattern = "foreign-pattern"
        case unterminatedText = "unterminated-text"
        case badEscape = "bad-escape"
        case badNumber = "bad-number"
        case numberTooLarge = "number-too-large"
        case syntax
        case unclosed
        case unopened
        case reservedWord = "reserved-word"
        case tooDeep = "too-deep"
        case tooManyNodes = "too-many-nodes"
        case loopsTooDeep = "loops-too-deep"
        case macroArgument = "macro-argument"
        case reservedVariable = "reserved-variable"
        case macro
        case tooManyMistakes = "too-many-mistakes"
        case badDeclaration = "bad-declaration"
        case unknownName = "unknown-name"
        case unknownField = "unknown-field"
        case unknownFunction = "unknown-function"
        case macroForm = "macro-form"
        case wrongArguments = "wrong-arguments"
        case notSelectable = "not-selectable"
        case notIterable = "not-iterable"
        case wrongType = "wrong-type"
        case badKeyType = "bad-key-type"
        case impossibleValue = "impossible-value"
        case badDuration = "bad-duration"
        case badTimestamp = "bad-timestamp"
        case badPattern = "bad-pattern"
        case patternsTooLarge = "patterns-too-large"
    }

    /// The stable name of the mistake.
    var code: String {
        if case .fault(let code, _, _) = self { return code.name }
        return kind?.rawValue ?? ""
    }

    /// The kind of mistake, nil for one of an evaluation.
    private var kind: Code? {
        switch self {
        case .sourceTooLarge: .sourceTooLarge
        case .unexpectedCharacter, .invisibleCharacter: .unexpectedCharacter
        case .foreignPattern: .foreignPattern
        case .unterminatedText: .unterminatedText
        case .badEscape: .badEscape
        case .badNumber: .badNumber
        case .numberTooLarge: .numberTooLarge
        case .unexpected, .foreign: .syntax
        case .unclosed: .unclosed
        case .unopened: .unopened
        case .reservedWord: .reservedWord
        case .tooDeep, .namesTooDeep: .tooDeep
        case .tooManyNodes: .tooManyNodes
        case .loopsTooDeep: .loopsTooDeep
        case .macroArgument: .macroArgument
        case .reservedVariable: .reservedVariable
        case .hostMacro: .macro
        case .tooManyMistakes: .tooManyMistakes
        case .badDeclaration: .badDeclaration
        case .unknownName: .unknownName
        case .unknownField: .unknownField
        case .unknownFunction: .unknownFunction
        case .macroForm: .macroForm
        case .wrongArguments, .wrongArgument: .wrongArguments
        case .notSelectable: .notSelectable
        case .notIterable: .notIterable
        case .wrongType: .wrongType
        case .badKeyType: .badKeyType
        case .impossibleText, .impossibleNumber, .impossibleElement: .impossibleValue
        case .badDuration: .badDuration
        case .badTimestamp: .badTimestamp
        case .badPattern, .patternTooLong: .badPattern
        case .patternsTooLarge: .patternsTooLarge
        case .fault: nil
        }
    }

    /// The name that was probably meant.
    var suggestion: String? {
        switch self {
        case .unknownName(_, let suggestion), .unknownField(_, _, let suggestion, _),
            .unknownFunction(_, let suggestion), .notSelectable(_, _, let suggestion, _):
            suggestion
        default: nil
        }
    }

    /// The same with the place that it names counted in another text, of which the source is a part.
    func placed(_ place: (_ offset: Int) -> (line: Int, column: Int)) -> Message {
        guard case .unclosed(let opening, let closing, let opened, let found) = self else {
            return self
        }
        let (line, column) = place(opened.offset)
        let moved = Place(offset: opened.offset, line: line, column: column)
        return .unclosed(opening, closing: closing, opened: moved, found: found)
    }

    /// What is wrong, in one sentence.
    func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }
}
