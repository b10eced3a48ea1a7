/// Many words, each asked for by some, found in one pass over a text.
///
/// A word is known by its first characters: four where it has them, else two, else one. As the text
/// goes by, each two characters are looked up in a bit map, which most fail: it knows the first two
/// of short words and the second two of long ones. Of those that pass, the words that begin so are
/// compared. In UTF-8 a word begins where a character begins, so a Chinese text takes one step for
/// three bytes.
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
    /// A bit for each two characters that a word may be known by.
    private let pairs: BitMap
    /// The same for four characters, and for one.
    private let longs: BitMap
    private let singles: BitMap
    /// An open hash table of keys; a first word of -1 is a free place.
    private let places: [Place]
    private let hasSingles: Bool

    /// A set of hashes, which may hold some that were not put in.
    private struct BitMap {
        private(set) var words: [UInt64]
        let shift: UInt64

        /// The least and the most bits, as powers of two.
        private static let range = 12...22

        init(of hashes: [UInt64]) {
            var bits = Self.range.lowerBound
            while bits < Self.range.upperBound, 1 << bits < hashes.count * 16 { bits += 1 }
            shift = 64 - UInt64(bits)
            words = Array(repeating: 0, count: 1 << (bits - 6))
            for hash in hashes {
                let bit = hash >> shift
                words[Int(bit >> 6)] |= 1 << (bit & 63)
            }
        }

        @inline(__always)
        static func holds(
            _ words: UnsafeBufferPointer<UInt64>, _ shift: UInt64, _ hash: UInt64
        ) -> Bool {
            let bit = hash &>> shift
            return words[Int(truncatingIfNeeded: bit &>> 6)] &>> (bit & 63) & 1 != 0
        }
    }

    /// Words, none empty, with who asks for them.
    init(_ words: [[UInt8]: [Int32]]) {
        var bytes: [UInt8] = [], entries: [Entry] = [], askers: [Int32] = []
        var firsts: [UInt64: Int32] = [:]
        var pairHashes: [UInt64] = [], longHashes: [UInt64] = [], singleHashes: [UInt64] = []
        for (word, own) in words.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let (key, kind) = WordIndex.key(of: word)
            switch kind {
            case .long(let second):
                pairHashes.append(WordIndex.hash(second))
                longHashes.append(WordIndex.hash(key))
            case .pair: pairHashes.append(WordIndex.hash(key))
            case .single: singleHashes.append(WordIndex.hash(key))
            }
            let start = Int32(askers.count)
            askers += own
            entries.append(
                Entry(
                    start: Int32(bytes.count), length: Int32(word.count), next: firsts[key] ?? -1,
                    askers: start..<Int32(askers.count)))
            firsts[key] = Int32(entries.count - 1)
            bytes += word
        }
        // So that eight bytes can be read wherever a word has one.
        self.bytes = bytes + Array(repeating: 0, count: 8)
        self.entries = entries
        self.askers = askers
        pairs = BitMap(of: pairHashes)
        longs = BitMap(of: longHashes)
        singles = BitMap(of: singleHashes)
        hasSingles = !singleHashes.isEmpty

        var tableSize = 16
        while tableSize < firsts.count * 2 { tableSize *= 2 }
        var places = Array(repeating: Place(key: 0, first: -1), count: tableSize)
        for (key, first) in firsts.sorted(by: { $0.key < $1.key }) {
            var place = WordIndex.place(WordIndex.hash(key), tableSize)
            while places[place].first >= 0 { place = (place + 1) & (tableSize - 1) }
            places[place] = Place(key: key, first: first)
        }
        self.places = places
    }

    // MARK: Keys

    /// What a word is known by.
    private enum KeyKind {
        /// Its first four characters, of which these are the second two.
        case long(second: UInt64)
        case pair, single
    }

    private static func key(of word: [UInt8]) -> (key: UInt64, kind: KeyKind) {
        let characters = characters(of: word)
        switch characters.count {
        case 4:
            let second = pair(characters[2], characters[3])
            return (key(pair(characters[0], characters[1]), second), .long(second: second))
        case 2, 3: return (pair(characters[0], characters[1]), .pair)
        default: return (pair(characters.first ?? 0, 0), .single)
        }
    }

    /// What a word shares with all those that are compared wherever it is.
    static func beginning(of word: [UInt8]) -> UInt64 { key(of: word).key }

    /// The first four characters of a word, or all when it has fewer.
    private static func characters(of word: [UInt8]) -> [UInt32] {
        var characters: [UInt32] = []
        let padded = word + [0, 0, 0, 0]
        padded.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            var offset = 0
            while offset < word.count, characters.count < 4 {
                characters.append(character(base, &offset, word.count))
            }
        }
        return characters
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

    /// The bytes of the character at an offset, which goes on behind it; a few bytes behind the
    /// text are read.
    @inline(__always)
    private static func character(
        _ base: UnsafePointer<UInt8>, _ offset: inout Int, _ count: Int
    ) -> UInt32 {
        let lead = base[offset]
        if lead & 0xF0 == 0xE0, offset &+ 3 <= count {
            defer { offset &+= 3 }
            return wideCharacter(base + offset)
        }
        if lead < 0x80 {
            offset &+= 1
            return UInt32(lead)
        }
        return rareCharacter(base, &offset, count)
    }

    /// A character of three bytes.
    @inline(__always)
    private static func wideCharacter(_ start: UnsafePointer<UInt8>) -> UInt32 {
        let bytes = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
        return UInt32(littleEndian: bytes) & 0xFF_FFFF
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

    /// Calls `found` with those who ask for a word that is in a text, perhaps several times, and then
    /// `done` with the text's longest run of digits.
    ///
    /// `texts`: Each has some bytes behind it that may be read, as texts of evaluations have.
    @inline(__always)
    func scan(
        _ texts: [UnsafeBufferPointer<UInt8>],
        _ found: (_ askers: UnsafeBufferPointer<Int32>, _ text: Int) -> Void,
        done: (_ text: Int, _ digits: Int) -> Void
    ) {
        withTables { tables in
            for number in texts.indices {
                guard let base = texts[number].baseAddress, texts[number].count > 0 else {
                    continue
                }
                let text = Text(base: base, count: texts[number].count)
                var walk = TextWalk()
                while WordIndex.advance(text, tables, &walk) {
                    WordIndex.look(walk, text, tables) { found($0, number) }
                }
                done(number, walk.longestDigits)
            }
        }
    }

    /// The arrays, as their memory.
    private struct Tables {
        let pairs: UnsafeBufferPointer<UInt64>
        let longs: UnsafeBufferPointer<UInt64>
        let singles: UnsafeBufferPointer<UInt64>
        let pairShift: UInt64
        let longShift: UInt64
        let singleShift: UInt64
        let hasSingles: Bool
        let places: UnsafeBufferPointer<Place>
        let entries: UnsafeBufferPointer<Entry>
        let bytes: UnsafeRawBufferPointer
        let askers: UnsafeBufferPointer<Int32>
    }

    @inline(__always)
    private func withTables(_ body: (Tables) -> Void) {
        pairs.words.withUnsafeBufferPointer { pairs in
            longs.words.withUnsafeBufferPointer { longs in
                singles.words.withUnsafeBufferPointer { singles in
                    places.withUnsafeBufferPointer { places in
                        entries.withUnsafeBufferPointer { entries in
                            bytes.withUnsafeBytes { bytes in
                                askers.withUnsafeBufferPointer { askers in
                                    body(
                                        Tables(
                                            pairs: pairs, longs: longs, singles: singles,
                                            pairShift: self.pairs.shift,
                                            longShift: self.longs.shift,
                                            singleShift: self.singles.shift,
                                            hasSingles: hasSingles, places: places,
                                            entries: entries, bytes: bytes, askers: askers))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// A text that is not empty.
    private struct Text {
        let base: UnsafePointer<UInt8>
        let count: Int

        /// Where the character before an offset begins; nil at the beginning.
        @inline(__always)
        func start(before offset: Int) -> Int? {
            guard offset > 0 else { return nil }
            var start = offset &- 1
            // A character has at most four bytes.
            while start > 0, offset &- start < 4, base[start] & 0xC0 == 0x80 { start &-= 1 }
            return start
        }
    }

    /// How far a text is read.
    private struct TextWalk {
        var offset = 0
        /// The start of the last character read.
        var start = 0
        var before: UInt32 = 0
        var digits = 0
        var longestDigits = 0
    }

    /// Reads on to a character that may end the beginning of a word; false at the text's end.
    ///
    /// By itself, so that all it works with stays in registers.
    @inline(never)
    private static func advance(
        _ text: Text, _ tables: borrowing Tables, _ walk: inout TextWalk
    ) -> Bool {
        let base = text.base, count = text.count
        let pairs = tables.pairs, pairShift = tables.pairShift
        let hasSingles = tables.hasSingles
        var offset = walk.offset, start = walk.start
        var before = walk.before
        var isHit = false
        while offset < count, !isHit {
            start = offset
            let current: UInt32
            if base[offset] & 0xF0 == 0xE0, offset &+ 3 <= count {
                // Nearly every character of a Chinese text; no digit is one.
                current = wideCharacter(base + offset)
                offset &+= 3
                walk.digits = 0
            } else {
                current = character(base, &offset, count)
                walk.digits = current &- 0x30 < 10 ? walk.digits &+ 1 : 0
                walk.longestDigits = max(walk.longestDigits, walk.digits)
            }
            isHit = BitMap.holds(pairs, pairShift, hash(pair(before, current)))
            if hasSingles, !isHit {
                isHit = BitMap.holds(tables.singles, tables.singleShift, hash(pair(current, 0)))
            }
            before = current
        }
        walk.offset = offset
        walk.start = start
        walk.before = before
        return isHit
    }

    /// Looks for the words that begin with the last character read, with the last two, and with the
    /// last four.
    @inline(__always)
    private static func look(
        _ walk: TextWalk, _ text: Text, _ tables: borrowing Tables,
        _ found: (UnsafeBufferPointer<Int32>) -> Void
    ) {
        if tables.hasSingles {
            let key = pair(walk.before, 0)
            let hash = hash(key)
            if BitMap.holds(tables.singles, tables.singleShift, hash) {
                look(key, hash, text, walk.start, tables, found)
            }
        }
        guard let start1 = text.start(before: walk.start) else { return }
        var offset = start1
        let second = pair(character(text.base, &offset, text.count), walk.before)
        let hash = hash(second)
        guard BitMap.holds(tables.pairs, tables.pairShift, hash) else { return }
        look(second, hash, text, start1, tables, found)
        guard let start2 = text.start(before: start1), let start3 = text.start(before: start2)
        else { return }
        offset = start3
        let first = character(text.base, &offset, text.count)
        let key = key(pair(first, character(text.base, &offset, text.count)), second)
        let longHash = WordIndex.hash(key)
        if BitMap.holds(tables.longs, tables.longShift, longHash) {
            look(key, longHash, text, start3, tables, found)
        }
    }

    /// Compares the words that begin with the characters of a key.
    @inline(never)
    private static func look(
        _ key: UInt64, _ hash: UInt64, _ text: Text, _ start: Int, _ tables: borrowing Tables,
        _ found: (UnsafeBufferPointer<Int32>) -> Void
    ) {
        let places = tables.places
        var place = place(hash, places.count)
        while places[place].first >= 0, places[place].key != key {
            place = (place &+ 1) & (places.count &- 1)
        }
        var number = places[place].first
        while number >= 0 {
            let entry = tables.entries[Int(number)]
            number = entry.next
            guard Int(entry.length) <= text.count &- start,
                isSame(tables.bytes, entry, text.base + start)
            else { continue }
            found(
                UnsafeBufferPointer(
                    rebasing: tables.askers[
                        Int(entry.askers.lowerBound)..<Int(entry.askers.upperBound)]))
        }
    }

    /// Whether a text goes on with a word; eight bytes at a time, as there are some behind both.
    @inline(__always)
    private static func isSame(
        _ bytes: UnsafeRawBufferPointer, _ entry: Entry, _ text: UnsafePointer<UInt8>
    ) -> Bool {
        let text = UnsafeRawPointer(text)
        var offset = 0
        let length = Int(entry.length), start = Int(entry.start)
        while true {
            let word = bytes.loadUnaligned(fromByteOffset: start &+ offset, as: UInt64.self)
            let other = text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let rest = length &- offset
            let difference = UInt64(littleEndian: word) ^ UInt64(littleEndian: other)
            if rest <= 8 { return difference << (64 - UInt64(rest) * 8) == 0 }
            if difference != 0 { return false }
            offset &+= 8
        }
    }
}
