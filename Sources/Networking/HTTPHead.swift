/// The header of an answer as it comes in, line by line.
struct HTTPHead {
    static let mostBytes = 64 << 10
    static let mostLines = 256

    private var bytes: [UInt8] = []
    private var lines = 0

    /// Takes one line with its end; false when the header is over its bounds.
    ///
    /// Interim answers and trailers count too: a server that sends them for ever is stopped.
    mutating func append(_ line: Span<UInt8>) -> Bool {
        guard line.count <= Self.mostBytes - bytes.count, lines < Self.mostLines else {
            return false
        }
        bytes.append(line)
        lines += 1
        return true
    }

    /// The fields of the last answer that has a status line, or `nil` if there was none.
    ///
    /// Bytes that are not UTF-8 are replaced. A line that continues the one before is joined to it
    /// by a blank.
    func headers() -> [HTTPHeader]? {
        var headers: [HTTPHeader]?
        var isInside = false
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let text = Self.trimmed(line)
            if text.isEmpty {
                isInside = false
            } else if !isInside {
                // After an empty line comes another answer, or a trailer, which is left out.
                guard text.starts(with: "HTTP/".utf8) else { continue }
                isInside = true
                headers = []
            } else if let first = line.first, Self.isBlank(first), var last = headers?.popLast() {
                last.value += " " + String(decoding: text, as: UTF8.self)
                headers?.append(last)
            } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
                headers?.append(
                    HTTPHeader(
                        String(decoding: Self.trimmed(text[..<colon]), as: UTF8.self),
                        String(decoding: Self.trimmed(text[(colon + 1)...]), as: UTF8.self)))
            }
        }
        return headers
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return [] }
        return bytes[first...last]
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
