// Calls: which function is meant, and which of its overloads.
extension Checker {
    mutating func checkCall(
        _ id: NodeID, _ name: String, _ target: NodeID?, _ arguments: [NodeID]
    ) -> ValueType {
        guard let target else { return checkGlobalCall(id, name, arguments) }
        if let dotted = tree.dottedName(target), dotted.isAbsolute || local(dotted.root) == nil {
            let full = (dotted.isAbsolute ? "." : "") + "\(dotted.name).\(name)"
            if let function = declarations.function(full) {
                return resolve(id, function, nil, arguments, isNamespaced: true)
            }
        }
        guard let function = declarations.function(name) else {
            return checkUnknownCall(id, name, target, arguments)
        }
        return resolve(id, function, target, arguments, isNamespaced: false)
    }

    private mutating func checkGlobalCall(
        _ id: NodeID, _ name: String, _ arguments: [NodeID]
    ) -> ValueType {
        guard let function = declarations.function(name) else {
            return checkUnknownCall(id, name, nil, arguments)
        }
        return resolve(id, function, nil, arguments, isNamespaced: false)
    }

    private mutating func resolve(
        _ id: NodeID, _ function: Function, _ target: NodeID?, _ arguments: [NodeID],
        isNamespaced: Bool
    ) -> ValueType {
        var found: [ValueType] = []
        if let target { found.append(check(target)) }
        for argument in arguments { found.append(check(argument)) }
        if found.contains(.error) {
            suggestQuotes(function, (target.map { [$0] } ?? []) + arguments, found)
            return commonResult(function, isReceiver: target != nil, found.count)
        }
        var fitting: [Int] = []
        var result: ValueType?
        for (index, overload) in function.overloads.enumerated()
        where overload.isReceiver == (target != nil) && overload.parameters.count == found.count {
            let types = substitution.instantiate(overload.parameters + [overload.result])
            guard substitution.fits(found, Array(types.dropLast())) else { continue }
            fitting.append(index)
            let type = substitution.resolved(types[types.count - 1])
            if let known = result {
                if known != type && known != .dyn { result = .dyn }
            } else {
                result = type
            }
        }
        guard let result else {
            report(wrongArguments(function, target != nil, found), operatorRange(id, function))
            return .error
        }
        refer(id, to: .function(function.name, fitting, isNamespaced: isNamespaced))
        return result
    }

    /// The sign of a binary operator, the whole of any other call.
    private func operatorRange(_ id: NodeID, _ function: Function) -> Range<Int> {
        let sign = Array(Operator.shown(function.name).utf8)
        guard case .call(_, nil, let arguments) = tree[id].kind, arguments.count == 2 else {
            return tree[id].range
        }
        let start = tree[arguments[0]].range.upperBound
        let end = tree[arguments[1]].range.lowerBound
        guard start <= end - sign.count else { return tree[id].range }
        let place = (start...end - sign.count).first {
            tree.source.bytes[$0..<$0 + sign.count].elementsEqual(sign)
        }
        return place.map { $0..<$0 + sign.count } ?? tree[id].range
    }

    /// What a call with a faulty argument gives: the type that all overloads agree on.
    private func commonResult(
        _ function: Function, isReceiver: Bool, _ count: Int
    ) -> ValueType {
        var results: Set<ValueType> = []
        for overload in function.overloads
        where overload.isReceiver == isReceiver && overload.parameters.count == count {
            results.insert(overload.result)
        }
        guard results.count == 1, let only = results.first else { return .error }
        switch only {
        case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration: return only
        default: return .error
        }
    }

    private func wrongArguments(
        _ function: Function, _ isReceiver: Bool, _ found: [ValueType]
    ) -> Message {
        let arguments = found.map { substitution.resolved($0, freeAsDynamic: true) }
        let candidates = function.overloads.filter { overload in
            overload.isReceiver == isReceiver && overload.parameters.count == found.count
        }
        let shown = candidates.isEmpty ? function.overloads : candidates
        let forms =
            function.forms.isEmpty
            ? shown.map { $0.signature(function.name) } : function.forms
        return .wrongArguments(
            Operator.shown(function.name), arguments: arguments,
            candidates: Array(forms.prefix(Checker.shownCandidates)))
    }

    /// How many signatures a message shows.
    private static let shownCandidates = 5
}
