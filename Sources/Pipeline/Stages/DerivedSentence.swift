/// What follows from a sentence and those before it; plain numbers, so that many cost little.
struct DerivedSentence: Sendable {
    let speaker: Speaker
    /// The gap to the latest end before it, or as declared by the cloud; never negative.
    let silence: Int64
    /// How long it runs beside sentences before it.
    let overlap: Int64

    /// How long it lasts; a sentence that ends before it begins lasts no time.
    let talk: Int64

    /// A day: longer ones are broken time stamps, and sums of them must not overflow.
    private static let longestTalk: Int64 = 86_400_000

    /// "mm:ss", the minutes going on beyond 59.
    static func place(_ begin: Int64) -> String {
        // Copied from the stack: five bytes make a text without memory of its own.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: placeBytes) { bytes in
            let count = writePlace(begin, bytes.baseAddress)
            return String(
                decoding: UnsafeBufferPointer(rebasing: bytes.prefix(count)), as: UTF8.self)
        }
    }

    /// The most bytes of a place.
    static let placeBytes = 24

    /// Writes a place where there is room for ``placeBytes``; how many bytes it has.
    static func writePlace(_ begin: Int64, _ bytes: UnsafeMutablePointer<UInt8>?) -> Int {
        guard let bytes else { return 0 }
        let seconds = UInt64(max(0, begin)) / 1000
        let minutes = seconds / 60
        var count = 2
        var rest = minutes / 100
        while rest > 0 {
            count += 1
            rest /= 10
        }
        var value = minutes
        for place in (0..<count).reversed() {
            bytes[place] = digit(value % 10)
            value /= 10
        }
        bytes[count] = UInt8(ascii: ":")
        bytes[count + 1] = digit(seconds % 60 / 10)
        bytes[count + 2] = digit(seconds % 10)
        return count + 3
    }

    private static func digit(_ value: UInt64) -> UInt8 {
        UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)
    }

    static func all(of sentences: [Sentence]) -> [DerivedSentence] {
        var latestEnd: Int64?
        return sentences.indices.map { index in
            let (begin, end) = (sentences[index].begin, sentences[index].end)
            let gap = latestEnd.map { difference(begin, $0) }
            let length = max(0, end.subtractingReportingOverflow(begin).partialValue)
            latestEnd = max(latestEnd ?? end, end)
            return DerivedSentence(
                speaker: sentences[index].speaker,
                silence: max(0, sentences[index].declaredSilence ?? gap ?? 0),
                overlap: min(max(0, 0 &- (gap ?? 0)), length),
                talk: min(max(0, difference(end, begin)), longestTalk))
        }
    }

    /// The difference of two numbers; 0 when it is too great.
    private static func difference(_ left: Int64, _ right: Int64) -> Int64 {
        let (difference, overflow) = left.subtractingReportingOverflow(right)
        return overflow ? 0 : difference
    }
}
