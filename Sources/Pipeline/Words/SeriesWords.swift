import CEL

/// One sentence after the other: streaks, rises and falls, repetitions.
enum SeriesWords {
    static let all: [ConversationWord] = [
        ConversationWord(
            "inARow", .series,
            [
                .init("n", .number, 1...), .init("s", .variable),
                .init("condition", .expression),
            ],
            "the sentences of X that meet a condition n times in a row or more",
            "X 中连续 n 句及以上都满足条件的句子",
            example: "customer.inARow(3, s, s.emotionValue >= 7)",
            functions: [
                .reading(
                    "sentences_in_a_row", [.sentences, .list(.bool), .int],
                    returns: .sentences, isReceiver: true
                ) { call in try inARow(call) }
            ]
        ) { expansion, target, arguments in
            let variable = expansion.simpleName(arguments[1]) ?? "s"
            let tests = expansion.loop(
                .map, over: expansion.name("@x"), variable, body: arguments[2])
            let found = expansion.call(
                "inARow", target: expansion.name("@x"), [tests, arguments[0]])
            return expansion.bind("@x", target, in: found)
        },
        change(
            "rises", isRise: true,
            "where a value is higher by so much than its mean over the span before (or all before)",
            "某个值比之前一段（或之前全部）的平均高出若干的句子",
            example: #"customer.rises(s, s.emotionValue, 3, "60s")"#),
        change(
            "falls", isRise: false,
            "where a value is lower by so much than its mean over the span before (or all before)",
            "某个值比之前一段（或之前全部）的平均低出若干的句子",
            example: #"agent.falls(s, s.speechRate, "50%", "10 sentences")"#),
        ConversationWord(
            "repeats", .series,
            [
                .init("times", .number, 2...), .init("similarity", .share),
                .init("span", .span(.sentences)),
            ], optional: 2,
            "what is said again, nearly alike (0.8 unless told), that many times in all; each "
                + "sentence is compared with the \(greatestWindow) of X before it, or with those "
                + "within a span of the conversation (\(greatestWindow) sentences at most); letters "
                + "and digits alone count, the first 200, and texts with under 4 are left out",
            "意思几乎一样的话说了至少若干次；相似度默认 0.8。每句与 X 里它前面的 \(greatestWindow) 句比，写了范围就与整通对话里"
                + "这么多句之内的比（最多 \(greatestWindow) 句）；只比文字和数字，取前 200 个，不足 4 个的不比",
            example: #"customer.repeats(3, 0.8, "20 sentences")"#,
            functions: [
                .reading(
                    "sentences_repeats", [.sentences, .list(.int)], returns: .sentences,
                    isReceiver: true
                ) { call in try picked(call) },
                .reading(
                    "sentences_repeats_texts", [.sentences, .sentences],
                    returns: .list(.string), isReceiver: true
                ) { call in try textsInPlace(call) },
                .reading(
                    "sentences_repeats_places", [.sentences, .list(.int), .sentences],
                    returns: .sentences, isReceiver: true
                ) { call in try marked(call) },
            ]
        ) { expansion, target, arguments in
            var texts = expansion.loop(
                .map, over: expansion.name("@x"), "@s",
                body: expansion.select(expansion.name("@s"), "words"))
            let similarity = arguments.count > 1 ? arguments[1] : expansion.literal(0.8)
            var window = greatestWindow
            if arguments.count > 2 {
                guard let text = expansion.literalText(arguments[2]),
                    case .sentences(let count) = Span(text)
                else {
                    expansion.report(
                        "needs a text such as \"20 sentences\" here", "这里要写明，如 \"20句\"",
                        at: arguments[2])
                    return expansion.literal(false)
                }
                guard count <= greatestWindow else {
                    expansion.report(
                        "looks \(greatestWindow) sentences back at most",
                        "最多往前看 \(greatestWindow) 句", at: arguments[2])
                    return expansion.literal(false)
                }
                window = count
                // Counted in the conversation, as everywhere: others' sentences have no text here.
                let all = expansion.conversation()
                texts = expansion.call("repeats", target: expansion.name("@x"), [all])
            }
            let places = expansion.call(
                "indexesOfAlike", target: texts,
                [
                    arguments[0], expansion.call("double", [similarity]),
                    expansion.literal(window),
                ])
            let all = arguments.count > 2 ? [expansion.conversation()] : []
            let found = expansion.call("repeats", target: expansion.name("@x"), [places] + all)
            return expansion.bind("@x", target, in: found)
        },
    ]

    /// With how many sentences before it one is compared, at most; `indexesOfAlike` has no more.
    private static let greatestWindow: Int64 = 64

    // MARK: Streaks and repetitions

    private static func inARow(_ call: HostCall) throws(EvaluationStop) -> View {
        let (list, tests) = (call[0], call[1])
        let least = Int(clamping: max(call[2].int ?? 1, 1))
        try call.spend(list.count)
        let isWanted = try call.scratch(list.count, of: false)
        var start = 0
        for place in 0...list.count {
            if place < list.count, tests[place]?.bool == true { continue }
            if place - start >= least {
                for member in start..<place { isWanted[member] = true }
            }
            start = place + 1
        }
        return try call.elements(of: list) { isWanted[$0] }
    }

    /// The elements of a list by their places.
    private static func picked(_ call: HostCall) throws(EvaluationStop) -> View {
        let (list, places) = (call[0], call[1])
        try call.spend(places.count)
        var picked: [View] = []
        for index in 0..<places.count {
            guard let place = places[index]?.int, let sentence = list[Int(clamping: place)]
            else { continue }
            picked.append(sentence)
        }
        return try call.list(picked)
    }

    /// The texts of X at their places in the conversation, and nothing at those of others.
    private static func textsInPlace(_ call: HostCall) throws(EvaluationStop) -> View {
        let (list, all) = (call[0], call[1])
        try call.spend(list.count + all.count)
        var texts = Array(repeating: try call.text(""), count: all.count)
        var indexes = MemberReader(SentenceFields.index)
        var words = MemberReader(SentenceFields.words)
        for place in 0..<list.count {
            guard let sentence = list[place], let text = words.read(sentence) else { continue }
            let index = Int(clamping: indexes.int(sentence))
            if texts.indices.contains(index) { texts[index] = text }
        }
        return try call.list(texts)
    }

    /// The sentences of X by their places in the conversation.
    private static func marked(_ call: HostCall) throws(EvaluationStop) -> View {
        let marks = try Marks(call[2], call)
        try call.spend(call[1].count)
        for index in 0..<call[1].count {
            if let place = call[1][index]?.int { marks[place] = true }
        }
        return try marks.marked(of: call[0], call)
    }

    // MARK: Rises and falls

    private static func change(
        _ name: String, isRise: Bool, _ english: String, _ chinese: String, example: String
    ) -> ConversationWord {
        let amounts: [ValueType] = [.int, .double, .string]
        return ConversationWord(
            name, .series,
            [
                .init("s", .variable), .init("value", .expression), .init("by", .change),
                .init("span", .span(.any)),
            ], optional: 1, english, chinese, example: example,
            functions: [ValueType.int, .double].flatMap { value in
                amounts.map { amount in
                    .reading(
                        "sentences_\(name)_\(value)_\(amount)",
                        [.sentences, .list(value), amount, .string, .sentences],
                        returns: .sentences, isReceiver: true
                    ) { call in try changes(call, isRise: isRise) }
                }
            }
        ) { expansion, target, arguments in
            let variable = expansion.simpleName(arguments[0]) ?? "s"
            var range = target
            if let condition = NumberWords.measured(&expansion, variable, arguments[1]) {
                range = expansion.loop(.filter, over: target, variable, body: condition)
            }
            let values = expansion.loop(
                .map, over: expansion.name("@x"), variable, body: arguments[1])
            let span = arguments.count > 3 ? arguments[3] : expansion.literal("")
            let found = expansion.call(
                name, target: expansion.name("@x"),
                [values, arguments[2], span, expansion.conversation()])
            return expansion.bind("@x", range, in: found)
        }
    }

    /// Each value against the mean of those before it in a window that moves along.
    private static func changes(_ call: HostCall, isRise: Bool) throws -> View {
        let (list, values) = (call[0], call[1])
        let change = try self.change(call)
        let keys = try Self.keys(call)
        try call.spend(list.count * 2)
        var oldest = 0
        var sum = 0.0
        return try call.elements(of: list) { place in
            let value = values[place]?.double ?? 0
            if let keys {
                while oldest < place, keys.places[oldest] < keys.places[place] - keys.reach {
                    sum -= values[oldest]?.double ?? 0
                    oldest += 1
                }
            }
            let count = place - oldest
            let mean = count > 0 ? sum / Double(count) : 0
            sum += value
            guard count > 0 else { return false }
            let difference: Double
            switch change {
            case .number(let by): difference = by
            case .share(let share): difference = abs(mean) * share
            }
            // Sums of doubles are not exact; a value that is just there counts.
            let slack = 1e-9 * max(abs(mean), 1)
            // What stays as it is neither rises nor falls, whatever the share of nothing is.
            return isRise
                ? value >= mean + difference - slack && value > mean + slack
                : value <= mean - difference + slack && value < mean - slack
        }
    }

    private static func change(_ call: HostCall) throws -> Change {
        if let number = call[2].double { return .number(number) }
        let text = call[2].string ?? ""
        guard let change = Change(percent: text) else {
            throw HostFailure("`\(text.prefix(40))` is no percentage / 不是百分比：write \"50%\"")
        }
        return change
    }

    /// What tells which sentences of X are in the window before one: all, when nil.
    private static func keys(_ call: HostCall) throws -> (places: [Int64], reach: Int64)? {
        guard call[3].withUTF8({ $0.isEmpty }) == false else { return nil }
        let list = call[0]
        switch try call.span(3) {
        case .sentences(let count):
            // Of the conversation, as everywhere; so are turns.
            let columns = try SentenceColumns(list, call)
            return ((0..<list.count).map { columns.index[$0] }, count)
        case .time(let milliseconds):
            let columns = try SentenceColumns(list, call)
            return ((0..<list.count).map { columns.begin[$0] }, milliseconds)
        case .turns(let count):
            let turns = try Turns(call[4], call), columns = try SentenceColumns(list, call)
            return ((0..<list.count).map { turns[columns.index[$0]] }, count)
        }
    }
}
