/// What an expression reads and compares, found by walking its tree.
public struct Usage: Hashable, Sendable {
    /// A comparison of a path with constants: `task.status == "ERROR"`, `path in ["A", "B"]`.
    public struct Comparison: Hashable, Sendable {
        /// The path, as `task.status`.
        public let path: String
        /// The constants it is compared with; for `in` all of the list, when all are constants.
        public let constants: [Value]
        /// Whether the comparison says "differs": `!=`, or a `!` right before it.
        public let isNegated: Bool
        /// The comparison's part of the source, in UTF-8 bytes.
        public let range: Range<Int>
        /// The constants' parts of the source, in UTF-8 bytes.
        public let constantRanges: [Range<Int>]
    }

    /// The paths that start at a variable of the environment, each as long as it is static and
    /// once: `task.status`, `lists.escalation`, `sentences`.
    ///
    /// A prefix of another path is listed only
    /// where it is read by itself.
    public private(set) var paths: [String] = []
    /// The equality and membership comparisons of a path with constants, in the source's order.
    public private(set) var comparisons: [Comparison] = []
    /// The fields read from anywhere, loop variables included: `words`, `emotionValue`, sorted.
    public private(set) var fields: [String] = []

    /// Whether the expression reads a variable or any path below it.
    public func reads(_ path: String) -> Bool {
        paths.contains { $0 == path || $0.hasPrefix(path + ".") }
    }

    init(of checked: CheckedTree, _ declarations: Declarations) {
        var walk = Walk(checked: checked, declarations: declarations)
        walk.visit(checked.tree.root, isNegated: false)
        paths = walk.paths
        comparisons = walk.comparisons
        fields = walk.fields.sorted()
    }
}

private struct Walk {
    let checked: CheckedTree
    let declarations: Declarations
    var paths: [String] = []
    private var known: Set<String> = []
    var comparisons: [Usage.Comparison] = []
    var fields: Set<String> = []
    private var locals: [String] = []

    init(checked: CheckedTree, declarations: Declarations) {
        self.checked = checked
        self.declarations = declarations
    }

    mutating func visit(_ id: NodeID, isNegated: Bool) {
        if let path = path(of: id) {
            if known.insert(path).inserted { paths.append(path) }
            noteFields(id)
            return
        }
        let kind = checked.tree[id].kind
        switch kind {
        case .select(let selection):
            fields.insert(selection.field)
            visit(selection.operand, isNegated: false)
        case .call(Operator.not, _, let arguments):
            for argument in arguments { visit(argument, isNegated: !isNegated) }
        case .call(let name, _, let arguments):
            noteComparison(id, name, arguments, isNegated)
            forEachChild(of: kind) { visit($0, isNegated: false) }
        case .loop(let loop):
            visit(loop.range, isNegated: false)
            within([loop.variable] + (loop.second.map { [$0] } ?? [])) { walk in
                if let filter = loop.filter { walk.visit(filter, isNegated: false) }
                walk.visit(loop.body, isNegated: false)
            }
        case .bind(let name, let value, let result):
            visit(value, isNegated: false)
            within([name]) { $0.visit(result, isNegated: false) }
        default: forEachChild(of: kind) { visit($0, isNegated: false) }
        }
    }

    private mutating func within(_ names: [String], _ body: (inout Walk) -> Void) {
        locals.append(contentsOf: names)
        body(&self)
        locals.removeLast(names.count)
    }

    private mutating func noteFields(_ id: NodeID) {
        guard case .select(let selection) = checked.tree[id].kind else { return }
        fields.insert(selection.field)
        noteFields(selection.operand)
    }

    /// The path that a node reads, when it starts at a variable of the environment.
    private func path(of id: NodeID) -> String? {
        switch checked.references[id] {
        case .variable(let index): return declarations.variables[index].name
        case .type: return nil
        case .function, nil: break
        }
        switch checked.tree[id].kind {
        case .name(let name, let isAbsolute):
            if checked.isChecked || !isAbsolute && locals.contains(name) { return nil }
            return declarations.variable(name, isAbsolute: isAbsolute)
                .map { declarations.variables[$0].name }
        case .select(let selection):
            return path(of: selection.operand).map { "\($0).\(selection.field)" }
        case .call(Operator.index, nil, let arguments) where arguments.count == 2:
            guard case .literal(.string(let key)) = checked.tree[arguments[1]].kind else {
                return nil
            }
            return path(of: arguments[0]).map { "\($0).\(key)" }
        default: return nil
        }
    }

    private mutating func noteComparison(
        _ id: NodeID, _ name: String, _ arguments: [NodeID], _ isNegated: Bool
    ) {
        guard arguments.count == 2, ["_==_", "_!=_", Operator.within].contains(name) else {
            return
        }
        var sides = arguments
        if path(of: sides[0]) == nil, name != Operator.within { sides.reverse() }
        guard let path = path(of: sides[0]) else { return }
        let nodes: [NodeID]
        if name == Operator.within {
            guard case .list(let elements) = checked.tree[sides[1]].kind else { return }
            nodes = elements.map(\.value)
        } else {
            nodes = [sides[1]]
        }
        let constants = nodes.compactMap { node -> Value? in
            guard case .literal(let literal) = checked.tree[node].kind else { return nil }
            return literal.value
        }
        guard constants.count == nodes.count else { return }
        comparisons.append(
            Usage.Comparison(
                path: path, constants: constants, isNegated: isNegated != (name == "_!=_"),
                range: checked.tree[id].range,
                constantRanges: nodes.map { checked.tree[$0].range }))
    }
}

extension Literal {
    var value: Value {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .uint(let value): .uint(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .bytes(let value): .bytes(value)
        }
    }
}
