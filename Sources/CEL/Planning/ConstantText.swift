/// A constant text, prepared for comparison with the texts of cells.
///
/// A class, so that code that compares carries one word for it.
final class ConstantText: Sendable {
    let cell: Cell
    /// The first 8 bytes, or as many as there are, and where they are.
    let head: UInt64
    let mask: UInt64

    /// The cell's text must live as long as the program.
    init(_ cell: Cell) {
        self.cell = cell
        var head: UInt64 = 0, mask: UInt64 = 0
        for (index, byte) in cell.text.prefix(8).enumerated() {
            head |= UInt64(byte) << UInt64(index * 8)
            mask |= 0xFF << UInt64(index * 8)
        }
        self.head = head
        self.mask = mask
    }

    /// Whether a cell is the same text; cells of other kinds are not.
    @inline(__always)
    func equals(_ other: Cell) -> Bool {
        guard other.is(.string), other.length == cell.length else { return false }
        if cell.length == 0 { return true }
        guard startsSame(other) else { return false }
        return cell.length <= 8 || equalBytes(other.text, cell.text)
    }

    /// Whether a text begins with this one.
    @inline(__always)
    func isPrefix(of other: Cell) -> Bool {
        if cell.length == 0 { return true }
        guard other.length >= cell.length, startsSame(other) else { return false }
        return cell.length <= 8 || hasPrefix(other.text, cell.text)
    }

    /// The first 8 bytes, or as many as there are, of a text that is not empty.
    @inline(__always)
    private func startsSame(_ other: Cell) -> Bool {
        // 8 bytes can be read because texts are padded. The address is there because it is not empty.
        let start = UnsafeRawPointer(bitPattern: UInt(other.bits)).unsafelyUnwrapped
        return UInt64(littleEndian: start.loadUnaligned(as: UInt64.self)) & mask == head
    }
}
