// Lists as sets: order and repetition do not count.
extension Library {
    private static let list = ValueType.list(.parameter("T"))

    static let setFunctions: [Function] = [
        Function(
            "sets.contains", "whether a list has all elements of another", "是否包含另一列表的所有元素",
            [
                Overload("list_sets_contains_list", [list, list], .bool) {
                    evaluation, arguments throws(Fault) in
                    Cell(try evaluation.hasAll(arguments[0], of: arguments[1]))
                }
            ]),
        Function(
            "sets.equivalent", "whether two lists have the same elements", "两个列表的元素是否相同",
            [
                Overload("list_sets_equivalent_list", [list, list], .bool) {
                    evaluation, arguments throws(Fault) in
                    guard try evaluation.hasAll(arguments[0], of: arguments[1]) else {
                        return Cell(false)
                    }
                    return Cell(try evaluation.hasAll(arguments[1], of: arguments[0]))
                }
            ]),
        Function(
            "sets.intersects", "whether two lists have an element in common", "两个列表是否有共同的元素",
            [
                Overload("list_sets_intersects_list", [list, list], .bool) {
                    evaluation, arguments throws(Fault) in
                    Cell(try evaluation.hasAny(arguments[0], of: arguments[1]))
                }
            ]),
    ]
}

extension UnsafeMutablePointer<Frame> {
    fileprivate func hasAll(_ list: Cell, of part: Cell) throws(Fault) -> Bool {
        let set = try CellSet(list, self)
        for index in 0..<part.count where !(try set.contains(part.child(index), self)) {
            return false
        }
        return true
    }

    fileprivate func hasAny(_ list: Cell, of other: Cell) throws(Fault) -> Bool {
        let set = try CellSet(other, self)
        for index in 0..<list.count where try set.contains(list.child(index), self) {
            return true
        }
        return false
    }
}
