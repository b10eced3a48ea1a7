import CEL

/// What was not said where it had to be, with the nearest miss as evidence.
enum MissingWords {
    static let all: [ConversationWord] = [
        ConversationWord(
            "missing", .missing, [.init("words", .words), .init("except", .words)], optional: 1,
            "fires when none of the words is said in X; gives where they were said after all, else X",
            "X 里一个词都没说到时告警；给出之后（之前）说到的那句，没有就给出 X",
            example: #"agent.first("30s").missing(["工号", "为您服务"])"#,
            functions: [
                .reading(
                    "sentences_missing",
                    [.sentences, .sentences, .string, .string, .string, .sentences],
                    returns: .sentences, isReceiver: true
                ) { call in try missing(call) }
            ]
        ) { expansion, target, arguments in
            missing(&expansion, target) { expansion, text in
                TextWords.said(&expansion, text, arguments)
            }
        },
        ConversationWord(
            "missingMatch", .missing, [.init("pattern", .pattern), .init("except", .pattern)],
            optional: 1, "the same for a regular expression", "同上，用正则",
            example: #"agent.first("30s").missingMatch("工号.{0,3}\\d{3,}")"#
        ) { expansion, target, arguments in
            missing(&expansion, target) { expansion, text in
                TextWords.matches(&expansion, text, arguments)
            }
        },
    ]

    /// The words whose windows are known: `missing` looks outside of them too, and the counts of
    /// their arguments.
    private static let windows = [
        "first": 1...1, "last": 1...1, "after": 1...1, "between": 2...2, "nth": 1...2,
    ]

    /// `window.missing(said, name, from, to, sentences)`, where `said` is what meets the condition in
    /// the list that the window was taken from.
    private static func missing(
        _ expansion: inout MacroExpansion, _ target: NodeID,
        _ condition: (inout MacroExpansion, NodeID) -> NodeID
    ) -> NodeID {
        var base = target
        var window = expansion.name("@x")
        var (name, times) = ("", ["", ""])
        if let call = expansion.call(in: target), let list = call.target,
            windows[call.name]?.contains(call.arguments.count) == true
        {
            let texts = call.arguments.compactMap { expansion.literalText($0) }
            var arguments = call.arguments
            switch call.name {
            case "nth" where arguments.count == 1: arguments.append(expansion.literal(Int64(0)))
            case "first", "last": arguments.append(expansion.conversation())
            default: break
            }
            if call.name == "nth" || texts.count == call.arguments.count {
                (base, name) = (list, call.name)
                times.replaceSubrange(0..<texts.count, with: texts)
                window = expansion.call(name, target: window, arguments)
            }
        }
        let said = expansion.filter(expansion.name("@x"), condition)
        let arguments = [
            said, expansion.literal(name), expansion.literal(times[0]),
            expansion.literal(times[1]), expansion.conversation(),
        ]
        let found = expansion.call("missing", target: window, arguments)
        return expansion.bind("@x", base, in: found)
    }

    private static func missing(_ call: HostCall) throws -> View {
        let (window, said, all) = (call[0], call[1], call[5])
        let hits = try SentenceColumns(said, call), inside = try SentenceColumns(window, call)
        let marks = try Marks(all, call)
        for place in 0..<inside.count { marks[inside.index[place]] = true }
        for place in 0..<hits.count where marks[hits.index[place]] {
            return try call.list([View]())
        }
        let due = try Due(call, inside, all)
        var nearest: (place: Int, late: Int64?)?
        for place in 0..<hits.count {
            let late = due.late(hits.begin[place], hits.end[place])
            // Of two that are as near, the first; at the end of the conversation the last.
            let isNearer = nearest.map { nearest in
                let (one, other) = ((late ?? 0).magnitude, (nearest.late ?? 0).magnitude)
                return due.isAtEnd ? one <= other : one < other
            }
            if isNearer ?? true { nearest = (place, late) }
        }
        if let nearest, let sentence = said[nearest.place] {
            guard let late = nearest.late else { return try call.list([sentence]) }
            return try call.list([call.copy(of: sentence, setting: "late", to: call.int(late))])
        }
        if window.count > 0 { return window }
        // Nobody of X spoke there: what the conversation has in its place.
        return try call.list([all[due.isAtEnd ? all.count - 1 : 0]].compactMap(\.self))
    }
}

/// When something should have been said: from `start` on, up to `end`.
private struct Due {
    private var start: Int64?
    private var end: Int64?
    /// Whether the end of a sentence tells if it is early, not its beginning.
    private var countsEnds = true
    /// Whether the end of the conversation is meant.
    let isAtEnd: Bool

    /// The window of `first`, `last` and so on is that of their times, or of its sentences.
    init(_ call: HostCall, _ window: SentenceColumns, _ all: View) throws(EvaluationStop) {
        let name = call[2].string ?? ""
        isAtEnd = name == "last" || name == "after"
        let times = [3, 4].map { argument -> Int64? in
            guard case .time(let time) = Span(call[argument].string ?? "") else { return nil }
            return time
        }
        if window.count > 0 {
            (start, end) = (window.earliestBegin, window.latestEnd)
        }
        switch (name, times[0]) {
        case ("first", let time): (start, end) = (nil, time ?? end)
        case ("last", let time?):
            (start, end) = (try SentenceColumns(all, call).latestEnd - time, nil)
        case ("last", nil): end = nil
        case ("after", let time?): (start, end, countsEnds) = (time, nil, false)
        case ("between", let time?): (start, end, countsEnds) = (time, times[1], false)
        default: break
        }
    }

    /// How late a sentence was, negative when too early; nil when nothing tells.
    func late(_ begin: Int64, _ end: Int64) -> Int64? {
        guard start != nil || self.end != nil else { return nil }
        if let latest = self.end, begin >= latest { return begin - latest }
        return start.map { min((countsEnds ? end : begin) - $0, 0) } ?? 0
    }
}
