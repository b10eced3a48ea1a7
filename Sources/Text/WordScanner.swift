package import CEL

/// Makes scanners that look for all words of a set of programs in one pass over each text.
package struct WordScanners: TextScannerFactory {
    /// A factory.
    package init() {}

    /// A scanner for patterns; of a regular expression the words that its matches need.
    package func makeScanner(_ patterns: [TextPattern]) -> any TextScanner {
        WordScanner(patterns)
    }
}

/// Looks for many words at once.
///
/// A word is known by its first two characters. Each two neighbours of a text are looked up in a bit
/// map, which most fail; of those that pass, the words that begin so are compared. In UTF-8 a word
/// begins where a character begins, so a Chinese text takes one step for three bytes.
final class WordScanner: TextScanner {
    /// A word, and where the patterns that ask for it are.
    private struct Entry {
        var start: Int32
        var length: Int32
        /// The next word with the same first two characters, -1 for none.
        var next: Int32
        var patterns: Range<Int32>
    }

    private struct Place {
        var key: UInt64
        var first: Int32
    }

    /// The patterns of which nothing is known beforehand.
    private let unknown: [Int]
    private let bytes: [UInt8]
    private let entries: [Entry]
    private let patternNumbers: [Int32]
    /// A bit for the upper bits of each key's hash.
    private let bitmap: [UInt64]
    private let bitmapShift: UInt64
    /// An open hash table of keys; a first word of -1 is a free place.
    private let places: [Place]
    private let hasSingles: Bool

    init(_ patterns: [TextPattern]) {
        var unknown: [Int] = []
        var askers: [[UInt8]: [Int32]] = [:]
        for (number, pattern) in patterns.enumerated() {
            guard let words = WordScanner.words(of: pattern) else {
                unknown.append(number)
                continue
            }
            for word in words {
                let known = askers[word]?.last
                if known != Int32(number) { askers[word, default: []].append(Int32(number)) }
            }
        }
        self.unknown = unknown

        var bytes: [UInt8] = [], entries: [Entry] = [], numbers: [Int32] = []
        var firsts: [UInt64: Int32] = [:]
        var hasSingles = false
        for (word, askers) in askers.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let key = WordScanner.key(of: word)
            if key & 0xFFFF_FFFF == 0 { hasSingles = true }
            let start = Int32(numbers.count)
            numbers += askers
            entries.append(
                Entry(
                    start: Int32(bytes.count), length: Int32(word.count), next: firsts[key] ?? -1,
                    patterns: start..<Int32(numbers.count)))
            firsts[key] = Int32(entries.count - 1)
            bytes += word
        }
        self.bytes = bytes
        self.entries = entries
        patternNumbers = numbers
        self.hasSingles = hasSingles

        var tableSize = 16
        while tableSize < firsts.count * 2 { tableSize *= 2 }
        var places = Array(repeating: Place(key: 0, first: -1), count: tableSize)
        var bits: UInt64 = 12
        while bits < 22, 1 << bits < firsts.count * 16 { bits += 1 }
        var bitmap = Array(repeating: 0 as UInt64, count: 1 << Int(bits - 6))
        bitmapShift = 64 - bits
        for (key, first) in firsts.sorted(by: { $0.key < $1.key }) {
            let hash = WordScanner.hash(key)
            let bit = hash >> bitmapShift
            bitmap[Int(bit >> 6)] |= 1 << (bit & 63)
            var place = WordScanner.place(hash, tableSize)
            while places[place].first >= 0 { place = (place + 1) & (tableSize - 1) }
            places[place] = Place(key: key, first: first)
        }
        self.places = places
        self.bitmap = bitmap
    }

    /// The words of which a text that has the pattern has at least one; nil when nothing is known.
    private static func words(of pattern: TextPattern) -> [[UInt8]]? {
        var words = pattern.words
        for expression in pattern.expressions {
            guard let required = RequiredWords.of(expression) else { return nil }
            words += required
        }
        guard !words.contains("") else { return nil }
        return words.map { Array($0.utf8) }
    }

    /// Multiplication alone mixes enough: only the upper bits are used.
    @inline(__always)
    private static func hash(_ key: UInt64) -> UInt64 { key &* 0x9E37_79B9_7F4A_7C15 }

    /// Where the search for a key begins in a table of a power of two of places.
    @inline(__always)
    private static func place(_ hash: UInt64, _ count: Int) -> Int {
        Int(truncatingIfNeeded: hash >> 32) & (count - 1)
    }

    /// The first two characters of a word, the second 0 when there is none.
    private static func key(of word: [UInt8]) -> UInt64 {
        word.withUnsafeBufferPointer { word in
            guard let base = word.baseAddress else { return 0 }
            var offset = 0
            let first = character(base, &offset, word.count)
            let second = offset < word.count ? character(base, &offset, word.count) : 0
            return UInt64(first) << 32 | UInt64(second)
        }
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

    func scan(_ texts: [UnsafeBufferPointer<UInt8>], _ hits: inout TextHits) {
        for number in unknown { hits.addUnknown(pattern: number) }
        guard !entries.isEmpty else { return }
        bitmap.withUnsafeBufferPointer { bitmap in
            // The bit map has at least 64 words, so it has an address.
            let bitmap = bitmap.baseAddress.unsafelyUnwrapped
            for (number, text) in texts.enumerated() {
                guard let base = text.baseAddress else { continue }
                if hasSingles { scanSingles(base, text.count, number, bitmap, &hits) }
                scanPairs(base, text.count, number, bitmap, &hits)
            }
        }
    }

    /// Words of two characters and more.
    private func scanPairs(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ number: Int,
        _ bitmap: UnsafePointer<UInt64>, _ hits: inout TextHits
    ) {
        guard count > 1 else { return }
        let shift = bitmapShift
        var start = 0
        var offset = 0
        var before = WordScanner.character(base, &offset, count)
        while offset < count {
            let here = offset
            let current = WordScanner.character(base, &offset, count)
            let key = UInt64(before) << 32 | UInt64(current)
            let hash = WordScanner.hash(key)
            let bit = hash >> shift
            if bitmap[Int(truncatingIfNeeded: bit >> 6)] &>> (bit & 63) & 1 != 0 {
                look(key, hash, base + start, count - start, number, &hits)
            }
            start = here
            before = current
        }
    }

    /// Words of one character.
    private func scanSingles(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ number: Int,
        _ bitmap: UnsafePointer<UInt64>, _ hits: inout TextHits
    ) {
        let shift = bitmapShift
        var offset = 0
        while offset < count {
            let here = offset
            let key = UInt64(WordScanner.character(base, &offset, count)) << 32
            let hash = WordScanner.hash(key)
            let bit = hash >> shift
            if bitmap[Int(truncatingIfNeeded: bit >> 6)] &>> (bit & 63) & 1 != 0 {
                look(key, hash, base + here, count - here, number, &hits)
            }
        }
    }

    /// Compares the words that begin with two characters.
    @inline(never)
    private func look(
        _ key: UInt64, _ hash: UInt64, _ text: UnsafePointer<UInt8>, _ rest: Int, _ number: Int,
        _ hits: inout TextHits
    ) {
        var place = WordScanner.place(hash, places.count)
        while places[place].first >= 0 {
            if places[place].key == key { break }
            place = (place + 1) & (places.count - 1)
        }
        var entry = places[place].first
        while entry >= 0 {
            let word = entries[Int(entry)]
            if Int(word.length) <= rest, isSame(word, text) {
                for index in word.patterns {
                    hits.add(pattern: Int(patternNumbers[Int(index)]), text: number)
                }
            }
            entry = word.next
        }
    }

    private func isSame(_ word: Entry, _ text: UnsafePointer<UInt8>) -> Bool {
        for index in 0..<Int(word.length) where bytes[Int(word.start) + index] != text[index] {
            return false
        }
        return true
    }
}
