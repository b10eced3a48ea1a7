// Optional values.
extension Library {
    private static let t = ValueType.parameter("T")

    static let optionalFunctions: [Function] = [
        Function(
            "optional.of", "an optional that holds a value", "含值的可选值",
            [
                Overload("optional_of", [t], .optional(t)) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.make(optional: arguments[0])
                }
            ]),
        Function(
            "optional.ofNonZeroValue", "none for empty, zero or false values", "零值视为空的可选值",
            [
                Overload("optional_ofNonZeroValue", [t], .optional(t)) {
                    evaluation, arguments throws(Fault) in
                    if arguments[0].isZero { return Cell(.optional) }
                    return try evaluation.make(optional: arguments[0])
                }
            ]),
        Function(
            "optional.none", "the optional that holds none", "空的可选值",
            [
                Overload("optional_none", [], .optional(t)) { _, _ throws(Fault) in
                    Cell(.optional)
                }
            ]),
        Function(
            "hasValue", "whether an optional holds a value", "可选值是否含值",
            [
                Overload("optional_hasValue", [.optional(t)], .bool, isReceiver: true) {
                    _, arguments throws(Fault) in Cell(arguments[0].count != 0)
                }
            ]),
        Function(
            "value", "the value of an optional", "可选值中的值",
            [
                Overload("optional_value", [.optional(t)], t, isReceiver: true) {
                    _, arguments throws(Fault) in
                    guard arguments[0].count != 0 else { throw Fault(.noneValue) }
                    return arguments[0].children[0]
                }
            ]),
        Function(
            "or", "the first optional that holds a value", "第一个含值的可选值",
            [
                Overload(
                    "optional_or_optional", [.optional(t), .optional(t)], .optional(t),
                    isReceiver: true
                ) { _, arguments throws(Fault) in
                    arguments[0].count != 0 ? arguments[0] : arguments[1]
                }
            ]),
        Function(
            "orValue", "the value of an optional, or another", "可选值中的值，或默认值",
            [
                Overload("optional_orValue_value", [.optional(t), t], t, isReceiver: true) {
                    _, arguments throws(Fault) in
                    arguments[0].count != 0 ? arguments[0].children[0] : arguments[1]
                }
            ]),
        Function(
            "optional.unwrap", "the values of a list of optionals", "列表中各可选值所含的值",
            [
                Overload("optional_unwrap", [.list(.optional(t))], .list(t)) {
                    evaluation, arguments throws(Fault) in try evaluation.unwrapped(arguments[0])
                }
            ]),
        Function(
            "unwrapOpt", "the values of a list of optionals", "列表中各可选值所含的值",
            [
                Overload("optional_unwrapOpt", [.list(.optional(t))], .list(t), isReceiver: true) {
                    evaluation, arguments throws(Fault) in try evaluation.unwrapped(arguments[0])
                }
            ]),
        Function(
            "first", "the first element, none of an empty list", "列表的第一个元素",
            [
                Overload("list_first", [.list(t)], .optional(t), isReceiver: true) {
                    evaluation, arguments throws(Fault) in
                    guard arguments[0].count > 0 else { return Cell(.optional) }
                    return try evaluation.make(optional: arguments[0].child(0))
                }
            ]),
        Function(
            "last", "the last element, none of an empty list", "列表的最后一个元素",
            [
                Overload("list_last", [.list(t)], .optional(t), isReceiver: true) {
                    evaluation, arguments throws(Fault) in
                    let list = arguments[0]
                    guard list.count > 0 else { return Cell(.optional) }
                    return try evaluation.make(optional: list.child(list.count - 1))
                }
            ]),
    ]
}

extension UnsafeMutablePointer<Frame> {
    fileprivate func unwrapped(_ list: Cell) throws(Fault) -> Cell {
        let memory = try allocate(cells: list.count)
        var count = 0
        for index in 0..<list.count {
            let element = list.child(index)
            guard element.is(.optional) else { throw Fault(.noSuchOverload, element) }
            guard element.count != 0 else { continue }
            memory[count] = element.children[0]
            count += 1
        }
        return Cell(.list, at: memory, length: count)
    }
}

extension Cell {
    /// Whether the value is null, false, zero or empty.
    fileprivate var isZero: Bool {
        switch kind {
        case .absent, .null: true
        case .bool, .int, .uint, .duration: bits == 0
        case .double: double == 0
        case .string, .bytes, .list, .map, .object, .optional: count == 0
        case .timestamp: int == 0 && length == 0
        case .type, .opaque: false
        }
    }
}
