// The order of a list's elements.
extension UnsafeMutablePointer<Frame> {
    /// The elements in the order of their keys, which must be of one kind that has an order.
    ///
    /// Elements with equal keys stay in their order. NaN comes before all other doubles.
    func sorted(_ list: Cell, by keys: Cell) throws(Fault) -> Cell {
        guard list.count == keys.count else { throw Fault(.badArgument) }
        try requireOrder(keys)
        let order = try order(of: keys)
        let memory = try allocate(cells: list.count)
        for (place, index) in order.enumerated() { memory[place] = list.child(Int(index)) }
        return Cell(.list, at: memory, length: list.count)
    }

    private func requireOrder(_ keys: Cell) throws(Fault) {
        guard keys.count > 0 else { return }
        let kind = keys.child(0).kind
        try spend(keys.count)
        for index in 0..<keys.count {
            let key = keys.child(index)
            guard key.is(kind), key.hasOrder else { throw Fault(.noSuchOverload, key) }
        }
    }

    /// The places of the keys in rising order: a merge sort from the bottom up.
    private func order(of keys: Cell) throws(Fault) -> [UInt32] {
        let count = keys.count
        try charge(bytes: 2 * count * MemoryLayout<UInt32>.stride)
        var order = (0..<count).map { UInt32(truncatingIfNeeded: $0) }
        var merged = order
        var width = 1
        while width < count {
            for start in stride(from: 0, to: count, by: 2 * width) {
                let middle = Swift.min(start + width, count)
                let end = Swift.min(middle + width, count)
                var left = start, right = middle
                for place in start..<end {
                    var takesRight = left == middle
                    if left < middle, right < end {
                        // Only when it is less, so that equal ones stay in their order.
                        takesRight = try precedes(
                            keys.child(Int(order[right])), keys.child(Int(order[left])))
                    }
                    if takesRight {
                        merged[place] = order[right]
                        right += 1
                    } else {
                        merged[place] = order[left]
                        left += 1
                    }
                }
            }
            swap(&order, &merged)
            width *= 2
        }
        return order
    }

    /// Whether one of two keys of the same kind comes first.
    private func precedes(_ left: Cell, _ right: Cell) throws(Fault) -> Bool {
        try spend(1)
        if left.is(.double) {
            if left.double.isNaN || right.double.isNaN {
                return left.double.isNaN && !right.double.isNaN
            }
            return left.double < right.double
        }
        return (try compare(left, right, at: .none) ?? 0) < 0
    }
}

extension Cell {
    /// Whether the values of the kind have an order.
    fileprivate var hasOrder: Bool {
        switch kind {
        case .bool, .int, .uint, .double, .string, .bytes, .duration, .timestamp: true
        default: false
        }
    }
}
