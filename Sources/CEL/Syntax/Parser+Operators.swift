// Operators, from the loosest to the tightest.
extension Parser {
    /// `a ? b : c`, or anything that binds tighter.
    ///
    /// `operand`: What the expression starts with when that has been read already.
    mutating func parseExpression(behind operand: NodeID? = nil) -> NodeID {
        guard enter() else { return giveUp() }
        let start = start(behind: operand)
        let condition = parseBinary(atLeast: 1, behind: operand)
        let result = at(.question) && !isStopped ? parseChoice(condition, start) : condition
        leave()
        return result
    }

    private mutating func start(behind operand: NodeID?) -> Int {
        operand.map { builder.tree[$0].range.lowerBound } ?? current.range.lowerBound
    }

    private mutating func parseChoice(_ condition: NodeID, _ start: Int) -> NodeID {
        let question = advance().range
        let yes = parseBinary(atLeast: 1)
        guard take(.colon) else { return parseHalfChoice(condition, yes, question, start) }
        let no = parseExpression()
        return add(.call(Operator.conditional, target: nil, [condition, yes, no]), from: start)
    }

    /// Behind `a ? b`, where no colon is; `? c ? d …` are collected, not recursed into.
    private mutating func parseHalfChoice(
        _ condition: NodeID, _ yes: NodeID, _ question: Range<Int>, _ start: Int
    ) -> NodeID {
        var parts = [condition, yes]
        var halves = 1
        blameHalf(question)
        while at(.question), !isStopped {
            let question = advance().range
            // What stands before the sign is not known to be a value: only the last is checked.
            parts = [condition, parseBinary(atLeast: 1)]
            if take(.colon) {
                parts.append(parseExpression())
                break
            }
            blameHalf(question)
            halves += 1
        }
        while halves > 0, !isStopped, take(.colon) {
            parts.append(parseExpression())
            halves -= 1
        }
        return broken(parts, from: start)
    }

    /// Says that a choice has no colon, or that its sign is no choice's.
    private mutating func blameHalf(_ question: Range<Int>) {
        let isChaining =
            question.upperBound < builder.tree.source.bytes.count
            && builder.tree.source.bytes[question.upperBound] == UInt8(ascii: ".")
        if isChaining, blamed != current.range.lowerBound {
            report(.foreign("?.", instead: ".?"), question.lowerBound..<question.upperBound + 1)
            forgive()
        }
        fail(expected: .token(":"))
    }

    mutating func parseBinary(atLeast precedence: Int, behind operand: NodeID? = nil) -> NodeID {
        let start = start(behind: operand)
        var left = operand.map { parseMembers(of: $0, start) } ?? parseUnary()
        while !isStopped, let found = operatorHere(), found.precedence >= precedence {
            left = parseOperation(found, left, start)
        }
        return left
    }

    private mutating func parseOperation(
        _ found: FoundOperator, _ left: NodeID, _ start: Int
    ) -> NodeID {
        if found.precedence <= 2 {
            return parseChain(of: found.name, found.precedence, first: left, start)
        }
        takeOperator(found)
        let right = parseBinary(atLeast: found.precedence + 1)
        return combine(found, left, right, start)
    }

    private mutating func combine(
        _ found: FoundOperator, _ left: NodeID, _ right: NodeID, _ start: Int
    ) -> NodeID {
        switch found.form {
        case .sign: add(.call(found.name, target: nil, [left, right]), from: start)
        case .method: add(.call(found.name, target: left, [right]), from: start)
        }
    }

    /// `a && b && c …` as a balanced tree, so that long chains are not deep.
    private mutating func parseChain(
        of name: String, _ precedence: Int, first: NodeID, _ start: Int
    ) -> NodeID {
        var terms = [first]
        while !isStopped, let found = operatorHere(), found.name == name {
            takeOperator(found)
            terms.append(parseBinary(atLeast: precedence + 1))
        }
        return balance(terms, name)
    }

    private mutating func balance(_ terms: [NodeID], _ name: String) -> NodeID {
        var terms = terms
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
        return terms[0]
    }

    private mutating func parseUnary() -> NodeID {
        isAtPrefix
            ? parsePrefixed(current.range.lowerBound)
            : parsePostfixed(current.range.lowerBound)
    }

    private mutating func parsePostfixed(_ start: Int) -> NodeID {
        let operand = parsePrimary()
        return parseMembers(of: operand, start)
    }

    private var isAtPrefix: Bool {
        mutating get { at(.not) || at(.minus) || isAtForeignNot }
    }

    /// `!!!x` and `--x`: the operators in a row are collected, not recursed into.
    private mutating func parsePrefixed(_ start: Int) -> NodeID {
        var operators: [(name: String, start: Int)] = []
        var number: Literal?
        while isAtPrefix {
            // A minus right before a number belongs to the number.
            number = negativeNumber
            if number != nil { break }
            if isAtForeignNot { fail(.foreign(current.description, instead: "!")) }
            let name = at(.minus) ? Operator.negate : Operator.not
            operators.append((name, advance().range.lowerBound))
        }
        let inner = current.range.lowerBound
        var operand = number.map { takeNegative($0) } ?? parsePrimary()
        operand = parseMembers(of: operand, inner)
        for prefix in operators.reversed() {
            operand = add(.call(prefix.name, target: nil, [operand]), from: prefix.start)
        }
        return operand
    }

    /// The number that a minus here and the literal behind it are.
    private var negativeNumber: Literal? {
        mutating get {
            guard at(.minus), !following.isDoubtful else { return nil }
            switch following.kind {
            case .literal(.int(let value)): return .int(-value)
            case .literal(.double(let value)): return .double(-value)
            case .leastInt: return .int(.min)
            default: return nil
            }
        }
    }

    private mutating func takeNegative(_ number: Literal) -> NodeID {
        let start = advance().range.lowerBound
        advance()
        return add(.literal(number), from: start)
    }
}
