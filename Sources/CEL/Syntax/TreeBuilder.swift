private import Synchronization

/// Makes the nodes of a tree and keeps its bounds: used by the parser and by macros.
struct TreeBuilder {
    private(set) var tree: Tree
    private var depths: [UInt16] = []
    private var loopDepths: [UInt8] = []
    /// By node: how many nodes a walk over it meets, which are more than there are when a macro uses
    /// one twice.
    private var sizes: [Int32] = []
    /// By node: whether a node above holds it.
    private var isHeld: [Bool] = []
    /// Whether any node may be held twice.
    private var hasShared = false
    /// Whether any name stands for another node.
    private var hasNames = false
    private let mark: UInt32
    private let limits: Limits
    private(set) var mistakes: [Diagnostic] = []
    /// Set when a bound is passed: nothing that follows makes sense.
    private(set) var isExhausted = false
    private var spare: NodeID?
    /// By the start of a number that is none: what a macro knows to be meant.
    private(set) var meant: [Int: String] = [:]

    init(_ source: Source, limits: Limits) {
        tree = Tree(source: source)
        // What is counted in few bits has a limit that fits.
        var limits = limits
        limits.nodes = min(limits.nodes, NodeID.limit - 1)
        limits.nesting = min(limits.nesting, Int(UInt16.max) - 1)
        limits.loopNesting = min(limits.loopNesting, Int(UInt8.max) - 1)
        self.limits = limits
        mark = TreeBuilder.marks.wrappingAdd(1, ordering: .relaxed).newValue
        tree.nodes.reserveCapacity(64)
        depths.reserveCapacity(64)
    }

    private static let marks = Atomic<UInt32>(0)

    /// Stands where a builder has been taken away.
    static let placeholder = TreeBuilder(Source(""), limits: Limits())

    mutating func add(_ kind: NodeKind, _ range: Range<Int>) -> NodeID {
        // One node without parts stands for all that are too much.
        if isExhausted, let spare { return spare }
        var depth: UInt16 = 0, loops: UInt8 = 0, size = 1
        forEachChild(of: kind) { child in
            size += Int(sizes[child.index])
            depth = max(depth, depths[child.index])
            loops = max(loops, loopDepths[child.index])
        }
        if case .loop = kind { loops += 1 }
        depth += 1
        if Int(depth) > limits.nesting { exhaust(.tooDeep(limit: limits.nesting), range) }
        if Int(loops) > limits.loopNesting {
            exhaust(.loopsTooDeep(limit: limits.loopNesting), range)
        }
        if max(size, tree.nodes.count + 1) > limits.nodes {
            exhaust(.tooManyNodes(limit: limits.nodes), range)
        }
        guard !isExhausted else {
            let made = append(.faulty, range, depth: 1, loops: 0, size: 1)
            spare = made
            return made
        }
        switch kind {
        case .literal, .name, .faulty: break
        case .bind, .block:
            hasNames = true
            hold(kind)
        default: hold(kind)
        }
        return append(kind, range, depth: depth, loops: loops, size: size)
    }

    private mutating func append(
        _ kind: NodeKind, _ range: Range<Int>, depth: UInt16, loops: UInt8, size: Int
    ) -> NodeID {
        tree.nodes.append(Node(kind: kind, range: range))
        depths.append(depth)
        loopDepths.append(loops)
        sizes.append(Int32(clamping: size))
        isHeld.append(false)
        return NodeID(tree.nodes.count - 1, mark: mark)
    }

    private mutating func hold(_ kind: NodeKind) {
        forEachChild(of: kind) { child in
            if isHeld[child.index] { hasShared = true }
            isHeld[child.index] = true
        }
    }

    /// Says that a node is not going to be part of the tree, so that its parts may be.
    mutating func discard(_ id: NodeID) {
        forEachChild(of: tree[id].kind) { isHeld[$0.index] = false }
        // Who uses it all the same shares its parts.
        isHeld[id.index] = true
    }

    /// Whether a node is one of this tree.
    func has(_ id: NodeID) -> Bool { id.has(mark: mark) && id.index < tree.nodes.count }

    /// Whether another mistake would be kept: one more than are shown, which says that there are more.
    var hasRoom: Bool { !isExhausted && mistakes.count <= limits.diagnostics }

    mutating func report(_ message: Message, _ range: Range<Int>) {
        guard mistakes.count <= limits.diagnostics else { return }
        mistakes.append(Diagnostic(message, at: range, in: tree.source))
    }

    /// Takes back what has been said of a range since there were so many mistakes.
    mutating func forget(from count: Int, at range: Range<Int>) {
        let later = mistakes[count...].filter { $0.range != range }
        mistakes.replaceSubrange(count..., with: later)
    }

    /// Notes what is meant by a part that is no number, as `30s`.
    mutating func correct(_ id: NodeID, to text: String) {
        meant[tree[id].range.lowerBound] = text
    }

    mutating func exhaust(_ message: Message, _ range: Range<Int>) {
        if !isExhausted { report(message, range) }
        isExhausted = true
    }

    mutating func remember(_ call: MacroCall, at id: NodeID) { tree.macroCalls[id] = call }

    /// Makes a node the root: every node gets one place, and evaluation is not deeper than allowed.
    mutating func setRoot(_ root: NodeID) {
        tree.root = root
        guard !isExhausted else { return }
        if hasShared {
            var met = Array(repeating: false, count: tree.nodes.count)
            tree.root = separated(root, &met)
        }
        if hasNames, !isExhausted {
            let depth = EvaluationDepth(of: tree, limit: limits.evaluationDepth)
            if let place = depth.firstTooDeep {
                exhaust(.namesTooDeep(limit: limits.evaluationDepth), tree[place].range)
            }
        }
    }

    /// A node that has not been met before, or a copy: what is checked and planned twice, once among
    /// names that mean something else, must be two nodes.
    private mutating func separated(_ id: NodeID, _ met: inout [Bool]) -> NodeID {
        let isMet = met[id.index]
        met[id.index] = true
        var isChanged = isMet
        let node = tree[id]
        let kind = node.kind.over { child in
            let own = separated(child, &met)
            if own != child { isChanged = true }
            return own
        }
        guard isChanged else { return id }
        let made = add(kind, node.range)
        met.append(true)
        if let call = tree.macroCalls[id] { remember(call, at: made) }
        return made
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
