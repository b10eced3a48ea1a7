/// The same numbers for the same seed on every machine: SplitMix64 of Steele, Lea and Flood.
struct SeededGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of the range.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    /// True in so many of a hundred times.
    mutating func happens(percent: Int) -> Bool { number(0...99) < percent }

    /// One of the elements, of which there is at least one.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(0...elements.count - 1)]
    }

    /// One of the elements, the first ones far more often, as words are used.
    mutating func pickFrequent<Element>(_ elements: [Element]) -> Element {
        elements[min(number(0...elements.count - 1), number(0...elements.count - 1))]
    }
}
