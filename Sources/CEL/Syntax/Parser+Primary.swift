// Names, literals, brackets and what follows them.
extension Parser {
    /// Words that may not be names of variables; they may be names of fields.
    static let reservedWords: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    mutating func parsePrimary() -> NodeID {
        let start = current.range.lowerBound
        switch current.kind {
        case .literal(let literal):
            advance()
            return add(.literal(literal), from: start)
        case .leastInt:
            report(.numberTooLarge("9223372036854775808"), current.range)
            advance()
            return add(.faulty, from: start)
        case .symbol(.openParenthesis):
            advance()
            let inner = parseExpression()
            expect(.closeParenthesis, .closing(")"))
            return inner
        case .symbol(.openBracket): return parseList(start)
        case .symbol(.openBrace): return parseMap(start)
        case .symbol(.dot):
            advance()
            return parseName(isAbsolute: true, start)
        case .name: return parseName(isAbsolute: false, start)
        default:
            fail(expected: .expression)
            return add(.faulty, from: start)
        }
    }

    private mutating func parseName(isAbsolute: Bool, _ start: Int) -> NodeID {
        guard case .name(let name) = current.kind, name != "in" else {
            fail(expected: .name)
            return add(.faulty, from: start)
        }
        if Parser.reservedWords.contains(name) { report(.reservedWord(name), current.range) }
        advance()
        guard at(.openParenthesis) else {
            return add(.name(name, isAbsolute: isAbsolute), from: start)
        }
        let arguments = parseArguments()
        let function = isAbsolute ? "." + name : name
        return call(function, target: nil, arguments, from: start)
    }

    private mutating func parseList(_ start: Int) -> NodeID {
        advance()
        var elements: [Element] = []
        parseSequence(until: .closeBracket, allowsTrailingComma: true) { parser in
            let isOptional = parser.take(.question)
            elements.append(Element(value: parser.parseExpression(), isOptional: isOptional))
        }
        return add(.list(elements), from: start)
    }

    private mutating func parseMap(_ start: Int) -> NodeID {
        advance()
        var entries: [Entry] = []
        parseSequence(until: .closeBrace, allowsTrailingComma: true) { parser in
            let isOptional = parser.take(.question)
            let key = parser.parseExpression()
            parser.expect(.colon, .token(":"))
            if parser.isLostNow { return }
            let value = parser.parseExpression()
            entries.append(Entry(key: key, value: value, isOptional: isOptional))
        }
        return add(.map(entries), from: start)
    }

    private mutating func parseArguments() -> [NodeID] {
        advance()
        var arguments: [NodeID] = []
        parseSequence(until: .closeParenthesis, allowsTrailingComma: false) { parser in
            arguments.append(parser.parseExpression())
        }
        return arguments
    }

    /// `.field`, `.?field`, `.method(…)`, `[index]` and `[?index]`, as many as there are.
    mutating func parseMembers(of operand: NodeID, _ start: Int) -> NodeID {
        var operand = operand
        while !isLostNow {
            if take(.dot) {
                operand = parseMember(of: operand, start)
            } else if take(.openBracket) {
                let isOptional = take(.question)
                let index = parseExpression()
                expect(.closeBracket, .closing("]"))
                let name = isOptional ? Operator.optionalIndex : Operator.index
                operand = add(.call(name, target: nil, [operand, index]), from: start)
            } else {
                return operand
            }
        }
        return operand
    }

    private mutating func parseMember(of operand: NodeID, _ start: Int) -> NodeID {
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
            let receiver = receiver(operand)
            return call(name, target: receiver, parseArguments(), from: start)
        default:
            fail(expected: .fieldName)
            return operand
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
        if !isLostNow, let expanded = expand(name, target: target, arguments, from: start) {
            return expanded
        }
        return add(.call(name, target: target, arguments), from: start)
    }
}
