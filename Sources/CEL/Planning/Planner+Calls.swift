// Calls of functions.
extension Planner {
    mutating func planCall(
        _ id: NodeID, _ name: String, _ target: NodeID?, _ arguments: [NodeID]
    ) -> Code {
        if target == nil, let code = planOperator(id, name, arguments) { return code }
        guard let callee = resolve(id, name, target, arguments.count) else {
            let shown = text(.string, name.utf8)
            return .cell({ _ throws(Fault) in throw Fault(.unknownFunction, shown, at: id) })
        }
        let nodes = (callee.isReceiver ? target.map { [$0] } ?? [] : []) + arguments
        if callee.name == "size", nodes.count == 1, let count = planCount(nodes[0]) {
            return count
        }
        return planCall(id, callee, nodes, planned(nodes))
    }

    /// The code of a function whose arguments' code is known.
    private mutating func planCall(
        _ id: NodeID, _ callee: Callee, _ nodes: [NodeID], _ parts: [Code]
    ) -> Code {
        let function = callee.function, overloads = callee.overloads
        if let special = planTextTest(id, function.name, nodes, parts) {
            return folded(special, parts)
        }
        let isFaulty = overloads.isEmpty
        let shown = text(.string, Operator.shown(function.name).utf8)
        if isFaulty {
            return .cell({ _ throws(Fault) in throw Fault(.noSuchOverload, shown, at: id) })
        }
        let prepared = prepared(overloads, nodes, parts)
        let call = planArguments(id, shown, prepared, parts.map(\.asCell))
        return folded(.reading(type(id), id, call), parts)
    }

    /// A function that is called, and those of its overloads that may be meant.
    private final class Callee {
        let function: Function
        let overloads: [Overload]
        let isReceiver: Bool

        init(_ function: Function, _ overloads: [Overload], isReceiver: Bool) {
            self.function = function
            self.overloads = overloads
            self.isReceiver = isReceiver
        }

        var name: String { function.name }
    }

    private func resolve(
        _ id: NodeID, _ name: String, _ target: NodeID?, _ count: Int
    ) -> Callee? {
        if case .function(let full, let indexes, let isNamespaced) = checked.references[id],
            let function = declarations.functions[full]
        {
            let isReceiver = target != nil && !isNamespaced
            return Callee(
                function, indexes.map { function.overloads[$0] }, isReceiver: isReceiver)
        }
        var isReceiver = target != nil
        var found: Function?
        if let target, let dotted = checked.tree.dottedName(target),
            dotted.isAbsolute || locals.find(dotted.root) == nil
        {
            let full = (dotted.isAbsolute ? "." : "") + "\(dotted.name).\(name)"
            found = declarations.function(full)
            if found != nil { isReceiver = false }
        }
        guard let function = found ?? declarations.function(name) else { return nil }
        let overloads = function.overloads.filter {
            $0.isReceiver == isReceiver && $0.parameters.count == count + (isReceiver ? 1 : 0)
        }
        return Callee(function, overloads, isReceiver: isReceiver)
    }

    /// The overloads for a constant pattern, compiled, where one of them takes a pattern.
    private mutating func prepared(
        _ overloads: [Overload], _ nodes: [NodeID], _ parts: [Code]
    ) -> [Overload] {
        guard overloads.contains(where: { $0.patternBody != nil }), nodes.count >= 2,
            let pattern = parts[1].constant, pattern.is(.string),
            // Who wants no match replaced is not asked for a pattern.
            parts.count < 4 || parts[3].constant.map({ $0.is(.int) && $0.int == 0 }) != true,
            let matcher = matcher(of: pattern, nodes[1])
        else { return overloads }
        return overloads.map { $0.searching(with: matcher) }
    }

    /// The call of whichever overload takes the arguments' kinds.
    private func planArguments(
        _ id: NodeID, _ name: Cell, _ overloads: [Overload], _ codes: [CellCode]
    ) -> CellCode {
        @inline(__always)
        @Sendable func call(
            _ evaluation: Evaluation, _ arguments: UnsafePointer<Cell>
        ) throws(Fault) -> Cell {
            do throws(Fault) {
                try evaluation.spend(1)
                for overload in overloads where overload.takes(arguments) {
                    return try overload.body(evaluation, arguments)
                }
            } catch {
                throw error.blaming(id)
            }
            throw Fault(.noSuchOverload, name, at: id)
        }
        switch codes.count {
        case 1:
            let first = codes[0]
            return { evaluation throws(Fault) in
                let argument = try first(evaluation)
                return try withUnsafePointer(to: argument) { arguments throws(Fault) in
                    try call(evaluation, arguments)
                }
            }
        case 2:
            let first = codes[0], second = codes[1]
            return { evaluation throws(Fault) in
                let pair = (try first(evaluation), try second(evaluation))
                return try withUnsafePointer(to: pair) { pair throws(Fault) in
                    try pair.withMemoryRebound(to: Cell.self, capacity: 2) {
                        arguments throws(Fault) in try call(evaluation, arguments)
                    }
                }
            }
        case 3:
            let first = codes[0], second = codes[1], third = codes[2]
            return { evaluation throws(Fault) in
                let triple = (
                    try first(evaluation), try second(evaluation), try third(evaluation)
                )
                return try withUnsafePointer(to: triple) { triple throws(Fault) in
                    try triple.withMemoryRebound(to: Cell.self, capacity: 3) {
                        arguments throws(Fault) in try call(evaluation, arguments)
                    }
                }
            }
        default:
            // More are rare, and may be kept in memory that is given back at the end.
            return { evaluation throws(Fault) in
                let arguments = try evaluation.allocate(cells: codes.count)
                for index in codes.indices { arguments[index] = try codes[index](evaluation) }
                return try call(evaluation, arguments)
            }
        }
    }
}
