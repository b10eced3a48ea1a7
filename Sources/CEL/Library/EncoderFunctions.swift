// Base64 (RFC 4648, the standard alphabet).
extension Library {
    static let encoderFunctions: [Function] = [
        Function(
            "base64.encode", "bytes as Base64 text", "把字节编码为 Base64 文本",
            [
                Overload("base64_encode_bytes", [.bytes], .string) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.spend(bytes: arguments[0].count * 4)
                    return try evaluation.make(.string, encoded(arguments[0].text))
                }
            ]),
        Function(
            "base64.decode", "the bytes of Base64 text", "解码 Base64 文本",
            [
                Overload("base64_decode_string", [.string], .bytes) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.spend(bytes: arguments[0].count * 4)
                    guard let bytes = decoded(arguments[0].text) else {
                        throw Fault(.badConversion)
                    }
                    return try evaluation.make(.bytes, bytes)
                }
            ]),
    ]

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func encoded(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group = UInt32(bytes[start]) << 16
            if count > 1 { group |= UInt32(bytes[start + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[start + 2]) }
            for place in 0..<4 {
                let digit = Int(group >> UInt32(18 - 6 * place) & 63)
                text.append(place <= count ? alphabet[digit] : UInt8(ascii: "="))
            }
        }
        return text
    }

    /// The bytes; padding may be left out; nil for anything that is not Base64.
    private static func decoded(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var digits = text[...]
        if text.count % 4 == 0 {
            if digits.last == UInt8(ascii: "=") { digits = digits.dropLast() }
            if digits.last == UInt8(ascii: "=") { digits = digits.dropLast() }
        }
        guard digits.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        var group: UInt32 = 0, bits = 0
        for byte in digits {
            guard let digit = value(of: byte) else { return nil }
            group = group << 6 | digit
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
                group &= (1 << UInt32(bits)) - 1
            }
        }
        return bytes
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte) - 0x41
        case 0x61...0x7A: UInt32(byte) - 0x61 + 26
        case 0x30...0x39: UInt32(byte) - 0x30 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
