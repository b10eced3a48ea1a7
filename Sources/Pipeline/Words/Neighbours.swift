import CEL

/// A list of sentences in which the neighbours of others are looked for: n log n in all.
struct Neighbours {
    private typealias Times = (begin: Int64, end: Int64)

    /// The places in the conversation, sorted, and those in the list.
    private let indexes: [Int64]
    private let places: [Int]
    private let span: Span?
    /// For a span of time: the earliest begin from each place on, the latest end up to each place.
    private var earliestBegins: [Int64] = []
    private var latestEnds: [Int64] = []
    private var turns: Turns?

    /// `sentences`: The whole conversation.
    init(
        _ list: View, _ call: HostCall, _ span: Span?, of sentences: View
    ) throws(EvaluationStop) {
        let columns = try SentenceColumns(list, call)
        places = columns.sorted()
        try call.spend(columns.count)
        indexes = places.map { columns.index[$0] }
        self.span = span
        switch span {
        case .time:
            latestEnds = places.map { columns.end[$0] }
            for place in 1..<max(places.count, 1) {
                latestEnds[place] = max(latestEnds[place], latestEnds[place - 1])
            }
            earliestBegins = places.map { columns.begin[$0] }
            for place in (0..<max(places.count - 1, 0)).reversed() {
                earliestBegins[place] = min(earliestBegins[place], earliestBegins[place + 1])
            }
        case .turns: turns = try Turns(sentences, call)
        case .sentences, nil: break
        }
    }

    /// Whether the sentence itself is in the list.
    func include(_ index: Int64) -> Bool {
        let place = firstPlace(atOrAfter: index)
        return place < indexes.count && indexes[place] == index
    }

    /// Whether one of the list comes after a sentence, within the span.
    func follow(_ sentence: (index: Int64, begin: Int64, end: Int64)) -> Bool {
        let place = firstPlace(atOrAfter: sentence.index + 1)
        guard place < indexes.count else { return false }
        switch span {
        case nil: return true
        case .time(let milliseconds): return earliestBegins[place] - sentence.end <= milliseconds
        case .sentences(let count): return indexes[place] - sentence.index <= count
        case .turns(let count): return distance(sentence.index, indexes[place]) <= count
        }
    }

    /// Whether one of the list comes before a sentence, within the span.
    func precede(_ sentence: (index: Int64, begin: Int64, end: Int64)) -> Bool {
        let place = firstPlace(atOrAfter: sentence.index) - 1
        guard place >= 0 else { return false }
        switch span {
        case nil: return true
        case .time(let milliseconds): return sentence.begin - latestEnds[place] <= milliseconds
        case .sentences(let count): return sentence.index - indexes[place] <= count
        case .turns(let count): return distance(indexes[place], sentence.index) <= count
        }
    }

    /// The places in the list of the nearest ones before and after a sentence.
    func nearest(_ index: Int64) -> (before: Int?, after: Int?) {
        let before = firstPlace(atOrAfter: index) - 1, after = firstPlace(atOrAfter: index + 1)
        return (
            before >= 0 ? places[before] : nil, after < places.count ? places[after] : nil
        )
    }

    private func distance(_ from: Int64, _ to: Int64) -> Int64 {
        turns.map { $0[to] - $0[from] } ?? .max
    }

    private func firstPlace(atOrAfter index: Int64) -> Int {
        var low = 0, high = indexes.count
        while low < high {
            let middle = (low + high) / 2
            if indexes[middle] < index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
