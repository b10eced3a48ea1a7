extension Tape {
    /// The three buffers of a tape, each allocated by itself.
    struct Buffers {
        var cells: UnsafeMutableBufferPointer<Cell>
        var bytes: UnsafeMutableBufferPointer<UInt8>
        var names: UnsafeMutableBufferPointer<Cell>
    }
}

extension Tape.Buffers {
    /// Room for that many; a buffer is never without an address, and behind the bytes there is
    /// room to read on (``Cell/textPadding``).
    init(cells: Int, bytes: Int, names: Int) {
        self.cells = .allocate(capacity: max(cells, 1))
        let padded = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes + Cell.textPadding)
        padded.suffix(Cell.textPadding).update(repeating: 0)
        self.bytes = UnsafeMutableBufferPointer(start: padded.baseAddress, count: max(bytes, 1))
        self.names = .allocate(capacity: max(names, 1))
        self.cells.initialize(repeating: .absent)
        self.names.initialize(repeating: Cell(.string))
    }

    func deallocate() {
        cells.deallocate()
        bytes.deallocate()
        names.deallocate()
    }

    /// What a container holds, all in all; zeros for what holds nothing.
    struct Extent {
        /// The levels of containers, itself included.
        var depth: UInt32 = 0
        /// The cells that a walk through it meets.
        var reach: UInt32 = 0
    }

    /// Checks every offset and turns it into an address; returns the root and its depth.
    ///
    /// One pass: children come before their container, so a container sees finished children, and no
    /// cycle can be.
    func relocate() throws(TapeError) -> (root: Cell, depth: Int) {
        for index in names.indices { try relocateText(&names[index]) }
        // Set for containers alone, and read of none but those that came before.
        let extents = UnsafeMutablePointer<Extent>.allocate(capacity: cells.count)
        defer { extents.deallocate() }
        for index in cells.indices {
            switch cells[index].kind {
            case .null, .int, .uint, .double, .duration: break
            case .bool:
                guard cells[index].bits <= 1 else { throw .malformed }
            case .timestamp:
                guard cells[index].timestamp.isInRange else { throw .malformed }
            case .string, .bytes, .type: try relocateText(&cells[index])
            case .list, .map, .object: try relocateContainer(at: index, extents)
            case .absent, .optional, .opaque: throw .malformed
            }
        }
        guard let root = cells.last else { throw .malformed }
        return (root.noted(0), root.isContainer ? Int(extents[cells.count - 1].depth) : 0)
    }

    private func relocateText(_ cell: inout Cell) throws(TapeError) {
        guard cell.bits <= UInt64(bytes.count),
            UInt64(cell.length) <= UInt64(bytes.count) - cell.bits
        else { throw .malformed }
        cell.bits = address(bytes.baseAddress) + cell.bits
    }

    private func relocateContainer(
        at index: Int, _ extents: UnsafeMutablePointer<Extent>
    ) throws(TapeError) {
        let cell = cells[index]
        let count = cell.is(.map) ? Int(cell.length) * 2 : Int(cell.length)
        guard cell.bits <= UInt64(index), count <= index - Int(cell.bits) else {
            throw .malformed
        }
        let first = Int(cell.bits)
        // In an object each member has a name, elsewhere none has.
        let least: UInt32 = cell.is(.object) ? 1 : 0
        let most = cell.is(.object) ? UInt32(names.count) : 1
        var depth: UInt32 = 0
        var reach = count
        var child = first
        while child < first + count {
            let cell = cells[child]
            guard cell.note >= least, cell.note < most else { throw .malformed }
            if cell.isContainer {
                depth = max(depth, extents[child].depth)
                reach &+= Int(extents[child].reach)
            }
            child += 1
        }
        guard depth < Tape.nestingLimit else { throw .tooDeep }
        // A cell in two containers is met twice in each place of those, and so on: without a bound
        // a small tape could be read for ever.
        guard reach <= cells.count * Tape.sharingLimit, reach <= Int(UInt32.max) else {
            throw .malformed
        }
        extents[index] = Extent(depth: depth + 1, reach: UInt32(truncatingIfNeeded: reach))
        cells[index].bits =
            address(cells.baseAddress) + UInt64(first * MemoryLayout<Cell>.stride)
    }

    private func address(_ pointer: UnsafeMutableRawPointer?) -> UInt64 {
        UInt64(UInt(bitPattern: pointer))
    }
}

extension Cell {
    /// Whether it is a list, a map or an object.
    @inline(__always)
    fileprivate var isContainer: Bool { self.is(.list) || self.is(.map) || self.is(.object) }
}

/// Finds the number of a name: a hash table with a seed of the process, so that names chosen by an
/// enemy do not collide.
///
/// The tape that owns it frees it.
struct NameIndex: @unchecked Sendable {  // because `init` alone writes its table
    private let slots: UnsafeMutableBufferPointer<UInt32>
    private static let seed = UInt64.random(in: .min ... .max) | 1

    init(_ names: UnsafeMutableBufferPointer<Cell>) {
        var size = 4
        while size < names.count * 2 { size *= 2 }
        slots = .allocate(capacity: size)
        slots.initialize(repeating: 0)
        for id in names.indices.dropFirst() {
            var slot = NameIndex.hash(names[id].text) & (size - 1)
            // Of equal names the first counts; a place for each would be looked for ever longer.
            while slots[slot] != 0, !equalBytes(names[Int(slots[slot])].text, names[id].text) {
                slot = (slot + 1) & (size - 1)
            }
            if slots[slot] == 0 { slots[slot] = UInt32(id) }
        }
    }

    func deallocate() { slots.deallocate() }

    func find(
        _ name: UnsafeBufferPointer<UInt8>, hash: Int, in names: UnsafeMutableBufferPointer<Cell>
    ) -> UInt32 {
        let mask = slots.count - 1
        var slot = hash & mask
        while slots[slot] != 0 {
            let id = slots[slot]
            if equalBytes(names[Int(id)].text, name) { return id }
            slot = (slot + 1) & mask
        }
        return 0
    }

    /// Multiply-mix over 8 bytes at a time.
    static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var state = seed ^ UInt64(text.count)
        let raw = UnsafeRawBufferPointer(text)
        var offset = 0
        while offset + 8 <= raw.count {
            state = mix(state ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < raw.count {
            rest = rest << 8 | UInt64(raw[offset])
            offset += 1
        }
        return Int(truncatingIfNeeded: mix(state ^ rest) >> 1)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15 ^ seed)
        return product.high ^ product.low
    }
}

/// Whether two texts have the same bytes.
@inline(__always)
func equalBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    guard let one = UnsafeRawPointer(left.baseAddress),
        let other = UnsafeRawPointer(right.baseAddress)
    else { return true }
    var offset = 0, rest = left.count
    while rest >= 8 {
        if one.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            != other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        {
            return false
        }
        offset += 8
        rest -= 8
    }
    if rest >= 4 {
        if one.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            != other.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        {
            return false
        }
        offset += 4
        rest -= 4
    }
    while rest > 0 {
        if one.load(fromByteOffset: offset, as: UInt8.self)
            != other.load(fromByteOffset: offset, as: UInt8.self)
        {
            return false
        }
        offset += 1
        rest -= 1
    }
    return true
}
