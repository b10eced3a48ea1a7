/// How a text literal is written.
struct LiteralForm {
    var isRaw = false
    var isBytes = false
    var prefixLength = 0
}

/// Reads one text or bytes literal, with its escapes.
struct LiteralScanner {
    let bytes: [UInt8]
    var offset: Int
    let form: LiteralForm
    private(set) var mistakes: [(Message, Range<Int>)] = []
    private var content: [UInt8] = []

    init(bytes: [UInt8], offset: Int, form: LiteralForm) {
        self.bytes = bytes
        self.offset = offset
        self.form = form
    }

    /// The literal; one without an end is a mistake, and is what there is of it.
    mutating func scan() -> Literal {
        let start = offset
        offset += form.prefixLength
        let quote = bytes[offset]
        let isTriple = peek(1) == quote && peek(2) == quote
        offset += isTriple ? 3 : 1
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                offset += isTriple ? 3 : 1
                return literal
            }
            if byte == 0x0A || byte == 0x0D, !isTriple { break }
            if byte == UInt8(ascii: "\\"), !form.isRaw {
                scanEscape()
            } else {
                content.append(byte)
                offset += 1
            }
        }
        mistakes.append((.unterminatedText, start..<offset))
        return literal
    }

    private var literal: Literal {
        form.isBytes ? .bytes(content) : .string(String(decoding: content, as: UTF8.self))
    }

    private mutating func scanEscape() {
        let start = offset
        offset += 1
        guard let letter = peek(0) else { return }
        offset += 1
        switch letter {
        case UInt8(ascii: "a"): content.append(0x07)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "v"): content.append(0x0B)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"),
            UInt8(ascii: "?"):
            content.append(letter)
        case UInt8(ascii: "x"), UInt8(ascii: "X"): scanCode(from: start, digits: 2, radix: 16)
        case UInt8(ascii: "u") where !form.isBytes: scanCode(from: start, digits: 4, radix: 16)
        case UInt8(ascii: "U") where !form.isBytes: scanCode(from: start, digits: 8, radix: 16)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            offset -= 1
            scanCode(from: start, digits: 3, radix: 8)
        default: fail(from: start)
        }
    }

    private mutating func scanCode(from start: Int, digits: Int, radix: UInt32) {
        var code: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = peek(0), let digit = hexValue(byte), digit < radix else {
                return fail(from: start)
            }
            code = code * radix + digit
            offset += 1
        }
        if form.isBytes {
            content.append(UInt8(truncatingIfNeeded: code))
        } else if let scalar = Unicode.Scalar(code) {
            content.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        } else {
            fail(from: start)
        }
    }

    private mutating func fail(from start: Int) {
        // The escape's letter may be the first byte of a longer character.
        while let byte = peek(0), byte & 0xC0 == 0x80 { offset += 1 }
        let shown = String(decoding: bytes[start..<offset], as: UTF8.self)
        mistakes.append((.badEscape(shown), start..<offset))
    }

    private func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x41 + 10
        case 0x61...0x66: UInt32(byte) - 0x61 + 10
        default: nil
        }
    }

    private func peek(_ distance: Int) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }
}
