/// A node of a syntax tree: its number, and the mark of the tree that it is of.
public struct NodeID: Hashable, Sendable {
    /// The number in the low bits, the mark above.
    private let bits: UInt32
    private static let indexBits: UInt32 = 20
    /// The most nodes of a tree.
    static let limit = 1 << indexBits
    /// No node of any tree.
    static let none = NodeID(limit - 1)

    /// `mark`: Tells the nodes of one tree from those of others, mostly: it has 12 bits.
    init(_ index: Int, mark: UInt32 = 0) {
        bits = UInt32(truncatingIfNeeded: index) | mark << NodeID.indexBits
    }

    var index: Int { Int(bits) & (NodeID.limit - 1) }

    /// Whether the node has the mark of a tree.
    func has(mark: UInt32) -> Bool { bits >> NodeID.indexBits == mark & 0xFFF }
}

/// A parsed expression: nodes in one array, each after the nodes that it is made of.
///
/// Macros are expanded; ``macroCalls`` remembers how they were written.
struct Tree: Sendable {
    var nodes: [Node] = []
    var root = NodeID(0)
    var macroCalls: [NodeID: MacroCall] = [:]
    let source: Source

    subscript(id: NodeID) -> Node { nodes[id.index] }
}

extension NodeKind {
    /// The same kind of node over other nodes.
    func over(_ other: (NodeID) -> NodeID) -> NodeKind {
        switch self {
        case .literal, .name, .faulty: return self
        case .select(var selection):
            selection.operand = other(selection.operand)
            return .select(selection)
        case .call(let name, let target, let arguments):
            let target = target.map(other)
            return .call(name, target: target, arguments.map(other))
        case .list(let elements):
            return .list(
                elements.map { Element(value: other($0.value), isOptional: $0.isOptional) })
        case .map(let entries):
            return .map(
                entries.map { entry in
                    let key = other(entry.key)
                    return Entry(
                        key: key, value: other(entry.value), isOptional: entry.isOptional)
                })
        case .loop(var loop):
            loop.range = other(loop.range)
            loop.filter = loop.filter.map(other)
            loop.body = other(loop.body)
            return .loop(loop)
        case .bind(let name, let value, let result):
            let value = other(value)
            return .bind(name, value, other(result))
        case .block(let values, let result):
            let values = values.map(other)
            return .block(values, other(result))
        }
    }
}

/// One node of a tree and the part of the source that it stands for.
struct Node: Sendable {
    var kind: NodeKind
    var range: Range<Int>
}

/// What a node is.
enum NodeKind: Sendable {
    case literal(Literal)
    /// A variable, or the start of a dotted name; absolute with a dot in front.
    case name(String, isAbsolute: Bool)
    case select(Selection)
    /// A function or operator; the operators' names are those of ``Operator``.
    case call(String, target: NodeID?, [NodeID])
    case list([Element])
    case map([Entry])
    case loop(Loop)
    /// `variable` stands for the first node inside the second, evaluated when first needed.
    case bind(String, NodeID, NodeID)
    /// `@index0`, `@index1` … stand for the nodes inside the last one and the nodes after them.
    case block([NodeID], NodeID)
    /// What could not be parsed.
    case faulty
}

/// `operand.field`, `operand.?field` or `has(operand.field)`.
struct Selection: Sendable {
    var operand: NodeID
    var field: String
    var isTest = false
    var isOptional = false
}

/// An element of a list; an optional one is left out when it is none.
struct Element: Sendable {
    var value: NodeID
    var isOptional = false
}

/// An entry of a map; an optional one is left out when its value is none.
struct Entry: Sendable {
    var key: NodeID
    var value: NodeID
    var isOptional = false
}

/// A macro that loops over a list or a map.
struct Loop: Sendable {
    enum Kind: Sendable {
        case all, exists, existsOne, filter, map, transformList, transformMap, transformMapEntry
    }

    var kind: Kind
    var range: NodeID
    var variable: String
    var second: String?
    /// The condition of a `map` or `transform…` with one argument more.
    var filter: NodeID?
    /// The condition, or for `map` and `transform…` what becomes of an element.
    var body: NodeID
}

/// How a macro was written.
struct MacroCall: Sendable {
    var name: String
    var target: NodeID?
    var arguments: [NodeID]
}

/// The functions behind the operators, by the names that the language's specification uses.
enum Operator {
    static let and = "_&&_"
    static let or = "_||_"
    static let not = "!_"
    static let negate = "-_"
    static let conditional = "_?_:_"
    static let index = "_[_]"
    static let optionalIndex = "_[?_]"
    static let within = "@in"

    /// The binary operator of a symbol: its name, and how tightly it binds (from 1).
    static func binary(_ symbol: Symbol) -> (name: String, precedence: Int)? {
        switch symbol {
        case .or: (or, 1)
        case .and: (and, 2)
        case .equal: ("_==_", 3)
        case .notEqual: ("_!=_", 3)
        case .less: ("_<_", 3)
        case .lessOrEqual: ("_<=_", 3)
        case .greater: ("_>_", 3)
        case .greaterOrEqual: ("_>=_", 3)
        case .plus: ("_+_", 4)
        case .minus: ("_-_", 4)
        case .times: ("_*_", 5)
        case .divide: ("_/_", 5)
        case .modulo: ("_%_", 5)
        default: nil
        }
    }

    /// As a person writes the operator or function of that name, for messages.
    static func shown(_ name: String) -> String {
        switch name {
        case within: "in"
        case index, optionalIndex: "[…]"
        case conditional: "? :"
        default:
            if let macro = expanded[name] {
                macro
            } else if name.contains("_"), let first = name.utf8.first, "_!-".utf8.contains(first) {
                String(name.filter { $0 != "_" })
            } else {
                name
            }
        }
    }

    /// Whether the name is an operator's, and not a function's.
    static func isOperator(_ name: String) -> Bool {
        shown(name) != name && expanded[name] == nil
    }

    /// Functions that only macros call, with the names under which people know them.
    private static let expanded = [
        Macro.sortByKeys: "sortBy", "math.@max": "math.greatest", "math.@min": "math.least",
    ]
}
