/// Memory for values built while evaluating: handed out in order, given back all at once.
///
/// It allocates nothing until the first value is built. Plain memory, because cells hold plain
/// addresses into it; whoever made the arena releases it after the last such cell.
struct Arena {
    private static let firstChunk = 4_096
    private static let alignment = 16

    private var next: UnsafeMutableRawPointer?
    private var left = 0
    private var used = 0
    private let limit: Int
    private var chunks: UnsafeMutableRawPointer?

    /// An arena that hands out at most so many bytes.
    init(limit: Int) { self.limit = limit }

    /// So many bytes, aligned for cells; nil when the limit is passed.
    mutating func take(_ size: Int) -> UnsafeMutableRawPointer? {
        guard size >= 0, size <= limit else { return nil }
        // Nothing is stored behind an address of no bytes.
        if size == 0 { return UnsafeMutableRawPointer(bitPattern: Arena.alignment) }
        let rounded = (size + Arena.alignment - 1) & ~(Arena.alignment - 1)
        if rounded > left {
            guard addChunk(atLeast: rounded) else { return nil }
        }
        guard let taken = next, used + rounded <= limit else { return nil }
        next = taken + rounded
        left -= rounded
        used += rounded
        return taken
    }

    /// Counts bytes that are taken elsewhere; false when the limit is passed.
    mutating func charge(_ size: Int) -> Bool {
        guard size >= 0, size <= limit - used else { return false }
        used += size
        return true
    }

    private mutating func addChunk(atLeast size: Int) -> Bool {
        guard used + size <= limit else { return false }
        let capacity =
            max(size, max(Arena.firstChunk, min(used, 1 << 20))) + Arena.alignment
            + Cell.textPadding
        let chunk = UnsafeMutableRawPointer.allocate(
            byteCount: capacity, alignment: Arena.alignment)
        // The first bytes of a chunk are the address of the one before it.
        chunk.storeBytes(of: UInt(bitPattern: chunks), as: UInt.self)
        chunks = chunk
        next = chunk + Arena.alignment
        left = capacity - Arena.alignment - Cell.textPadding
        return true
    }

    /// Gives all memory back.
    mutating func release() {
        var chunk = chunks
        while let current = chunk {
            chunk = UnsafeMutableRawPointer(bitPattern: current.load(as: UInt.self))
            current.deallocate()
        }
        chunks = nil
        next = nil
        left = 0
        used = 0
    }
}
