/// A call that the parser replaces by other nodes: how the host adds forms of its own.
///
/// ```swift
/// // said("退款"): whether any sentence has the text
/// Macro("said", arguments: 1...1, documentation) { expansion in
///     let words = expansion.select(expansion.name("@s"), "words")
///     let test = expansion.call("contains", target: words, expansion.arguments)
///     return expansion.loop(.exists, over: expansion.name("sentences"), "@s", body: test)
/// }
/// ```
public struct Macro: Sendable {
    let name: String
    let isReceiver: Bool
    let arguments: ClosedRange<Int>
    let signatures: [String]
    let documentation: Documentation
    let expand: @Sendable (inout MacroExpansion) -> NodeID?

    /// A macro.
    ///
    /// `name`: As it is called; `cel.bind` is called so, not on a receiver `cel`.
    /// `isReceiver`: Whether it is called on a receiver, as `list.all(…)` is.
    /// `arguments`: How many arguments such a call has, without the receiver. A call with
    ///   another number is an ordinary function call.
    /// `signatures`: The forms of the call, as manuals list them.
    /// `expand`: Makes the nodes; nil leaves the call an ordinary one.
    public init(
        _ name: String, isReceiver: Bool = false, arguments: ClosedRange<Int>,
        signatures: [String] = [], _ documentation: Documentation,
        expand: @escaping @Sendable (inout MacroExpansion) -> NodeID?
    ) {
        self.name = name
        self.isReceiver = isReceiver
        self.arguments = arguments
        self.signatures = signatures
        self.documentation = documentation
        self.expand = expand
    }
}

/// The macros of an environment, by name and form.
struct MacroTable: Sendable {
    private var macros: [String: [Macro]] = [:]
    /// By name of a variable, the field that its methods are called on.
    var receivers: [String: String] = [:]
    /// Names of the environment by what people write for them.
    var synonyms: [String: String] = [:]

    static let none = MacroTable()

    mutating func add(_ macro: Macro) { macros[macro.name, default: []].append(macro) }

    /// All macros, by name.
    var all: [Macro] { macros.keys.sorted().flatMap { macros[$0] ?? [] } }

    func find(_ name: String, isReceiver: Bool, _ count: Int) -> Macro? {
        // The latest declaration counts, so that a host can replace a macro.
        macros[name]?.last { $0.isReceiver == isReceiver && $0.arguments.contains(count) }
    }
}

/// A macro's call under expansion, and the tools to build its nodes.
///
/// Nodes made here stand, for messages, where the macro's call stands. A node that is used twice is
/// copied, and computed twice: better bind it to a name. A node that is kept from the expansion of
/// another source makes the call a mistake.
public struct MacroExpansion {
    /// The receiver, when the macro has one.
    public let target: NodeID?
    /// The arguments, already parsed.
    public let arguments: [NodeID]
    let macro: String
    let range: Range<Int>
    let receivers: [String: String]
    var builder: TreeBuilder

    /// A name of a variable.
    public mutating func name(_ name: String) -> NodeID { add(.name(name, isAbsolute: false)) }
    /// A text.
    public mutating func literal(_ value: String) -> NodeID { add(.literal(.string(value))) }
    /// A whole number.
    public mutating func literal(_ value: Int64) -> NodeID { add(.literal(.int(value))) }
    /// A double.
    public mutating func literal(_ value: Double) -> NodeID { add(.literal(.double(value))) }
    /// A bool.
    public mutating func literal(_ value: Bool) -> NodeID { add(.literal(.bool(value))) }
    /// A list.
    public mutating func list(_ elements: [NodeID]) -> NodeID {
        add(.list(elements.map { Element(value: $0) }))
    }
    /// `operand.field`.
    public mutating func select(_ operand: NodeID, _ field: String) -> NodeID {
        add(.select(Selection(operand: operand, field: field)))
    }
    /// `has(operand.field)`.
    public mutating func has(_ operand: NodeID, _ field: String) -> NodeID {
        add(.select(Selection(operand: operand, field: field, isTest: true)))
    }
    /// A call of a function or of an operator by its specified name (`_&&_`, `_==_`, `@in` …).
    public mutating func call(
        _ function: String, target: NodeID? = nil, _ arguments: [NodeID]
    ) -> NodeID {
        add(.call(function, target: target, arguments))
    }
    /// `name` stands for `value` inside `result`; the value is computed once, when first needed.
    public mutating func bind(_ name: String, _ value: NodeID, in result: NodeID) -> NodeID {
        add(.bind(name, value, result))
    }
    /// A loop over a list or a map.
    public mutating func loop(
        _ kind: LoopKind, over range: NodeID, _ variable: String, second: String? = nil,
        filter: NodeID? = nil, body: NodeID
    ) -> NodeID {
        add(
            .loop(
                Loop(
                    kind: kind.loop, range: range, variable: variable, second: second,
                    filter: filter, body: body)))
    }

    /// The loops that a macro can make.
    public enum LoopKind: Sendable {
        /// Whether the condition holds for all, for any, for exactly one.
        case all, exists, existsOne
        /// The elements for which the condition holds.
        case filter
        /// What becomes of each element.
        case map

        fileprivate var loop: Loop.Kind {
            switch self {
            case .all: .all
            case .exists: .exists
            case .existsOne: .existsOne
            case .filter: .filter
            case .map: .map
            }
        }
    }

    /// The simple name that an argument is, nil when it is something else.
    public func simpleName(_ node: NodeID) -> String? {
        guard case .name(let name, isAbsolute: false) = kind(of: node) else { return nil }
        return name
    }

    /// The whole number that an argument is, nil when it is something else.
    public func literalInt(_ node: NodeID) -> Int64? {
        guard case .literal(.int(let value)) = kind(of: node) else { return nil }
        return value
    }

    /// The double that an argument is, nil when it is something else.
    public func literalDouble(_ node: NodeID) -> Double? {
        guard case .literal(.double(let value)) = kind(of: node) else { return nil }
        return value
    }

    /// The text that an argument is, nil when it is something else.
    public func literalText(_ node: NodeID) -> String? {
        guard case .literal(.string(let value)) = kind(of: node) else { return nil }
        return value
    }

    /// The elements of the list that an argument is, nil when it is something else.
    public func elements(of node: NodeID) -> [NodeID]? {
        guard case .list(let elements) = kind(of: node) else { return nil }
        return elements.map(\.value)
    }

    /// The call that an argument is, as it was written; nil when it is something else.
    public func call(
        in node: NodeID
    ) -> (name: String, target: NodeID?, arguments: [NodeID])? {
        if let macro = builder.tree.macroCalls[node] {
            return (macro.name, macro.target, macro.arguments)
        }
        guard case .call(let name, let target, let arguments) = kind(of: node) else { return nil }
        return (name, target, arguments)
    }

    /// The fields that an argument reads of a variable, sorted.
    public func fields(of variable: String, in node: NodeID) -> [String] {
        var found: Set<String> = []
        func visit(_ id: NodeID) {
            let kind = kind(of: id)
            if case .select(let selection) = kind, simpleName(selection.operand) == variable {
                found.insert(selection.field)
            }
            forEachChild(of: kind, visit)
        }
        visit(node)
        return found.sorted()
    }

    /// An argument as a method of it would be called: the field that a variable stands for
    /// (``Environment/declare(methodsOf:on:)``), anything else as it is.
    public mutating func receiver(_ node: NodeID) -> NodeID {
        guard let name = simpleName(node), let field = receivers[name] else { return node }
        return builder.add(
            .select(Selection(operand: node, field: field)), builder.tree[node].range)
    }

    /// Says that the call is wrong; the expansion's result does not matter any more.
    public mutating func report(
        _ english: String, _ chinese: String, at node: NodeID? = nil
    ) {
        if isFaulty(node) { return }
        let place = node.flatMap { builder.has($0) ? builder.tree[$0].range : nil } ?? range
        builder.report(
            .hostMacro(macro: macro, english: english, chinese: chinese), place)
    }

    /// Says what a number of a wrong form, as `30s`, should be here: ``source(of:)`` has it as it was
    /// written.
    public mutating func suggest(_ text: String, insteadOf node: NodeID) {
        if isFaulty(node), builder.has(node) { builder.correct(node, to: text) }
    }

    /// An argument as it was written.
    public func source(of node: NodeID) -> String {
        builder.has(node) ? builder.tree.source.text(builder.tree[node].range) : ""
    }

    /// What a node is; faulty when it is of another tree.
    func kind(of node: NodeID) -> NodeKind {
        builder.has(node) ? builder.tree[node].kind : .faulty
    }

    mutating func add(_ kind: NodeKind) -> NodeID {
        var hasStrangers = false
        forEachChild(of: kind) { if !builder.has($0) { hasStrangers = true } }
        return hasStrangers ? refuse() : builder.add(kind, range)
    }

    /// A node of its own for what the macro gives back: how its call was written is noted there.
    mutating func own(_ node: NodeID, from first: Int) -> NodeID {
        guard builder.has(node) else { return refuse() }
        return node.index < first ? builder.add(builder.tree[node].kind, range) : node
    }

    /// Says that the macro uses a node of another tree.
    private mutating func refuse() -> NodeID {
        builder.report(
            .hostMacro(
                macro: macro, english: "it uses a part of another expression",
                chinese: "它用了另一个表达式的部分"), range)
        return builder.add(.faulty, range)
    }

    mutating func fail(_ expected: Expected, at node: NodeID) -> NodeID {
        if !isFaulty(node) {
            builder.report(
                .macroArgument(macro: macro, expected: expected), builder.tree[node].range)
        }
        return add(.faulty)
    }

    /// Whether what is wrong with a part, or with any argument, has been told already.
    private func isFaulty(_ node: NodeID?) -> Bool {
        (node.map { [$0] } ?? arguments).contains { node in
            guard builder.has(node), case .faulty = builder.tree[node].kind else { return false }
            return true
        }
    }
}
