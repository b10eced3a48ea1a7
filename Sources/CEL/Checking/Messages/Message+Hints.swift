// What to do about a mistake, in both languages side by side.
extension Message {
    /// What to do about it.
    func hint(in language: Language) -> String? {
        guard let (english, chinese) = hints else { return nil }
        return language == .chinese ? chinese : english
    }

    private var hints: (english: String, chinese: String)? {
        if let remedy { return remedyHint(remedy) }
        if let suggestion {
            return ("did you mean `\(suggestion)`?", "是不是 `\(suggestion)`？")
        }
        switch self {
        case .unexpectedCharacter(_, .write(let meant)), .foreign(_, let meant):
            return writing(meant)
        case .unexpectedCharacter(_, .leaveOut): return ("leave it out", "去掉它")
        case .unexpectedCharacter(_, .key(let key)):
            let index = "[\(Literal.string(key))]"
            return (
                "a key is written `\(index)`, without the dot; a name has letters of English, digits "
                    + "and `_` only",
                "键写成 `\(index)`，不加点；名称只用英文字母、数字和 `_`"
            )
        case .unexpectedCharacter(_, .nameInLetters):
            return ("a name has letters of English, digits and `_` only", "名称只用英文字母、数字和 `_`")
        case .invisibleCharacter: return ("write a plain blank, or nothing", "换成普通空格，或删掉")
        case .foreignPattern(_, let pattern):
            return writing("text.matches(\(Literal.string(pattern)))")
        case .badNumber(_, .some(let meant)): return writing(meant)
        case .badNumber(let text, nil): return numberHint(text)
        case .unexpected(let found, let expected): return shapeHint(found, expected)
        case .reservedWord(let word): return wordHint(word)
        case .macroForm(let name, let isReceiver, _): return formHint(name, isReceiver)
        case .wrongArguments(_, _, let candidates, _) where !candidates.isEmpty,
            .wrongArgument(_, _, let candidates) where !candidates.isEmpty:
            return (
                "it takes " + candidates.joined(separator: ", or "),
                "可用的形式：" + candidates.joined(separator: "，或 ")
            )
        case .macroArgument("has", .selection):
            return ("for a key of a map write `\"key\" in map`", "判断 map 的键请写 `\"key\" in map`")
        case .sourceTooLarge, .tooDeep, .namesTooDeep, .tooManyNodes, .loopsTooDeep,
            .fault(.tooDeep, _, _):
            return ("split it into several expressions", "拆成几个表达式")
        case .tooManyMistakes: return ("correct these first", "先改正以上各处")
        case .impossibleText(_, _, .some(let meant), _):
            return ("did you mean `\(meant)`?", "是不是 `\(meant)`？")
        case .impossibleText(_, _, nil, let instead): return (instead.english, instead.chinese)
        case .badDuration(_, let meant): return writing(meant ?? "duration(\"1h30m\")")
        case .badTimestamp(_, let meant):
            return writing(meant ?? "timestamp(\"2026-01-31T09:30:00+08:00\")")
        case .patternTooLong, .patternsTooLarge: return patternHint
        case .fault(.costExceeded, _, _):
            return ("look at fewer elements: filter them first", "先用 filter 减少要看的元素")
        case .fault(.memoryExceeded, _, _):
            return ("build fewer texts and lists", "少构造文本和列表")
        default: return nil
        }
    }

    private var remedy: Remedy? {
        switch self {
        case .unknownField(_, _, _, let remedy), .notSelectable(_, _, _, let remedy),
            .wrongArguments(_, _, _, let remedy):
            remedy
        default: nil
        }
    }

    private func remedyHint(_ remedy: Remedy) -> (String, String) {
        switch remedy {
        case .fields(let fields):
            let shown = fields.map { "`\($0)`" }
            return (
                "take one of its fields: " + shown.joined(separator: ", "),
                "取其中一个字段：" + shown.joined(separator: "、")
            )
        case .form(let form, let purpose):
            return ("\(purpose.english) write `\(form)`", "\(purpose.chinese)写成 `\(form)`")
        case .elements(let form, let advice):
            let (english, chinese) = ("ask each element: `\(form)`", "逐个元素判断：`\(form)`")
            guard let advice else { return (english, chinese) }
            return ("\(advice.english); or \(english)", "\(advice.chinese)；或\(chinese)")
        }
    }

    private var patternHint: (String, String) {
        (
            "write `contains` for plain words, and keep repetitions small",
            "普通词语用 `contains`，重复次数不要太大"
        )
    }

    private func writing(_ text: String) -> (String, String) {
        ("write `\(text)`", "写成 `\(text)`")
    }

    private func numberHint(_ text: String) -> (String, String)? {
        if text.contains("_") {
            return ("digits stand without `_`", "数字中间不能有 `_`")
        }
        let units: Set<String> = ["h", "m", "s", "ms", "us", "ns"]
        let unit = String(text.drop { $0.isNumber || $0 == "." })
        return units.contains(unit) ? writing("duration(\"\(text)\")") : nil
    }

    private func shapeHint(_ found: String, _ expected: Expected) -> (String, String)? {
        switch (found, expected) {
        case ("!", .operation):
            return ("`!=` compares; `!` stands before a condition", "`!=` 是比较；`!` 要写在条件前面")
        case (",", .endOfExpression):
            return ("join conditions with `&&` or `||`", "条件之间用 `&&` 或 `||` 连接")
        case ("?", .token(":")):
            return ("put the inner `? :` in brackets", "给里层的 `? :` 加括号")
        default: return nil
        }
    }

    private func wordHint(_ word: String) -> (String, String)? {
        switch word {
        case "let", "var", "const":
            return ("name a value with `cel.bind(x, value, …)`", "用 `cel.bind(x, 值, …)` 给值命名")
        case "for", "while", "loop":
            return (
                "go through a list with `list.exists(x, …)` or `list.all(x, …)`",
                "用 `list.exists(x, …)` 或 `list.all(x, …)` 遍历列表"
            )
        case "return": return ("leave it out", "去掉它")
        default: return nil
        }
    }

    private func formHint(_ name: String, _ isReceiver: Bool) -> (String, String)? {
        isReceiver ? writing("list.\(name)(x, …)") : nil
    }

    /// A number without decimals that say nothing.
    static func shown(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? "\(number)"
    }

    /// A code point as people write it.
    static func hexadecimal(_ code: UInt32) -> String {
        let digits = String(code, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
