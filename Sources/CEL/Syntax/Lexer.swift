/// Cuts a source into tokens, one at a time.
///
/// `mutating` functions consume text; the others only look.
struct Lexer {
    private let bytes: [UInt8]
    private var offset = 0
    /// What was wrong, with its place; the lexer goes on behind it.
    private(set) var mistakes: [(Message, Range<Int>)] = []

    init(_ source: Source) { bytes = source.bytes }

    /// The next token; at the end of the text `end`, again and again.
    mutating func next() -> Token {
        while true {
            skipBlanks()
            let start = offset
            guard start < bytes.count else { return Token(kind: .end, range: start..<start) }
            if let kind = scan() { return Token(kind: kind, range: start..<offset) }
            // The mistake has been noted; each scan consumes at least one byte.
            if offset == start { offset += 1 }
        }
    }

    private mutating func scan() -> Token.Kind? {
        let byte = bytes[offset]
        if isDigit(byte) || byte == UInt8(ascii: ".") && isDigit(peek(1)) { return scanNumber() }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            return scanText(LiteralForm())
        }
        if isNameStart(byte) {
            if let form = textPrefix() { return scanText(form) }
            return scanName()
        }
        if byte == UInt8(ascii: "`") { return scanQuotedName() }
        return scanSymbol()
    }

    private mutating func skipBlanks() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: offset += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while offset < bytes.count && bytes[offset] != 0x0A { offset += 1 }
            default: return
            }
        }
    }

    private mutating func scanSymbol() -> Token.Kind? {
        let pair = offset + 1 < bytes.count ? bytes[offset..<offset + 2] : []
        for symbol in Symbol.allCases where symbol.rawValue.utf8.count == 2 {
            if pair.elementsEqual(symbol.rawValue.utf8) {
                offset += 2
                return .symbol(symbol)
            }
        }
        let text = String(decoding: bytes[offset..<offset + 1], as: UTF8.self)
        if let symbol = Symbol(rawValue: text) {
            offset += 1
            return .symbol(symbol)
        }
        let start = offset
        repeat { offset += 1 } while offset < bytes.count && bytes[offset] & 0xC0 == 0x80
        let shown = String(decoding: bytes[start..<offset], as: UTF8.self)
        note(.unexpectedCharacter(shown), start..<offset)
        return nil
    }

    private mutating func scanName() -> Token.Kind {
        let start = offset
        while isNameStart(peek(0)) || isDigit(peek(0)) { offset += 1 }
        let name = String(decoding: bytes[start..<offset], as: UTF8.self)
        switch name {
        case "true": return .literal(.bool(true))
        case "false": return .literal(.bool(false))
        case "null": return .literal(.null)
        default: return .name(name)
        }
    }

    private mutating func scanQuotedName() -> Token.Kind? {
        let start = offset
        offset += 1
        while let byte = peek(0), isNameStart(byte) || isDigit(byte) || "-./ ".utf8.contains(byte) {
            offset += 1
        }
        guard peek(0) == UInt8(ascii: "`"), offset > start + 1 else {
            note(.unterminatedText, start..<offset)
            return nil
        }
        offset += 1
        return .quotedName(String(decoding: bytes[start + 1..<offset - 1], as: UTF8.self))
    }

    private mutating func scanNumber() -> Token.Kind? {
        let start = offset
        if bytes[offset] == UInt8(ascii: "0"),
            peek(1) == UInt8(ascii: "x") || peek(1) == UInt8(ascii: "X"),
            isHexDigit(peek(2))
        {
            offset += 2
            while isHexDigit(peek(0)) { offset += 1 }
            return wholeNumber(start, digits: start + 2..<offset, radix: 16)
        }
        while isDigit(peek(0)) { offset += 1 }
        var isDouble = false
        if peek(0) == UInt8(ascii: "."), isDigit(peek(1)) {
            isDouble = true
            offset += 1
            while isDigit(peek(0)) { offset += 1 }
        }
        if peek(0) == UInt8(ascii: "e") || peek(0) == UInt8(ascii: "E") {
            let signed = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
            if isDigit(peek(signed ? 2 : 1)) {
                isDouble = true
                offset += signed ? 2 : 1
                while isDigit(peek(0)) { offset += 1 }
            }
        }
        guard isDouble else { return wholeNumber(start, digits: start..<offset, radix: 10) }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard let value = Double(text.hasPrefix(".") ? "0" + text : text), value.isFinite else {
            note(.numberTooLarge(text), start..<offset)
            return .literal(.double(0))
        }
        return .literal(.double(value))
    }

    private mutating func wholeNumber(
        _ start: Int, digits: Range<Int>, radix: Int
    ) -> Token.Kind {
        let text = String(decoding: bytes[digits], as: UTF8.self)
        let value = UInt64(text, radix: radix)
        if peek(0) == UInt8(ascii: "u") || peek(0) == UInt8(ascii: "U") {
            offset += 1
            if let value { return .literal(.uint(value)) }
        } else if let value, let int = Int64(exactly: value) {
            return .literal(.int(int))
        } else if value == UInt64(Int64.max) + 1 {
            return .leastInt
        }
        note(
            .numberTooLarge(String(decoding: bytes[start..<offset], as: UTF8.self)), start..<offset)
        return .literal(.int(0))
    }

    /// The form of a text whose quote follows the letters here, when they are such a prefix.
    private func textPrefix() -> LiteralForm? {
        var form = LiteralForm()
        var length = 0
        if peek(0) == UInt8(ascii: "b") || peek(0) == UInt8(ascii: "B") {
            form.isBytes = true
            length += 1
        }
        if peek(length) == UInt8(ascii: "r") || peek(length) == UInt8(ascii: "R") {
            form.isRaw = true
            length += 1
        }
        let quote = peek(length)
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        form.prefixLength = length
        return form
    }

    private mutating func scanText(_ form: LiteralForm) -> Token.Kind? {
        let start = offset
        var scanner = LiteralScanner(bytes: bytes, offset: offset, form: form)
        let literal = scanner.scan()
        offset = max(scanner.offset, start + 1)
        mistakes.append(contentsOf: scanner.mistakes)
        return literal.map { .literal($0) }
    }

    private mutating func note(_ message: Message, _ range: Range<Int>) {
        mistakes.append((message, range))
    }

    private func peek(_ distance: Int) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }

    private func isDigit(_ byte: UInt8?) -> Bool {
        byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    private func isHexDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private func isNameStart(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "_")
    }
}
