// Going on after mistakes.
extension Parser {
    /// An expression, and all that stands behind it up to the comma or bracket that ends it.
    ///
    /// `endsAtColon`: Whether a colon ends it too, as the key of a map's entry.
    mutating func parseElement(
        behind operand: NodeID? = nil, endsAtColon: Bool = false
    ) -> NodeID {
        let result = parseExpression(behind: operand)
        return isStopped || isAtEnd(endsAtColon) ? result : parseRest(endsAtColon)
    }

    /// What stands behind an expression and does not continue it.
    private mutating func parseRest(_ endsAtColon: Bool) -> NodeID {
        var result = add(.faulty, from: current.range.lowerBound)
        while !isStopped, !isAtEnd(endsAtColon) {
            if isAtForeignChoice {
                fail(.foreign(current.description, instead: "? :"))
                skip(toConnective: false, endsAtColon)
            } else {
                fail(expected: endsAtColon ? .token(":") : .operation)
                skip(toConnective: true, endsAtColon)
            }
            result = add(.faulty, from: current.range.lowerBound)
            if at(.question) || at(.colon) && !endsAtColon {
                advance()
                _ = parseExpression()
            } else if !isAtEnd(endsAtColon) {
                result = parseExpression(behind: result)
            }
        }
        return result
    }

    private mutating func isAtEnd(_ endsAtColon: Bool) -> Bool {
        switch current.kind {
        case .end, .symbol(.comma), .symbol(.closeParenthesis), .symbol(.closeBracket),
            .symbol(.closeBrace):
            true
        case .symbol(.colon): endsAtColon
        default: false
        }
    }

    /// Skips the current token, unless it connects, and what follows up to the end of the element or
    /// the next `&&`, `||`, `?` or `:`.
    private mutating func skip(toConnective: Bool, _ endsAtColon: Bool) {
        var depth = 0
        while current.kind != .end {
            if depth == 0 {
                if isAtEnd(endsAtColon) { return }
                if toConnective, at(.and) || at(.or) || at(.question) || at(.colon) { return }
            }
            if current.kind.isOpening { depth += 1 }
            if current.kind.isClosing { depth -= 1 }
            advance()
        }
    }

    // MARK: Brackets

    /// Takes an opening bracket.
    mutating func open() { brackets.append(advance()) }

    /// Takes the closing bracket of the innermost open one, or says that it is missing; false then.
    mutating func close(_ closing: Symbol) -> Bool {
        let opening = brackets.popLast()
        if take(closing) || isStopped { return true }
        if let opening { reportUnclosed(opening, closing) }
        return false
    }

    private mutating func reportUnclosed(_ opening: Token, _ closing: Symbol) {
        // A text without an end has taken the bracket with it.
        if hasEndlessText { forgive() }
        if blame() {
            let source = builder.tree.source
            report(
                .unclosed(
                    opening.description, closing: closing.rawValue,
                    opened: Place(opening.range.lowerBound, in: source),
                    found: source.text(current.range)), current.range)
        }
        // A closing bracket of another kind closes an outer one, or was typed for this one.
        if current.kind.isClosing, !brackets.contains(where: { $0.kind.closing == current.kind }) {
            advance()
        }
    }

    /// Parses `element , element … closing` behind an opening bracket.
    ///
    /// Whether the closing one was there.
    mutating func parseSequence(
        until closing: Symbol, allowsTrailingComma: Bool, _ element: (inout Parser) -> Void
    ) -> Bool {
        while !isStopped, !at(closing), current.kind != .end {
            element(&self)
            let wasBlamed = blamed == current.range.lowerBound
            guard take(.comma) else { break }
            if at(closing), !allowsTrailingComma, !wasBlamed { fail(expected: .expression) }
        }
        return close(closing)
    }

    /// One element where only one may be: others are read for their mistakes.
    mutating func parseOnly(until closing: Symbol) -> NodeID {
        let start = current.range.lowerBound
        let result = parseElement()
        if at(.comma) { skipOthers(closing) }
        return close(closing) ? result : broken([result], from: start)
    }

    /// What is not whole, with the parts that are: they are checked, and nothing follows from it.
    mutating func broken(_ parts: [NodeID], from start: Int) -> NodeID {
        let faulty = add(.faulty, from: start)
        return parts.isEmpty ? faulty : add(.block(parts, faulty), from: start)
    }

    /// A call whose bracket is not closed.
    mutating func brokenCall(
        _ name: String, target: NodeID?, _ arguments: [NodeID], from start: Int
    ) -> NodeID {
        let owner = target.map { [$0] } ?? []
        if isStopped { return broken([], from: start) }
        let known = builder.mistakes.count
        if let expanded = expand(name, target: target, arguments, from: start) {
            // What is said of the whole call may follow from the bracket.
            let isSound = builder.mistakes.count == known
            builder.forget(from: known, at: start..<max(start, end))
            return broken(isSound ? [expanded] : owner, from: start)
        }
        // Arguments of a macro mean nothing without it.
        let isMacro = macros.forms(of: name) != nil
        return broken(isMacro ? owner : owner + arguments, from: start)
    }

    private mutating func skipOthers(_ closing: Symbol) {
        while !isStopped, at(.comma) {
            fail(expected: .closing(closing.rawValue))
            advance()
            if !at(closing) { _ = parseElement() }
        }
    }

    // MARK: Other languages

    /// An operator, and how it was written.
    struct FoundOperator {
        enum Form {
            case sign, method
        }

        var name: String
        var precedence: Int
        var form = Form.sign
        /// What should have been written.
        var instead: String?
        /// How many tokens it takes.
        var length = 1

        /// The operator with a word for "not", as `not contains`.
        func negated(length: Int) -> FoundOperator {
            var negated = self
            negated.instead = instead.map { "!\($0)" }
            negated.length = length
            return negated
        }
    }

    /// Words that other languages have for operators, in small letters.
    static let wordOperators: [String: FoundOperator] = {
        var words: [String: FoundOperator] = [
            "and": FoundOperator(name: Operator.and, precedence: 2, instead: "&&"),
            "or": FoundOperator(name: Operator.or, precedence: 1, instead: "||"),
            "in": FoundOperator(name: Operator.within, precedence: 3, instead: "in"),
            "is": FoundOperator(name: "_==_", precedence: 3, instead: "=="),
            "eq": FoundOperator(name: "_==_", precedence: 3, instead: "=="),
            "equals": FoundOperator(name: "_==_", precedence: 3, instead: "=="),
            "ne": FoundOperator(name: "_!=_", precedence: 3, instead: "!="),
            "mod": FoundOperator(name: "_%_", precedence: 5, instead: "%"),
            "div": FoundOperator(name: "_/_", precedence: 5, instead: "/"),
            "not": FoundOperator(
                name: Operator.within, precedence: 3, instead: "!(a in b)", length: 2),
        ]
        for (sign, name, others) in [
            ("&&", Operator.and, ["并且", "而且", "且", "并", "同时"]),
            ("||", Operator.or, ["或者", "或是", "或"]),
            ("==", "_==_", ["等于", "是"]), ("!=", "_!=_", ["不等于", "不是"]),
            (">=", "_>=_", ["大于等于", "不小于"]), ("<=", "_<=_", ["小于等于", "不大于"]),
            (">", "_>_", ["大于"]), ("<", "_<_", ["小于"]), ("in", Operator.within, ["属于"]),
        ] {
            let precedence = sign == "&&" ? 2 : sign == "||" ? 1 : 3
            for other in others {
                words[other] = FoundOperator(name: name, precedence: precedence, instead: sign)
            }
        }
        for (word, name) in [
            ("包含", "contains"),
            ("contains", "contains"), ("includes", "contains"), ("like", "contains"),
            ("startswith", "startsWith"), ("endswith", "endsWith"), ("matches", "matches"),
            ("match", "matches"), ("rlike", "matches"), ("regexp", "matches"),
        ] {
            words[word] = FoundOperator(
                name: name, precedence: 3, form: .method, instead: "a.\(name)(b)")
        }
        for word in ["不包含", "没有包含", "不含"] { words[word] = words["包含"]?.negated(length: 1) }
        return words
    }()

    /// The operator that stands here, also one of another language.
    mutating func operatorHere() -> FoundOperator? {
        switch current.kind {
        case .symbol(let symbol):
            return Operator.binary(symbol).map {
                FoundOperator(name: $0.name, precedence: $0.precedence)
            }
        case .name("in"): return FoundOperator(name: Operator.within, precedence: 3)
        case .name(let name):
            guard name.utf8.count <= Parser.longestWord,
                let found = Parser.wordOperators[name.lowercased()]
            else { return nil }
            guard found.length == 2 else { return found }
            guard case .name(let next) = following.kind else { return nil }
            if next.lowercased() == "in" { return found }
            guard let negated = Parser.wordOperators[next.lowercased()], negated.form == .method
            else { return nil }
            return negated.negated(length: 2)
        default: return nil
        }
    }

    /// The bytes of the longest of them.
    private static let longestWord = wordOperators.keys.map(\.utf8.count).max() ?? 0

    mutating func takeOperator(_ found: FoundOperator) {
        if let instead = found.instead {
            fail(.foreign(current.description, instead: instead))
        }
        for _ in 0..<found.length { advance() }
    }

    /// Words of Chinese that stand before a condition.
    static let chineseNots: Set<String> = ["非", "不是", "不", "没有"]

    /// `not x`; `not(x)` may be a function of the host.
    var isAtForeignNot: Bool {
        mutating get {
            guard case .name(let name) = current.kind else { return false }
            // The lexer makes a name of such a word only where it stands before a condition.
            if let first = name.utf8.first, first >= 0x80 {
                return Parser.chineseNots.contains(name)
            }
            guard name.utf8.count == 3,
                name.lowercased() == "not"
            else { return false }
            switch following.kind {
            case .name(let next): return Parser.wordOperators[next.lowercased()] == nil
            case .literal, .leastInt, .symbol(.not), .faulty: return true
            default: return false
            }
        }
    }

    /// Words of Chinese for a choice.
    static let chineseChoices: Set<String> = ["如果", "若", "那么", "则", "否则"]

    /// `if … then … else …`, as a statement or behind a value.
    var isAtForeignChoice: Bool {
        mutating get {
            guard case .name(let name) = current.kind, name.utf8.count <= 6 else { return false }
            return ["if", "then", "else", "elif", "elseif"].contains(name.lowercased())
                || Parser.chineseChoices.contains(name)
        }
    }

    /// A choice in another language's words is skipped to its end.
    mutating func parseForeignChoice(_ start: Int) -> NodeID {
        fail(.foreign(current.description, instead: "? :"))
        skip(toConnective: false, false)
        return add(.faulty, from: start)
    }
}

extension Token.Kind {
    var isOpening: Bool { closing != nil }

    var isClosing: Bool {
        switch self {
        case .symbol(.closeParenthesis), .symbol(.closeBracket), .symbol(.closeBrace): true
        default: false
        }
    }

    /// The bracket that closes an opening one.
    var closing: Token.Kind? {
        switch self {
        case .symbol(.openParenthesis): .symbol(.closeParenthesis)
        case .symbol(.openBracket): .symbol(.closeBracket)
        case .symbol(.openBrace): .symbol(.closeBrace)
        default: nil
        }
    }
}
