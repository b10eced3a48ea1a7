/// Values without repetition, by the language's own equality: 1, 1u and 1.0 are one.
///
/// A value is compared only with those of its hash, so that a set of n values takes work in the
/// order of n.
struct CellSet {
    /// How many values are looked through one by one, without hashes.
    private static let plainLimit = 8
    /// What a value takes in the set, in bytes, roughly.
    private static let valueBytes = 64
    /// How many levels of lists and maps go into a hash; all deeper values count as equal there.
    private static let hashDepth = 2

    private var cells: [Cell] = []
    /// By hash the value that was added last, and by value the one of the same hash before it.
    private var last: [Int: Int] = [:]
    private var previous: [Int] = []

    init() {}

    /// The elements of a list.
    init(_ list: Cell, _ evaluation: Evaluation) throws(Fault) {
        for index in 0..<list.count { _ = try insert(list.child(index), evaluation) }
    }

    /// Adds a value; false when an equal one is there.
    mutating func insert(_ cell: Cell, _ evaluation: Evaluation) throws(Fault) -> Bool {
        if cells.count < CellSet.plainLimit {
            if try contains(cell, evaluation) { return false }
            cells.append(cell)
            return true
        }
        if last.isEmpty { try addHashes(evaluation) }
        let hash = try CellSet.hash(cell, evaluation)
        if try contains(cell, hash: hash, evaluation) { return false }
        cells.append(cell)
        try add(hash, evaluation)
        return true
    }

    /// Whether an equal value is there.
    func contains(_ cell: Cell, _ evaluation: Evaluation) throws(Fault) -> Bool {
        if !last.isEmpty {
            return try contains(cell, hash: CellSet.hash(cell, evaluation), evaluation)
        }
        for known in cells {
            try evaluation.spend(1)
            if try evaluation.equal(known, cell) { return true }
        }
        return false
    }

    private func contains(
        _ cell: Cell, hash: Int, _ evaluation: Evaluation
    ) throws(Fault) -> Bool {
        var place = last[hash] ?? -1
        while place >= 0 {
            try evaluation.spend(1)
            if try evaluation.equal(cells[place], cell) { return true }
            place = previous[place]
        }
        return false
    }

    private mutating func addHashes(_ evaluation: Evaluation) throws(Fault) {
        for cell in cells { try add(CellSet.hash(cell, evaluation), evaluation) }
    }

    private mutating func add(_ hash: Int, _ evaluation: Evaluation) throws(Fault) {
        try evaluation.charge(bytes: CellSet.valueBytes)
        let place = previous.count
        previous.append(last.updateValue(place, forKey: hash) ?? -1)
    }

    // MARK: Hashes

    /// A number that equal values have in common.
    private static func hash(_ cell: Cell, _ evaluation: Evaluation) throws(Fault) -> Int {
        try hash(cell, evaluation, depth: hashDepth)
    }

    private static func hash(
        _ cell: Cell, _ evaluation: Evaluation, depth: Int
    ) throws(Fault) -> Int {
        try evaluation.spend(1)
        var hasher = Hasher()
        switch cell.kind {
        // Numbers of different kinds are compared as doubles, or exactly, which is finer.
        case .int, .uint, .double: hasher.combine(cell.asDouble)
        case .string, .bytes, .type:
            try evaluation.spend(bytes: cell.count)
            hasher.combine(cell.kind)
            hasher.combine(bytes: UnsafeRawBufferPointer(cell.text))
        case .list:
            hasher.combine(cell.count)
            for index in 0..<(depth > 0 ? cell.count : 0) {
                hasher.combine(try hash(cell.child(index), evaluation, depth: depth - 1))
            }
        case .map, .object:
            hasher.combine(cell.count)
            // Entries have no order.
            var sum = 0
            for index in 0..<(depth > 0 ? cell.count : 0) {
                var entry = Hasher()
                entry.combine(try hash(evaluation.key(cell, index), evaluation, depth: 0))
                entry.combine(
                    try hash(evaluation.entryValue(cell, index), evaluation, depth: depth - 1))
                sum &+= entry.finalize()
            }
            hasher.combine(sum)
        case .bool, .duration, .timestamp:
            hasher.combine(cell.kind)
            hasher.combine(cell.bits)
        case .absent, .null, .optional, .opaque: break
        }
        return hasher.finalize()
    }
}
