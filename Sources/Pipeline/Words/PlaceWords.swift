import CEL

/// Where in the conversation: selectors by time, turn and number.
enum PlaceWords {
    static let all: [ConversationWord] = [
        ConversationWord(
            "first", .place, [.init("span", .span(.any))],
            "what begins in the first seconds of the conversation; the first turns or sentences of X",
            "通话开头若干秒内开始的句子；X 的前若干轮、前若干句",
            example: #"agent.first("30s")"#, functions: [window("first")]
        ) { expansion, target, arguments in
            let all = expansion.conversation()
            return expansion.call("first", target: target, [arguments[0], all])
        },
        ConversationWord(
            "last", .place, [.init("span", .span(.any))],
            "what ends in the last seconds of the conversation; the last turns or sentences of X",
            "通话最后若干秒内结束的句子；X 的后若干轮、后若干句",
            example: #"customer.last("2 turns")"#, functions: [window("last")]
        ) { expansion, target, arguments in
            let all = expansion.conversation()
            return expansion.call("last", target: target, [arguments[0], all])
        },
        ConversationWord(
            "after", .place, [.init("time", .span(.time))],
            "what begins at or after a time of the conversation", "从通话的某一时刻起开始的句子",
            example: #"agent.nth(1).after("5s")"#,
            functions: [
                .reading(
                    "sentences_after", [.sentences, .string], returns: .sentences, isReceiver: true
                ) { call in
                    let start = try call.milliseconds(1)
                    return try beginning(call, start..<Int64.max)
                }
            ]
        ) { expansion, target, arguments in
            expansion.call("after", target: target, arguments)
        },
        ConversationWord(
            "between", .place, [.init("from", .span(.time)), .init("to", .span(.time))],
            "what begins between two times of the conversation", "在通话的两个时刻之间开始的句子",
            example: #"agent.between("30s", "2m")"#,
            functions: [
                .reading(
                    "sentences_between", [.sentences, .string, .string], returns: .sentences,
                    isReceiver: true
                ) { call in
                    let (start, end) = (try call.milliseconds(1), try call.milliseconds(2))
                    return try beginning(call, start..<max(start, end))
                }
            ]
        ) { expansion, target, arguments in
            expansion.call("between", target: target, arguments)
        },
        ConversationWord(
            "nth", .place, [.init("first", .place), .init("last", .place)], optional: 1,
            "the sentence of X with that number from 1, or the first to the last; -1 is the last of X",
            "X 的第几句，或第几句到第几句；从 1 数起，-1 是最后一句",
            example: #"customer.with("退款").nth(2)"#,
            functions: [
                .reading(
                    "sentences_nth", [.sentences, .int, .int], returns: .sentences,
                    isReceiver: true
                ) { call in try nth(call) }
            ]
        ) { expansion, target, arguments in
            guard arguments.count == 1 else {
                return expansion.call("nth", target: target, arguments)
            }
            // 0 is the number of no sentence, and says here that there is no second number.
            return expansion.call(
                "nth", target: target, [arguments[0], expansion.literal(Int64(0))])
        },
    ]

    /// `X.first(span, sentences)` and `X.last(span, sentences)`, as the nodes have them.
    private static func window(_ name: String) -> HostFunction.Overload {
        .reading(
            "sentences_\(name)", [.sentences, .string, .sentences], returns: .sentences,
            isReceiver: true
        ) { call in try window(call, isFirst: name == "first") }
    }

    private static func window(_ call: HostCall, isFirst: Bool) throws -> View {
        let (list, all) = (call[0], call[2])
        switch try call.span(1) {
        case .time(let milliseconds):
            if isFirst { return try beginning(call, Int64.min..<milliseconds) }
            let start = try SentenceColumns(all, call).latestEnd - milliseconds
            try call.spend(list.count)
            var ends = MemberReader(SentenceFields.end)
            return try call.elements(of: list) { place in
                list[place].map { ends.int($0) > start } ?? false
            }
        case .sentences(let count):
            let places =
                isFirst
                ? 0..<Int(min(count, Int64(list.count)))
                : list.count - Int(min(count, Int64(list.count)))..<list.count
            try call.spend(places.count)
            return try call.elements(of: list) { places.contains($0) }
        case .turns(let count):
            let turns = try Turns(all, call)
            let indexes = try SentenceColumns(list, call).index
            var isWanted = [Bool](repeating: false, count: list.count)
            var seen: Int64 = 0
            var current: Int64?
            for step in 0..<list.count {
                let place = isFirst ? step : list.count - 1 - step
                let turn = turns[indexes[place]]
                if turn != current { seen += 1 }
                current = turn
                if seen > count { break }
                isWanted[place] = true
            }
            return try call.elements(of: list) { isWanted[$0] }
        }
    }

    /// What begins in a range of times.
    private static func beginning(
        _ call: HostCall, _ times: Range<Int64>
    ) throws(EvaluationStop) -> View {
        let list = call[0]
        try call.spend(list.count)
        var begins = MemberReader(SentenceFields.begin)
        return try call.elements(of: list) { place in
            list[place].map { times.contains(begins.int($0)) } ?? false
        }
    }

    private static func nth(_ call: HostCall) throws -> View {
        let list = call[0]
        let count = Int64(list.count)
        /// From 1, or backwards from -1.
        func place(_ number: Int64) -> Int64 {
            number < 0 ? count + max(number, -count - 1) : number - 1
        }
        let from = call[1].int ?? 0
        guard from != 0 else { throw HostFailure("sentences are counted from 1 / 句子从 1 数起") }
        let first = place(from)
        let last = call[2].int == 0 ? first : place(call[2].int ?? 0)
        guard first <= last else { return try call.list([View]()) }
        try call.spend(list.count)
        return try call.elements(of: list) { Int64($0) >= first && Int64($0) <= last }
    }
}

extension HostCall {
    /// A span that an argument is; wrong ones have been refused when they stood in the rule.
    func span(_ index: Int) throws -> Span {
        let text = self[index].string ?? ""
        guard let span = Span(text) else {
            throw HostFailure("`\(text.prefix(40))` is no span / 不是范围：write \"30s\"")
        }
        return span
    }

    /// A time that an argument is.
    func milliseconds(_ index: Int) throws -> Int64 {
        guard case .time(let milliseconds) = try span(index) else {
            throw HostFailure("a time is needed here / 这里要时间：write \"30s\"")
        }
        return milliseconds
    }
}
