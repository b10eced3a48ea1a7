import CEL

/// How long: silence, interruptions, monologues.
enum TimeWords {
    static let all: [ConversationWord] = [
        ConversationWord(
            "silenceBefore", .time, [.init("time", .span(.time))],
            "the sentences before which nobody speaks for longer than that", "之前静音超过若干时间的句子",
            example: #"sentences.silenceBefore("20s")"#,
            functions: [
                .reading(
                    "sentences_silence_before", [.sentences, .string], returns: .sentences,
                    isReceiver: true
                ) { call in
                    let limit = try call.milliseconds(1)
                    try call.spend(call[0].count)
                    var silences = MemberReader(SentenceFields.silence)
                    return try call.elements(of: call[0]) { place in
                        call[0][place].map { silences.int($0) > limit } ?? false
                    }
                }
            ]
        ) { expansion, target, arguments in
            expansion.call("silenceBefore", target: target, arguments)
        },
        whole(
            "silenceAfter", "the sentences after which nobody speaks for longer than that",
            "之后静音超过若干时间的句子", example: #"agent.with("稍等").silenceAfter("60s")"#
        ) { call, limit, marks throws(EvaluationStop) in
            var silences = MemberReader(SentenceFields.silence)
            let columns = try SentenceColumns(call[2], call)
            // Who spoke last before a silence ends last: a murmur beside a sentence does not.
            var last = 0
            for place in 1..<max(columns.count, 1) {
                if columns.end[place - 1] >= columns.end[last] { last = place - 1 }
                guard let next = call[2][place], silences.int(next) > limit else { continue }
                marks[Int64(last)] = true
            }
        },
        whole(
            "interruptions",
            "the sentences that begin while somebody else speaks on for longer than that",
            "打断别人、抢话超过若干时间的句子", example: #"agent.interruptions("1s")"#
        ) { call, limit, marks throws(EvaluationStop) in
            try Overlaps(call[2], call).forEach(longerThan: limit) { place, _ in
                marks[Int64(place)] = true
            }
        },
        whole(
            "interrupted", "the sentences into which somebody else cuts for longer than that",
            "被别人打断、抢话超过若干时间的句子", example: #"customer.interrupted("1s")"#
        ) { call, limit, marks throws(EvaluationStop) in
            try Overlaps(call[2], call).forEach(longerThan: limit) { _, other in
                marks[Int64(other)] = true
            }
        },
        whole(
            "monologues", "the sentences of one speaker alone that go on for longer than that",
            "一个人连续说话、无人接话超过若干时间的句子", example: #"agent.monologues("90s")"#
        ) { call, limit, marks throws(EvaluationStop) in
            let columns = try SentenceColumns(call[2], call)
            let turns = try Turns(call[2], call)
            var start = 0
            for place in 0..<columns.count {
                let isEnd =
                    place + 1 == columns.count || turns[Int64(place)] != turns[Int64(place) + 1]
                guard isEnd else { continue }
                let end = (start...place).reduce(Int64.min) { max($0, columns.end[$1]) }
                if end - columns.begin[start] > limit {
                    for member in start...place { marks[Int64(member)] = true }
                }
                start = place + 1
            }
        },
        ConversationWord(
            "silenceShare", .time, returns: "number",
            "the share of time before the sentences of X in which nobody speaks, from 0 to 1",
            "静音时间占比，0 到 1", example: "sentences.silenceShare()",
            functions: [
                .reading(
                    "sentences_silence_share", [.sentences], returns: .double, isReceiver: true
                ) { call in
                    var silences = MemberReader(SentenceFields.silence)
                    let columns = try SentenceColumns(call[0], call)
                    var silence = 0.0
                    for place in 0..<columns.count {
                        silence += Double(call[0][place].map { silences.int($0) } ?? 0)
                    }
                    let length = Double(columns.length)
                    return call.double(length > 0 ? min(silence / length, 1) : 0)
                }
            ]
        ) { expansion, target, _ in expansion.call("silenceShare", target: target, []) },
        ConversationWord(
            "duration", .time, returns: "duration",
            "from the first begin to the last end of X", "从 X 的第一句开始到最后一句结束的时长",
            example: #"sentences.duration() < duration("10s")"#,
            functions: [
                .reading(
                    "sentences_duration", [.sentences], returns: .duration, isReceiver: true
                ) { call in
                    try call.duration(.milliseconds(try SentenceColumns(call[0], call).length))
                }
            ]
        ) { expansion, target, _ in expansion.call("duration", target: target, []) },
    ]

    /// A word over a time that has to look at the whole conversation: `marked` marks sentences by
    /// their place in it, and those of X are given.
    private static func whole(
        _ name: String, _ english: String, _ chinese: String, example: String,
        _ mark:
            @escaping @Sendable (HostCall, _ limit: Int64, Marks) throws(EvaluationStop) -> Void
    ) -> ConversationWord {
        ConversationWord(
            name, .time, [.init("time", .span(.time))], english, chinese, example: example,
            functions: [
                .reading(
                    "sentences_\(name)", [.sentences, .string, .sentences], returns: .sentences,
                    isReceiver: true
                ) { call in
                    let marks = try Marks(call[2], call)
                    try mark(call, try call.milliseconds(1), marks)
                    return try marks.marked(of: call[0], call)
                }
            ]
        ) { expansion, target, arguments in
            let all = expansion.conversation()
            return expansion.call(name, target: target, [arguments[0], all])
        }
    }
}

extension SentenceColumns {
    /// From the first begin to the last end.
    fileprivate var length: Int64 {
        guard count > 0 else { return 0 }
        let start = (0..<count).reduce(Int64.max) { min($0, begin[$1]) }
        let finish = (0..<count).reduce(Int64.min) { max($0, end[$1]) }
        return max(finish - start, 0)
    }
}

/// Where somebody begins to speak while somebody else still does.
private struct Overlaps {
    private let columns: SentenceColumns
    private let speakers: SpeakerColumn

    /// `sentences`: The whole conversation.
    init(_ sentences: View, _ call: HostCall) throws(EvaluationStop) {
        columns = try SentenceColumns(sentences, call)
        speakers = try SpeakerColumn(sentences, call)
    }

    /// Calls `body` with the place of each sentence that cuts in, and of the one that it cuts into.
    func forEach(longerThan limit: Int64, _ body: (_ place: Int, _ other: Int) -> Void) {
        // The sentence of each speaker that ends last so far; there are three speakers.
        var latest: [(speaker: UInt8, place: Int)] = []
        for place in 0..<columns.count {
            let speaker = speakers.speaker[place]
            let others = latest.filter { $0.speaker != speaker }.map(\.place)
            if let other = others.max(by: { columns.end[$0] < columns.end[$1] }) {
                let overlap = min(columns.end[place], columns.end[other]) - columns.begin[place]
                if overlap > limit, columns.begin[other] <= columns.begin[place] {
                    body(place, other)
                }
            }
            if let known = latest.firstIndex(where: { $0.speaker == speaker }) {
                if columns.end[place] >= columns.end[latest[known].place] {
                    latest[known].place = place
                }
            } else {
                latest.append((speaker, place))
            }
        }
    }
}
