/// What a name or a call means, as the checker found out.
enum Reference: Hashable, Sendable {
    /// The environment's variable at an index.
    case variable(Int)
    /// A type as a value.
    case type(ValueType)
    /// A function by its full name and the overloads that fit, as indexes into the function's.
    case function(String, [Int], isNamespaced: Bool)
}

/// A tree with the type of each node and the meaning of each name.
struct CheckedTree: Sendable {
    var tree: Tree
    /// By node; empty for a tree that was not checked.
    var types: [ValueType]
    var references: [NodeID: Reference]

    var isChecked: Bool { !types.isEmpty }

    func type(_ id: NodeID) -> ValueType { types.isEmpty ? .dyn : types[id.index] }
}
