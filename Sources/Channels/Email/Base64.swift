import Foundation

/// Base64 for mail.
enum Base64 {
    /// RFC 2045: no line is longer.
    private static let lineLimit = 76

    static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// The text that is meant, where it is one.
    static func decoded(_ text: String) -> String? {
        Data(base64Encoded: text).flatMap { String(data: $0, encoding: .utf8) }
    }

    /// In lines, each with its CRLF.
    static func lines(_ bytes: [UInt8]) -> String {
        let encoded = Array(text(bytes).utf8)
        var result: [UInt8] = []
        result.reserveCapacity(encoded.count + encoded.count / lineLimit * 2 + 2)
        for start in stride(from: 0, to: encoded.count, by: lineLimit) {
            result += encoded[start..<min(start + lineLimit, encoded.count)]
            result += [0x0D, 0x0A]
        }
        return String(decoding: result, as: UTF8.self)
    }
}
