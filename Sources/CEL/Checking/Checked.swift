/// What a name or a call means, as the checker found out.
enum Reference: Hashable, Sendable {
    /// The environment's variable at an index.
    case variable(Int)
    /// A type as a value.
    case type(ValueType)
    /// A function by its full name and the overloads that fit, as indexes into the function's.
    case function(String, [Int], isNamespaced: Bool)
}

/// By node: what it refers to, nil for most.
struct References: Sendable {
    private var found: [Reference?]

    /// Nothing, for so many nodes.
    init(nodes: Int = 0) { found = Array(repeating: nil, count: nodes) }

    subscript(id: NodeID) -> Reference? {
        get { found.indices.contains(id.index) ? found[id.index] : nil }
        set { found[id.index] = newValue }
    }
}

/// A tree with the type of each node and the meaning of each name.
struct CheckedTree: Sendable {
    var tree: Tree
    /// By node; empty for a tree that was not checked.
    var types: [ValueType]
    var references: References

    var isChecked: Bool { !types.isEmpty }

    func type(_ id: NodeID) -> ValueType { types.isEmpty ? .dyn : types[id.index] }
}
