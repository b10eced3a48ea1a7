// Signs: the language's own, and those that are typed for them.
extension Lexer {
    mutating func scanSymbol() -> Token.Kind? {
        if bytes[offset] < 0x80, let symbol = symbolHere() { return .symbol(symbol) }
        let signs = signsHere()
        guard !signs.isEmpty else { return scanForeignNumber() ?? scanStranger() }
        let start = offset
        let ascii = signs.map(\.ascii).joined()
        if ascii.hasPrefix("\"") || ascii.hasPrefix("'") { return scanForeignText(signs[0]) }
        // The longest that is a sign of any language.
        for count in (1...signs.count).reversed() {
            let part = signs.prefix(count).map(\.ascii).joined()
            if let meant = ForeignSigns.matching[part] {
                offset = signs[count - 1].end
                note(
                    .unexpectedCharacter(
                        text(start..<offset), instead: meant.map { .write($0) }),
                    start..<offset)
                return .name("matches")
            }
            let foreign = ForeignSigns.operators.first { $0.sign == part }?.meant
            guard var symbol = Symbol(rawValue: part) ?? foreign else { continue }
            if part == "=>", isBehindLoneArgument { symbol = .comma }
            offset = signs[count - 1].end
            let shown = text(start..<offset)
            note(.unexpectedCharacter(shown, instead: .write(symbol.rawValue)), start..<offset)
            return .symbol(symbol)
        }
        return scanStranger()
    }

    /// The language's own sign that stands here, nil when it is the start of a foreign one.
    private mutating func symbolHere() -> Symbol? {
        let second = peek(1) ?? 0
        let isEqual = second == UInt8(ascii: "=")
        let isStrict = isEqual && peek(2) == UInt8(ascii: "=")
        let found: Symbol?
        switch bytes[offset] {
        case UInt8(ascii: "&"): found = second == UInt8(ascii: "&") ? .and : nil
        case UInt8(ascii: "|"): found = second == UInt8(ascii: "|") ? .or : nil
        case UInt8(ascii: "="): found = isEqual && !isStrict ? .equal : nil
        case UInt8(ascii: "!"):
            found = isStrict || second == UInt8(ascii: "~") ? nil : isEqual ? .notEqual : .not
        case UInt8(ascii: "<"):
            found = isEqual ? .lessOrEqual : second == UInt8(ascii: ">") ? nil : .less
        case UInt8(ascii: ">"): found = isEqual ? .greaterOrEqual : .greater
        case UInt8(ascii: "+"): found = .plus
        case UInt8(ascii: "-"): found = .minus
        case UInt8(ascii: "*"): found = .times
        case UInt8(ascii: "/"): found = .divide
        case UInt8(ascii: "%"): found = .modulo
        case UInt8(ascii: "?"): found = .question
        case UInt8(ascii: ":"): found = .colon
        case UInt8(ascii: ","): found = .comma
        case UInt8(ascii: "."): found = .dot
        case UInt8(ascii: "("): found = .openParenthesis
        case UInt8(ascii: ")"): found = .closeParenthesis
        case UInt8(ascii: "["): found = .openBracket
        case UInt8(ascii: "]"): found = .closeBracket
        case UInt8(ascii: "{"): found = .openBrace
        case UInt8(ascii: "}"): found = .closeBrace
        default: found = nil
        }
        offset += found?.rawValue.utf8.count ?? 0
        return found
    }

    /// Up to three signs from here, each with the ASCII one that it stands for and its end.
    private func signsHere() -> [(ascii: String, end: Int)] {
        var signs: [(ascii: String, end: Int)] = []
        var place = offset
        while signs.count < 3, let (scalar, end) = scalar(at: place),
            let ascii = ForeignSigns.ascii(scalar), !isNamePart(ascii.utf8.first)
        {
            signs.append((ascii, end))
            place = end
        }
        return signs
    }

    func scalar(at place: Int) -> (Unicode.Scalar, end: Int)? {
        guard place < bytes.count else { return nil }
        var end = place + 1
        while end < bytes.count, end < place + 4, bytes[end] & 0xC0 == 0x80 { end += 1 }
        guard let scalar = String(decoding: bytes[place..<end], as: UTF8.self).unicodeScalars.first
        else { return nil }
        return (scalar, end)
    }

    /// A text between quotes of another kind, up to the next quote of any kind in the line.
    private mutating func scanForeignText(_ opening: (ascii: String, end: Int)) -> Token.Kind {
        let start = offset
        var place = opening.end
        while let (scalar, end) = scalar(at: place), scalar != "\n", scalar != "\r" {
            if let ascii = ForeignSigns.ascii(scalar), ascii == "\"" || ascii == opening.ascii {
                let content = text(opening.end..<place)
                offset = end
                let shown = Literal.string(content).description
                note(
                    .unexpectedCharacter(text(start..<offset), instead: .write(shown)),
                    start..<offset)
                return .literal(.string(content))
            }
            place = end
        }
        offset = place
        note(.unterminatedText, start..<offset)
        return .literal(.string(text(opening.end..<place)))
    }

    /// What is no sign of the language: a word of another script, an invisible character, anything.
    private mutating func scanStranger() -> Token.Kind? {
        let start = offset
        guard let (first, end) = scalar(at: start) else { return nil }
        offset = end
        if ForeignSigns.isInvisible(first) {
            while let (scalar, end) = scalar(at: offset), scalar == first { offset = end }
            note(.invisibleCharacter(first.value), start..<offset)
            return nil
        }
        // Neither a letter nor a sign: many languages' `;`, say.
        guard !first.isASCII, belongsToWord(first, at: start) else {
            while let (scalar, end) = scalar(at: offset), scalar == first { offset = end }
            let shown = text(start..<offset)
            note(
                .unexpectedCharacter(shown, instead: ForeignSigns.advice(for: shown)),
                start..<offset)
            return nil
        }
        // Not the whole word: in `a且a且…` each of the operators starts one up to the end.
        let letters = wordEnd(from: start, limit: start + Lexer.operatorReach) { !$0.isASCII }
        if let word = operatorWord(text(start..<letters)) {
            offset = start + word.utf8.count
            return .name(word)
        }
        offset = wordEnd(from: start, limit: bytes.count) { _ in true }
        return scanForeignName(start)
    }

    /// How many bytes of a word are looked at for an operator, and for a name behind it.
    private static let operatorReach = 120

    /// The end of the letters and digits from a place; a word that goes on behind `limit` is cut there.
    private func wordEnd(
        from start: Int, limit: Int, _ isWanted: (Unicode.Scalar) -> Bool
    ) -> Int {
        var end = start
        while end < limit, let (scalar, next) = scalar(at: end), isWanted(scalar),
            belongsToWord(scalar, at: end)
        {
            end = next
        }
        return end
    }

    /// Whether the character at a place is a letter or a digit.
    func belongsToWord(_ scalar: Unicode.Scalar, at place: Int) -> Bool {
        !scalar.isASCII && ForeignSigns.ascii(scalar) == nil
            && !ForeignSigns.isInvisible(scalar) || isNamePart(bytes[place])
    }

    /// The operator that a word of another script starts with, as `并且` before a condition.
    private func operatorWord(_ letters: String) -> String? {
        if last?.endsOperand == true {
            let words = Array(Parser.wordOperators.keys) + Parser.chineseChoices
            return words.filter { letters.hasPrefix($0) }.max {
                ($0.utf8.count, $0) < ($1.utf8.count, $1)
            }
        }
        guard last != .symbol(.dot) else { return nil }
        if Parser.chineseChoices.contains(letters) { return letters }
        return Parser.chineseNots.first { word in
            guard letters.hasPrefix(word) else { return false }
            let rest = String(letters.dropFirst(word.count))
            return rest.isEmpty || synonyms[rest] != nil
        }
    }

    /// A word of another script that stands for a name, or for a text without quotes.
    private mutating func scanForeignName(_ start: Int) -> Token.Kind {
        let shown = text(start..<offset)
        let isMember = last == .symbol(.dot)
        let isOwner = peek(0) == UInt8(ascii: ".")
        if isMember || isOwner, let meant = synonyms[shown] {
            note(
                isMember
                    ? .foreign(shown, instead: meant) : .unknownName(shown, suggestion: meant),
                start..<offset)
            return .name(meant)
        }
        let isCalled = peek(0) == UInt8(ascii: "(")
        let quoted = Literal.string(shown).description
        note(
            .unexpectedCharacter(
                shown,
                instead: isCalled || isOwner && !isMember
                    ? .nameInLetters : isMember ? .key(shown) : .write(quoted)),
            start..<offset)
        return .faulty
    }
}
