import CEL

/// What nearly met a condition that says what did not come: beside each sentence that
/// `notFollowedBy`, `notPrecededBy` or `notNear` found, the one of Y that came next to it.
///
/// It is the sentence's own `nearest`, with `late`, and no sentence of the list: counts stay right.
struct NearestMiss {
    /// Beside how many sentences of a list: more are not quoted.
    static let limit = Evaluation.quoteLimit

    typealias Times = (index: Int64, begin: Int64, end: Int64)

    private let call: HostCall
    private let side: OrderWords.Side
    private let span: Span?
    private let others: Neighbours
    private let ones: SentenceColumns
    private let all: SentenceColumns
    private let turns: Turns?

    /// `call`: X, Y, the span and the whole conversation.
    init(
        _ call: HostCall, _ side: OrderWords.Side, _ span: Span?, _ others: Neighbours
    ) throws(EvaluationStop) {
        self.call = call
        self.side = side
        self.span = span
        self.others = others
        ones = try SentenceColumns(call[1], call)
        all = try SentenceColumns(call[3], call)
        if case .turns = span { turns = try Turns(call[3], call) } else { turns = nil }
    }

    /// The sentence with its nearest miss; as it is when there is none.
    func attached(to sentence: View, _ times: Times) throws(EvaluationStop) -> View {
        guard let miss = try miss(times), let other = call[1][miss.place] else { return sentence }
        let nearest = try call.copy(of: other, setting: "late", to: call.int(miss.late))
        return try call.copy(of: sentence, setting: "nearest", to: nearest)
    }

    private func miss(_ times: Times) throws(EvaluationStop) -> (place: Int, late: Int64)? {
        // One that stands in the sentence itself is quoted with it.
        if others.include(times.index) { return nil }
        let (before, after) = others.nearest(times.index)
        switch side {
        case .after:
            if let after { return (after, max(ones.begin[after] - (try latest(times)), 0)) }
            return before.map { ($0, min(ones.end[$0] - times.end, 0)) }
        case .before:
            if let before { return (before, min(ones.end[before] - (try earliest(times)), 0)) }
            return after.map { ($0, max(ones.begin[$0] - times.begin, 0)) }
        case .around:
            var misses: [(place: Int, late: Int64)] = []
            if let after { misses.append((after, max(ones.begin[after] - (try latest(times)), 0))) }
            if let before {
                misses.append((before, min(ones.end[before] - (try earliest(times)), 0)))
            }
            return misses.min { $0.late.magnitude < $1.late.magnitude }
        }
    }

    /// Until when it would have been in time after a sentence.
    private func latest(_ times: Times) throws(EvaluationStop) -> Int64 {
        switch span {
        case nil: return times.end
        case .time(let milliseconds): return times.end + milliseconds
        case .sentences(let count):
            return end(of: min(times.index + count, Int64(all.count) - 1)) ?? times.end
        case .turns(let count):
            var place = times.index
            try walk(&place, by: 1) { $0 <= count }
            return end(of: place) ?? times.end
        }
    }

    /// From when on it would have been in time before a sentence.
    private func earliest(_ times: Times) throws(EvaluationStop) -> Int64 {
        switch span {
        case nil: return times.begin
        case .time(let milliseconds): return times.begin - milliseconds
        case .sentences(let count): return begin(of: max(times.index - count, 0)) ?? times.begin
        case .turns(let count):
            var place = times.index
            try walk(&place, by: -1) { $0 <= count }
            return begin(of: place) ?? times.begin
        }
    }

    /// Goes on while the turns in between are few enough.
    private func walk(
        _ place: inout Int64, by step: Int64, while isNear: (Int64) -> Bool
    ) throws(EvaluationStop) {
        guard let turns else { return }
        let turn = turns[place]
        while (0..<Int64(all.count)).contains(place + step),
            isNear(abs(turns[place + step] - turn))
        {
            try call.spend(1)
            place += step
        }
    }

    private func begin(of index: Int64) -> Int64? {
        (0..<Int64(all.count)).contains(index) ? all.begin[Int(index)] : nil
    }

    private func end(of index: Int64) -> Int64? {
        (0..<Int64(all.count)).contains(index) ? all.end[Int(index)] : nil
    }
}
