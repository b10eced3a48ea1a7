/// An immutable tree of values in three flat buffers: cells, bytes, names.
///
/// A tape is what expressions read: the reply of a service, a record of the host, a constant. It is
/// made by ``TapeBuilder``, or filled directly by code in C through ``filling(cells:bytes:names:_:)``;
/// after that it never changes, so it is shared between tasks without copies. Reading follows
/// addresses inside the tape's own memory, without reference counting.
///
/// ```
/// cells  [ … children of a ][ … children of b ][ a b ][ root ]     16 bytes each, see Cell
/// bytes  [ all texts and names, UTF-8 ]
/// names  [ – ][ "status" ][ "sentences" ] …                        a member's name is an index
/// ```
public final class Tape: @unchecked Sendable {  // because its memory is written in `init` alone
    /// The deepest nesting of lists, maps and objects.
    public static let nestingLimit = 250
    /// The most different member names in one tape (they are numbered in 24 bits).
    public static let nameLimit = 1 << 24
    /// How often, on average, a walk through a whole tape may meet each of its cells: containers
    /// may hold the same cells.
    public static let sharingLimit = 4

    let cells: UnsafeMutableBufferPointer<Cell>
    let bytes: UnsafeMutableBufferPointer<UInt8>
    let names: UnsafeMutableBufferPointer<Cell>

    /// The outermost value.
    public var root: Node { Node(tape: self, cell: rootCell) }

    let rootCell: Cell
    /// The levels of lists, maps and objects.
    private let depth: Int
    private let nameIndex: NameIndex
    /// The tape whose values, texts and names this one lists; nil for a tape of its own.
    private let source: Tape?
    /// Whether its texts have been found to be UTF-8.
    let holdsValidText: Bool

    private init(_ buffers: Buffers, root: Cell, depth: Int, holdsValidText: Bool) {
        cells = buffers.cells
        bytes = buffers.bytes
        names = buffers.names
        rootCell = root
        self.depth = depth
        nameIndex = NameIndex(names)
        source = nil
        self.holdsValidText = holdsValidText
    }

    /// A list of objects that lie in another tape: they stay there, and it is kept alive.
    ///
    /// Nil when the list would be too deep.
    init?(listing objects: some Collection<Cell>, of tape: Tape) {
        guard tape.depth < Tape.nestingLimit else { return nil }
        cells = .allocate(capacity: max(objects.count, 1))
        _ = cells.initialize(from: objects)
        bytes = tape.bytes
        names = tape.names
        rootCell = Cell(.list, at: cells.baseAddress, length: objects.count)
        depth = tape.depth + 1
        nameIndex = tape.nameIndex
        source = tape
        holdsValidText = tape.holdsValidText
    }

    deinit {
        cells.deallocate()
        guard source == nil else { return }
        bytes.deallocate()
        names.deallocate()
        nameIndex.deallocate()
    }

    /// The number of a member name in this tape, 0 when no member has it.
    func nameID(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
        nameIndex.find(name, hash: NameIndex.hash(name), in: names)
    }

    /// As ``nameID(_:)``, for a name whose hash is known.
    func nameID(_ name: UnsafeBufferPointer<UInt8>, hash: Int) -> UInt32 {
        nameIndex.find(name, hash: hash, in: names)
    }

    /// Whether any member of the tape has a name.
    var hasNames: Bool { names.count > 1 }

    /// The text of a member name; an unknown number has the empty text.
    @inline(__always)
    func nameCell(_ id: UInt32) -> Cell {
        Int(id) < names.count ? names[Int(id)] : Cell(.string)
    }
}

extension Tape {
    /// What code in C fills: room for cells, bytes and names, and how much of it was used.
    public struct Filling {
        /// The cells, in the form that ``Cell`` describes; the last one used is the root.
        public let cells: UnsafeMutableBufferPointer<Cell>
        /// The bytes of texts and names.
        public let bytes: UnsafeMutableBufferPointer<UInt8>
        /// The names as `string` cells with offsets into the bytes; the first belongs to no member
        /// and is empty, so that numbers start at 1.
        ///
        /// No name may be there twice.
        public let names: UnsafeMutableBufferPointer<Cell>
        /// How many cells were written.
        public var cellCount = 0
        /// How many bytes were written.
        public var byteCount = 0
        /// How many names were written, the empty first one included.
        public var nameCount = 0
    }

    /// Makes a tape from buffers that `fill` writes in place, as code in C does.
    ///
    /// `fill` says in the filling how much it used. All offsets are checked before use; containers
    /// may share cells within ``sharingLimit``. A breach throws ``TapeError/malformed`` and does no
    /// harm.
    /// That texts are valid UTF-8 is the filler's promise (a breach shows as U+FFFD, not as a fault).
    ///
    /// `cells`: The most cells that `fill` may write, and likewise `bytes` and `names`.
    /// `holdsValidText`: That every text has been checked to be UTF-8: it is then never looked at
    ///   again, and one that is not is undefined behaviour.
    /// Throws what `fill` throws, or a ``TapeError``.
    public static func filling(
        cells: Int, bytes: Int, names: Int, holdsValidText: Bool = false,
        _ fill: (inout Filling) throws -> Void
    ) throws -> Tape {
        let buffers = Buffers(cells: cells, bytes: bytes, names: names)
        do {
            var filling = Filling(
                cells: buffers.cells, bytes: buffers.bytes, names: buffers.names)
            try fill(&filling)
            return try make(
                buffers, cellCount: filling.cellCount, byteCount: filling.byteCount,
                nameCount: filling.nameCount, holdsValidText: holdsValidText)
        } catch {
            buffers.deallocate()
            throw error
        }
    }

    /// Makes a tape from arrays in the same form.
    static func make(cells: [Cell], bytes: [UInt8], names: [Cell]) throws(TapeError) -> Tape {
        let buffers = Buffers(cells: cells.count, bytes: bytes.count, names: names.count)
        _ = buffers.cells.update(fromContentsOf: cells)
        _ = buffers.bytes.update(fromContentsOf: bytes)
        _ = buffers.names.update(fromContentsOf: names)
        do {
            return try make(
                buffers, cellCount: cells.count, byteCount: bytes.count, nameCount: names.count,
                holdsValidText: false)
        } catch {
            buffers.deallocate()
            throw error
        }
    }

    private static func make(
        _ buffers: Buffers, cellCount: Int, byteCount: Int, nameCount: Int, holdsValidText: Bool
    ) throws(TapeError) -> Tape {
        guard cellCount > 0, cellCount <= buffers.cells.count, byteCount >= 0,
            byteCount <= buffers.bytes.count, nameCount > 0, nameCount <= buffers.names.count,
            nameCount <= nameLimit
        else { throw .malformed }
        let used = Buffers(
            cells: UnsafeMutableBufferPointer(start: buffers.cells.baseAddress, count: cellCount),
            bytes: UnsafeMutableBufferPointer(start: buffers.bytes.baseAddress, count: byteCount),
            names: UnsafeMutableBufferPointer(start: buffers.names.baseAddress, count: nameCount))
        let (root, depth) = try used.relocate()
        return Tape(used, root: root, depth: depth, holdsValidText: holdsValidText)
    }
}
