/// Makes the nodes of a tree and keeps its bounds: used by the parser and by macros.
struct TreeBuilder {
    private(set) var tree: Tree
    private var depths: [UInt16] = []
    private var loopDepths: [UInt8] = []
    /// By node: how many nodes a walk over it meets, which are more than there are when a macro uses
    /// one twice.
    private var sizes: [Int32] = []
    private let limits: Limits
    private(set) var mistakes: [Diagnostic] = []
    /// Set when a bound is passed: nothing that follows makes sense.
    private(set) var isExhausted = false

    init(_ source: Source, limits: Limits) {
        tree = Tree(source: source)
        self.limits = limits
        tree.nodes.reserveCapacity(64)
        depths.reserveCapacity(64)
    }

    /// Stands where a builder has been taken away.
    static let placeholder = TreeBuilder(Source(""), limits: Limits())

    mutating func add(_ kind: NodeKind, _ range: Range<Int>) -> NodeID {
        var depth: UInt16 = 0, loops: UInt8 = 0, size = 1
        forEachChild(of: kind) { child in
            size += Int(sizes[child.index])
            depth = max(depth, depths[child.index])
            loops = max(loops, loopDepths[child.index])
        }
        if case .loop = kind { loops += 1 }
        depth += 1
        if !isExhausted {
            if Int(depth) > limits.nesting { exhaust(.tooDeep(limit: limits.nesting), range) }
            if Int(loops) > limits.loopNesting {
                exhaust(.loopsTooDeep(limit: limits.loopNesting), range)
            }
            if max(size, tree.nodes.count + 1) > limits.nodes {
                exhaust(.tooManyNodes(limit: limits.nodes), range)
            }
        }
        if isExhausted && depth > 1 {
            // A node without children in place of the one that is too much keeps the tree in bounds.
            return add(.faulty, range)
        }
        tree.nodes.append(Node(kind: kind, range: range))
        depths.append(depth)
        loopDepths.append(loops)
        sizes.append(Int32(clamping: size))
        return NodeID(tree.nodes.count - 1)
    }

    mutating func report(_ message: Message, _ range: Range<Int>) {
        // One more than are shown: it says that there are more.
        guard mistakes.count <= limits.diagnostics else { return }
        mistakes.append(Diagnostic(message, at: range, in: tree.source))
    }

    mutating func exhaust(_ message: Message, _ range: Range<Int>) {
        if !isExhausted { report(message, range) }
        isExhausted = true
    }

    mutating func remember(_ call: MacroCall, at id: NodeID) { tree.macroCalls[id] = call }

    mutating func finish(_ root: NodeID) -> Tree {
        tree.root = root
        return tree
    }
}

/// Calls `body` with each node that a node is made of, in the order of the source.
func forEachChild(of kind: NodeKind, _ body: (NodeID) -> Void) {
    switch kind {
    case .literal, .name, .faulty: break
    case .select(let selection): body(selection.operand)
    case .call(_, let target, let arguments):
        if let target { body(target) }
        for argument in arguments { body(argument) }
    case .list(let elements):
        for element in elements { body(element.value) }
    case .map(let entries):
        for entry in entries {
            body(entry.key)
            body(entry.value)
        }
    case .loop(let loop):
        body(loop.range)
        if let filter = loop.filter { body(filter) }
        body(loop.body)
    case .bind(_, let value, let result):
        body(value)
        body(result)
    case .block(let values, let result):
        for value in values { body(value) }
        body(result)
    }
}
