/// What to write instead of what is often written in expressions.
enum ExpressionHint {
    private static let words = [
        "=": "==", "and": "&&", "or": "||", "not": "!", "AND": "&&", "OR": "||", "NOT": "!",
        "&": "&&", "|": "||", "<>": "!=", "True": "true", "False": "false", "None": "null",
    ]

    /// For the part of the source that was not understood.
    static func hint(for part: String) -> Bilingual? {
        if let word = words[part] { return Bilingual("写成 `\(word)`", "write `\(word)`") }
        guard part.unicodeScalars.contains(where: { !$0.isASCII }) else { return nil }
        let narrow = String(String.UnicodeScalarView(part.unicodeScalars.map(narrowed)))
        if narrow.unicodeScalars.allSatisfy(\.isASCII) {
            let signs = narrow == "=" ? "==" : narrow
            return Bilingual("这里是全角字符，要用半角的 `\(signs)`", "write the ASCII `\(signs)`")
        }
        let text = part.unicodeScalars.filter { narrowed($0) == $0 }
        return Bilingual(
            "文本要放在半角引号里：\"\(String(String.UnicodeScalarView(text)))\"",
            "texts stand in ASCII quotes: \"\(String(String.UnicodeScalarView(text)))\"")
    }

    /// The ASCII sign that a full-width one is typed for.
    private static func narrowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "“", "”", "„": "\""
        case "‘", "’": "'"
        case "。": "."
        case "、": ","
        case "\u{3000}": " "
        case "\u{FF01}"..."\u{FF5E}": Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        default: scalar
        }
    }
}
