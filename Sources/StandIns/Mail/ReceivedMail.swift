import Foundation

/// A mail that the sink took, decoded enough to be listed.
package struct ReceivedMail: Hashable, Sendable {
    /// The queue id of the reply.
    package let id: String
    /// Of the envelope; empty for a bounce.
    package let sender: String
    /// Of the envelope.
    package let recipients: [String]
    /// Who had logged in; nil when nobody had.
    package let user: String?
    /// As sent, dots unstuffed.
    package let bytes: [UInt8]
    /// Names in lower case and unfolded values, in their order.
    package let headers: [Header]
    /// What a careful server would mind: a header that is missing or there twice, bytes that were
    /// not announced.
    ///
    /// Empty for a good mail.
    package let defects: [String]

    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    /// Decoded (RFC 2047).
    package var subject: String { EncodedWords.decode(header("subject") ?? "") }
    package var messageID: String { header("message-id") ?? "" }

    /// The first value of the header of that name, in lower case.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    init(
        id: String, sender: String, recipients: [String], user: String?, isEightBit: Bool,
        bytes: [UInt8]
    ) {
        self.id = id
        self.sender = sender
        self.recipients = recipients
        self.user = user
        self.bytes = bytes
        let end = Self.endOfHeaders(bytes)
        let parsed = Self.parse(bytes[..<end])
        headers = parsed.headers
        var defects = parsed.defects
        for name in ["date", "from", "subject", "message-id", "to"] {
            let count = headers.count { $0.name == name }
            if count == 0 && name != "to" || count > 1 {
                defects.append("\(count) headers \(name)")
            }
        }
        if bytes[..<end].contains(where: { $0 >= 0x80 }) {
            defects.append("8-bit bytes in the headers")
        }
        if !isEightBit && bytes[end...].contains(where: { $0 >= 0x80 }) {
            defects.append("8-bit bytes without BODY=8BITMIME")
        }
        self.defects = defects
    }

    /// Where the empty line after the headers begins; the end when there is none.
    private static func endOfHeaders(_ bytes: [UInt8]) -> Int {
        if bytes.starts(with: [0x0D, 0x0A]) { return 0 }
        var index = 0
        while index + 3 < bytes.count {
            if bytes[index...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) { return index + 2 }
            index += 1
        }
        return bytes.count
    }

    private static func parse(
        _ bytes: ArraySlice<UInt8>
    ) -> (headers: [Header], defects: [String]) {
        var headers: [Header] = []
        var defects: [String] = []
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.split(separator: "\r\n") {
            if line.first == " " || line.first == "\t" {
                guard let last = headers.popLast() else {
                    defects.append("the first header is folded")
                    continue
                }
                // Folding is undone by taking away the line end alone.
                headers.append(Header(name: last.name, value: last.value + line))
            } else if let colon = line.firstIndex(of: ":"), colon > line.startIndex,
                !line[..<colon].contains(" ")
            {
                let value = String(line[line.index(after: colon)...].drop { $0 == " " })
                headers.append(Header(name: line[..<colon].lowercased(), value: value))
            } else {
                defects.append("a header line without a name")
            }
        }
        return (headers, defects)
    }
}

/// `=?utf-8?B?…?=` and `=?utf-8?Q?…?=` (RFC 2047).
enum EncodedWords {
    /// The text with its encoded words decoded; what cannot be decoded stays.
    static func decode(_ text: String) -> String {
        var output: [UInt8] = []
        var rest = Substring(text)
        var followsWord = false
        while let start = rest.firstRange(of: "=?") {
            let before = rest[..<start.lowerBound]
            guard let (bytes, tail) = word(rest[start.upperBound...]) else {
                output += rest[..<start.upperBound].utf8
                rest = rest[start.upperBound...]
                followsWord = false
                continue
            }
            // Blanks between two encoded words are not part of the text.
            if !followsWord || before.contains(where: { $0 != " " && $0 != "\t" }) {
                output += before.utf8
            }
            output += bytes
            rest = tail
            followsWord = true
        }
        output += rest.utf8
        return String(decoding: output, as: UTF8.self)
    }

    /// The bytes of a word whose `=?` has been taken, and what follows it.
    private static func word(_ text: Substring) -> (bytes: [UInt8], rest: Substring)? {
        let parts = text.split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[3].first == "=",
            ["utf-8", "us-ascii"].contains(parts[0].lowercased())
        else { return nil }
        let rest = parts[3].dropFirst()
        switch parts[1].lowercased() {
        case "b":
            guard let data = Data(base64Encoded: String(parts[2])) else { return nil }
            return (Array(data), rest)
        case "q":
            guard let bytes = quoted(parts[2]) else { return nil }
            return (bytes, rest)
        default: return nil
        }
    }

    private static func quoted(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "_"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "="):
                let digits = rest.prefix(2).compactMap(\.hexDigit)
                guard digits.count == 2 else { return nil }
                bytes.append(digits[0] << 4 | digits[1])
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}
