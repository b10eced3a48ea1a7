// Names, literals, brackets and what follows them.
extension Parser {
    /// Words that may not be names of variables; they may be names of fields.
    static let reservedWords: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    mutating func parsePrimary() -> NodeID {
        switch current.kind {
        case .symbol(.openParenthesis):
            open()
            return parseOnly(until: .closeParenthesis)
        case .symbol(.openBracket): return parseList()
        case .symbol(.openBrace): return parseMap()
        case .name: return parseName()
        case .symbol(.dot): return parseAbsoluteName()
        default: return parseConstant()
        }
    }

    private mutating func parseConstant() -> NodeID {
        let start = current.range.lowerBound
        switch current.kind {
        case .literal(let literal):
            // What a number of a wrong form was to be is not known.
            let isKnown = !current.isDoubtful || !literal.isNumber
            advance()
            return add(isKnown ? .literal(literal) : .faulty, from: start)
        case .leastInt:
            report(.numberTooLarge("9223372036854775808"), current.range)
            advance()
        case .faulty: advance()
        case .quotedName:
            fail(expected: .expression)
            advance()
        default:
            // An operator, a comma or a bracket: whoever waits for it goes on with it.
            fail(expected: .expression)
        }
        return add(.faulty, from: start)
    }

    private mutating func parseName() -> NodeID {
        let start = current.range.lowerBound
        // `then(…)` may be a function of the host.
        let isChoice =
            isAtForeignChoice
            && (following.kind != .symbol(.openParenthesis) || current.kind == .name("if")
                || Parser.chineseChoices.contains(current.description))
        return isChoice ? parseForeignChoice(start) : parseName(isAbsolute: false, start)
    }

    private mutating func parseAbsoluteName() -> NodeID {
        let start = advance().range.lowerBound
        return parseName(isAbsolute: true, start)
    }

    private mutating func parseName(isAbsolute: Bool, _ start: Int) -> NodeID {
        guard case .name(let name) = current.kind, name != "in" else {
            fail(expected: isAbsolute ? .name : .expression)
            return add(.faulty, from: start)
        }
        let isReserved = Parser.reservedWords.contains(name)
        if isReserved { fail(.reservedWord(name)) }
        advance()
        // `let x = …`: what follows the word follows from it.
        if isReserved { forgive() }
        guard at(.openParenthesis) else {
            return add(isReserved ? .faulty : .name(name, isAbsolute: isAbsolute), from: start)
        }
        let (arguments, isClosed) = parseArguments()
        if isReserved { return add(.faulty, from: start) }
        let function = isAbsolute ? "." + name : name
        return isClosed
            ? call(function, target: nil, arguments, from: start)
            : brokenCall(function, target: nil, arguments, from: start)
    }

    private mutating func parseList() -> NodeID {
        let start = current.range.lowerBound
        open()
        var elements: [Element] = []
        let isClosed = parseSequence(until: .closeBracket, allowsTrailingComma: true) { parser in
            let isOptional = parser.take(.question)
            elements.append(Element(value: parser.parseElement(), isOptional: isOptional))
        }
        return isClosed
            ? add(.list(elements), from: start) : broken(elements.map(\.value), from: start)
    }

    private mutating func parseMap() -> NodeID {
        let start = current.range.lowerBound
        open()
        var entries: [Entry] = []
        var isKnownFaulty = false
        let isClosed = parseSequence(until: .closeBrace, allowsTrailingComma: true) { parser in
            let isOptional = parser.take(.question)
            let before = parser.blamed
            let key = parser.parseElement(endsAtColon: true)
            if parser.blamed != before { isKnownFaulty = true }
            guard parser.take(.colon) else {
                // Told once: `{1, 2}` is one mistake.
                if isKnownFaulty { parser.forgive() }
                parser.fail(expected: .token(":"))
                isKnownFaulty = true
                return
            }
            let value = parser.parseElement()
            entries.append(Entry(key: key, value: value, isOptional: isOptional))
        }
        return isKnownFaulty || !isClosed
            ? broken(entries.flatMap { [$0.key, $0.value] }, from: start)
            : add(.map(entries), from: start)
    }

    /// The arguments of a call, and whether its bracket is closed.
    private mutating func parseArguments() -> (arguments: [NodeID], isClosed: Bool) {
        open()
        var arguments: [NodeID] = []
        let isClosed = parseSequence(until: .closeParenthesis, allowsTrailingComma: false) {
            parser in
            arguments.append(parser.parseElement())
        }
        return (arguments, isClosed)
    }

    /// `.field`, `.?field`, `.method(…)`, `[index]` and `[?index]`, as many as there are.
    mutating func parseMembers(of operand: NodeID, _ start: Int) -> NodeID {
        var operand = operand
        while !isStopped {
            if at(.dot) {
                operand = parseMember(of: operand, start)
            } else if at(.openBracket) {
                operand = parseIndex(of: operand, start)
            } else {
                return operand
            }
        }
        return operand
    }

    private mutating func parseIndex(of operand: NodeID, _ start: Int) -> NodeID {
        open()
        let isOptional = take(.question)
        let index = parseOnly(until: .closeBracket)
        let name = isOptional ? Operator.optionalIndex : Operator.index
        return add(.call(name, target: nil, [operand, index]), from: start)
    }

    private mutating func parseMember(of operand: NodeID, _ start: Int) -> NodeID {
        advance()
        let isOptional = take(.question)
        switch current.kind {
        case .quotedName(let field):
            advance()
            return select(operand, field, isOptional, start)
        case .name(let name) where name != "in":
            advance()
            guard at(.openParenthesis), !isOptional else {
                return select(operand, name, isOptional, start)
            }
            let (arguments, isClosed) = parseArguments()
            let target = receiver(operand)
            return isClosed
                ? call(name, target: target, arguments, from: start)
                : brokenCall(name, target: target, arguments, from: start)
        case .faulty:
            advance()
            return add(.faulty, from: start)
        default:
            fail(expected: .fieldName)
            if case .name = current.kind { advance() }
            return add(.faulty, from: start)
        }
    }

    /// What a method is called on: the field that a variable stands for, or the operand itself.
    private mutating func receiver(_ operand: NodeID) -> NodeID {
        guard !macros.receivers.isEmpty,
            case .name(let name, isAbsolute: false) = builder.tree[operand].kind,
            let field = macros.receivers[name]
        else { return operand }
        // It stands where the variable stands.
        return builder.add(
            .select(Selection(operand: operand, field: field)), builder.tree[operand].range)
    }

    private mutating func select(
        _ operand: NodeID, _ field: String, _ isOptional: Bool, _ start: Int
    ) -> NodeID {
        let selection = Selection(operand: operand, field: field, isOptional: isOptional)
        return add(.select(selection), from: start)
    }

    /// A call, expanded when it has the shape of a macro.
    private mutating func call(
        _ name: String, target: NodeID?, _ arguments: [NodeID], from start: Int
    ) -> NodeID {
        if !isStopped, let expanded = expand(name, target: target, arguments, from: start) {
            return expanded
        }
        return add(.call(name, target: target, arguments), from: start)
    }
}
