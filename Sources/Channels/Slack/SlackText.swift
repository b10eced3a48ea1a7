/// Text as Slack's mrkdwn has it.
enum SlackText {
    /// For one line from outside: entities where Slack has them, and full-width twins where it has
    /// no escape (`*`, `_`, `~`, backtick, and `>` at the start).
    static func escaped(_ text: String) -> String {
        var result = ""
        var isAtStart = true
        for scalar in Escaping.markdownLine(withoutBrackets(text)).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case Self.left: result += "&lt;"
            case Self.right: result += isAtStart ? "＞" : "&gt;"
            default: result.unicodeScalars.append(scalar)
            }
            if scalar != " " { isAtStart = false }
        }
        return result
    }

    /// `<url|text>`; an address of ``RecordingLink`` has none of the signs that end it.
    static func link(_ text: String, _ url: String) -> String {
        "<\(url.replacing("&", with: "&amp;"))|\(escaped(text))>"
    }

    /// Lines joined into as few texts as keep the limit in UTF-16 units.
    ///
    /// A text ends between lines, or within one that is too long by itself; never within an entity
    /// or a link.
    static func chunks(_ lines: [String], limit: Int) -> [String] {
        var chunks: [String] = []
        var current = ""
        for line in lines {
            let joined = current.isEmpty ? line : current + "\n" + line
            if joined.utf16.count <= limit {
                current = joined
                continue
            }
            if !current.isEmpty { chunks.append(current) }
            current = ""
            guard line.utf16.count > limit else {
                current = line
                continue
            }
            for token in tokens(line) {
                if current.utf16.count + token.utf16.count > limit {
                    chunks.append(current)
                    current = ""
                }
                current += token
            }
        }
        if !current.isEmpty { chunks.append(current) }
        return chunks
    }

    /// What must stay together: an entity, a link, else a character; of one of absurd length, its
    /// scalars.
    private static func tokens(_ line: String) -> [Substring] {
        var tokens: [Substring] = []
        var rest = Substring(line)
        while let first = rest.first {
            var token = rest.prefix(1)
            // By scalars: what follows the last sign may join it.
            if first == "&", let end = rest.unicodeScalars.firstIndex(of: ";") {
                token = Substring(rest.unicodeScalars[...end])
            } else if first == "<", let end = rest.unicodeScalars.firstIndex(of: ">") {
                token = Substring(rest.unicodeScalars[...end])
            } else if token.utf16.count > longestCharacter {
                token = Substring(token.unicodeScalars.prefix(1))
            }
            tokens.append(token)
            rest = rest[token.endIndex...]
        }
        return tokens
    }

    private static let longestCharacter = 64

    /// Angle brackets have entities here: they pass the next step as signs of private use, of which
    /// a text from outside keeps none.
    private static let left: Unicode.Scalar = "\u{E000}"
    private static let right: Unicode.Scalar = "\u{E001}"

    private static func withoutBrackets(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case left, right: continue
            case "<": result.append(left)
            case ">": result.append(right)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
