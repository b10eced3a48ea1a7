/// Text from outside made harmless for any place where people read: no control characters, no
/// invisible ones that change the direction of what follows.
enum PlainText {
    /// One line: every run of white space and control characters is one blank; trimmed.
    static func line(_ text: String) -> String {
        if isPlainLine(text) { return text }
        var result = String.UnicodeScalarView()
        var blank = false
        for scalar in text.unicodeScalars {
            if isBlank(scalar) {
                blank = !result.isEmpty
            } else if !isInvisible(scalar) {
                if blank { result.append(" ") }
                blank = false
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Whether it is one line of ASCII already, as most answers are.
    private static func isPlainLine(_ text: String) -> Bool {
        var isAfterBlank = true
        for byte in text.utf8 {
            guard (0x20...0x7E).contains(byte), byte != 0x20 || !isAfterBlank else { return false }
            isAfterBlank = byte == 0x20
        }
        return !isAfterBlank || text.isEmpty
    }

    /// The lines of a text, each as `line` gives it, without empty ones at both ends and without
    /// two empty ones in a row.
    static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        var current = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        func endLine() {
            let line = line(String(current))
            if !line.isEmpty || lines.last?.isEmpty == false { lines.append(line) }
            current = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            if !isLineEnd(scalar) {
                current.append(scalar)
            } else if scalar != "\n" || previous != "\r" {
                endLine()
            }
            previous = scalar
        }
        endLine()
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// At most `limit` characters, the last one an ellipsis when something was cut.
    static func clipped(_ text: String, to limit: Int) -> String {
        // No character is shorter than a byte.
        guard text.utf8.count > limit,
            let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
            end < text.endIndex
        else { return text }
        return text.prefix(max(0, limit - 1)) + "…"
    }

    /// At most `units` UTF-16 units of whole characters, the last one an ellipsis when something was
    /// cut.
    static func clipped(_ text: String, units: Int) -> String {
        guard text.utf16.count > units else { return text }
        var end = text.startIndex
        var count = 1
        while end < text.endIndex {
            count += text[end].utf16.count
            if count > units { break }
            end = text.index(after: end)
        }
        return text[..<end] + (units > 0 ? "…" : "")
    }

    private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0xA0).contains(scalar.value)
            || (scalar.value > 0xA0 && scalar.properties.isWhitespace)
            || scalar == " "
    }

    /// Marks of direction and the like, which can make a text read as another one.
    ///
    /// The joiners stay, because emoji and some scripts need them.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFF9...0xFFFB: true
        default: false
        }
    }
}
