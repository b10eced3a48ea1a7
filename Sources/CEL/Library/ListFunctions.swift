// Lists: parts of them, other orders, what is in them once.
extension Library {
    private static let t = ValueType.parameter("T")
    private static let list = ValueType.list(t)

    /// The types whose values have an order.
    private static let ordered: [ValueType] = [
        .int, .uint, .double, .bool, .duration, .timestamp, .string, .bytes,
    ]

    static let listFunctions: [Function] = [
        Function(
            "distinct", "each element once, at its first place", "去掉重复的元素",
            [
                method("list_distinct", [list], list) { evaluation, arguments throws(Fault) in
                    try evaluation.distinct(arguments[0])
                }
            ]),
        Function(
            "flatten", "the elements of the lists in a list", "展开列表中的列表",
            [
                method("list_flatten", [.list(list)], list) { evaluation, arguments throws(Fault) in
                    try evaluation.flatten(arguments[0], depth: 1)
                },
                method("list_flatten_int", [.list(.dyn), .int], .list(.dyn)) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.flatten(arguments[0], depth: arguments[1].int)
                },
            ]),
        Function(
            "lists.range", "the whole numbers from 0 up to one", "从 0 开始的连续整数",
            [
                Overload("lists_range", [.int], .list(.int)) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.numbers(below: arguments[0].int)
                }
            ]),
        Function(
            "reverse", "the elements from back to front", "把元素倒序排列",
            [
                method("list_reverse", [list], list) { evaluation, arguments throws(Fault) in
                    let list = arguments[0]
                    let memory = try evaluation.allocate(cells: list.count)
                    for index in 0..<list.count {
                        memory[index] = list.child(list.count - 1 - index)
                    }
                    return Cell(.list, at: memory, length: list.count)
                }
            ]),
        Function(
            "slice", "the elements from an index up to another", "截取列表的一段",
            [
                method("list_slice", [list, .int, .int], list) { _, arguments throws(Fault) in
                    try arguments[0].elements(from: arguments[1].int, to: arguments[2].int)
                }
            ]),
        Function(
            "sort", "the elements in rising order", "按升序排列元素",
            ordered.map { type in
                method("list_\(type)_sort", [.list(type)], .list(type)) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.sorted(arguments[0], by: arguments[0])
                }
            }),
        Function(
            Macro.sortByKeys, "the elements in the rising order of their keys", "按键升序排列元素",
            ordered.map { type in
                method("list_\(type)_sortByAssociatedKeys", [list, .list(type)], list) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.sorted(arguments[0], by: arguments[1])
                }
            }),
    ]

    private static func method(
        _ id: String, _ parameters: [ValueType], _ result: ValueType, _ body: @escaping FunctionBody
    ) -> Overload {
        Overload(id, parameters, result, isReceiver: true, body)
    }
}

extension Macro {
    /// The function behind `sortBy`, of a list and of as many keys; a name that no source can write.
    static let sortByKeys = "@sortByAssociatedKeys"

    /// `sortBy`.
    static let lists: [Macro] = [
        Macro(
            "sortBy", isReceiver: true, arguments: 2...2,
            signatures: ["list.sortBy(x, key) -> list"],
            Documentation(
                "the elements in the rising order of what a key gives for each", "按求得的键升序排列元素")
        ) { expansion in
            let arguments = expansion.arguments
            guard let target = expansion.target else { return nil }
            guard let name = expansion.loopVariable(arguments[0]) else {
                return expansion.fail(.name, at: arguments[0])
            }
            let hidden = "@sorted"
            let keys = expansion.loop(
                .map, over: expansion.name(hidden), name, body: arguments[1])
            let sorted = expansion.call(sortByKeys, target: expansion.name(hidden), [keys])
            return expansion.bind(hidden, target, in: sorted)
        }
    ]
}

extension Cell {
    /// A part of a list; its elements are shared.
    fileprivate func elements(from start: Int64, to end: Int64) throws(Fault) -> Cell {
        guard start >= 0, start <= end else { throw Fault(.indexOutOfRange, Cell(start)) }
        guard end <= Int64(count) else { throw Fault(.indexOutOfRange, Cell(end)) }
        if start == end { return Cell(.list) }
        var part = self
        part.bits += UInt64(start) * UInt64(MemoryLayout<Cell>.stride)
        part.length = UInt32(truncatingIfNeeded: end - start)
        return part
    }
}

extension UnsafeMutablePointer<Frame> {
    /// The whole numbers from 0; none below 0 or less.
    fileprivate func numbers(below end: Int64) throws(Fault) -> Cell {
        guard end > 0 else { return Cell(.list) }
        guard end <= Int64(UInt32.max) else { throw Fault(.tooLarge, Cell(end)) }
        let memory = try allocate(cells: Int(end))
        for number in 0..<Int(end) { memory[number] = Cell(Int64(number)) }
        return Cell(.list, at: memory, length: Int(end))
    }

    /// Each element once, at its first place; 1, 1u and 1.0 are one.
    fileprivate func distinct(_ list: Cell) throws(Fault) -> Cell {
        var seen = CellSet()
        var kept: [Cell] = []
        for index in 0..<list.count {
            let element = list.child(index)
            if try seen.insert(element, self) { kept.append(element) }
        }
        return kept.count == list.count ? list : try make(list: kept)
    }

    /// The elements of a list, with those of the lists in it in their place, so many levels deep.
    ///
    /// It keeps its own stack: how deep lists are nested is up to the data.
    fileprivate func flatten(_ list: Cell, depth: Int64) throws(Fault) -> Cell {
        guard depth >= 0 else { throw Fault(.badArgument, Cell(depth)) }
        var open: [(list: Cell, next: Int)] = [(list, 0)]
        var flat: [Cell] = []
        while let (current, next) = open.last {
            guard next < current.count else {
                open.removeLast()
                continue
            }
            open[open.count - 1].next += 1
            let element = current.child(next)
            try charge(bytes: MemoryLayout<Cell>.stride)
            if element.is(.list), Int64(open.count) <= depth {
                open.append((element, 0))
            } else {
                flat.append(element)
            }
        }
        guard flat.count <= Int(UInt32.max) else { throw Fault(.tooLarge) }
        return try make(list: flat)
    }
}
