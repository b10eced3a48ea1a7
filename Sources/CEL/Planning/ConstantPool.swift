/// Memory for a program's constants; it lives as long as the program's plan.
///
/// Planning alone writes to it, before it is shared.
final class ConstantPool: @unchecked Sendable {  // because planning alone writes
    /// Where the texts of the source are, which the bounds of sources bound.
    var literals = Arena(limit: .max)
    /// Where folded constants are built: apart, so that they leave room for the texts.
    var folded: Arena
    /// The work that folding may still do.
    var work: Int
    private var sets: [NameIndex] = []
    private var setCells: [UnsafeMutableBufferPointer<Cell>] = []

    init(limit: Int, work: Int) {
        folded = Arena(limit: limit)
        self.work = work
    }

    deinit {
        literals.release()
        folded.release()
        for set in sets { set.deallocate() }
        for cells in setCells { cells.deallocate() }
    }

    /// A text in the pool's memory; empty when there is no room.
    func text(_ text: String) -> Cell {
        let utf8 = Array(text.utf8)
        guard let memory = literals.take(utf8.count) else { return Cell(.string) }
        memory.copyMemory(from: utf8, byteCount: utf8.count)
        return Cell(.string, at: memory, length: utf8.count)
    }

    /// A set of texts for quick membership; the cells' texts must live as long as the pool.
    func makeSet(of texts: [Cell]) -> TextSet {
        let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: texts.count + 1)
        // The index numbers names from 1.
        cells.initialize(repeating: Cell(.string))
        for (index, text) in texts.enumerated() { cells[index + 1] = text }
        let set = NameIndex(cells)
        setCells.append(cells)
        sets.append(set)
        return TextSet(cells: cells, index: set)
    }
}

/// A set of constant texts.
struct TextSet: @unchecked Sendable {  // because nothing behind the pointers changes
    let cells: UnsafeMutableBufferPointer<Cell>
    let index: NameIndex

    @inline(__always)
    func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        index.find(text, hash: NameIndex.hash(text), in: cells) != 0
    }
}
