// Equality and order of values of any kinds.
extension UnsafeMutablePointer<Frame> {
    /// Whether two values are equal; values of different kinds are not, but for numbers.
    ///
    /// `depth`: How many values the two are parts of.
    func equal(_ left: Cell, _ right: Cell, depth: Int = 0) throws(Fault) -> Bool {
        // What calls itself takes little of the stack.
        guard left.hasParts, right.hasParts else { return try equalPlain(left, right) }
        if left.is(.list) { return right.is(.list) ? try equalLists(left, right, depth) : false }
        if left.isMap { return right.isMap ? try equalMaps(left, right, depth) : false }
        return right.is(.optional) ? try equalOptionals(left, right, depth) : false
    }

    /// As ``equal(_:_:depth:)``, for two values of which one is no list, map or optional.
    private func equalPlain(_ left: Cell, _ right: Cell) throws(Fault) -> Bool {
        if UInt8(truncatingIfNeeded: left.tag) != UInt8(truncatingIfNeeded: right.tag) {
            return left.isNumber && right.isNumber && compareNumbers(left, right) == 0
        }
        switch left.kind {
        case .null, .absent: return true
        case .bool, .int, .uint, .duration: return left.bits == right.bits
        case .double: return left.double == right.double
        case .timestamp: return left.bits == right.bits && left.length == right.length
        case .string, .bytes, .type:
            try spend(bytes: left.count)
            return equalBytes(left.text, right.text)
        case .opaque: return equalOpaques(left, right)
        case .list, .map, .object, .optional: return false
        }
    }

    private func equalLists(
        _ left: Cell, _ right: Cell, _ depth: Int
    ) throws(Fault) -> Bool {
        guard left.count == right.count else { return false }
        let inner = try deeper(than: depth)
        for index in 0..<left.count {
            try spend(1)
            if !(try equal(left.child(index), right.child(index), depth: inner)) { return false }
        }
        return true
    }

    private func equalOptionals(
        _ left: Cell, _ right: Cell, _ depth: Int
    ) throws(Fault) -> Bool {
        if left.count == 0 || right.count == 0 { return left.count == right.count }
        return try equal(left.children[0], right.children[0], depth: deeper(than: depth))
    }

    private func equalMaps(
        _ left: Cell, _ right: Cell, _ depth: Int
    ) throws(Fault) -> Bool {
        guard left.count == right.count else { return false }
        let inner = try deeper(than: depth)
        for index in 0..<left.count {
            try spend(1)
            let other = try entry(right, key(left, index))
            if other.is(.absent) { return false }
            if !(try equal(entryValue(left, index), other, depth: inner)) { return false }
        }
        return true
    }

    private func equalOpaques(_ left: Cell, _ right: Cell) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count {
            let one = left.children[index], other = right.children[index]
            if one.is(.string) || one.is(.bytes) || one.is(.type) {
                if !equalBytes(one.text, other.text) { return false }
            } else if one.bits != other.bits {
                return false
            }
        }
        return true
    }

    /// Negative, 0 or positive; nil when one is NaN.
    func compare(_ left: Cell, _ right: Cell, at node: NodeID) throws(Fault) -> Int? {
        if left.isNumber && right.isNumber { return compareNumbers(left, right) }
        guard left.kind == right.kind else { throw Fault(.noSuchOverload, right, at: node) }
        switch left.kind {
        case .bool: return Int(left.bits) - Int(right.bits)
        case .string, .bytes:
            try spend(bytes: Swift.min(left.count, right.count))
            return compareBytes(left.text, right.text)
        case .duration: return ordering(left.nanoseconds, right.nanoseconds)
        case .timestamp:
            let first = ordering(left.int, right.int)
            return first != 0 ? first : ordering(left.length, right.length)
        default: throw Fault(.noSuchOverload, left, at: node)
        }
    }
}

/// The order of two numbers of any kinds: int and uint exactly, with a double as doubles.
func compareNumbers(_ left: Cell, _ right: Cell) -> Int? {
    switch (left.kind, right.kind) {
    case (.int, .int): return ordering(left.int, right.int)
    case (.uint, .uint): return ordering(left.uint, right.uint)
    case (.int, .uint): return left.int < 0 ? -1 : ordering(UInt64(left.int), right.uint)
    case (.uint, .int): return right.int < 0 ? 1 : ordering(left.uint, UInt64(right.int))
    default:
        let left = left.asDouble, right = right.asDouble
        if left.isNaN || right.isNaN { return nil }
        return ordering(left, right)
    }
}

extension Cell {
    /// Whether it is a list, a map or an optional.
    fileprivate var hasParts: Bool {
        let kinds = Kind.list.bit | Kind.map.bit | Kind.object.bit | Kind.optional.bit
        return kinds & (1 << (tag & 0xFF)) != 0
    }

    /// A number of any kind as a double.
    var asDouble: Double {
        switch kind {
        case .int: Double(int)
        case .uint: Double(uint)
        default: double
        }
    }
}

@inline(__always)
func ordering<Number: Comparable>(_ left: Number, _ right: Number) -> Int {
    left < right ? -1 : left > right ? 1 : 0
}

/// The order of two texts by bytes, which for UTF-8 is the order by code points.
func compareBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
    let common = min(left.count, right.count)
    for index in 0..<common where left[index] != right[index] {
        return left[index] < right[index] ? -1 : 1
    }
    return ordering(left.count, right.count)
}
