import CEL

/// The text of one settings or rule file, by its name as people know it.
package struct Document: Hashable, Sendable {
    package let name: String
    package let text: String
    /// What findings show: the same bytes in the same places, but secrets as stars.
    private let shownText: String
    /// Whether findings must not repeat keys, passwords and addresses.
    let masksSecrets: Bool
    /// Where each line starts, in bytes.
    let lineStarts: [Int]

    /// The most bytes of one file.
    package static let sizeLimit = 1 << 20
    /// The most nodes of one file, and how deep they may be nested.
    static let nodeLimit = 100_000
    static let depthLimit = 40

    /// `masksSecrets` is for settings files.
    package init(name: String, text: String, masksSecrets: Bool = false) {
        self.name = name
        self.text = text
        self.masksSecrets = masksSecrets
        shownText = masksSecrets ? SecretMask.masked(text) : text
        var starts = [0]
        for (offset, byte) in text.utf8.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    /// The byte offset of a line and a column in code points, both from 1; clamped to the text.
    func offset(line: Int, column: Int) -> Int {
        guard line <= lineStarts.count else { return text.utf8.count }
        let start = lineStarts[max(0, line - 1)]
        let from = text.utf8.index(text.utf8.startIndex, offsetBy: start)
        let scalars = text.unicodeScalars[from...].prefix(max(0, column - 1))
        return start + scalars.reduce(0) { $0 + UTF8.width($1) }
    }

    /// The line and column, from 1, of a byte offset.
    func position(of offset: Int) -> (line: Int, column: Int) {
        let offset = min(max(0, offset), text.utf8.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let from = text.utf8.index(text.utf8.startIndex, offsetBy: lineStarts[low])
        let to = text.utf8.index(text.utf8.startIndex, offsetBy: offset)
        let column = String(decoding: text.utf8[from..<to], as: UTF8.self).unicodeScalars.count + 1
        return (low + 1, column)
    }

    /// A finding at a range of bytes.
    func finding(
        _ code: String, at range: Range<Int>, _ message: Bilingual, hint: Bilingual? = nil,
        severity: Finding.Severity = .error
    ) -> Finding {
        let place = position(of: range.lowerBound)
        return Finding(
            code: code, severity: severity, file: name, line: place.line, column: place.column,
            message: message, hint: hint, excerpt: Excerpt(of: shownText, at: range).rendered())
    }
}
