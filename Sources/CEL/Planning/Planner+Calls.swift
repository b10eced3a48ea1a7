// Calls of functions.
extension Planner {
    mutating func planCall(
        _ id: NodeID, _ name: String, _ target: NodeID?, _ arguments: [NodeID]
    ) -> Code {
        if target == nil, let code = planOperator(id, name, arguments) { return code }
        guard let (function, overloads, isReceiver) = resolve(id, name, target, arguments.count)
        else {
            let shown = text(.string, name.utf8)
            return .cell({ _ throws(Fault) in throw Fault(.unknownFunction, shown, at: id) })
        }
        let nodes = (isReceiver ? target.map { [$0] } ?? [] : []) + arguments
        if function.name == "size", nodes.count == 1, let count = planCount(nodes[0]) {
            return count
        }
        let parts = nodes.map { plan($0) }
        if let special = planTextTest(id, function.name, nodes, parts) {
            return folded(special, parts)
        }
        let isFaulty = overloads.isEmpty
        let shown = text(.string, Operator.shown(name).utf8)
        if isFaulty {
            return .cell({ _ throws(Fault) in throw Fault(.noSuchOverload, shown, at: id) })
        }
        let call = planArguments(id, shown, overloads, parts.map(\.asCell))
        return folded(.reading(type(id), id, call), parts)
    }

    private func resolve(
        _ id: NodeID, _ name: String, _ target: NodeID?, _ count: Int
    ) -> (Function, [Overload], isReceiver: Bool)? {
        if case .function(let full, let indexes, let isNamespaced) = checked.references[id],
            let function = declarations.functions[full]
        {
            let isReceiver = target != nil && !isNamespaced
            return (function, indexes.map { function.overloads[$0] }, isReceiver)
        }
        var isReceiver = target != nil
        var found: Function?
        if let target, let dotted = checked.tree.dottedName(target),
            dotted.isAbsolute || !locals.contains(where: { $0.name == dotted.root })
        {
            let full = (dotted.isAbsolute ? "." : "") + "\(dotted.name).\(name)"
            found = declarations.function(full)
            if found != nil { isReceiver = false }
        }
        guard let function = found ?? declarations.function(name) else { return nil }
        let overloads = function.overloads.filter {
            $0.isReceiver == isReceiver && $0.parameters.count == count + (isReceiver ? 1 : 0)
        }
        return (function, overloads, isReceiver)
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
        default:
            return { evaluation throws(Fault) in
                let arguments = try evaluation.allocate(cells: codes.count)
                for index in codes.indices { arguments[index] = try codes[index](evaluation) }
                return try call(evaluation, arguments)
            }
        }
    }
}
