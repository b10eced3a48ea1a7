/// Makes a tree of a source, by recursive descent with a counted depth.
///
/// `mutating` functions consume tokens; the others only look. After a mistake the parser goes on
/// behind the next comma or bracket, so that one run shows the mistakes of every argument.
struct Parser {
    private var lexer: Lexer
    private(set) var current: Token
    private(set) var following: Token
    private var lastEnd = 0
    private var depth = 0
    private var isLost = false
    var builder: TreeBuilder
    let macros: MacroTable
    private let limits: Limits

    /// The tree of a source, or all that is wrong with it.
    static func parse(
        _ source: Source, macros: MacroTable, limits: Limits
    ) throws(CompilationError) -> Tree {
        guard source.bytes.count <= limits.sourceBytes else {
            let message = Message.sourceTooLarge(limit: limits.sourceBytes)
            throw CompilationError(diagnostics: [Diagnostic(message, at: 0..<0, in: source)])
        }
        var parser = Parser(source, macros: macros, limits: limits)
        let root = parser.parseWhole()
        let mistakes = parser.allMistakes()
        guard mistakes.isEmpty else { throw CompilationError(diagnostics: mistakes) }
        return parser.builder.finish(root)
    }

    private init(_ source: Source, macros: MacroTable, limits: Limits) {
        lexer = Lexer(source)
        current = lexer.next()
        following = lexer.next()
        builder = TreeBuilder(source, limits: limits)
        self.macros = macros
        self.limits = limits
    }

    private func allMistakes() -> [Diagnostic] {
        let lexical = lexer.mistakes.prefix(limits.diagnostics).map {
            Diagnostic($0.0, at: $0.1, in: builder.tree.source)
        }
        let all = lexical.isEmpty ? builder.mistakes : lexical + builder.mistakes
        return all.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private mutating func parseWhole() -> NodeID {
        let root = parseExpression()
        if !isLost && current.kind != .end { fail(expected: .endOfExpression) }
        // The rest is read for the sake of the lexer's mistakes.
        while current.kind != .end { advance() }
        return root
    }

    // MARK: Tokens

    /// Whether a mistake has been made whose end has not been found yet.
    var isLostNow: Bool { isLost }

    mutating func becomeLost() { isLost = true }

    /// The end of the last token consumed.
    var end: Int { lastEnd }

    @discardableResult
    mutating func advance() -> Token {
        let token = current
        lastEnd = token.range.upperBound
        current = following
        following = lexer.next()
        return token
    }

    func at(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }

    mutating func take(_ symbol: Symbol) -> Bool {
        guard at(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: Symbol, _ expected: Expected) {
        if !isLost && !take(symbol) { fail(expected: expected) }
    }

    mutating func fail(expected: Expected) {
        if !isLost && !hasLexicalMistakeHere {
            let found = builder.tree.source.text(current.range)
            report(.unexpected(found: found, expected: expected), current.range)
        }
        isLost = true
    }

    /// How many of the lexer's last mistakes can lie at the current token: it is two tokens ahead.
    private static let lookedBack = 8

    /// Whether the lexer has left something out right before the current token, and said so.
    private var hasLexicalMistakeHere: Bool {
        lexer.mistakes.suffix(Parser.lookedBack).contains { mistake in
            mistake.1.lowerBound >= lastEnd && mistake.1.upperBound <= current.range.lowerBound
        }
    }

    mutating func report(_ message: Message, _ range: Range<Int>) {
        builder.report(message, range)
    }

    private func range(from start: Int) -> Range<Int> { start..<max(start, lastEnd) }

    mutating func add(_ kind: NodeKind, from start: Int) -> NodeID {
        let id = builder.add(kind, range(from: start))
        if builder.isExhausted { isLost = true }
        return id
    }

    // MARK: Operators

    mutating func parseExpression() -> NodeID {
        let start = current.range.lowerBound
        guard depth < limits.nesting else {
            builder.exhaust(.tooDeep(limit: limits.nesting), current.range)
            isLost = true
            return add(.faulty, from: start)
        }
        depth += 1
        defer { depth -= 1 }
        let condition = parseBinary(atLeast: 1)
        guard !isLost, take(.question) else { return condition }
        let yes = parseBinary(atLeast: 1)
        expect(.colon, .token(":"))
        guard !isLost else { return condition }
        let no = parseExpression()
        return add(.call(Operator.conditional, target: nil, [condition, yes, no]), from: start)
    }

    private func operatorHere() -> (name: String, precedence: Int)? {
        switch current.kind {
        case .symbol(let symbol): Operator.binary[symbol]
        case .name("in"): (Operator.within, 3)
        default: nil
        }
    }

    private mutating func parseBinary(atLeast precedence: Int) -> NodeID {
        let start = current.range.lowerBound
        var left = parseUnary()
        while !isLost, let found = operatorHere(), found.precedence >= precedence {
            if found.precedence <= 2 {
                left = parseChain(of: found.name, found.precedence, first: left, start)
            } else {
                advance()
                let right = parseBinary(atLeast: found.precedence + 1)
                left = add(.call(found.name, target: nil, [left, right]), from: start)
            }
        }
        return left
    }

    /// `a && b && c …` as a balanced tree, so that long chains are not deep.
    private mutating func parseChain(
        of name: String, _ precedence: Int, first: NodeID, _ start: Int
    ) -> NodeID {
        var terms = [first]
        while !isLost, let found = operatorHere(), found.name == name {
            advance()
            terms.append(parseBinary(atLeast: precedence + 1))
        }
        while terms.count > 1 {
            var halved: [NodeID] = []
            for index in stride(from: 0, to: terms.count - 1, by: 2) {
                let pair = [terms[index], terms[index + 1]]
                let pairStart = builder.tree[pair[0]].range.lowerBound
                let pairEnd = builder.tree[pair[1]].range.upperBound
                halved.append(
                    builder.add(
                        .call(name, target: nil, pair), pairStart..<max(pairStart, pairEnd)))
            }
            if terms.count % 2 == 1 { halved.append(terms[terms.count - 1]) }
            terms = halved
        }
        if builder.isExhausted { isLost = true }
        return terms[0]
    }

    private mutating func parseUnary() -> NodeID {
        let start = current.range.lowerBound
        if at(.minus), case .literal(let literal) = following.kind {
            switch literal {
            case .int(let value):
                advance()
                advance()
                return parseMembers(of: add(.literal(.int(-value)), from: start), start)
            case .double(let value):
                advance()
                advance()
                return parseMembers(of: add(.literal(.double(-value)), from: start), start)
            default: break
            }
        }
        if at(.minus), following.kind == .leastInt {
            advance()
            advance()
            return parseMembers(of: add(.literal(.int(.min)), from: start), start)
        }
        guard at(.not) || at(.minus) else { return parseMembers(of: parsePrimary(), start) }
        return parsePrefixed(start)
    }

    /// `!!!x` and `--x`: the operators in a row are collected, not recursed into.
    private mutating func parsePrefixed(_ start: Int) -> NodeID {
        var operators: [(name: String, start: Int)] = []
        while at(.not) || at(.minus) {
            if at(.minus), !operators.isEmpty {
                // A minus right before a number belongs to the number.
                if case .literal(.int) = following.kind { break }
                if case .literal(.double) = following.kind { break }
                if following.kind == .leastInt { break }
            }
            let name = at(.not) ? Operator.not : Operator.negate
            operators.append((name, advance().range.lowerBound))
        }
        // The operand is no prefixed one, so this goes one level deep at most.
        var operand = parseUnary()
        for prefix in operators.reversed() {
            operand = add(.call(prefix.name, target: nil, [operand]), from: prefix.start)
        }
        return operand
    }

    // MARK: Lists of things

    /// Parses `element , element … closing` behind an opening bracket.
    mutating func parseSequence(
        until closing: Symbol, allowsTrailingComma: Bool, _ element: (inout Parser) -> Void
    ) {
        while !take(closing) {
            element(&self)
            if isLost { recover(before: closing) }
            if take(.comma) {
                if at(closing) && !allowsTrailingComma { fail(expected: .expression) }
                if isLost { recover(before: closing) }
            } else if !isLost && !at(closing) {
                fail(expected: .closing(closing.rawValue))
                recover(before: closing)
            }
            if current.kind == .end {
                if !isLost { fail(expected: .closing(closing.rawValue)) }
                return
            }
            if isLost { return }
        }
    }

    /// After a mistake, skips to the comma or bracket at which parsing can go on.
    private mutating func recover(before closing: Symbol) {
        guard !builder.isExhausted else { return }
        var open = 0
        while current.kind != .end {
            switch current.kind {
            case .symbol(.openParenthesis), .symbol(.openBracket), .symbol(.openBrace): open += 1
            case .symbol(.closeParenthesis), .symbol(.closeBracket), .symbol(.closeBrace):
                if open == 0 {
                    isLost = !at(closing)
                    return
                }
                open -= 1
            case .symbol(.comma) where open == 0:
                isLost = false
                return
            default: break
            }
            advance()
        }
    }
}
