/// What a syntax error in these files usually comes from, told by the lines around it.
enum SyntaxHint {
    /// How many lines before the error are looked at.
    private static let reach = 3
    /// Signs that YAML takes for its own at the start of a value.
    private static let signs = "!&*[{\"'@`%?|>-"

    /// Keys whose values are best written as blocks.
    private static let expressions: Set<Substring> = ["when", "unless", "evidence", "message"]

    static func hint(line: Int, in document: Document) -> Bilingual? {
        let lines = document.text.split(separator: "\n", omittingEmptySubsequences: false)
        let near = (max(0, line - reach)..<line).reversed().filter(lines.indices.contains)
        for text in near.map({ lines[$0] }) {
            if text.drop(while: { $0 == " " }).first == "\t" {
                return Bilingual("缩进只能用空格，不能用制表符", "indent with blanks, not with tabs")
            }
            if let hint = colonHint(entry(of: text)) { return hint }
        }
        for index in near {
            guard let key = key(of: entry(of: lines[index])) else { continue }
            if index < line - 1, isBlockStart(lines[index]) {
                return Bilingual(
                    "`|` 块的内容要比 `\(key)` 多缩进两格",
                    "what stands in a `|` block is indented by two more blanks than `\(key)`")
            }
            let value = entry(of: lines[index]).dropFirst(key.utf8.count + 1).drop { $0 == " " }
            if index < line - 1, expressions.contains(key), !value.isEmpty {
                return ConditionHint.block(String(key), "\(value)\n  …")
            }
            return valueHint(key, value)
        }
        return nil
    }

    private static func entry(of line: Substring) -> Substring {
        line.drop { $0 == " " || $0 == "-" }
    }

    /// `key：value` or `key:value`.
    private static func colonHint(_ entry: Substring) -> Bilingual? {
        let name = entry.prefix(while: isNameCharacter)
        guard !name.isEmpty, let next = entry[name.endIndex...].first else { return nil }
        if next == "：" {
            return Bilingual(
                "冒号要用半角，后面加空格：\(name): …",
                "the colon is the ASCII one, with a blank behind it: \(name): …")
        }
        let behind = entry[name.endIndex...].dropFirst().first
        guard next == ":", let behind, !behind.isWhitespace else { return nil }
        return Bilingual("冒号后面要有空格：\(name): …", "a blank follows the colon: \(name): …")
    }

    private static func valueHint(_ key: Substring, _ value: Substring) -> Bilingual? {
        guard let first = value.first, !isBlockStart(value) else { return nil }
        guard signs.contains(first) || value.contains(": ") || value.contains(" #") else {
            return nil
        }
        if expressions.contains(key) {
            return ConditionHint.block(String(key), String(value))
        }
        guard !"[{".contains(first) else { return nil }
        let quoted = value.replacing("'", with: "''")
        return Bilingual(
            "把整个值放进单引号：\(key): '\(quoted)'",
            "put the whole value in single quotes: \(key): '\(quoted)'")
    }

    private static func key(of entry: Substring) -> Substring? {
        let name = entry.prefix(while: isNameCharacter)
        guard !name.isEmpty, entry[name.endIndex...].first == ":" else { return nil }
        return name
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "_-".contains(character))
    }

    private static func isBlockStart(_ text: Substring) -> Bool {
        let end = text.reversed().drop { $0 == " " || $0 == "\r" || "+-".contains($0) }
        return end.first == "|" || end.first == ">"
    }
}
