// The functions and operators of the language itself.
extension Library {
    /// The standard functions and operators.
    static let standardFunctions: [Function] =
        operators + relations + arithmetic + containers + conversions + texts + times

    private static let a = ValueType.parameter("A"), b = ValueType.parameter("B")

    /// Operators have code of their own in the planner; their rows are for the checker and lists.
    private static func row(
        _ id: String, _ parameters: [ValueType], _ result: ValueType
    ) -> Overload {
        Overload(id, parameters, result) { _, arguments throws(Fault) in
            throw Fault(.noSuchOverload, arguments[0])
        }
    }

    private static let operators: [Function] = [
        Function(
            Operator.and, "both hold", "两者都成立", [row("logical_and", [.bool, .bool], .bool)]),
        Function(
            Operator.or, "either holds", "其一成立", [row("logical_or", [.bool, .bool], .bool)]),
        Function(Operator.not, "does not hold", "不成立", [row("logical_not", [.bool], .bool)]),
        Function(
            Operator.conditional, "one of two values", "二者取一",
            [row("conditional", [.bool, a, a], a)]),
        Function("_==_", "equal", "相等", [row("equals", [a, a], .bool)]),
        Function("_!=_", "not equal", "不相等", [row("not_equals", [a, a], .bool)]),
        Function(
            Operator.negate, "negative", "取负",
            [row("negate_int64", [.int], .int), row("negate_double", [.double], .double)]),
    ]

    private static let relations: [Function] = [
        ("_<_", "less", "less than", "小于"), ("_<=_", "less_equals", "at most", "小于等于"),
        ("_>_", "greater", "greater than", "大于"),
        ("_>=_", "greater_equals", "at least", "大于等于"),
    ].map { name, id, english, chinese in
        let types: [ValueType] = [
            .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration,
        ]
        return Function(
            name, english, chinese,
            types.map { row("\(id)_\($0)", [$0, $0], .bool) })
    }

    private static let arithmetic: [Function] = [
        Function(
            "_+_", "sum, or one after the other", "求和或拼接",
            [
                row("add_int64", [.int, .int], .int), row("add_uint64", [.uint, .uint], .uint),
                row("add_double", [.double, .double], .double),
                row("add_string", [.string, .string], .string),
                row("add_bytes", [.bytes, .bytes], .bytes),
                row("add_list", [.list(a), .list(a)], .list(a)),
                row("add_timestamp_duration", [.timestamp, .duration], .timestamp),
                row("add_duration_timestamp", [.duration, .timestamp], .timestamp),
                row("add_duration_duration", [.duration, .duration], .duration),
            ]),
        Function(
            "_-_", "difference", "求差",
            [
                row("subtract_int64", [.int, .int], .int),
                row("subtract_uint64", [.uint, .uint], .uint),
                row("subtract_double", [.double, .double], .double),
                row("subtract_timestamp_timestamp", [.timestamp, .timestamp], .duration),
                row("subtract_timestamp_duration", [.timestamp, .duration], .timestamp),
                row("subtract_duration_duration", [.duration, .duration], .duration),
            ]),
        Function(
            "_*_", "product", "求积",
            [
                row("multiply_int64", [.int, .int], .int),
                row("multiply_uint64", [.uint, .uint], .uint),
                row("multiply_double", [.double, .double], .double),
            ]),
        Function(
            "_/_", "quotient", "求商",
            [
                row("divide_int64", [.int, .int], .int),
                row("divide_uint64", [.uint, .uint], .uint),
                row("divide_double", [.double, .double], .double),
            ]),
        Function(
            "_%_", "remainder", "求余",
            [
                row("modulo_int64", [.int, .int], .int),
                row("modulo_uint64", [.uint, .uint], .uint),
            ]),
    ]

    private static let containers: [Function] = [
        Function(
            Operator.within, "is an element or a key of", "是其中的元素或键",
            [
                row("in_list", [a, .list(a)], .bool), row("in_map", [a, .map(a, b)], .bool),
            ]),
        Function(
            Operator.index, "element at an index, value of a key", "按下标或键取值",
            [
                row("index_list", [.list(a), .int], a), row("index_map", [.map(a, b), a], b),
                row("optional_list_index_int", [.optional(.list(a)), .int], .optional(a)),
                row("optional_map_index_value", [.optional(.map(a, b)), a], .optional(b)),
            ]),
        Function(
            Operator.optionalIndex, "element or value, perhaps none", "按下标或键取可选值",
            [
                row("list_optindex_optional_int", [.list(a), .int], .optional(a)),
                row("map_optindex_optional_value", [.map(a, b), a], .optional(b)),
                row(
                    "optional_list_optindex_optional_int", [.optional(.list(a)), .int], .optional(a)
                ),
                row(
                    "optional_map_optindex_optional_value", [.optional(.map(a, b)), a], .optional(b)
                ),
            ]),
        Function(
            "size", "number of code points, bytes, elements or entries", "长度：码点、字节、元素或条目数",
            ([.string, .bytes, .list(a), .map(a, b)] as [ValueType]).flatMap {
                type -> [Overload] in
                let name = type.runtimeName
                return [
                    Overload("size_\(name)", [type], .int, sizeBody),
                    Overload("\(name)_size", [type], .int, isReceiver: true, sizeBody),
                ]
            }),
        Function(
            "type", "the type of a value", "值的类型",
            [
                Overload("type", [a], .type(a)) { evaluation, arguments throws(Fault) in
                    let value = arguments[0]
                    if value.is(.opaque) { return value.children[0] }
                    return try evaluation.make(.type, value.kind.name.utf8)
                }
            ]),
        Function(
            "dyn", "the value, its type left open", "不限定类型的值",
            [Overload("to_dyn", [a], .dyn) { _, arguments throws(Fault) in arguments[0] }]),
    ]

    private static let sizeBody: FunctionBody = { evaluation, arguments throws(Fault) in
        let value = arguments[0]
        guard value.is(.string) else { return Cell(Int64(value.count)) }
        try evaluation.spend(bytes: value.count)
        return Cell(Int64(countCodePoints(value.text)))
    }

    private static func textTest(
        _ name: String, _ english: String, _ chinese: String,
        _ test: @escaping @Sendable (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Function {
        Function(
            name, english, chinese,
            [
                Overload("\(name)_string", [.string, .string], .bool, isReceiver: true) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.spend(bytes: arguments[0].count)
                    return Cell(test(arguments[0].text, arguments[1].text))
                }
            ])
    }

    private static let texts: [Function] = [
        textTest("contains", "whether a text holds another", "是否包含某段文本", containsBytes),
        textTest("startsWith", "whether a text starts with another", "是否以某段文本开头", hasPrefix),
        textTest("endsWith", "whether a text ends with another", "是否以某段文本结尾", hasSuffix),
        Function(
            "matches", "whether a regular expression (RE2) is found", "是否匹配正则表达式（RE2）",
            [
                Overload("matches", [.string, .string], .bool, matchesBody),
                Overload(
                    "matches_string", [.string, .string], .bool, isReceiver: true, matchesBody),
            ]),
    ]

    private static let matchesBody: FunctionBody = { evaluation, arguments throws(Fault) in
        let matcher = try evaluation.matcher(arguments[1])
        try evaluation.spend(searching: arguments[0], with: matcher)
        return Cell(matcher.matches(arguments[0].text))
    }
}

extension UnsafeMutablePointer<Frame> {
    /// How many patterns that are not constants one evaluation may compile.
    private static var patternLimit: Int { 64 }
    /// The work that compiling one byte of a pattern counts for, before it is known how large it gets.
    private static var patternCost: Int { 50 }
    /// The work that compiling one instruction counts for.
    private static var instructionCost: Int { 20 }
    /// The work that a refused pattern counts for: it may have been refused for its size.
    private static var refusalCost: Int { 1_000_000 }
    /// Counts the work of searching in a text: with a large pattern each byte may cost much.
    @inline(__always)
    func spend(searching text: Cell, with matcher: any RegexMatcher) throws(Fault) {
        try spend(bytes: text.count &* matcher.searchWeight)
    }

    /// A pattern that is not a constant, compiled once in an evaluation.
    func matcher(_ pattern: Cell) throws(Fault) -> any RegexMatcher {
        guard let engine = engines.regexEngine else { throw Fault(.noRegexEngine) }
        guard pattern.count <= engines.patternBytes else { throw Fault(.badPattern, pattern) }
        let key = UTF8Key(bytes: Array(pattern.text))
        if let known = extras.patterns[key] { return known }
        if extras.refusedPatterns.contains(key) { throw Fault(.badPattern, pattern) }
        try spend(pattern.count * Self.patternCost)
        if extras.patterns.count >= Self.patternLimit { extras.patterns.removeAll() }
        let made: any RegexMatcher
        do {
            made = try engine.compile(pattern.string)
        } catch {
            // Each other refused pattern costs much, so there are few of them.
            extras.refusedPatterns.insert(key)
            try spend(Self.refusalCost)
            throw Fault(.badPattern, pattern)
        }
        try spend(made.size * Self.instructionCost)
        extras.patterns[key] = made
        return made
    }
}

extension RegexMatcher {
    /// How many times the work of a small pattern searching with this one may take: each 64
    /// instructions double it.
    var searchWeight: Int { 1 + size / 64 }
}
