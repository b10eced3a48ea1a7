/// How deep the evaluation of a tree goes.
///
/// A name that `cel.bind` or `cel.block` introduces stands for a node elsewhere, which is evaluated
/// where the name is read first. So a chain of names is as deep as all that they stand for together,
/// though it may be flat to look at.
struct EvaluationDepth {
    private let tree: Tree
    private let limit: Int
    /// By name in scope: how deep what it stands for is, the innermost last; 0 for a loop's variable.
    private var names: [String: [Int]] = [:]
    /// The innermost node found first whose evaluation is deeper than the limit.
    private(set) var firstTooDeep: NodeID?

    /// Looks through a tree.
    init(of tree: Tree, limit: Int) {
        self.tree = tree
        self.limit = limit
        _ = depth(tree.root)
    }

    private mutating func depth(_ id: NodeID) -> Int {
        var depth = 1 + inner(tree[id].kind)
        if depth > limit {
            if firstTooDeep == nil { firstTooDeep = id }
            depth = limit
        }
        return depth
    }

    /// The depth of the deepest part of a node.
    private mutating func inner(_ kind: NodeKind) -> Int {
        switch kind {
        case .name(let name, isAbsolute: false): return names[name]?.last ?? 0
        case .loop(let loop): return inner(loop)
        case .bind(let name, let value, let result):
            let standsFor = depth(value)
            names[name, default: []].append(standsFor)
            let deepest = depth(result)
            names[name]?.removeLast()
            return deepest
        case .block(let values, let result):
            for (index, value) in values.enumerated() {
                let standsFor = depth(value)
                names["@index\(index)", default: []].append(standsFor)
            }
            let deepest = depth(result)
            for index in values.indices { names["@index\(index)"]?.removeLast() }
            return deepest
        default:
            var deepest = 0
            forEachChild(of: kind) { deepest = max(deepest, depth($0)) }
            return deepest
        }
    }

    private mutating func inner(_ loop: Loop) -> Int {
        var deepest = depth(loop.range)
        let variables = [loop.variable] + (loop.second.map { [$0] } ?? [])
        for name in variables { names[name, default: []].append(0) }
        if let filter = loop.filter { deepest = max(deepest, depth(filter)) }
        deepest = max(deepest, depth(loop.body))
        for name in variables { names[name]?.removeLast() }
        return deepest
    }
}
