/// Everything that can be said about a source or an evaluation: one case, one code, one wording in
/// each language.
///
/// Besides this file only ``Fault/Code`` holds wording, for what fails while evaluating.
enum Message: Hashable, Sendable {
    // The text.
    case sourceTooLarge(limit: Int)
    case unexpectedCharacter(String)
    case unterminatedText
    case badEscape(String)
    case badNumber(String)
    case numberTooLarge(String)
    // The shape.
    case unexpected(found: String, expected: Expected)
    case reservedWord(String)
    case tooDeep(limit: Int)
    case tooManyNodes(limit: Int)
    case loopsTooDeep(limit: Int)
    case macroArgument(macro: String, expected: Expected)
    case reservedVariable(String)
    case hostMacro(macro: String, english: String, chinese: String)
    case tooManyMistakes(limit: Int)
    // The meaning.
    case unknownName(String, suggestion: String?)
    case unknownField(String, type: ValueType, suggestion: String?)
    case unknownFunction(String, suggestion: String?)
    case wrongArguments(String, arguments: [ValueType], candidates: [String])
    case notSelectable(String, type: ValueType)
    case notIterable(ValueType)
    case wrongType(found: ValueType, expected: ValueType)
    case badKeyType(ValueType)
    case badPattern(String)
    case patternsTooLarge(limit: Int)
    // The evaluation.
    case fault(Fault.Code, subject: String, detail: String)
}

/// What a place in the source should have held.
enum Expected: Hashable, Sendable {
    case expression, endOfExpression, fieldName, name, closing(String), token(String)
    case selection, literal(String)

    func text(in language: Language) -> String {
        switch (self, language) {
        case (.expression, .english): "an expression"
        case (.expression, .chinese): "一个表达式"
        case (.endOfExpression, .english): "the end of the expression"
        case (.endOfExpression, .chinese): "表达式的结尾"
        case (.fieldName, .english): "a field name"
        case (.fieldName, .chinese): "一个字段名"
        case (.name, .english): "a simple name"
        case (.name, .chinese): "一个简单的名称"
        case (.closing(let token), .english): "`\(token)` to close"
        case (.closing(let token), .chinese): "用 `\(token)` 结束"
        case (.token(let token), _): "`\(token)`"
        case (.selection, .english): "a field selection such as `a.b`"
        case (.selection, .chinese): "形如 `a.b` 的字段选择"
        case (.literal(let type), .english): "a literal \(type)"
        case (.literal(let type), .chinese): "一个 \(type) 字面量"
        }
    }
}

extension Message {
    /// The stable name of the mistake.
    var code: String {
        switch self {
        case .sourceTooLarge: "source-too-large"
        case .unexpectedCharacter: "unexpected-character"
        case .unterminatedText: "unterminated-text"
        case .badEscape: "bad-escape"
        case .badNumber: "bad-number"
        case .numberTooLarge: "number-too-large"
        case .unexpected: "syntax"
        case .reservedWord: "reserved-word"
        case .tooDeep: "too-deep"
        case .tooManyNodes: "too-many-nodes"
        case .loopsTooDeep: "loops-too-deep"
        case .macroArgument: "macro-argument"
        case .reservedVariable: "reserved-variable"
        case .hostMacro: "macro"
        case .tooManyMistakes: "too-many-mistakes"
        case .unknownName: "unknown-name"
        case .unknownField: "unknown-field"
        case .unknownFunction: "unknown-function"
        case .wrongArguments: "wrong-arguments"
        case .notSelectable: "not-selectable"
        case .notIterable: "not-iterable"
        case .wrongType: "wrong-type"
        case .badKeyType: "bad-key-type"
        case .badPattern: "bad-pattern"
        case .patternsTooLarge: "patterns-too-large"
        case .fault(let code, _, _): code.name
        }
    }

    /// The name that was probably meant.
    var suggestion: String? {
        switch self {
        case .unknownName(_, let suggestion), .unknownField(_, _, let suggestion),
            .unknownFunction(_, let suggestion):
            suggestion
        default: nil
        }
    }

    /// What is wrong, in one sentence.
    func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }

    /// What to do about it.
    func hint(in language: Language) -> String? {
        if let suggestion {
            return language == .chinese ? "是不是 `\(suggestion)`？" : "did you mean `\(suggestion)`?"
        }
        switch (self, language) {
        case (.wrongArguments(_, _, let candidates), .english) where !candidates.isEmpty:
            return "it takes " + candidates.joined(separator: ", or ")
        case (.wrongArguments(_, _, let candidates), .chinese) where !candidates.isEmpty:
            return "可用的形式：" + candidates.joined(separator: "，或 ")
        case (.macroArgument(let macro, .selection), .english) where macro == "has":
            return "for a key of a map write `\"key\" in map`"
        case (.macroArgument(let macro, .selection), .chinese) where macro == "has":
            return "判断 map 的键请写 `\"key\" in map`"
        default: return nil
        }
    }

    private var english: String {
        switch self {
        case .sourceTooLarge(let limit): "the expression is longer than \(limit) bytes"
        case .unexpectedCharacter(let text): "unexpected character `\(text)`"
        case .unterminatedText: "the text has no closing quote"
        case .badEscape(let text): "`\(text)` is not an escape sequence here"
        case .badNumber(let text): "`\(text)` is not a number"
        case .numberTooLarge(let text): "the number \(text) does not fit in 64 bits"
        case .unexpected(let found, let expected):
            "found \(found.isEmpty ? "the end" : "`\(found)`"), expected \(expected.text(in: .english))"
        case .reservedWord(let word): "`\(word)` is a reserved word and cannot be a name"
        case .tooDeep(let limit): "the expression is nested more than \(limit) levels deep"
        case .tooManyNodes(let limit): "the expression has more than \(limit) parts"
        case .loopsTooDeep(let limit): "loops are nested more than \(limit) levels deep"
        case .macroArgument(let macro, let expected):
            "`\(macro)` needs \(expected.text(in: .english)) here"
        case .reservedVariable(let name): "`\(name)` cannot be the name of a variable"
        case .hostMacro(let macro, let english, _): "`\(macro)`: \(english)"
        case .tooManyMistakes(let limit): "more than \(limit) mistakes; the rest is not shown"
        case .unknownName(let name, _): "there is no `\(name)`"
        case .unknownField(let field, let type, _): "`\(type)` has no field `\(field)`"
        case .unknownFunction(let name, _): "there is no function `\(name)`"
        case .wrongArguments(let name, let arguments, _):
            "`\(name)` does not take (\(arguments.map(\.description).joined(separator: ", ")))"
        case .notSelectable(let field, let type): "`\(type)` has no fields, so no `\(field)`"
        case .notIterable(let type): "a loop needs a list or a map, not `\(type)`"
        case .wrongType(let found, let expected): "expected `\(expected)`, found `\(found)`"
        case .badKeyType(let type): "a key cannot be `\(type)`"
        case .badPattern(let reason): "the regular expression is refused: \(reason)"
        case .patternsTooLarge(let limit):
            "the regular expressions need more than \(limit) instructions together"
        case .fault(let code, let subject, let detail):
            code.english + (subject.isEmpty ? "" : ": \(subject)")
                + (detail.isEmpty ? "" : " (\(detail))")
        }
    }

    private var chinese: String {
        switch self {
        case .sourceTooLarge(let limit): "表达式超过 \(limit) 字节"
        case .unexpectedCharacter(let text): "出现了意外的字符 `\(text)`"
        case .unterminatedText: "文本缺少结束的引号"
        case .badEscape(let text): "`\(text)` 在这里不是转义序列"
        case .badNumber(let text): "`\(text)` 不是数字"
        case .numberTooLarge(let text): "数字 \(text) 超出 64 位"
        case .unexpected(let found, let expected):
            "遇到 \(found.isEmpty ? "结尾" : "`\(found)`")，此处应为\(expected.text(in: .chinese))"
        case .reservedWord(let word): "`\(word)` 是保留字，不能用作名称"
        case .tooDeep(let limit): "表达式嵌套超过 \(limit) 层"
        case .tooManyNodes(let limit): "表达式超过 \(limit) 个部分"
        case .loopsTooDeep(let limit): "循环嵌套超过 \(limit) 层"
        case .macroArgument(let macro, let expected):
            "`\(macro)` 在这里需要\(expected.text(in: .chinese))"
        case .reservedVariable(let name): "`\(name)` 不能用作变量名"
        case .hostMacro(let macro, _, let chinese): "`\(macro)`：\(chinese)"
        case .tooManyMistakes(let limit): "错误超过 \(limit) 处，其余不再显示"
        case .unknownName(let name, _): "没有名为 `\(name)` 的变量"
        case .unknownField(let field, let type, _): "`\(type)` 没有字段 `\(field)`"
        case .unknownFunction(let name, _): "没有名为 `\(name)` 的函数"
        case .wrongArguments(let name, let arguments, _):
            "`\(name)` 不接受 (\(arguments.map(\.description).joined(separator: ", ")))"
        case .notSelectable(let field, let type): "`\(type)` 没有字段，取不到 `\(field)`"
        case .notIterable(let type): "循环需要列表或 map，而不是 `\(type)`"
        case .wrongType(let found, let expected): "此处应为 `\(expected)`，实际是 `\(found)`"
        case .badKeyType(let type): "`\(type)` 不能作键"
        case .badPattern(let reason): "正则表达式不被接受：\(reason)"
        case .patternsTooLarge(let limit): "各正则表达式合计超过 \(limit) 条指令"
        case .fault(let code, let subject, let detail):
            code.chinese + (subject.isEmpty ? "" : "：\(subject)")
                + (detail.isEmpty ? "" : "（\(detail)）")
        }
    }
}
