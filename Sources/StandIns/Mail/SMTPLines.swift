/// Cuts a stream of bytes into lines that end in CRLF, and in nothing else.
struct LineSplitter: Sendable {
    enum Result: Hashable, Sendable {
        case more
        /// Without its CRLF; what is beyond the limit is gone.
        case line([UInt8], isTooLong: Bool)
        /// A CR or an LF that stands alone.
        case bareLineEnd
    }

    private var line: [UInt8] = []
    private var length = 0
    private var sawReturn = false

    mutating func take(_ byte: UInt8, limit: Int) -> Result {
        if sawReturn {
            guard byte == 0x0A else { return .bareLineEnd }
            let result = Result.line(line, isTooLong: length + 2 > limit)
            line = []
            length = 0
            sawReturn = false
            return result
        }
        switch byte {
        case 0x0D: sawReturn = true
        case 0x0A: return .bareLineEnd
        default:
            length += 1
            if length <= limit { line.append(byte) }
        }
        return .more
    }
}

/// `FROM:<a@example.com> SIZE=10`, taken apart.
struct MailPath: Hashable, Sendable {
    /// The most bytes of an address.
    static let addressLimit = 254

    let address: String
    let parameters: [String]

    /// Nil when it is not of that form, or the address is none; ASCII is all there is.
    init?(_ text: String, after keyword: String, mayBeEmpty: Bool) {
        guard text.prefix(keyword.count).uppercased() == keyword else { return nil }
        let rest = text.dropFirst(keyword.count)
        guard rest.first == "<", let end = rest.firstIndex(of: ">") else { return nil }
        address = String(rest[..<end].dropFirst())
        let tail = rest[rest.index(after: end)...]
        guard tail.isEmpty || tail.first == " " else { return nil }
        parameters = tail.split(separator: " ").map(String.init)
        if address.isEmpty {
            guard mayBeEmpty else { return nil }
            return
        }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, Self.isDomain(parts[1]),
            address.utf8.count <= Self.addressLimit,
            parts[0].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Self.special.contains($0) })
        else { return nil }
    }

    private static let special = Array("()<>[]:;,\\\"".utf8)

    private static func isDomain(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            !label.isEmpty && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
                    default: false
                    }
                }
        }
    }
}
