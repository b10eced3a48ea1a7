/// Makes a tree of a source, by recursive descent with a counted depth.
///
/// After a mistake the parser goes on: where it is plain what was meant, as if that had been written;
/// else with a `faulty` node behind the next `&&`, `||`, comma or bracket. So one run shows all
/// mistakes that do not follow from each other. No token is blamed twice.
///
/// Functions named for parsing, taking, skipping, opening and closing consume tokens; the others only
/// look. Those are `mutating` all the same: a call then passes the parser's address, where a build
/// without optimisation would put a copy of it on the stack at every level.
struct Parser {
    private var lexer: Lexer
    private(set) var current: Token
    private(set) var following: Token
    private var lastEnd = 0
    private var depth = 0
    /// Where the token starts that was blamed last.
    private(set) var blamed = -1
    /// The brackets that are open, the innermost last.
    var brackets: [Token] = []
    var builder: TreeBuilder
    let macros: MacroTable
    let limits: Limits

    /// The tree of a source, or all that is wrong with it.
    static func parse(
        _ source: Source, macros: MacroTable, limits: Limits
    ) throws(CompilationError) -> Tree {
        let (tree, mistakes) = recover(source, macros: macros, limits: limits)
        guard let tree, mistakes.isEmpty else { throw CompilationError(diagnostics: mistakes) }
        return tree
    }

    /// All that is wrong with a source, and the tree with faulty nodes for what was not understood.
    ///
    /// There is no tree when a bound is passed.
    static func recover(
        _ source: Source, macros: MacroTable, limits: Limits
    ) -> (tree: Tree?, mistakes: [Diagnostic]) {
        guard source.bytes.count <= limits.sourceBytes else {
            let message = Message.sourceTooLarge(limit: limits.sourceBytes)
            return (nil, [Diagnostic(message, at: 0..<0, in: source)])
        }
        var parser = Parser(source, macros: macros, limits: limits)
        let root = parser.parseWhole()
        parser.builder.setRoot(root)
        let mistakes = parser.allMistakes()
        return (parser.isStopped ? nil : parser.builder.tree, mistakes)
    }

    private init(_ source: Source, macros: MacroTable, limits: Limits) {
        lexer = Lexer(source, synonyms: macros.synonyms)
        current = lexer.next()
        following = lexer.next()
        builder = TreeBuilder(source, limits: limits)
        self.macros = macros
        self.limits = limits
    }

    private mutating func allMistakes() -> [Diagnostic] {
        let lexical = lexer.mistakes.prefix(limits.diagnostics + 1).map { message, range in
            var message = message
            if case .badNumber(let text, _) = message {
                message = .badNumber(text, instead: builder.meant[range.lowerBound])
            }
            return Diagnostic(message, at: range, in: builder.tree.source)
        }
        return Diagnostic.merged(lexical, builder.mistakes, limits, in: builder.tree.source)
    }

    private mutating func parseWhole() -> NodeID {
        var root = parseElement()
        while !isStopped, current.kind != .end {
            // A comma or a closing bracket that belongs to nothing.
            let isBracket = current.kind.isClosing
            if isBracket {
                fail(.unopened(current.description))
            } else {
                fail(expected: .endOfExpression)
            }
            advance()
            root = add(.faulty, from: current.range.lowerBound)
            if current.kind != .end { _ = parseElement(behind: isBracket ? root : nil) }
        }
        // The rest is read for the sake of the lexer's mistakes.
        while current.kind != .end { advance() }
        return root
    }

    // MARK: Tokens

    /// Whether a bound has been passed: nothing more is made of the source.
    var isStopped: Bool { mutating get { builder.isExhausted } }

    /// The end of the last token consumed.
    var end: Int { mutating get { lastEnd } }

    @discardableResult
    mutating func advance() -> Token {
        let token = current
        lastEnd = token.range.upperBound
        current = following
        following = lexer.next()
        return token
    }

    mutating func at(_ symbol: Symbol) -> Bool {
        if case .symbol(let found) = current.kind { return found == symbol }
        return false
    }

    mutating func take(_ symbol: Symbol) -> Bool {
        guard at(symbol) else { return false }
        advance()
        return true
    }

    // MARK: Mistakes

    mutating func fail(expected: Expected) {
        guard blame() else { return }
        let found = builder.tree.source.text(current.range)
        builder.report(.unexpected(found: found, expected: expected), current.range)
    }

    mutating func fail(_ message: Message) {
        if blame() { builder.report(message, current.range) }
    }

    /// Blames the current token; whether a mistake is to be told, which is not when the token has been
    /// blamed, the lexer has spoken of it, or no more mistakes are shown.
    mutating func blame() -> Bool {
        let isKnown = blamed == current.range.lowerBound
        blamed = current.range.lowerBound
        return !isKnown && builder.hasRoom && !current.isDoubtful && !hasLexicalMistakeHere
    }

    /// Leaves the current token out of the blame: what is wrong with it follows from something else.
    mutating func forgive() { blamed = current.range.lowerBound }

    /// How many of the lexer's last mistakes can lie at the current token: it is two tokens ahead.
    private static let lookedBack = 8

    /// Whether the lexer has left something out right before the current token, and said so.
    private var hasLexicalMistakeHere: Bool {
        lexer.mistakes.suffix(Parser.lookedBack).contains { mistake in
            mistake.1.lowerBound >= lastEnd && mistake.1.upperBound <= current.range.lowerBound
        }
    }

    /// Whether a text without an end has been found so far.
    var hasEndlessText: Bool { lexer.hasEndlessText }

    mutating func report(_ message: Message, _ range: Range<Int>) {
        builder.report(message, range)
    }

    mutating func add(_ kind: NodeKind, from start: Int) -> NodeID {
        builder.add(kind, start..<max(start, lastEnd))
    }

    /// Goes one level deeper; false at the limit.
    mutating func enter() -> Bool {
        guard depth < limits.nesting else { return false }
        depth += 1
        return true
    }

    mutating func leave() { depth -= 1 }

    /// The source is too deep here.
    mutating func giveUp() -> NodeID {
        builder.exhaust(.tooDeep(limit: limits.nesting), current.range)
        return add(.faulty, from: current.range.lowerBound)
    }
}

extension Diagnostic {
    /// Two lists as one in the order of the source, no place twice, and no more than are shown.
    static func merged(
        _ first: [Diagnostic], _ second: [Diagnostic], _ limits: Limits, in source: Source
    ) -> [Diagnostic] {
        var all: [Diagnostic] = []
        for diagnostic in (first + second).sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where all.last?.range != diagnostic.range || all.last?.code != diagnostic.code {
            all.append(diagnostic)
        }
        let isCut = all.contains { $0.code == tooMany }
        if isCut { all.removeAll { $0.code == tooMany } }
        guard isCut || all.count > limits.diagnostics, let last = all.last?.range else {
            return all
        }
        let rest = all.count > limits.diagnostics ? all[limits.diagnostics].range : last
        all.removeSubrange(min(limits.diagnostics, all.count)...)
        let more = Message.tooManyMistakes(limit: limits.diagnostics)
        return all + [Diagnostic(more, at: rest, in: source)]
    }

    private static let tooMany = Message.tooManyMistakes(limit: 0).code
}
