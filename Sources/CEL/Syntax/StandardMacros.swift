// The macros of the language and of its extension libraries.
extension Macro {
    /// `has`, and the loops with one variable.
    static let standard: [Macro] = [
        Macro(
            "has", arguments: 1...1, signatures: ["has(object.field) -> bool"],
            Documentation("whether a field is there", "字段是否存在")
        ) { $0.expandHas() },
        loop(
            "all", .all,
            Documentation("whether all elements meet a condition", "是否所有元素都满足条件")),
        loop(
            "exists", .exists,
            Documentation("whether any element meets a condition", "是否有元素满足条件")),
        loop(
            "exists_one", .existsOne,
            Documentation("whether exactly one element meets a condition", "是否恰有一个元素满足条件")),
        loop(
            "filter", .filter,
            Documentation("the elements that meet a condition", "满足条件的元素")),
        loop(
            "map", .map,
            Documentation("what becomes of each element", "对每个元素求值得到的列表")),
        Macro(
            "map", isReceiver: true, arguments: 3...3,
            signatures: ["list.map(x, condition, value) -> list"],
            Documentation(
                "what becomes of each element that meets a condition", "对满足条件的元素求值")
        ) { $0.expandLoop(.map, variables: 1, hasFilter: true) },
    ]

    private static func loop(
        _ name: String, _ kind: Loop.Kind, _ documentation: Documentation
    ) -> Macro {
        Macro(
            name, isReceiver: true, arguments: 2...2,
            signatures: ["list.\(name)(x, \(kind.body)) -> \(kind.result)"], documentation
        ) {
            $0.expandLoop(kind, variables: 1, hasFilter: false)
        }
    }

    /// The loops over index and element, or key and value.
    static let twoVariables: [Macro] = [
        two("all", .all, Documentation("all, with index or key", "带下标或键的 all")),
        two("exists", .exists, Documentation("exists, with index or key", "带下标或键的 exists")),
        two(
            "existsOne", .existsOne,
            Documentation("existsOne, with index or key", "带下标或键的 existsOne")),
        two(
            "exists_one", .existsOne,
            Documentation("exists_one, with index or key", "带下标或键的 exists_one")),
        two(
            "transformList", .transformList,
            Documentation("a list made of each entry", "由每个条目求值得到的列表")),
        twoFiltered("transformList", .transformList),
        two(
            "transformMap", .transformMap,
            Documentation("a map with new values", "值经变换的 map")),
        twoFiltered("transformMap", .transformMap),
        two(
            "transformMapEntry", .transformMapEntry,
            Documentation("a map made of one-entry maps", "由单条目 map 合成的 map")),
        twoFiltered("transformMapEntry", .transformMapEntry),
    ]

    private static func two(
        _ name: String, _ kind: Loop.Kind, _ documentation: Documentation
    ) -> Macro {
        Macro(
            name, isReceiver: true, arguments: 3...3,
            signatures: ["list.\(name)(i, x, \(kind.body)) -> \(kind.result)"], documentation
        ) {
            $0.expandLoop(kind, variables: 2, hasFilter: false)
        }
    }

    private static func twoFiltered(_ name: String, _ kind: Loop.Kind) -> Macro {
        Macro(
            name, isReceiver: true, arguments: 4...4,
            signatures: ["list.\(name)(i, x, condition, \(kind.body)) -> \(kind.result)"],
            Documentation("\(name) of the entries that meet a condition", "只对满足条件的条目求值")
        ) { $0.expandLoop(kind, variables: 2, hasFilter: true) }
    }

    /// `cel.bind` and `cel.block`.
    static let bindings: [Macro] = [
        Macro(
            "cel.bind", arguments: 3...3, signatures: ["cel.bind(name, value, expression)"],
            Documentation("names a value inside an expression", "在表达式中给值命名")
        ) { expansion in
            let arguments = expansion.arguments
            guard let name = expansion.variable(arguments[0]) else {
                return expansion.fail(.name, at: arguments[0])
            }
            return expansion.bind(name, arguments[1], in: arguments[2])
        },
        Macro(
            "cel.block", arguments: 2...2, signatures: ["cel.block([values], expression)"],
            Documentation("names values by number", "按序号给值命名")
        ) { expansion in
            let arguments = expansion.arguments
            guard case .list(let elements) = expansion.builder.tree[arguments[0]].kind else {
                return expansion.fail(.literal("list"), at: arguments[0])
            }
            return expansion.add(.block(elements.map(\.value), arguments[1]))
        },
        Macro(
            "cel.index", arguments: 1...1, signatures: ["cel.index(number)"],
            Documentation("a value of cel.block", "cel.block 中的值")
        ) { expansion in
            guard let index = expansion.literalInt(expansion.arguments[0]), index >= 0 else {
                return expansion.fail(.literal("int"), at: expansion.arguments[0])
            }
            return expansion.name("@index\(index)")
        },
        Macro(
            "cel.iterVar", arguments: 2...2, signatures: ["cel.iterVar(depth, number)"],
            Documentation("a loop's variable by number", "按序号引用循环变量")
        ) { expansion in
            guard let depth = expansion.literalInt(expansion.arguments[0]),
                let index = expansion.literalInt(expansion.arguments[1])
            else { return expansion.fail(.literal("int"), at: expansion.arguments[0]) }
            return expansion.name("@it:\(depth):\(index)")
        },
    ]

    /// `optMap` and `optFlatMap`.
    static let optionals: [Macro] = [
        Macro(
            "optMap", isReceiver: true, arguments: 2...2,
            signatures: ["optional.optMap(x, value) -> optional"],
            Documentation("changes the value of an optional", "变换可选值中的值")
        ) { $0.expandOptionalMap(wraps: true) },
        Macro(
            "optFlatMap", isReceiver: true, arguments: 2...2,
            signatures: ["optional.optFlatMap(x, value) -> optional"],
            Documentation("an optional made of an optional's value", "由可选值得到另一可选值")
        ) { $0.expandOptionalMap(wraps: false) },
    ]

    /// `math.greatest` and `math.least`, of any number of arguments.
    static let math: [Macro] = [
        extreme("math.greatest", "math.@max", Documentation("the greatest number", "最大的数")),
        extreme("math.least", "math.@min", Documentation("the least number", "最小的数")),
    ]

    private static func extreme(
        _ name: String, _ function: String, _ documentation: Documentation
    ) -> Macro {
        Macro(
            name, arguments: 1...Int(UInt16.max), signatures: ["\(name)(numbers…) -> number"],
            documentation
        ) { expansion in
            let arguments = expansion.arguments
            if arguments.count <= 2 { return expansion.call(function, arguments) }
            return expansion.call(function, [expansion.list(arguments)])
        }
    }
}

extension Loop.Kind {
    /// What the last argument of the macro is called, in signatures.
    fileprivate var body: String {
        switch self {
        case .all, .exists, .existsOne, .filter: "condition"
        case .map, .transformList, .transformMap: "value"
        case .transformMapEntry: "entry"
        }
    }

    /// The type of the macro's result, in signatures.
    fileprivate var result: String {
        switch self {
        case .all, .exists, .existsOne: "bool"
        case .filter, .map, .transformList: "list"
        case .transformMap, .transformMapEntry: "map"
        }
    }
}

extension MacroExpansion {
    /// The name that an argument gives to a variable.
    func variable(_ node: NodeID) -> String? { simpleName(node) }

    /// The name that an argument gives to a loop's variable; implementations need one for themselves.
    mutating func loopVariable(_ node: NodeID) -> String? {
        let name = simpleName(node)
        if let name, name == "__result__" {
            builder.report(.reservedVariable(name), builder.tree[node].range)
        }
        return name
    }

    fileprivate mutating func expandHas() -> NodeID? {
        guard case .select(var selection) = builder.tree[arguments[0]].kind,
            !selection.isTest, !selection.isOptional
        else { return fail(.selection, at: arguments[0]) }
        builder.discard(arguments[0])
        selection.isTest = true
        return add(.select(selection))
    }

    fileprivate mutating func expandLoop(
        _ kind: Loop.Kind, variables: Int, hasFilter: Bool
    ) -> NodeID? {
        guard let target else { return nil }
        var names: [String] = []
        for argument in arguments.prefix(variables) {
            guard let name = loopVariable(argument) else {
                return fail(.name, at: argument)
            }
            if names.contains(name) {
                builder.report(.reservedVariable(name), builder.tree[argument].range)
            }
            names.append(name)
        }
        return add(
            .loop(
                Loop(
                    kind: kind, range: target, variable: names[0],
                    second: variables == 2 ? names[1] : nil,
                    filter: hasFilter ? arguments[variables] : nil,
                    body: arguments[arguments.count - 1])))
    }

    fileprivate mutating func expandOptionalMap(wraps: Bool) -> NodeID? {
        guard let target else { return nil }
        guard let name = variable(arguments[0]) else { return fail(.name, at: arguments[0]) }
        let hidden = "@optional"
        let value = call("value", target: self.name(hidden), [])
        let body = bind(name, value, in: arguments[1])
        let some = wraps ? call("optional.of", [body]) : body
        let test = call("hasValue", target: self.name(hidden), [])
        let none = call("optional.none", [])
        let choice = call(Operator.conditional, [test, some, none])
        return bind(hidden, target, in: choice)
    }
}

extension Parser {
    /// The nodes of a call that has the shape of a macro.
    mutating func expand(
        _ name: String, target: NodeID?, _ arguments: [NodeID], from start: Int
    ) -> NodeID? {
        var found = macros.find(name, isReceiver: target != nil, arguments.count)
        var receiver = target
        if found == nil, let target, let prefix = dottedName(target) {
            found = macros.find("\(prefix).\(name)", isReceiver: false, arguments.count)
            receiver = nil
        }
        guard let macro = found else { return nil }
        var expansion = MacroExpansion(
            target: receiver, arguments: arguments, macro: macro.name,
            range: start..<max(start, end), receivers: macros.receivers, builder: .placeholder)
        // Swapped, not copied, so that the arrays stay unshared while the macro appends to them.
        swap(&builder, &expansion.builder)
        let known = expansion.builder.mistakes.count
        let first = expansion.builder.tree.nodes.count
        let id = macro.expand(&expansion).map { expansion.own($0, from: first) }
        swap(&builder, &expansion.builder)
        guard let id else { return nil }
        if builder.mistakes.count > known { return add(.faulty, from: start) }
        let call = MacroCall(name: macro.name, target: receiver, arguments: arguments)
        builder.remember(call, at: id)
        return id
    }

    /// `a` or `a.b` when that is what a node is.
    private mutating func dottedName(_ id: NodeID) -> String? {
        switch builder.tree[id].kind {
        case .name(let name, isAbsolute: false): name
        case .select(let selection) where !selection.isTest && !selection.isOptional:
            dottedName(selection.operand).map { "\($0).\(selection.field)" }
        default: nil
        }
    }
}
