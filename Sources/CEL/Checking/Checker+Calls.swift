// Calls: which function is meant, and which of its overloads.
extension Checker {
    /// A function that a call names, and how.
    private struct Callee {
        var function: Function
        /// Whether the call's target is a part of the name.
        var isNamespaced: Bool
    }

    // What calls itself for the parts of a call is kept apart from what takes room on the stack.

    mutating func checkCall(
        _ id: NodeID, _ name: String, _ target: NodeID?, _ arguments: [NodeID]
    ) -> ValueType {
        guard let callee = callee(name, target) else {
            return checkUnknownCall(id, name, target, arguments)
        }
        let receiver = callee.isNamespaced ? nil : target
        let found = check(receiver, arguments)
        return resolve(id, callee, receiver, arguments, found)
    }

    private mutating func check(_ receiver: NodeID?, _ arguments: [NodeID]) -> [ValueType] {
        var found: [ValueType] = []
        found.reserveCapacity(arguments.count + 1)
        if let receiver { found.append(check(receiver)) }
        for argument in arguments { found.append(check(argument)) }
        return found
    }

    private mutating func callee(_ name: String, _ target: NodeID?) -> Callee? {
        if let target, let dotted = globalName(target) {
            let full = (dotted.isAbsolute ? "." : "") + "\(dotted.name).\(name)"
            if let function = declarations.function(full) {
                return Callee(function: function, isNamespaced: true)
            }
        }
        return declarations.function(name).map { Callee(function: $0, isNamespaced: false) }
    }

    /// The result of a call whose parts have those types.
    private mutating func resolve(
        _ id: NodeID, _ callee: Callee, _ target: NodeID?, _ arguments: [NodeID],
        _ found: [ValueType]
    ) -> ValueType {
        let function = callee.function
        if found.contains(where: \.isFaulty) {
            suggestQuotes(function, (target.map { [$0] } ?? []) + arguments, found)
            return commonResult(function, isReceiver: target != nil, found.count)
        }
        var fitting: [Int] = []
        var result: ValueType?
        for (index, overload) in function.overloads.enumerated()
        where overload.isReceiver == (target != nil) && overload.parameters.count == found.count {
            guard let type = resultType(of: overload, found) else { continue }
            fitting.append(index)
            if let known = result {
                if known != type && known != .dyn { result = .dyn }
            } else {
                result = type
            }
        }
        guard let result else {
            reportArguments(id, function, (target.map { [$0] } ?? []) + arguments, found)
            return .error
        }
        refer(id, to: .function(function.name, fitting, isNamespaced: callee.isNamespaced))
        if target == nil { judge(id, function.name, arguments) }
        return result
    }

    /// The type that an overload gives for arguments; nil when they do not fit.
    private mutating func resultType(of overload: Overload, _ found: [ValueType]) -> ValueType? {
        guard overload.isGeneric else {
            return substitution.fits(found, overload.parameters) ? overload.result : nil
        }
        let types = substitution.instantiate(overload.parameters + [overload.result])
        guard substitution.fits(found, types) else { return nil }
        return substitution.resolved(types[types.count - 1])
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

    /// No overload takes the parts of a call.
    private mutating func reportArguments(
        _ id: NodeID, _ function: Function, _ nodes: [NodeID], _ found: [ValueType]
    ) {
        guard hasRoom else { return }
        let found = found.map { substitution.resolved($0, freeAsDynamic: true) }
        if let macro = tree.macroCall(around: id) {
            return reportMacroArguments(id, macro, function, nodes, found)
        }
        guard case .call(_, let target, _) = tree[id].kind else { return }
        let candidates = function.overloads.filter { overload in
            overload.isReceiver == (target != nil) && overload.parameters.count == found.count
        }
        // Of an operator those that take one of the sides.
        let near =
            Operator.isOperator(function.name)
            ? candidates.filter { zip($0.parameters, found).contains { $0 == $1 } } : candidates
        let shown =
            near.isEmpty ? candidates.isEmpty ? function.overloads : candidates : near
        let forms =
            function.forms.isEmpty
            ? shown.map { $0.signature(function.name) } : function.forms
        let message = Message.wrongArguments(
            Operator.shown(function.name), arguments: found,
            candidates: Array(forms.prefix(Checker.shownCandidates)),
            remedy: remedy(for: function, candidates, nodes, found))
        report(message, operatorRange(id, function))
    }

    /// How many signatures a message shows.
    private static let shownCandidates = 5

    /// The same for a call that a macro has made: what is told is what was written.
    private mutating func reportMacroArguments(
        _ id: NodeID, _ macro: MacroCall, _ function: Function, _ nodes: [NodeID],
        _ found: [ValueType]
    ) {
        let whole = tree[id].range
        let forms = Array(
            macros.all.filter { $0.name == macro.name }.flatMap(\.signatures)
                .prefix(Checker.shownCandidates))
        for index in nodes.indices where !isTaken(found[index], at: index, function, nodes.count) {
            // The part, or what a loop of the macro gives for each element, was written by hand.
            guard let part = written(nodes[index], found[index], whole) else { continue }
            report(.wrongArgument(macro.name, type: part.type, candidates: forms), part.range)
            return
        }
        report(.wrongArguments(macro.name, arguments: found, candidates: forms), whole)
    }

    /// Whether an overload takes a part at its place.
    private func isTaken(
        _ type: ValueType, at index: Int, _ function: Function, _ count: Int
    ) -> Bool {
        function.overloads.contains { overload in
            guard overload.parameters.count == count else { return false }
            var copy = substitution
            return copy.fits([type], copy.instantiate([overload.parameters[index]]))
        }
    }

    /// The place of what was written by hand, and its type; nil for what a macro has made.
    private func written(
        _ node: NodeID, _ type: ValueType, _ whole: Range<Int>
    ) -> (range: Range<Int>, type: ValueType)? {
        if tree[node].range != whole { return (tree[node].range, type) }
        guard case .loop(let loop) = tree[node].kind, loop.kind == .map,
            tree[loop.body].range != whole, case .list(let element) = type
        else { return nil }
        return (tree[loop.body].range, element)
    }
}
