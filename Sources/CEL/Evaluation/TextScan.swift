/// What a scan of an activation's texts has found, as programs read it.
///
/// The memory behind the pointers belongs to the set of programs that evaluates.
struct TextScan {
    /// By need of any program: the pattern and the domain.
    let needs: UnsafePointer<Need>
    let domains: UnsafePointer<Domain>
    /// By pattern: the first entry, -1 for none.
    let first: UnsafePointer<Int32>
    /// By entry: the text, and the next entry, -1 for none.
    let text: UnsafePointer<Int32>
    let next: UnsafePointer<Int32>

    struct Need {
        var pattern: Int32
        var domain: Int32
        /// Whether only texts that have the pattern are noted for it.
        var isDecided = false
    }

    /// A list, or a text, whose texts have been looked at.
    struct Domain {
        /// Where the list's elements are, or the text is; 0 when nothing is known.
        var bits: UInt64 = 0
        var length: UInt32 = 0
        /// By text: the element that has it, -1 for none.
        var elements: UnsafePointer<Int32>

        var isKnown: Bool { bits != 0 }
    }
}

/// The elements of a list that may count, in their order.
struct TextCandidates {
    fileprivate var entry: Int32
    fileprivate let scan: UnsafePointer<TextScan>
    fileprivate let elements: UnsafePointer<Int32>
    /// Whether each of them has the pattern.
    let areDecided: Bool

    /// The index of the next element.
    @inline(__always)
    mutating func next() -> Int? {
        while entry >= 0 {
            let element = elements[Int(scan.pointee.text[Int(entry)])]
            entry = scan.pointee.next[Int(entry)]
            if element >= 0 { return Int(element) }
        }
        return nil
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
        let entry = scan.pointee.first[Int(known.pattern)]
        if entry == TextHits.unknown { return nil }
        return TextCandidates(
            entry: entry, scan: scan, elements: domain.elements, areDecided: known.isDecided)
    }

    /// Whether nothing can meet a need of the program: no element of its list, or not its text.
    @inline(__always)
    func isRuledOut(_ need: Int) -> Bool {
        guard let scan = pointee.scan else { return false }
        return scan.pointee.canBeMet(scan.pointee.needs[pointee.firstNeed + need]) == false
    }
}

extension TextScan {
    /// Whether anything can meet a need; nil when that is not known.
    @inline(__always)
    func canBeMet(_ need: Need) -> Bool? {
        let domain = domains[Int(need.domain)]
        var entry = first[Int(need.pattern)]
        guard domain.isKnown, entry != TextHits.unknown else { return nil }
        while entry >= 0 {
            if domain.elements[Int(text[Int(entry)])] >= 0 { return true }
            entry = next[Int(entry)]
        }
        return false
    }
}
