import Pipeline

/// Reads the fixed text of an XML or HTML template, byte by byte, and says where its holes may
/// stand: between tags, and inside the quotes of an attribute.
///
/// It does not judge whether the document is well-formed.
struct XMLShape {
    private enum Inside: Hashable {
        case text, tag, instruction, comment, data
        case quotes(UInt8)
    }

    private var inside = Inside.text
    /// The last bytes, as many as the longest mark has.
    private var tail: [UInt8] = []

    private static let marks: [(start: String, end: String, inside: Inside)] = [
        ("<!--", "-->", .comment), ("<![CDATA[", "]]>", .data), ("<?", "?>", .instruction),
    ]
    private static let tailLimit = 9

    mutating func read(_ byte: UInt8) {
        tail.append(byte)
        if tail.count > Self.tailLimit { tail.removeFirst() }
        switch inside {
        case .quotes(let quote):
            if byte == quote { inside = .tag }
        case .text, .tag:
            if let mark = Self.marks.first(where: { tail.ends(with: $0.start) }) {
                inside = mark.inside
                tail = []
            } else if byte == UInt8(ascii: "<") {
                inside = .tag
            } else if inside == .tag, byte == UInt8(ascii: ">") {
                inside = .text
            } else if inside == .tag, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                inside = .quotes(byte)
            }
        case .comment, .data, .instruction:
            if Self.marks.contains(where: { $0.inside == inside && tail.ends(with: $0.end) }) {
                inside = .text
                tail = []
            }
        }
    }

    /// Why no hole can stand here; nil when it can.
    mutating func readHole() -> Bilingual? {
        tail = []
        switch inside {
        case .text, .quotes: return nil
        case .tag:
            return Bilingual("标签里的值要放在引号里", "inside a tag a value stands in quotes")
        case .comment: return Bilingual("注释里不能有 `{{ }}`", "there is no `{{ }}` in a comment")
        case .data: return Bilingual("CDATA 里不能有 `{{ }}`", "there is no `{{ }}` in CDATA")
        case .instruction:
            return Bilingual("`<? ?>` 里不能有 `{{ }}`", "there is no `{{ }}` in `<? ?>`")
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool {
        suffix(text.utf8.count) == Array(text.utf8)[...]
    }
}
