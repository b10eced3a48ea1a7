/// A sentence with what follows from those before it.
struct DerivedSentence: Sendable {
    let index: Int
    let sentence: Sentence
    /// The gap to the latest end before it, or as declared by the cloud; never negative.
    let silence: Int64
    /// How long it runs beside sentences before it.
    let overlap: Int64

    /// "mm:ss", the minutes going on beyond 59.
    var at: String { Self.place(sentence.begin) }

    /// How long it lasts; a sentence that ends before it begins lasts no time.
    var talk: Int64 {
        let (length, overflow) = sentence.end.subtractingReportingOverflow(sentence.begin)
        return overflow ? 0 : min(max(0, length), Self.longestTalk)
    }

    /// A day: longer ones are broken time stamps, and sums of them must not overflow.
    private static let longestTalk: Int64 = 86_400_000

    static func place(_ begin: Int64) -> String {
        let seconds = Int(clamping: max(0, begin) / 1000)
        return "\(padded(seconds / 60, to: 2)):\(padded(seconds % 60, to: 2))"
    }

    static func all(of sentences: [Sentence]) -> [DerivedSentence] {
        var latestEnd: Int64?
        return sentences.enumerated().map { index, sentence in
            let gap = latestEnd.map { end in
                let (difference, overflow) = sentence.begin.subtractingReportingOverflow(end)
                return overflow ? 0 : difference
            }
            let length = max(
                0, sentence.end.subtractingReportingOverflow(sentence.begin).partialValue)
            let derived = DerivedSentence(
                index: index, sentence: sentence,
                silence: max(0, sentence.declaredSilence ?? gap ?? 0),
                overlap: min(max(0, 0 &- (gap ?? 0)), length))
            latestEnd = max(latestEnd ?? sentence.end, sentence.end)
            return derived
        }
    }
}
