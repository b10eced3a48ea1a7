import CEL

/// What comes before and after what: relations between lists of sentences.
enum OrderWords {
    static let all: [ConversationWord] = [
        word(
            "followedBy", .after, isNegated: false,
            "the sentences of X after which one of Y comes, within the span when there is one",
            "其后出现了 Y 的句子；可限定在若干秒、轮、句之内",
            example: #"customer.with("谢谢").followedBy(agent, "10s")"#),
        word(
            "notFollowedBy", .after, isNegated: true,
            "the sentences of X after which none of Y comes within the span",
            "其后没有出现 Y 的句子；可限定在若干秒、轮、句之内",
            example: #"customer.with("退款").notFollowedBy(agent.with(["登记", "为您办理"]), "3 turns")"#),
        word(
            "precededBy", .before, isNegated: false,
            "the sentences of X before which one of Y comes, within the span when there is one",
            "其前出现过 Y 的句子；可限定在若干秒、轮、句之内",
            example: #"agent.with("稍等").precededBy(customer.with("查"), "2 sentences")"#),
        word(
            "notPrecededBy", .before, isNegated: true,
            "the sentences of X before which none of Y comes within the span",
            "其前没有出现过 Y 的句子；可限定在若干秒、轮、句之内",
            example: #"agent.with("余额").notPrecededBy(agent.with("身份证"))"#),
        word(
            "near", .around, isNegated: false, isBounded: true,
            "the sentences of X with one of Y before, in or after them within the span",
            "前后若干秒、轮、句之内（含本句）有 Y 的句子",
            example: #"customer.with("投诉").near(agent.with("没办法"), "3 sentences")"#),
        word(
            "notNear", .around, isNegated: true, isBounded: true,
            "the sentences of X with none of Y before, in or after them within the span",
            "前后若干秒、轮、句之内（含本句）没有 Y 的句子",
            example: #"customer.with("投诉").notNear(agent.with("抱歉"), "5 sentences")"#),
        ConversationWord(
            "and", .order, [.init("Y", .sentences)],
            "the sentences of both lists, when both have any", "两边都有句子时，两边的句子",
            example: #"customer.with("退款").and(agent.with("不能"))"#,
            functions: [union("and", needsBoth: true)]
        ) { expansion, target, arguments in
            expansion.call("and", target: target, arguments)
        },
        ConversationWord(
            "or", .order, [.init("Y", .sentences)],
            "the sentences of either list, in order, each once", "任一边的句子，按先后排列，不重复",
            example: #"customer.with("投诉").or(sentences.silenceBefore("20s"))"#,
            functions: [union("or", needsBoth: false)]
        ) { expansion, target, arguments in
            expansion.call("or", target: target, arguments)
        },
    ]

    /// On which side the other sentence is looked for.
    private enum Side: Sendable { case before, after, around }

    private static func word(
        _ name: String, _ side: Side, isNegated: Bool, isBounded: Bool = false,
        _ english: String, _ chinese: String, example: String
    ) -> ConversationWord {
        ConversationWord(
            name, .order, [.init("Y", .sentences), .init("span", .span(.any))],
            optional: isBounded ? 0 : 1, english, chinese, example: example,
            functions: [
                .reading(
                    "sentences_\(name)", [.sentences, .sentences, .string, .sentences],
                    returns: .sentences, isReceiver: true
                ) { call in try relation(call, side, isNegated: isNegated) }
            ]
        ) { expansion, target, arguments in
            let span = arguments.count == 2 ? arguments[1] : expansion.literal("")
            let all = expansion.conversation()
            return expansion.call(name, target: target, [arguments[0], span, all])
        }
    }

    private static func relation(
        _ call: HostCall, _ side: Side, isNegated: Bool
    ) throws -> View {
        let list = call[0]
        let span = call[2].withUTF8 { $0.isEmpty } == true ? nil : try call.span(2)
        let ones = try SentenceColumns(list, call)
        let others = try Neighbours(call[1], call, span, of: call[3])
        try call.spend(list.count)
        return try call.elements(of: list) { place in
            let sentence = (ones.index[place], ones.begin[place], ones.end[place])
            let isFound =
                switch side {
                case .after: others.follow(sentence)
                case .before: others.precede(sentence)
                case .around:
                    others.include(sentence.0) || others.follow(sentence)
                        || others.precede(sentence)
                }
            return isFound != isNegated
        }
    }

    /// `X.and(Y)` and `X.or(Y)`.
    private static func union(_ name: String, needsBoth: Bool) -> HostFunction.Overload {
        .reading(
            "sentences_\(name)", [.sentences, .sentences], returns: .sentences, isReceiver: true
        ) { call in
            let (left, right) = (call[0], call[1])
            if needsBoth, left.count == 0 || right.count == 0 { return try call.list([View]()) }
            let ones = try SentenceColumns(left, call), others = try SentenceColumns(right, call)
            let places = (ones.sorted()[...], others.sorted()[...])
            var (rest, otherRest) = places
            var united: [View] = []
            var last: Int64?
            while let one = rest.first.map({ ones.index[$0] })
                ?? otherRest.first.map({ others.index[$0] })
            {
                let other = otherRest.first.map { others.index[$0] }
                let takesOther = rest.isEmpty || other.map { $0 < one } ?? false
                let view = takesOther ? right[otherRest.removeFirst()] : left[rest.removeFirst()]
                let index = takesOther ? other : one
                if let view, index != last { united.append(view) }
                last = index
            }
            return try call.list(united)
        }
    }
}

/// A list of sentences in which the neighbours of others are looked for: n log n in all.
struct Neighbours {
    private typealias Times = (begin: Int64, end: Int64)

    private let indexes: [Int64]
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
        let places = columns.sorted()
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
