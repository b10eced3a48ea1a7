/// Many words, each asked for by some, found in one pass over a text.
///
/// A word is known by its first characters: four where it has them, else two, else one. As the text
/// goes by, the characters that end at each place are looked up in a bit map, which most fail; of
/// those that pass, the words that begin so are compared. In UTF-8 a word begins where a character
/// begins, so a Chinese text takes one step for three bytes.
struct WordIndex: Sendable {
    private struct Entry {
        var start: Int32
        var length: Int32
        /// The next word with the same first characters, -1 for none.
        var next: Int32
        /// Who asks for the word.
        var askers: Range<Int32>
    }

    private struct Place {
        var key: UInt64
        var first: Int32
    }

    private let bytes: [UInt8]
    private let entries: [Entry]
    private let askers: [Int32]
    /// A bit for the upper bits of each key's hash.
    private let bitmap: [UInt64]
    private let bitmapShift: UInt64
    /// An open hash table of keys; a first word of -1 is a free place.
    private let places: [Place]
    private let hasSingles: Bool
    private let hasLong: Bool

    /// The least and the most bits of the bit map, as powers of two.
    private static let bitmapRange = 12...22

    /// Words, none empty, with who asks for them.
    init(_ words: [[UInt8]: [Int32]]) {
        var bytes: [UInt8] = [], entries: [Entry] = [], askers: [Int32] = []
        var firsts: [UInt64: Int32] = [:]
        var hasSingles = false, hasLong = false
        for (word, own) in words.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let (key, count) = WordIndex.key(of: word)
            hasSingles = hasSingles || count == 1
            hasLong = hasLong || count == 4
            let start = Int32(askers.count)
            askers += own
            entries.append(
                Entry(
                    start: Int32(bytes.count), length: Int32(word.count), next: firsts[key] ?? -1,
                    askers: start..<Int32(askers.count)))
            firsts[key] = Int32(entries.count - 1)
            bytes += word
        }
        self.bytes = bytes
        self.entries = entries
        self.askers = askers
        self.hasSingles = hasSingles
        self.hasLong = hasLong

        var tableSize = 16
        while tableSize < firsts.count * 2 { tableSize *= 2 }
        var places = Array(repeating: Place(key: 0, first: -1), count: tableSize)
        var bits = WordIndex.bitmapRange.lowerBound
        while bits < WordIndex.bitmapRange.upperBound, 1 << bits < firsts.count * 16 { bits += 1 }
        var bitmap = Array(repeating: 0 as UInt64, count: 1 << (bits - 6))
        bitmapShift = 64 - UInt64(bits)
        for (key, first) in firsts.sorted(by: { $0.key < $1.key }) {
            let hash = WordIndex.hash(key)
            let bit = hash >> bitmapShift
            bitmap[Int(bit >> 6)] |= 1 << (bit & 63)
            var place = WordIndex.place(hash, tableSize)
            while places[place].first >= 0 { place = (place + 1) & (tableSize - 1) }
            places[place] = Place(key: key, first: first)
        }
        self.places = places
        self.bitmap = bitmap
    }

    // MARK: Keys

    /// The key of a word's first characters, and how many it is made of: 4, 2 or 1.
    private static func key(of word: [UInt8]) -> (key: UInt64, count: Int) {
        word.withUnsafeBufferPointer { word in
            guard let base = word.baseAddress else { return (0, 1) }
            var offset = 0
            var characters: [UInt32] = []
            while offset < word.count, characters.count < 4 {
                characters.append(character(base, &offset, word.count))
            }
            switch characters.count {
            case 4:
                return (
                    key(pair(characters[0], characters[1]), pair(characters[2], characters[3])), 4
                )
            case 2, 3: return (pair(characters[0], characters[1]), 2)
            default: return (pair(characters[0], 0), 1)
            }
        }
    }

    @inline(__always)
    private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 {
        UInt64(first) << 32 | UInt64(second)
    }

    /// Of four characters; others may have the same, so words are compared whole.
    @inline(__always)
    private static func key(_ first: UInt64, _ second: UInt64) -> UInt64 {
        first &* 0xD6E8_FEB8_6659_FD93 ^ second
    }

    /// Multiplication alone mixes enough: only the upper bits are used.
    @inline(__always)
    private static func hash(_ key: UInt64) -> UInt64 { key &* 0x9E37_79B9_7F4A_7C15 }

    /// Where the search for a key begins in a table of a power of two of places.
    @inline(__always)
    private static func place(_ hash: UInt64, _ count: Int) -> Int {
        Int(truncatingIfNeeded: hash >> 32) & (count - 1)
    }

    /// The bytes of the character at an offset, which goes on behind it.
    @inline(__always)
    private static func character(
        _ base: UnsafePointer<UInt8>, _ offset: inout Int, _ count: Int
    ) -> UInt32 {
        let lead = UInt32(base[offset])
        if lead < 0x80 {
            offset &+= 1
            return lead
        }
        if lead & 0xF0 == 0xE0, offset &+ 3 <= count {
            let place = base + offset
            offset &+= 3
            return lead << 16 | UInt32(place[1]) << 8 | UInt32(place[2])
        }
        return rareCharacter(base, &offset, count)
    }

    /// Characters of two or four bytes, and a text that breaks off inside a character.
    @inline(never)
    private static func rareCharacter(
        _ base: UnsafePointer<UInt8>, _ offset: inout Int, _ count: Int
    ) -> UInt32 {
        let lead = base[offset]
        let width = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        let end = min(offset + width, count)
        var value: UInt32 = 0
        while offset < end {
            value = value << 8 | UInt32(base[offset])
            offset += 1
        }
        return value
    }

    // MARK: Scanning

    /// Calls `found` with everyone who asks for a word that is in the text, perhaps several times.
    @inline(__always)
    func scan(_ text: UnsafeBufferPointer<UInt8>, _ found: (Int) -> Void) {
        guard let base = text.baseAddress, text.count > 0, !entries.isEmpty else { return }
        bitmap.withUnsafeBufferPointer { bitmap in
            // The bit map has at least 64 words, so it has an address.
            let bitmap = bitmap.baseAddress.unsafelyUnwrapped
            if hasSingles { scanSingles(base, text.count, bitmap, found) }
            scanPairs(base, text.count, bitmap, found)
        }
    }

    @inline(__always)
    private func isMarked(_ hash: UInt64, _ bitmap: UnsafePointer<UInt64>) -> Bool {
        let bit = hash >> bitmapShift
        return bitmap[Int(truncatingIfNeeded: bit >> 6)] &>> (bit & 63) & 1 != 0
    }

    /// Words of two characters and more.
    private func scanPairs(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ bitmap: UnsafePointer<UInt64>,
        _ found: (Int) -> Void
    ) {
        let hasLong = hasLong
        var offset = 0
        // The starts of the three characters before the current one, and the pairs that end before it.
        var start1 = 0, start2 = 0, start3 = 0
        var before = WordIndex.character(base, &offset, count)
        var pair1: UInt64 = 0, pair2: UInt64 = 0
        while offset < count {
            let here = offset
            let current = WordIndex.character(base, &offset, count)
            let pair = WordIndex.pair(before, current)
            let hash = WordIndex.hash(pair)
            if isMarked(hash, bitmap) { look(pair, hash, base + start1, count - start1, found) }
            if hasLong, pair2 != 0 {
                let key = WordIndex.key(pair2, pair)
                let hash = WordIndex.hash(key)
                if isMarked(hash, bitmap) { look(key, hash, base + start3, count - start3, found) }
            }
            start3 = start2
            start2 = start1
            start1 = here
            pair2 = pair1
            pair1 = pair
            before = current
        }
    }

    /// Words of one character.
    private func scanSingles(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ bitmap: UnsafePointer<UInt64>,
        _ found: (Int) -> Void
    ) {
        var offset = 0
        while offset < count {
            let here = offset
            let key = WordIndex.pair(WordIndex.character(base, &offset, count), 0)
            let hash = WordIndex.hash(key)
            if isMarked(hash, bitmap) { look(key, hash, base + here, count - here, found) }
        }
    }

    /// Compares the words that begin with the characters of a key.
    @inline(never)
    private func look(
        _ key: UInt64, _ hash: UInt64, _ text: UnsafePointer<UInt8>, _ rest: Int,
        _ found: (Int) -> Void
    ) {
        var place = WordIndex.place(hash, places.count)
        while places[place].first >= 0, places[place].key != key {
            place = (place + 1) & (places.count - 1)
        }
        var number = places[place].first
        while number >= 0 {
            let entry = entries[Int(number)]
            if Int(entry.length) <= rest, isSame(entry, text) {
                for asker in entry.askers { found(Int(askers[Int(asker)])) }
            }
            number = entry.next
        }
    }

    private func isSame(_ entry: Entry, _ text: UnsafePointer<UInt8>) -> Bool {
        let start = Int(entry.start)
        for index in 0..<Int(entry.length) where bytes[start + index] != text[index] {
            return false
        }
        return true
    }
}
