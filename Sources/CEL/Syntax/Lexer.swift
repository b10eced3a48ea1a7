/// Cuts a source into tokens, one at a time.
///
/// What the language does not have is noted as a mistake; where it is plain what was meant, the token
/// is the meant one, so that the parser goes on as if nothing had happened.
///
/// `mutating` functions consume text; the others only look.
struct Lexer {
    let bytes: [UInt8]
    var offset = 0
    /// What was wrong, with its place; the lexer goes on behind it.
    private(set) var mistakes: [(Message, Range<Int>)] = []
    /// Whether a mistake in the token under way has been told already.
    private var isDoubtful = false
    private var isBehindEndlessText = false
    /// Whether a text without an end has been found so far.
    private(set) var hasEndlessText = false
    /// Up to where no other language's pattern starts: one has been looked for to the line's end.
    var patternlessEnd = 0
    /// The last token, nil at the start.
    private(set) var last: Token.Kind?

    /// Names of the environment by what people write for them.
    let synonyms: [String: String]

    init(_ source: Source, synonyms: [String: String] = [:]) {
        bytes = source.bytes
        self.synonyms = synonyms
    }

    /// The next token; at the end of the text `end`, again and again.
    mutating func next() -> Token {
        while true {
            skipBlanks()
            let start = offset
            guard start < bytes.count else { return Token(kind: .end, range: start..<start) }
            let known = mistakes.count
            isDoubtful = false
            if let kind = scan() {
                // No input may hold it up: an empty token would come again and again.
                if offset == start { offset += 1 }
                last = kind
                return Token(
                    kind: kind, range: start..<offset,
                    isDoubtful: isDoubtful || mistakes.count > known)
            }
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
        if byte == UInt8(ascii: "/") {
            if peek(1) == UInt8(ascii: "*") { return skipForeignComment() }
            // Behind an operand it divides.
            if last?.endsOperand != true, let pattern = scanPattern() { return pattern }
        }
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

    private mutating func scanName() -> Token.Kind {
        let start = offset
        while isNamePart(peek(0)) { offset += 1 }
        let name = String(decoding: bytes[start..<offset], as: UTF8.self)
        switch name {
        case "true": return .literal(.bool(true))
        case "false": return .literal(.bool(false))
        case "null": return .literal(.null)
        default: return .name(name)
        }
    }

    private mutating func scanQuotedName() -> Token.Kind {
        let start = offset
        offset += 1
        while let byte = peek(0), isNamePart(byte) || "-./ ".utf8.contains(byte) {
            offset += 1
        }
        guard peek(0) == UInt8(ascii: "`"), offset > start + 1 else {
            note(.unterminatedText, start..<offset)
            return .faulty
        }
        offset += 1
        return .quotedName(String(decoding: bytes[start + 1..<offset - 1], as: UTF8.self))
    }

    // MARK: Numbers

    private mutating func scanNumber() -> Token.Kind? {
        let start = offset
        let kind = scanDigits()
        if isBeforeWideDigit {
            // `1０`: one number.
            let end = offset
            offset = start
            if let number = scanForeignNumber() { return number }
            offset = end
        }
        // `30s`, `1_000`: one mistake, not a number and a name.
        let end = offset
        while isNamePart(peek(0)) { offset += 1 }
        let tail = bytes[end..<offset]
        if tail.isEmpty || tail.elementsEqual("in".utf8) {
            offset = end
        } else {
            note(.badNumber(text(start..<offset)), start..<offset)
        }
        return kind
    }

    private mutating func scanDigits() -> Token.Kind {
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
        let shown = text(start..<offset)
        guard let value = Double(shown.hasPrefix(".") ? "0" + shown : shown), value.isFinite else {
            note(.numberTooLarge(shown), start..<offset)
            return .literal(.double(0))
        }
        return .literal(.double(value))
    }

    private mutating func wholeNumber(
        _ start: Int, digits: Range<Int>, radix: Int
    ) -> Token.Kind {
        let value = UInt64(text(digits), radix: radix)
        if peek(0) == UInt8(ascii: "u") || peek(0) == UInt8(ascii: "U") {
            offset += 1
            if let value { return .literal(.uint(value)) }
        } else if let value, let int = Int64(exactly: value) {
            return .literal(.int(int))
        } else if value == UInt64(Int64.max) + 1 {
            return .leastInt
        }
        note(.numberTooLarge(text(start..<offset)), start..<offset)
        return .literal(.int(0))
    }

    // MARK: Texts

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

    private mutating func scanText(_ form: LiteralForm) -> Token.Kind {
        let start = offset
        var scanner = LiteralScanner(bytes: bytes, offset: offset, form: form)
        let literal = scanner.scan()
        offset = max(scanner.offset, start + 1)
        for mistake in scanner.mistakes {
            // The quote at the end of a text over several lines is no other mistake.
            if mistake.0 == .unterminatedText { isBehindEndlessText.toggle() }
            isDoubtful = true
            if mistake.0 != .unterminatedText || isBehindEndlessText {
                note(mistake.0, mistake.1)
            }
        }
        return .literal(literal)
    }

    // MARK: Looking

    mutating func note(_ message: Message, _ range: Range<Int>) {
        if message == .unterminatedText { hasEndlessText = true }
        mistakes.append((message, range))
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func peek(_ distance: Int) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }

    func isNamePart(_ byte: UInt8?) -> Bool { isNameStart(byte) || isDigit(byte) }

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
