// What is said in Chinese.
extension Message {
    var chinese: String {
        switch self {
        case .sourceTooLarge(let limit): "表达式超过 \(limit) 字节"
        case .unexpectedCharacter(let text, _): "出现了意外的字符 `\(text)`"
        case .invisibleCharacter(let code):
            "出现了看不见的字符 U+\(Message.hexadecimal(code))"
        case .foreignPattern(let text, _): "正则表达式要写成文本，而不是 `\(text)`"
        case .unterminatedText: "文本缺少结束的引号"
        case .badEscape(let text): "`\(text)` 在这里不是转义序列"
        case .badNumber(let text, _): "`\(text)` 不是数字"
        case .numberTooLarge(let text): "数字 \(text) 超出 64 位"
        case .unexpected(let found, let expected):
            "遇到\(shown(found))，此处应为\(expected.chinese)"
        case .foreign(let word, _): "`\(word)` 不是这种语言的写法"
        case .unclosed(let opening, let closing, let opened, let found):
            "遇到\(shown(found))，\(opened) 处的 `\(opening)` 还缺 `\(closing)`"
        case .unopened(let closing): "多出来的 `\(closing)`"
        case .reservedWord(let word): "`\(word)` 是保留字，不能用作名称"
        case .tooDeep(let limit): "表达式嵌套超过 \(limit) 层"
        case .namesTooDeep(let limit): "代入各名称的值之后，嵌套超过 \(limit) 层"
        case .tooManyNodes(let limit): "表达式超过 \(limit) 个部分"
        case .loopsTooDeep(let limit): "循环嵌套超过 \(limit) 层"
        case .macroArgument(let macro, let expected):
            "`\(macro)` 在这里需要\(expected.chinese)"
        case .reservedVariable(let name): "`\(name)` 不能用作变量名"
        case .hostMacro(let macro, _, let chinese): "`\(macro)`：\(chinese)"
        case .tooManyMistakes(let limit): "错误超过 \(limit) 处，其余不再显示"
        case .badDeclaration(let name, let mistake): "宿主程序对 `\(name)` 的声明：\(mistake.chinese)"
        case .unknownName(let name, _): "没有名为 `\(name)` 的变量"
        case .unknownField(let field, let type, _, _): "`\(type)` 没有字段 `\(field)`"
        case .unknownFunction(let name, _): "没有名为 `\(name)` 的函数"
        case .macroForm(let name, let isReceiver, let counts):
            "`\(name)` 应\(isReceiver ? "在一个值上" : "单独")调用，参数为 "
                + counts.map(String.init).joined(separator: " 或 ") + " 个"
        case .wrongArguments(let name, let arguments, _, _):
            "`\(name)` 不接受 (\(arguments.map(\.description).joined(separator: ", ")))"
        case .wrongArgument(let name, let type, _): "`\(name)` 在这里不接受 `\(type)`"
        case .notSelectable(let field, let type, _, _): "`\(type)` 没有字段，取不到 `\(field)`"
        case .notIterable(let type): "循环需要列表或 map，而不是 `\(type)`"
        case .wrongType(let found, let expected): "此处应为 `\(expected)`，实际是 `\(found)`"
        case .badKeyType(let type): "`\(type)` 不能作键"
        case .impossibleText(let field, let value, _, _): "`\(field)` 不会是 \(value)"
        case .impossibleNumber(let field, let range, let holds):
            "`\(field)` \(Message.shown(range))，这个条件\(holds ? "总是" : "永远不")成立"
        case .impossibleElement(let field, let range, let value):
            "`\(field)` \(Message.shown(range))，不会是 \(value)"
        case .badDuration(let text, _): "\(text) 不是时长"
        case .badTimestamp(let text, _): "\(text) 不是时间"
        case .badPattern(let reason): "正则表达式不被接受：\(reason)"
        case .patternTooLong(let limit): "正则表达式超过 \(limit) 字节"
        case .patternsTooLarge(let limit): "各正则表达式合计超过 \(limit) 条指令"
        case .fault(let code, let subject, let detail):
            code.chinese + (subject.isEmpty ? "" : "：\(subject)")
                + (detail.isEmpty ? "" : "（\(detail)）")
        }
    }

    private static func shown(_ range: ClosedRange<Double>) -> String {
        "从 \(shown(range.lowerBound)) 到 \(shown(range.upperBound))"
    }

    private func shown(_ found: String) -> String { found.isEmpty ? "结尾" : " `\(found)`" }
}

extension Expected {
    var chinese: String {
        switch self {
        case .expression: "一个表达式"
        case .operation: "运算符或结尾"
        case .endOfExpression: "表达式的结尾"
        case .fieldName: "一个字段名"
        case .name: "一个简单的名称"
        case .closing(let token): "用 `\(token)` 结束"
        case .token(let token): "`\(token)`"
        case .selection: "形如 `a.b` 的字段选择"
        case .literal(let type): "一个 \(type) 字面量"
        }
    }
}
