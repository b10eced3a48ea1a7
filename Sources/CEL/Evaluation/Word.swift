/// A text that is looked for in other texts, prepared.
///
/// Two of its bytes are compared with 16 places of the other text at a time; only where both are
/// found the rest is compared. The bytes chosen are the last of its first and of its last code
/// point: in UTF-8 the first bytes of Chinese characters repeat, the last ones do not.
struct Word: Sendable {
    let length: Int
    private let bytes: UInt64
    private let early: Int
    private let late: Int
    private let earlies: SIMD16<UInt8>
    private let lates: SIMD16<UInt8>
    private let head: UInt64
    private let mask: UInt64

    /// Longer words are looked for in a way whose time grows with the text alone.
    private static let shortLength = 64

    /// The cell's text must live as long as the word.
    init(_ cell: Cell) {
        length = cell.count
        bytes = cell.bits
        let text = cell.text
        var first = 0
        while first + 1 < text.count, text[first + 1] & 0xC0 == 0x80 { first += 1 }
        early = first
        late = max(text.count - 1, 0)
        earlies = SIMD16(repeating: text.isEmpty ? 0 : text[early])
        lates = SIMD16(repeating: text.isEmpty ? 0 : text[late])
        var head: UInt64 = 0, mask: UInt64 = 0
        for (index, byte) in text.prefix(8).enumerated() {
            head |= UInt64(byte) << UInt64(index * 8)
            mask |= 0xFF << UInt64(index * 8)
        }
        self.head = head
        self.mask = mask
    }

    /// Whether the word, which is not empty, is in a text.
    @inline(__always)
    func isFound(in text: Cell) -> Bool {
        // The last place at which the word fits.
        let last = text.count - length
        guard last >= 0, let base = UnsafeRawPointer(bitPattern: UInt(text.bits)) else {
            return false
        }
        guard length <= Word.shortLength else {
            return find(text: text) != nil
        }
        return isFound(base, last)
    }

    @inline(never)
    private func find(text: Cell) -> Int? {
        CEL.find(
            UnsafeBufferPointer(start: UnsafePointer(bitPattern: UInt(bytes)), count: length),
            in: text.text, from: 0)
    }

    private func isFound(_ base: UnsafeRawPointer, _ last: Int) -> Bool {
        let early = early, late = late, earlies = earlies, lates = lates
        var offset = 0
        while offset <= last {
            // What is read behind the text is padding; places there are left out below.
            let one = base.loadUnaligned(fromByteOffset: offset + early, as: SIMD16<UInt8>.self)
            let other = base.loadUnaligned(fromByteOffset: offset + late, as: SIMD16<UInt8>.self)
            let isHit = (one .== earlies) .& (other .== lates)
            if any(isHit) {
                let marked = SIMD16<UInt8>(repeating: 0).replacing(with: 0xFF, where: isHit)
                let hits = unsafeBitCast(marked, to: SIMD2<UInt64>.self)
                if isFound(base + offset, last - offset, hits[0])
                    || isFound(base + offset + 8, last - offset - 8, hits[1])
                {
                    return true
                }
            }
            offset += 16
        }
        return false
    }

    /// Whether the word is at one of 8 places; `hits` has a byte of ones for each candidate.
    private func isFound(_ base: UnsafeRawPointer, _ last: Int, _ hits: UInt64) -> Bool {
        var hits = hits
        while hits != 0 {
            let place = hits.trailingZeroBitCount >> 3
            if place > last { return false }
            hits &= ~(0xFF << UInt64(place * 8))
            let start = UInt64(littleEndian: (base + place).loadUnaligned(as: UInt64.self))
            if start & mask == head, length <= 8 || isSame(base + place) { return true }
        }
        return false
    }

    private func isSame(_ place: UnsafeRawPointer) -> Bool {
        equalBytes(
            UnsafeBufferPointer(
                start: place.assumingMemoryBound(to: UInt8.self), count: length),
            UnsafeBufferPointer(start: UnsafePointer(bitPattern: UInt(bytes)), count: length))
    }
}
