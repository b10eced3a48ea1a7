// The operators that have code of their own.
extension Planner {
    /// The code of an operator, nil when the name is not one.
    mutating func planOperator(_ id: NodeID, _ name: String, _ nodes: [NodeID]) -> Code? {
        switch (name, nodes.count) {
        case (Operator.and, 2): return planAnd(id, nodes)
        case (Operator.or, 2): return planOr(nodes)
        case (Operator.not, 1): return planNot(nodes[0])
        case (Operator.negate, 1): return planNegation(id, nodes[0])
        case (Operator.conditional, 3): return planConditional(id, nodes)
        case ("_==_", 2): return planEquality(id, nodes, isNegated: false)
        case ("_!=_", 2): return planEquality(id, nodes, isNegated: true)
        case (Operator.within, 2): return planMembership(id, nodes)
        case (Operator.index, 2): return planIndex(id, nodes, isOptional: false)
        case (Operator.optionalIndex, 2): return planIndex(id, nodes, isOptional: true)
        case (_, 2):
            if let order = Order(name) { return planOrder(id, order, nodes) }
            if let operation = Arithmetic(name) { return planArithmetic(id, operation, nodes) }
            return nil
        default: return nil
        }
    }

    // MARK: Logic

    /// `&&`: false wins over a fault on either side.
    private mutating func planAnd(_ id: NodeID, _ nodes: [NodeID]) -> Code {
        and(id, nodes, planned(nodes))
    }

    private mutating func and(_ id: NodeID, _ nodes: [NodeID], _ parts: [Code]) -> Code {
        let left = parts[0].asBool(nodes[0]), right = parts[1].asBool(nodes[1])
        noteTests(ofAnd: id, nodes)
        lastAnd = Conjunction(
            id: id, leftID: nodes[0], rightID: nodes[1], left: left, right: right)
        let code = Code.bool({ evaluation throws(Fault) in
            try evaluation.both(left, right)
        })
        return folded(code, parts)
    }

    /// `||`: true wins over a fault on either side.
    private mutating func planOr(_ nodes: [NodeID]) -> Code {
        or(nodes, planned(nodes))
    }

    private mutating func or(_ nodes: [NodeID], _ parts: [Code]) -> Code {
        let left = parts[0].asBool(nodes[0]), right = parts[1].asBool(nodes[1])
        let code = Code.bool({ evaluation throws(Fault) in
            do throws(Fault) {
                if try left(evaluation) { return true }
            } catch {
                guard error.isAbsorbable else { throw error }
                if try right(evaluation) { return true }
                throw error
            }
            return try right(evaluation)
        })
        return folded(code, parts)
    }

    private mutating func planNot(_ node: NodeID) -> Code {
        let part = plan(node)
        let code = part.asBool(node)
        return folded(.bool({ evaluation throws(Fault) in !(try code(evaluation)) }), [part])
    }

    private mutating func planNegation(_ id: NodeID, _ node: NodeID) -> Code {
        negation(id, node, plan(node))
    }

    private mutating func negation(_ id: NodeID, _ node: NodeID, _ part: Code) -> Code {
        switch type(node) {
        case .int:
            let code = part.asInt(node)
            return folded(
                .int({ evaluation throws(Fault) in
                    try Arithmetic.subtract.apply(0, try code(evaluation), at: id)
                }), [part])
        case .double:
            let code = part.asDouble(node)
            return folded(.double({ evaluation throws(Fault) in -(try code(evaluation)) }), [part])
        default:
            let code = part.asCell
            return folded(
                .cell({ evaluation throws(Fault) in
                    let cell = try code(evaluation)
                    switch cell.kind {
                    case .int: return Cell(try Arithmetic.subtract.apply(0, cell.int, at: id))
                    case .double: return Cell(-cell.double)
                    case .duration:
                        return Cell(
                            nanoseconds: try Arithmetic.subtract.apply(
                                0, cell.nanoseconds, at: id))
                    default: throw Fault(.noSuchOverload, cell, at: id)
                    }
                }), [part])
        }
    }

    private mutating func planConditional(_ id: NodeID, _ nodes: [NodeID]) -> Code {
        conditional(id, nodes, planned(nodes))
    }

    private mutating func conditional(_ id: NodeID, _ nodes: [NodeID], _ parts: [Code]) -> Code {
        if let known = parts[0].constant, known.is(.bool) { return parts[known.bool ? 1 : 2] }
        let condition = parts[0].asBool(nodes[0])
        switch type(id) {
        case .bool:
            let yes = parts[1].asBool(nodes[1]), no = parts[2].asBool(nodes[2])
            return .bool({ evaluation throws(Fault) in
                try condition(evaluation) ? try yes(evaluation) : try no(evaluation)
            })
        case .int:
            let yes = parts[1].asInt(nodes[1]), no = parts[2].asInt(nodes[2])
            return .int({ evaluation throws(Fault) in
                try condition(evaluation) ? try yes(evaluation) : try no(evaluation)
            })
        case .double:
            let yes = parts[1].asDouble(nodes[1]), no = parts[2].asDouble(nodes[2])
            return .double({ evaluation throws(Fault) in
                try condition(evaluation) ? try yes(evaluation) : try no(evaluation)
            })
        default:
            let yes = parts[1].asCell, no = parts[2].asCell
            return .cell({ evaluation throws(Fault) in
                try condition(evaluation) ? try yes(evaluation) : try no(evaluation)
            })
        }
    }

    // MARK: Arithmetic

    private mutating func planArithmetic(
        _ id: NodeID, _ operation: Arithmetic, _ nodes: [NodeID]
    ) -> Code {
        arithmetic(id, operation, nodes, planned(nodes))
    }

    private mutating func arithmetic(
        _ id: NodeID, _ operation: Arithmetic, _ nodes: [NodeID], _ parts: [Code]
    ) -> Code {
        switch (type(nodes[0]), type(nodes[1])) {
        case (.int, .int):
            let left = parts[0].asInt(nodes[0]), right = parts[1].asInt(nodes[1])
            return folded(.int(intCode(id, operation, left, right)), parts)
        case (.double, .double):
            let left = parts[0].asDouble(nodes[0]), right = parts[1].asDouble(nodes[1])
            return folded(.double(doubleCode(id, operation, left, right)), parts)
        default:
            let left = parts[0].asCell, right = parts[1].asCell
            return folded(
                .reading(type(id), id) { evaluation throws(Fault) in
                    try operation.apply(
                        evaluation, try left(evaluation), try right(evaluation), at: id)
                }, parts)
        }
    }

    private func intCode(
        _ id: NodeID, _ operation: Arithmetic, _ left: @escaping IntCode,
        _ right: @escaping IntCode
    ) -> IntCode {
        switch operation {
        case .add:
            { evaluation throws(Fault) in
                try Arithmetic.add.apply(try left(evaluation), try right(evaluation), at: id)
            }
        case .subtract:
            { evaluation throws(Fault) in
                try Arithmetic.subtract.apply(try left(evaluation), try right(evaluation), at: id)
            }
        default:
            { evaluation throws(Fault) in
                try operation.apply(try left(evaluation), try right(evaluation), at: id)
            }
        }
    }

    private func doubleCode(
        _ id: NodeID, _ operation: Arithmetic, _ left: @escaping DoubleCode,
        _ right: @escaping DoubleCode
    ) -> DoubleCode {
        { evaluation throws(Fault) in
            try operation.apply(try left(evaluation), try right(evaluation), at: id)
        }
    }

    // MARK: Containers

    private mutating func planMembership(_ id: NodeID, _ nodes: [NodeID]) -> Code {
        membership(id, nodes, planned(nodes))
    }

    private mutating func membership(_ id: NodeID, _ nodes: [NodeID], _ parts: [Code]) -> Code {
        let value = parts[0].asCell
        if let list = parts[1].constant, let set = textSet(list) {
            return folded(
                .bool({ evaluation throws(Fault) in
                    let cell = try value(evaluation)
                    return cell.is(.string) && set.contains(cell.text)
                }), parts)
        }
        let container = parts[1].asCell
        let code = Code.bool({ evaluation throws(Fault) in
            let cell = try value(evaluation)
            return try evaluation.contains(try container(evaluation), cell, at: id)
        })
        return folded(code, parts)
    }

    /// The least number of texts that is looked up in a set and not one by one.
    private static let setThreshold = 4

    /// A set of a constant list's elements, when they are all texts and enough.
    private func textSet(_ list: Cell) -> TextSet? {
        guard list.is(.list), list.count >= Planner.setThreshold else { return nil }
        let elements = (0..<list.count).map { list.child($0) }
        guard elements.allSatisfy({ $0.is(.string) }) else { return nil }
        return pool.makeSet(of: elements)
    }

    private mutating func planIndex(
        _ id: NodeID, _ nodes: [NodeID], isOptional: Bool
    ) -> Code {
        index(id, planned(nodes), isOptional: isOptional)
    }

    private mutating func index(_ id: NodeID, _ parts: [Code], isOptional: Bool) -> Code {
        let container = parts[0].asCell, index = parts[1].asCell
        if isOptional {
            let code = Code.cell({ evaluation throws(Fault) in
                try evaluation.optionalElement(
                    try container(evaluation), try index(evaluation), at: id)
            })
            return folded(code, parts)
        }
        let code = Code.reading(type(id), id) { evaluation throws(Fault) in
            let cell = try container(evaluation)
            let place = try index(evaluation)
            if cell.is(.optional) {
                return try evaluation.optionalElement(cell, place, at: id)
            }
            let found = try evaluation.element(cell, place, at: id)
            if !found.is(.absent) { return found }
            throw Fault(cell.is(.list) ? .indexOutOfRange : .noSuchKey, place, at: id)
        }
        return folded(code, parts)
    }
}

extension UnsafeMutablePointer<Frame> {
    /// `container[?index]`: an optional.
    func optionalElement(
        _ container: Cell, _ index: Cell, at node: NodeID
    ) throws(Fault) -> Cell {
        var container = container
        if container.is(.optional) {
            if container.count == 0 { return container }
            container = container.children[0]
        }
        let found = try element(container, index, at: node)
        return found.is(.absent) ? Cell(.optional) : try make(optional: found)
    }
}

extension UnsafeMutablePointer<Frame> {
    /// `&&`: false wins over a fault on either side.
    @inline(__always)
    func both(_ left: BoolCode, _ right: BoolCode) throws(Fault) -> Bool {
        do throws(Fault) {
            if !(try left(self)) { return false }
        } catch {
            guard error.isAbsorbable else { throw error }
            if !(try right(self)) { return false }
            throw error
        }
        return try right(self)
    }
}
