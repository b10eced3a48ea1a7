/// What a scan of an activation's texts has found, as programs read it.
///
/// The memory behind the pointers belongs to the set of programs that evaluates.
struct TextScan {
    /// By need of any program: the pattern and the domain.
    let needs: UnsafePointer<Need>
    let domains: UnsafePointer<Domain>
    /// The bits of the domains of which something is known.
    let known: UInt64
    /// What was noted by pattern, and the entries.
    let patterns: UnsafeMutablePointer<TextHits.Pattern>
    let entries: UnsafeMutablePointer<TextHits.Entry>
    let texts: UnsafePointer<UnsafeBufferPointer<UInt8>>
    /// By pattern: what tells whether a text that is noted for it has it.
    let matchers: UnsafePointer<any RegexMatcher>

    /// What is known of a text that is noted for a pattern.
    enum Proof: UInt8 {
        /// It may lack the pattern.
        case open
        /// It has the pattern.
        case noted
        /// A regular expression tells.
        case asked
    }

    struct Need {
        var pattern: Int32
        var domain: Int32
        var proof = Proof.open
    }

    /// A list, or a text, whose texts have been looked at.
    struct Domain {
        /// Where the list's elements are, or the text is; 0 when nothing is known.
        var bits: UInt64 = 0
        var length: UInt32 = 0
        /// By text: the element that has it, -1 for none.
        var elements: UnsafePointer<Int32>

        var isKnown: Bool { bits != 0 }

        /// The bit of a domain by its number; none for one far behind.
        @inline(__always)
        static func bit(_ number: Int) -> UInt64 { number < UInt64.bitWidth ? 1 << number : 0 }
    }
}

/// The elements of a list that may count, in their order.
struct TextCandidates {
    fileprivate var entry: Int32
    fileprivate let scan: UnsafePointer<TextScan>
    fileprivate let elements: UnsafePointer<Int32>
    fileprivate let pattern: Int
    fileprivate let proof: TextScan.Proof

    /// Whether each of them has the pattern.
    @inline(__always)
    var areDecided: Bool { proof != .open }

    /// The index of the next element.
    @inline(__always)
    mutating func next(_ evaluation: Evaluation) throws(Fault) -> Int? {
        while entry >= 0 {
            let current = Int(entry)
            let element = elements[Int(scan.pointee.entries[current].text)]
            entry = scan.pointee.entries[current].next
            if element < 0 { continue }
            if proof == .asked, !(try scan.holds(current, pattern, evaluation)) { continue }
            return Int(element)
        }
        return nil
    }
}

extension UnsafePointer<TextScan> {
    /// Whether the text of an entry has its pattern, which a regular expression tells once.
    @inline(__always)
    fileprivate func holds(
        _ entry: Int, _ pattern: Int, _ evaluation: Evaluation
    ) throws(Fault) -> Bool {
        if let known = pointee.entries[entry].isMet { return known }
        return try asked(entry, pattern, evaluation)
    }

    private func asked(
        _ entry: Int, _ pattern: Int, _ evaluation: Evaluation
    ) throws(Fault) -> Bool {
        let text = pointee.texts[Int(pointee.entries[entry].text)]
        try evaluation.spend(bytes: text.count &* pointee.matchers[pattern].searchWeight)
        let isMet = pointee.matchers[pattern].matches(text)
        pointee.entries[entry].isMet = isMet
        return isMet
    }

    /// Whether an element of a domain, or its text, has a pattern for which some are noted.
    @inline(never)
    func isMet(_ pattern: Int, _ domain: Int, _ evaluation: Evaluation) throws(Fault) -> Bool {
        let elements = pointee.domains[domain].elements
        var entry = Int(pointee.patterns[pattern].first)
        while entry >= 0 {
            if elements[Int(pointee.entries[entry].text)] >= 0,
                try holds(entry, pattern, evaluation)
            {
                return true
            }
            entry = Int(pointee.entries[entry].next)
        }
        // So that nobody asks again.
        pointee.patterns[pattern].domains &= ~TextScan.Domain.bit(domain)
        return false
    }
}

extension UnsafeMutablePointer<Frame> {
    /// The elements of a list that a need of the program leaves; nil when nothing is known.
    @inline(__always)
    func candidates(_ need: Int, _ list: Cell) -> TextCandidates? {
        guard let scan = pointee.scan else { return nil }
        let known = scan.pointee.needs[pointee.firstNeed + need]
        let domain = scan.pointee.domains[Int(known.domain)]
        guard domain.isKnown, list.is(.list), list.bits == domain.bits, list.length == domain.length
        else { return nil }
        let entry = scan.pointee.patterns[Int(known.pattern)].first
        if entry == TextHits.unknown { return nil }
        return TextCandidates(
            entry: entry, scan: scan, elements: domain.elements, pattern: Int(known.pattern),
            proof: known.proof)
    }

    /// Whether nothing can meet a need of the program: no element of its list, or not its text.
    @inline(__always)
    func isRuledOut(_ need: Int) -> Bool {
        guard let scan = pointee.scan else { return false }
        let known = scan.pointee.needs[pointee.firstNeed + need]
        let bit = scan.pointee.known & TextScan.Domain.bit(Int(known.domain))
        return bit != 0 && scan.pointee.patterns[Int(known.pattern)].domains & bit == 0
    }
}
