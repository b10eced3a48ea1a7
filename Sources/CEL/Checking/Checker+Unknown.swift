// Calls of what is not there: what was probably meant.
extension Checker {
    /// A call that is no function's: one mistake, and what follows from it is not told.
    mutating func checkUnknownCall(
        _ id: NodeID, _ name: String, _ target: NodeID?, _ arguments: [NodeID]
    ) -> ValueType {
        let isNamespaced = reportUnknownName(id, name, in: target)
        if !isNamespaced, let target { check(target) }
        if isNamespaced || reportUnknown(id, name, isReceiver: target != nil) {
            let variable = variable(of: arguments)
            if let variable { locals.enter(variable, .error) }
            for argument in arguments { check(argument) }
            if variable != nil { locals.leave() }
        }
        return .error
    }

    /// The name that a macro with those arguments would give to its elements; nil when it is known.
    private func variable(of arguments: [NodeID]) -> String? {
        guard arguments.count > 1,
            case .name(let name, isAbsolute: false) = tree[arguments[0]].kind, local(name) == nil,
            declarations.variable(name, isAbsolute: false) == nil,
            declarations.typeValue(name, isAbsolute: false) == nil
        else { return nil }
        return name
    }

    /// Reports a function that is not there under a name such as `math.gratest`; false when the name in
    /// front of the dot is a value's.
    private mutating func reportUnknownName(
        _ id: NodeID, _ name: String, in target: NodeID?
    ) -> Bool {
        // Where nothing more is reported, what is meant need not be found out.
        guard hasRoom, let target, let dotted = tree.dottedName(target),
            local(dotted.root) == nil, isNamespace(dotted.name, name)
        else { return false }
        let full = "\(dotted.name).\(name)"
        reportUnknown(full, among: dottedNames, Synonyms.function(name), at: id, name)
        return true
    }

    /// Reports a function that is not there; whether its arguments are expressions by themselves.
    private mutating func reportUnknown(_ id: NodeID, _ name: String, isReceiver: Bool) -> Bool {
        guard hasRoom else { return true }
        if let forms = macros.forms(of: name), forms.isReceiver || !isReceiver {
            report(
                .macroForm(name, isReceiver: forms.isReceiver, counts: forms.counts),
                nameRange(id, name))
            return false
        }
        let meant = reportUnknown(
            name, among: names(isReceiver: isReceiver), Synonyms.function(name), at: id, name)
        // Those of a macro are not.
        return meant.flatMap { macros.forms(of: $0) } == nil
    }

    /// Whether functions are called with a prefix that is the name given, or near to it when the whole
    /// is near to one of theirs.
    private func isNamespace(_ prefix: String, _ name: String) -> Bool {
        if declarations.variable(prefix, isAbsolute: false) != nil { return false }
        let known = dottedNames
        return known.contains { $0.hasPrefix(prefix + ".") }
            || known.contains { $0.hasSuffix("." + name) }
                && Suggestion.nearest(to: "\(prefix).\(name)", among: known) != nil
    }

    private var dottedNames: [String] {
        (declarations.functions.keys.filter { !$0.contains("@") } + macros.all.map(\.name))
            .filter { $0.contains(".") }.sorted()
    }

    /// The names that may be called on a value, or by themselves.
    private func names(isReceiver: Bool) -> [String] {
        let functions = declarations.functions.values.filter { function in
            function.overloads.contains { $0.isReceiver == isReceiver }
                && Operator.shown(function.name) == function.name && !function.name.contains("@")
        }
        let macros = macros.all.filter { $0.isReceiver == isReceiver }
        return Set(functions.map(\.name) + macros.map(\.name)).sorted()
    }

    /// Reports a function that is not there; returns the name that was probably meant.
    @discardableResult
    private mutating func reportUnknown(
        _ name: String, among known: [String], _ synonym: String?, at id: NodeID, _ shown: String
    ) -> String? {
        let meant =
            self.synonym(name, among: known)
            ?? synonym.flatMap { known.contains($0) || $0 == "!" ? $0 : nil }
            ?? Suggestion.nearest(to: name, among: known)
        report(.unknownFunction(name, suggestion: meant), nameRange(id, shown))
        return meant
    }

    /// The part of a call that is the function's name, for a narrow underline.
    private func nameRange(_ id: NodeID, _ name: String) -> Range<Int> {
        let range = tree[id].range
        guard case .call(_, let target, _) = tree[id].kind else { return range }
        let start = target.map { tree[$0].range.upperBound + 1 } ?? range.lowerBound
        let end = start + name.utf8.count
        return end <= range.upperBound && tree.source.text(start..<end) == name
            ? start..<end : range
    }

    /// `status == FINISH`: a name that is not there beside a text was probably meant as one.
    mutating func suggestQuotes(_ function: Function, _ nodes: [NodeID], _ found: [ValueType]) {
        guard nodes.count == 2, ["_==_", "_!=_"].contains(function.name),
            let place = found.firstIndex(of: .error), found[1 - place] == .string,
            case .name(let name, isAbsolute: false) = tree[nodes[place]].kind
        else { return }
        replaceUnknownName(name, at: nodes[place], by: Literal.string(name).description)
    }
}

extension MacroTable {
    /// How the macros of a name are called, nil without one.
    func forms(of name: String) -> (isReceiver: Bool, counts: [Int])? {
        let named = all.filter { $0.name == name }
        guard let first = named.first else { return nil }
        let counts = named.filter { $0.isReceiver == first.isReceiver }
            .flatMap { [$0.arguments.lowerBound, $0.arguments.upperBound] }
        return (first.isReceiver, Set(counts).sorted())
    }
}
