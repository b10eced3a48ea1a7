import Yams

extension Cursor {
    /// A finding at this place, or at a range of UTF-8 bytes of the scalar that stands here.
    package func report(
        _ code: String, at range: Range<Int>? = nil, _ message: Bilingual, hint: Bilingual? = nil,
        severity: Finding.Severity = .error
    ) {
        // To place a finding takes time in proportion to the file.
        if findings.isFull { return findings.addUnshown(severity) }
        findings.add(
            document.finding(
                code, at: place(of: range), message, hint: hint, severity: severity))
    }

    /// `fields` has no such key: a finding at this mapping.
    package func reportMissing(_ key: String, _ hint: Bilingual? = nil) {
        report("missing-key", Bilingual("缺少 `\(key)`", "`\(key)` is missing"), hint: hint)
    }

    func reportUnknown(_ name: String, among known: [String]) {
        let nearest = Nearest.name(to: name, among: known)
        let list = known.joined(separator: ", ")
        report(
            "unknown-key", Bilingual("没有 `\(name)` 这个键", "there is no key `\(name)`"),
            hint: nearest.map { Bilingual("是想写 `\($0)` 吗？", "did you mean `\($0)`?") }
                ?? Bilingual("可用的键：\(list)", "known keys: \(list)"))
    }

    /// The text is none of the names that are known.
    package func reportChoice(_ text: String, among known: [String]) {
        let nearest = Nearest.name(to: text, among: known)
        let list = known.joined(separator: ", ")
        report(
            "unknown-value",
            Bilingual("不认识 `\(text)`", "`\(text)` is not known here"),
            hint: nearest.map { Bilingual("是想写 `\($0)` 吗？", "did you mean `\($0)`?") }
                ?? (known.isEmpty ? nil : Bilingual("可用的值：\(list)", "possible values: \(list)")))
    }

    func reportType(_ wanted: Bilingual) {
        let found =
            switch node {
            case .mapping: Bilingual("映射", "a mapping")
            case .sequence: Bilingual("列表", "a list")
            default:
                isNull
                    ? Bilingual("空", "nothing")
                    : Bilingual("“\(shortText)”", "\"\(shortText)\"")
            }
        let subject = path.isEmpty ? Bilingual("这里", "this") : Bilingual("`\(path)` ", "`\(path)`")
        report(
            "wrong-type",
            Bilingual(
                "\(subject.chinese)应是\(wanted.chinese)，却是\(found.chinese)",
                "\(subject.english) must be \(wanted.english), but is \(found.english)"))
    }

    /// The scalar's text where it stands in the file: for the places of an expression in it.
    package var scalarText: String? {
        guard case .scalar(let scalar) = node else { return nil }
        return scalar.string
    }

    /// How the scalar is written.
    package var isBlockScalar: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .literal || scalar.style == .folded
    }

    package var isPlainScalar: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .plain
    }

    /// The tag that stands before the value (`!name`), when there is one.
    package var explicitTag: String? {
        guard case .scalar = node else { return nil }
        let text = document.text.utf8
        let start = place(of: nil).lowerBound
        guard start < text.count else { return nil }
        let from = text.index(text.startIndex, offsetBy: start)
        guard text[from] == UInt8(ascii: "!") else { return nil }
        return lineFromHere
    }

    /// What the file has from the start of the value to the end of its line.
    var lineFromHere: String {
        let text = document.text.utf8
        let start = text.index(text.startIndex, offsetBy: place(of: nil).lowerBound)
        let line = text[start...].prefix { $0 != UInt8(ascii: "\n") && $0 != 13 }
        return String(decoding: line, as: UTF8.self)
    }

    /// What YAML has made of a text that was not meant for it: true when there is none to read.
    func reportStructure() -> Bool {
        guard isMapping || isSequence else { return false }
        let key = path.split(separator: ".").last.map(String.init) ?? ""
        report(
            "yaml-structure",
            Bilingual(
                "YAML 把这里读成了\(isMapping ? "映射" : "列表")，不是文本",
                "YAML reads \(isMapping ? "a mapping" : "a list") here, not a text"),
            hint: ConditionHint.block(key, lineFromHere))
        return true
    }

    /// A ` #` that cuts a text short.
    func reportComment(_ comment: String, behind text: String) {
        let key = path.split(separator: ".").last.map(String.init) ?? ""
        report(
            "yaml-comment",
            Bilingual(
                "从 `\(comment.prefix(20))` 起被 YAML 当成注释",
                "YAML takes all from `\(comment.prefix(20))` for a comment"),
            hint: ConditionHint.block(key, "\(text) \(comment)"), severity: .warning)
    }

    /// What follows the value on its line after ` #`: a comment to YAML.
    package var commentBehind: String? {
        guard isPlainScalar, let text = scalarText else { return nil }
        let end = place(of: text.utf8.count..<text.utf8.count).lowerBound
        let bytes = document.text.utf8
        guard end < bytes.count else { return nil }
        let from = bytes.index(bytes.startIndex, offsetBy: end)
        let rest = String(decoding: bytes[from...].prefix { $0 != 10 }, as: UTF8.self)
        let trimmed = rest.drop { $0 == " " }
        return rest.hasPrefix(" ") && trimmed.hasPrefix("#") ? String(trimmed) : nil
    }

    /// `file:line`, for a finding elsewhere that points here.
    var placeText: String {
        "\(document.name):\(document.position(of: place(of: nil).lowerBound).line)"
    }

    /// Line and column in the file of a byte of the scalar that stands here.
    func position(of offset: Int) -> (line: Int, column: Int) {
        document.position(of: place(of: offset..<offset).lowerBound)
    }

    private var shortText: String {
        guard case .scalar(let scalar) = node else { return "" }
        let key = path.split(separator: ".").last.map(String.init) ?? ""
        let text =
            document.masksSecrets ? SecretMask.shown(scalar.string, at: key) : scalar.string
        return text.count > 40 ? text.prefix(40) + "…" : text
    }

    private func place(of range: Range<Int>?) -> Range<Int> {
        if let range, case .scalar(let scalar) = node {
            return ScalarPlaces(scalar, in: document).range(of: range)
        }
        let mark = node.mark
        let start = document.offset(line: mark?.line ?? 1, column: mark?.column ?? 1)
        guard case .scalar(let scalar) = node, scalar.style == .plain,
            !scalar.string.contains("\n")
        else { return start..<start }
        return start..<start + scalar.string.utf8.count
    }
}

/// The name that was probably meant.
package enum Nearest {
    /// The longest name that is compared.
    private static let lengthLimit = 64

    /// The nearest known name, when it differs in few characters.
    package static func name(to text: String, among known: [String]) -> String? {
        let best = known.map { ($0, distance(text, $0)) }.min { $0.1 < $1.1 }
        guard let best, best.1 <= max(1, min(text.count, best.0.count) / 3) else { return nil }
        return best.0
    }

    /// Edits (insert, delete, replace, swap neighbours) from one to the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().prefix(lengthLimit))
        let right = Array(right.lowercased().prefix(lengthLimit))
        var older: [Int] = []
        var previous = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                var best = min(
                    previous[column + 1] + 1, current[column] + 1,
                    previous[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    best = min(best, older[column - 1] + 1)
                }
                current.append(best)
            }
            older = previous
            previous = current
        }
        return previous[right.count]
    }
}
