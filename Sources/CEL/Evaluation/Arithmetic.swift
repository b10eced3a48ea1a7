/// The arithmetic operators.
enum Arithmetic: Sendable {
    case add, subtract, multiply, divide, modulo

    init?(_ name: String) {
        switch name {
        case "_+_": self = .add
        case "_-_": self = .subtract
        case "_*_": self = .multiply
        case "_/_": self = .divide
        case "_%_": self = .modulo
        default: return nil
        }
    }
}

extension Arithmetic {
    @inline(__always)
    func apply(_ left: Int64, _ right: Int64, at node: NodeID) throws(Fault) -> Int64 {
        let (result, overflow): (Int64, Bool)
        switch self {
        case .add: (result, overflow) = left.addingReportingOverflow(right)
        case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
        case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
        case .divide:
            if right == 0 { throw Fault(.divisionByZero, at: node) }
            (result, overflow) = left.dividedReportingOverflow(by: right)
        case .modulo:
            if right == 0 { throw Fault(.divisionByZero, at: node) }
            (result, overflow) = left.remainderReportingOverflow(dividingBy: right)
        }
        if overflow { throw Fault(.overflow, at: node) }
        return result
    }

    func apply(_ left: UInt64, _ right: UInt64, at node: NodeID) throws(Fault) -> UInt64 {
        let (result, overflow): (UInt64, Bool)
        switch self {
        case .add: (result, overflow) = left.addingReportingOverflow(right)
        case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
        case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
        case .divide:
            if right == 0 { throw Fault(.divisionByZero, at: node) }
            return left / right
        case .modulo:
            if right == 0 { throw Fault(.divisionByZero, at: node) }
            return left % right
        }
        if overflow { throw Fault(.overflow, at: node) }
        return result
    }

    @inline(__always)
    func apply(_ left: Double, _ right: Double, at node: NodeID) throws(Fault) -> Double {
        switch self {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide: return left / right
        case .modulo: throw Fault(.noSuchOverload, at: node)
        }
    }

    /// The operator on values of any kinds.
    func apply(
        _ evaluation: Evaluation, _ left: Cell, _ right: Cell, at node: NodeID
    ) throws(Fault) -> Cell {
        switch (left.kind, right.kind) {
        case (.int, .int): return Cell(try apply(left.int, right.int, at: node))
        case (.uint, .uint): return Cell(try apply(left.uint, right.uint, at: node))
        case (.double, .double): return Cell(try apply(left.double, right.double, at: node))
        case (.string, .string) where self == .add, (.bytes, .bytes) where self == .add:
            return try evaluation.joined(left, right)
        case (.list, .list) where self == .add: return try evaluation.joinedLists(left, right)
        default: return try applyToTime(left, right, at: node)
        }
    }

    private func applyToTime(
        _ left: Cell, _ right: Cell, at node: NodeID
    ) throws(Fault) -> Cell {
        switch (self, left.kind, right.kind) {
        case (.add, .duration, .duration), (.subtract, .duration, .duration):
            return Cell(
                nanoseconds: try apply(left.nanoseconds, right.nanoseconds, at: node))
        case (.add, .timestamp, .duration):
            return try left.timestamp.moved(by: right.nanoseconds, at: node)
        case (.add, .duration, .timestamp):
            return try right.timestamp.moved(by: left.nanoseconds, at: node)
        case (.subtract, .timestamp, .duration):
            let (back, overflow) = (0 as Int64).subtractingReportingOverflow(right.nanoseconds)
            if overflow { throw Fault(.overflow, at: node) }
            return try left.timestamp.moved(by: back, at: node)
        case (.subtract, .timestamp, .timestamp):
            return Cell(
                nanoseconds: try left.timestamp.nanoseconds(since: right.timestamp, at: node))
        default: throw Fault(.noSuchOverload, right, at: node)
        }
    }
}

extension UnsafeMutablePointer<Frame> {
    /// Two texts, or two bytes values, one after the other.
    func joined(_ left: Cell, _ right: Cell) throws(Fault) -> Cell {
        if left.count == 0 { return right }
        if right.count == 0 { return left }
        let count = left.count + right.count
        guard count <= Int(UInt32.max) else { throw Fault(.tooLarge) }
        let memory = try allocate(bytes: count)
        memory.update(
            from: UnsafePointer(bitPattern: UInt(left.bits)).unsafelyUnwrapped,
            count: left.count)
        (memory + left.count).update(
            from: UnsafePointer(bitPattern: UInt(right.bits)).unsafelyUnwrapped,
            count: right.count)
        // `unsafelyUnwrapped` because a text that is not empty has an address that is not 0.
        return Cell(left.kind, at: memory, length: count)
    }

    /// Two lists one after the other.
    func joinedLists(_ left: Cell, _ right: Cell) throws(Fault) -> Cell {
        if left.count == 0 { return right }
        if right.count == 0 { return left }
        let count = left.count + right.count
        guard count <= Int(UInt32.max) else { throw Fault(.tooLarge) }
        let memory = try allocate(cells: count)
        for index in 0..<left.count { memory[index] = left.child(index) }
        for index in 0..<right.count { memory[left.count + index] = right.child(index) }
        return Cell(.list, at: memory, length: count)
    }
}

extension Timestamp {
    /// The time so many nanoseconds later, when it is in range.
    fileprivate func moved(by nanoseconds: Int64, at node: NodeID) throws(Fault) -> Cell {
        var (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        rest += Int64(self.nanoseconds)
        if rest < 0 {
            rest += 1_000_000_000
            seconds -= 1
        } else if rest >= 1_000_000_000 {
            rest -= 1_000_000_000
            seconds += 1
        }
        // No overflow: both sides are far below 2⁶².
        let moved = Timestamp(
            seconds: self.seconds + seconds, nanoseconds: Int32(truncatingIfNeeded: rest))
        guard moved.isInRange else { throw Fault(.outOfRange, at: node) }
        return Cell(moved)
    }

    fileprivate func nanoseconds(since other: Timestamp, at node: NodeID) throws(Fault) -> Int64 {
        // Seconds in range differ by less than 2⁴⁰.
        let (whole, overflow) = (seconds - other.seconds)
            .multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow2) = whole.addingReportingOverflow(
            Int64(nanoseconds) - Int64(other.nanoseconds))
        if overflow || overflow2 { throw Fault(.overflow, at: node) }
        return sum
    }
}
