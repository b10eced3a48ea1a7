/// Which texts may have which patterns: what a ``TextScanner`` notes.
///
/// What is noted is also kept by list, so that most questions are answered by one bit.
public struct TextHits: ~Copyable, @unchecked Sendable {  // because its memory is its own
    /// What stands for a first entry of a pattern of which nothing is known.
    static let unknown: Int32 = -2

    /// What is noted of a pattern.
    struct Pattern {
        /// Its first and its last entry, -1 for none.
        var first: Int32 = -1
        var last: Int32 = -1
        /// The domains, by their bits, in which a text is noted for it.
        var domains: UInt64 = 0
    }

    /// A text that is noted for a pattern.
    struct Entry {
        var text: Int32
        /// The pattern's next entry, -1 for none.
        var next: Int32 = -1
        /// Whether the text has the pattern, once that was asked.
        var isMet: Bool?
    }

    let patterns: UnsafeMutableBufferPointer<Pattern>
    private(set) var entries: UnsafeMutablePointer<Entry>
    private var capacity = 1_024
    private var count = 0
    /// By text: the bits of the domains that it is in.
    private var domains: [UInt64] = []

    /// The most entries whose memory is kept for the next scan.
    private static let modestCapacity = 1 << 16

    init(patterns count: Int) {
        patterns = .allocate(capacity: count)
        patterns.initialize(repeating: Pattern())
        entries = .allocate(capacity: capacity)
    }

    /// Whether its memory is worth keeping.
    var isModest: Bool { capacity <= TextHits.modestCapacity }

    /// Forgets what was noted.
    ///
    /// `domains`: By text, the bits of the domains that it is in.
    mutating func reset(domains: [UInt64]) {
        self.domains = domains
        patterns.update(repeating: Pattern())
        count = 0
    }

    deinit {
        patterns.deallocate()
        entries.deallocate()
    }

    /// Notes that any text may have a pattern.
    public mutating func addUnknown(pattern: Int) {
        precondition(patterns.indices.contains(pattern), "no pattern has this number")
        patterns[pattern] = Pattern(first: TextHits.unknown, domains: .max)
    }

    /// Notes that a text may have a pattern; noted twice in a row it counts once.
    public mutating func add(pattern: Int, text number: Int) {
        withUnsafePointer(to: Int32(truncatingIfNeeded: pattern)) {
            add(patterns: UnsafeBufferPointer(start: $0, count: 1), text: number)
        }
    }

    /// Notes that a text may have any of some patterns.
    public mutating func add(patterns added: UnsafeBufferPointer<Int32>, text number: Int) {
        let text = Int32(truncatingIfNeeded: number)
        let bits = domains[number]
        if count + added.count > capacity { grow(by: added.count) }
        for pattern in added {
            precondition(Int(pattern) < patterns.count && pattern >= 0, "no such pattern")
            var noted = patterns[Int(pattern)]
            let entry = Int32(truncatingIfNeeded: count)
            if noted.last >= 0 {
                if entries[Int(noted.last)].text == text { continue }
                entries[Int(noted.last)].next = entry
            } else if noted.first == TextHits.unknown {
                continue
            } else {
                noted.first = entry
            }
            noted.last = entry
            noted.domains |= bits
            patterns[Int(pattern)] = noted
            (entries + count).initialize(to: Entry(text: text))
            count += 1
        }
    }

    @inline(never)
    private mutating func grow(by added: Int) {
        capacity = max(capacity * 2, count + added)
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        entries = larger
    }
}
