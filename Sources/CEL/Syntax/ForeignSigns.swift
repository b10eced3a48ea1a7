/// Signs that people type for the language's own: of a Chinese keyboard, of other languages.
enum ForeignSigns {
    /// The ASCII sign that a character is typed for, itself for an ASCII one, nil for any other.
    static func ascii(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\u{21}"..."\u{7E}": String(scalar)
        case "“", "”", "„", "‟", "「", "」", "『", "』": "\""
        case "‘", "’", "‚", "′": "'"
        case "。": "."
        case "、": ","
        case "【", "〔": "["
        case "】", "〕": "]"
        case "≥", "⩾": ">="
        case "≤", "⩽": "<="
        case "≠": "!="
        case "×", "∗": "*"
        case "÷", "∕": "/"
        case "−", "–", "—": "-"
        case "∧": "&&"
        case "∨": "||"
        case "¬": "!"
        // Letters and digits are left out: what they stand for is a name or a number.
        case "\u{FF10}"..."\u{FF19}", "\u{FF21}"..."\u{FF3A}", "\u{FF41}"..."\u{FF5A}": nil
        case "\u{FF01}"..."\u{FF5E}":
            Unicode.Scalar(scalar.value - 0xFEE0).map { String($0) }
        default: nil
        }
    }

    /// The ASCII digit that a character is or is typed for, nil for any other.
    static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "0"..."9": scalar
        case "\u{FF10}"..."\u{FF19}": Unicode.Scalar(scalar.value - 0xFEE0)
        default: nil
        }
    }

    /// Whether a character cannot be told from a blank, or not be seen at all.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xA0, 0xAD, 0x1680, 0x180E, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x2064, 0x3000,
            0xFEFF, 0x00...0x08, 0x0B, 0x0E...0x1F, 0x7F...0x9F:
            true
        default: false
        }
    }

    /// Operators of other languages, the longest first, and what is meant.
    static let operators: [(sign: String, meant: Symbol)] = [
        ("===", .equal), ("!==", .notEqual), ("<>", .notEqual), ("=>", .greaterOrEqual),
        ("=<", .lessOrEqual), ("=", .equal), ("&", .and), ("|", .or),
    ]

    /// Operators of other languages that search for a pattern, and what to write; nil for one that
    /// means "not equal" in some.
    static let matching: [String: String?] = [
        "=~": ".matches(…)", "~": ".matches(…)", "!~": "!a.matches(…)", "~=": nil,
    ]

    /// What to do about signs that are no operators.
    static func advice(for text: String) -> Advice? {
        switch text.first {
        case ";", "；": .leaveOut
        case "$": .leaveOut
        case "#": .write("//")
        default: nil
        }
    }

    /// What to do about a character.
    enum Advice: Hashable, Sendable {
        case leaveOut
        /// It stands where a name is due.
        case nameInLetters
        /// It stands behind a dot.
        case key(String)
        case write(String)
    }
}
