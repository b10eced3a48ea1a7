// Equality and order.
extension Planner {
    // MARK: Equality

    mutating func planEquality(_ id: NodeID, _ nodes: [NodeID], isNegated: Bool) -> Code {
        equality(id, nodes, planned(nodes), isNegated: isNegated)
    }

    private mutating func equality(
        _ id: NodeID, _ nodes: [NodeID], _ parts: [Code], isNegated: Bool
    ) -> Code {
        var nodes = nodes, parts = parts
        if parts[0].constant != nil {
            nodes.swapAt(0, 1)
            parts.swapAt(0, 1)
        }
        return folded(.bool(equality(id, nodes, parts, isNegated)), parts)
    }

    /// A constant, when there is one, stands on the right.
    private mutating func equality(
        _ id: NodeID, _ nodes: [NodeID], _ parts: [Code], _ isNegated: Bool
    ) -> BoolCode {
        switch (type(nodes[0]), type(nodes[1])) {
        case (.int, .int):
            if let constant = parts[1].constant, constant.is(.int) {
                return equality(id, nodes[0], parts[0], constant.int, isNegated)
            }
            return isSame(parts[0].asInt(nodes[0]), parts[1].asInt(nodes[1]), isNegated)
        case (.double, .double), (.int, .double), (.double, .int):
            return isSame(parts[0].asDouble(nodes[0]), parts[1].asDouble(nodes[1]), isNegated)
        case (.bool, .bool):
            return isSame(parts[0].asBool(nodes[0]), parts[1].asBool(nodes[1]), isNegated)
        default: break
        }
        if let constant = parts[1].constant {
            return equality(id, nodes[0], parts[0], constant, isNegated)
        }
        let left = parts[0].asCell, right = parts[1].asCell
        return { evaluation throws(Fault) in
            try evaluation.equal(try left(evaluation), try right(evaluation)) != isNegated
        }
    }

    private func isSame<Value: Equatable & SendableMetatype>(
        _ left: @escaping @Sendable (Evaluation) throws(Fault) -> Value,
        _ right: @escaping @Sendable (Evaluation) throws(Fault) -> Value, _ isNegated: Bool
    ) -> BoolCode {
        { evaluation throws(Fault) in
            (try left(evaluation) == (try right(evaluation))) != isNegated
        }
    }

    private mutating func equality(
        _ id: NodeID, _ node: NodeID, _ part: Code, _ wanted: Int64, _ isNegated: Bool
    ) -> BoolCode {
        let operand = operand(node, part)
        note(id, operand, .ints(wanted, wanted), isNegated: isNegated)
        switch operand {
        case .slotField(.int(let reader)): return isSame(reader, wanted, isNegated)
        case .variableField(.int(let reader)): return isSame(reader, wanted, isNegated)
        default: return isSame(IntCodeReader(code: part.asInt(node)), wanted, isNegated)
        }
    }

    @inline(__always)
    private func isSame(
        _ reader: some Reader<Int64>, _ wanted: Int64, _ isNegated: Bool
    ) -> BoolCode {
        { evaluation throws(Fault) in (try reader.read(evaluation) == wanted) != isNegated }
    }

    private mutating func equality(
        _ id: NodeID, _ node: NodeID, _ part: Code, _ constant: Cell, _ isNegated: Bool
    ) -> BoolCode {
        let operand = operand(node, part)
        if constant.is(.string) {
            note(id, operand, .isText(ConstantText(constant)), isNegated: isNegated)
        } else if constant.is(.int) {
            note(id, operand, .ints(constant.int, constant.int), isNegated: isNegated)
        }
        switch operand {
        case .slot(let reader): return isSame(reader, constant, isNegated)
        case .variable(let reader): return isSame(reader, constant, isNegated)
        case .slotField(.text(let reader)): return isSame(reader, constant, isNegated)
        case .slotField(.untyped(let reader)): return isSame(reader, constant, isNegated)
        case .variableField(.text(let reader)): return isSame(reader, constant, isNegated)
        case .variableField(.untyped(let reader)): return isSame(reader, constant, isNegated)
        default: return isSame(CellCodeReader(code: part.asCell), constant, isNegated)
        }
    }

    @inline(__always)
    private func isSame(
        _ reader: some Reader<Cell>, _ constant: Cell, _ isNegated: Bool
    ) -> BoolCode {
        switch constant.kind {
        case .string:
            let text = ConstantText(constant)
            return { evaluation throws(Fault) in
                text.equals(try reader.read(evaluation)) != isNegated
            }
        case .int:
            return { evaluation throws(Fault) in
                let cell = try reader.read(evaluation)
                let isSame =
                    cell.is(.int)
                    ? cell.int == constant.int : try evaluation.equal(cell, constant)
                return isSame != isNegated
            }
        default:
            return { evaluation throws(Fault) in
                try evaluation.equal(try reader.read(evaluation), constant) != isNegated
            }
        }
    }

    // MARK: Order

    mutating func planOrder(_ id: NodeID, _ order: Order, _ nodes: [NodeID]) -> Code {
        self.order(id, order, nodes, planned(nodes))
    }

    private mutating func order(
        _ id: NodeID, _ order: Order, _ nodes: [NodeID], _ parts: [Code]
    ) -> Code {
        if let constant = parts[1].constant, constant.isNumber, parts[0].constant == nil {
            let operand = operand(nodes[0], parts[0])
            switch operand {
            case .slotField(let field):
                note(id, operand, order.question(field, constant))
                if let code = order.code(field, constant, id) { return .bool(code) }
            case .variableField(let field):
                if let code = order.code(field, constant, id) { return .bool(code) }
            default: break
            }
        }
        switch (type(nodes[0]), type(nodes[1])) {
        case (.int, .int):
            let left = parts[0].asInt(nodes[0])
            if let constant = parts[1].constant, constant.is(.int) {
                return folded(.bool(order.code(IntCodeReader(code: left), constant.int)), parts)
            }
            return folded(.bool(order.code(left, parts[1].asInt(nodes[1]))), parts)
        case (.double, .double), (.int, .double), (.double, .int):
            let left = parts[0].asDouble(nodes[0])
            if let constant = parts[1].constant, constant.isNumber {
                let reader = DoubleCodeReader(code: left)
                return folded(.bool(order.code(reader, constant.asDouble)), parts)
            }
            return folded(.bool(order.code(left, parts[1].asDouble(nodes[1]))), parts)
        default:
            let left = parts[0].asCell, right = parts[1].asCell
            if let constant = parts[1].constant, constant.isNumber {
                let reader = CellCodeReader(code: left)
                return folded(.bool(order.dynamicCode(reader, constant, id)), parts)
            }
            let code = Code.bool({ evaluation throws(Fault) in
                let ordering = try evaluation.compare(
                    try left(evaluation), try right(evaluation), at: id)
                return ordering.map { order.holds($0) } ?? false
            })
            return folded(code, parts)
        }
    }
}

/// The relations of order.
enum Order: Sendable {
    case less, lessOrEqual, greater, greaterOrEqual

    init?(_ name: String) {
        switch name {
        case "_<_": self = .less
        case "_<=_": self = .lessOrEqual
        case "_>_": self = .greater
        case "_>=_": self = .greaterOrEqual
        default: return nil
        }
    }

    @inline(__always)
    func code<Number: Comparable & SendableMetatype>(
        _ left: @escaping @Sendable (Evaluation) throws(Fault) -> Number,
        _ right: @escaping @Sendable (Evaluation) throws(Fault) -> Number
    ) -> BoolCode {
        switch self {
        case .less:
            { evaluation throws(Fault) in try left(evaluation) < (try right(evaluation)) }
        case .lessOrEqual:
            { evaluation throws(Fault) in try left(evaluation) <= (try right(evaluation)) }
        case .greater:
            { evaluation throws(Fault) in try left(evaluation) > (try right(evaluation)) }
        case .greaterOrEqual:
            { evaluation throws(Fault) in try left(evaluation) >= (try right(evaluation)) }
        }
    }

    /// The relation to a constant.
    @inline(__always)
    func code<Number: Comparable & Sendable>(
        _ left: some Reader<Number>, _ constant: Number
    ) -> BoolCode {
        switch self {
        case .less: { evaluation throws(Fault) in try left.read(evaluation) < constant }
        case .lessOrEqual: { evaluation throws(Fault) in try left.read(evaluation) <= constant }
        case .greater: { evaluation throws(Fault) in try left.read(evaluation) > constant }
        case .greaterOrEqual: { evaluation throws(Fault) in try left.read(evaluation) >= constant }
        }
    }

    /// The relation of a field to a constant number.
    func code<Object: Reader<Cell>>(
        _ field: FieldOf<Object>, _ constant: Cell, _ id: NodeID
    ) -> BoolCode? {
        switch field {
        case .int(let reader):
            guard constant.is(.int) else { return nil }
            return code(reader, constant.int)
        case .double(let reader): return code(reader, constant.asDouble)
        case .untyped(let reader): return dynamicCode(reader, constant, id)
        case .text, .cell: return nil
        }
    }

    /// What a loop asks of a field; nil when the field's code does.
    func question<Object: Reader<Cell>>(
        _ field: FieldOf<Object>, _ constant: Cell
    ) -> FieldTest.Question? {
        switch field {
        case .double: FieldTest.Question(self, constant.asDouble)
        case .int, .untyped: constant.is(.int) ? FieldTest.Question(self, constant.int) : nil
        case .text, .cell: nil
        }
    }

    /// The relation of a value of any kind to a constant number.
    @inline(__always)
    func dynamicCode(_ left: some Reader<Cell>, _ constant: Cell, _ id: NodeID) -> BoolCode {
        let order = self
        if constant.is(.int) {
            let number = constant.int
            return { evaluation throws(Fault) in
                let cell = try left.read(evaluation)
                if cell.is(.int) { return order.holds(cell.int, number) }
                return try order.holds(cell, constant, at: id)
            }
        }
        return { evaluation throws(Fault) in
            try order.holds(try left.read(evaluation), constant, at: id)
        }
    }

    /// The relation of a value of any kind to a number; false when one is NaN.
    func holds(_ cell: Cell, _ constant: Cell, at id: NodeID) throws(Fault) -> Bool {
        guard cell.isNumber else { throw Fault(.noSuchOverload, cell, at: id) }
        if cell.is(.double), constant.is(.double) { return holds(cell.double, constant.double) }
        return compareNumbers(cell, constant).map { holds($0) } ?? false
    }

    @inline(__always)
    private func holds<Number: Comparable>(_ left: Number, _ right: Number) -> Bool {
        switch self {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    func holds(_ ordering: Int) -> Bool { holds(ordering, 0) }
}
