// What other languages have, and keyboards for other scripts.
extension Lexer {
    /// `/* … */`, which other languages have.
    mutating func skipForeignComment() -> Token.Kind? {
        let start = offset
        offset += 2
        while offset < bytes.count,
            !(bytes[offset] == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/"))
        {
            offset += 1
        }
        offset = min(offset + 2, bytes.count)
        note(.unexpectedCharacter("/*", instead: .write("//")), start..<min(start + 2, offset))
        return nil
    }

    /// `/a|b/` where an operand is due: a regular expression of another language.
    mutating func scanPattern() -> Token.Kind? {
        guard offset >= patternlessEnd else { return nil }
        var place = offset + 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "/"), !isLineEnd(bytes[place]) {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard place < bytes.count, !isLineEnd(bytes[place]) else {
            patternlessEnd = place
            return nil
        }
        guard place > offset + 1 else { return nil }
        let start = offset
        offset = place + 1
        while isNamePart(peek(0)) { offset += 1 }
        // Those that the engine has too; `g` and others say nothing of whether there is a match.
        let letters = text(place + 1..<offset)
        let flags = ["i", "m", "s"].filter(letters.contains).joined()
        let pattern = (flags.isEmpty ? "" : "(?\(flags))") + text(start + 1..<place)
        // Behind `=~` it is what was to be expected.
        if last != .name("matches") {
            note(.foreignPattern(text(start..<offset), pattern: pattern), start..<offset)
        }
        return .literal(.string(pattern))
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    /// Whether a name stands here as the first argument of a call: `exists(x => …)` has a function of
    /// another language.
    var isBehindLoneArgument: Bool {
        guard case .name = last, last?.endsOperand == true else { return false }
        var place = skippingBlanks(before: offset)
        while place > 0, isNamePart(bytes[place - 1]) { place -= 1 }
        place = skippingBlanks(before: place)
        return place > 1 && bytes[place - 1] == UInt8(ascii: "(") && isNamePart(bytes[place - 2])
    }

    private func skippingBlanks(before place: Int) -> Int {
        var place = place
        while place > 0, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place - 1]) { place -= 1 }
        return place
    }

    /// Whether a wide digit goes on with a number, perhaps behind its point.
    var isBeforeWideDigit: Bool {
        let place = peek(0) == UInt8(ascii: ".") ? offset + 1 : offset
        guard place < bytes.count, bytes[place] >= 0x80, let (found, _) = scalar(at: place) else {
            return false
        }
        return ForeignSigns.digit(found) != nil
    }

    /// `３０`, `３．５`: a number whose digits are wide; nil when none stands here.
    mutating func scanForeignNumber() -> Token.Kind? {
        var ascii = ""
        var place = offset
        while let (found, end) = scalar(at: place), let digit = ForeignSigns.digit(found) {
            ascii.unicodeScalars.append(digit)
            place = end
            // A point with a digit behind it, once.
            if let (point, behind) = scalar(at: place), point == "." || point == "．",
                !ascii.contains("."), let (next, _) = scalar(at: behind),
                ForeignSigns.digit(next) != nil
            {
                ascii += "."
                place = behind
            }
        }
        let start = offset
        guard place > start else { return nil }
        // `３天` is a word.
        if let (next, _) = scalar(at: place), belongsToWord(next, at: place) { return nil }
        offset = place
        note(.unexpectedCharacter(text(start..<place), instead: .write(ascii)), start..<place)
        if let whole = Int64(ascii) { return .literal(.int(whole)) }
        return .literal(.double(Double(ascii) ?? 0))
    }
}
