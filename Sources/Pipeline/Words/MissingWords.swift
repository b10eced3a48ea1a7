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
                    [.sentences, .sentences, .string, .string, .sentences], returns: .sentences,
                    isReceiver: true
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

    /// `window.missing(said, name, span, sentences)`, where `said` is what meets the condition in the
    /// list that the window was taken from.
    private static func missing(
        _ expansion: inout MacroExpansion, _ target: NodeID,
        _ condition: (inout MacroExpansion, NodeID) -> NodeID
    ) -> NodeID {
        var base = target
        var (name, span) = ("", "")
        if let call = expansion.call(in: target), ["first", "last"].contains(call.name),
            let list = call.target, let node = call.arguments.first,
            let text = expansion.literalText(node)
        {
            (base, name, span) = (list, call.name, text)
        }
        var window = expansion.name("@x")
        if !name.isEmpty {
            let arguments = [expansion.literal(span), expansion.conversation()]
            window = expansion.call(name, target: window, arguments)
        }
        let said = expansion.filter(expansion.name("@x"), condition)
        let arguments = [
            said, expansion.literal(name), expansion.literal(span), expansion.conversation(),
        ]
        let found = expansion.call("missing", target: window, arguments)
        return expansion.bind("@x", base, in: found)
    }

    private static func missing(_ call: HostCall) throws -> View {
        let (window, said, all) = (call[0], call[1], call[4])
        let isLast = call[2].withUTF8 { $0.elementsEqual("last".utf8) } == true
        let hits = try SentenceColumns(said, call), inside = try SentenceColumns(window, call)
        let marks = try Marks(all, call)
        for place in 0..<inside.count { marks[inside.index[place]] = true }
        for place in 0..<hits.count where marks[hits.index[place]] {
            return try call.list([View]())
        }
        if hits.count > 0 {
            let order = hits.sorted()
            let place = isLast ? order[order.count - 1] : order[0]
            guard let nearest = said[place] else { return window }
            let late: Int64
            if isLast {
                let start = try Self.start(call, inside, all)
                late = min(hits.end[place] - start, 0)
            } else {
                late = max(hits.begin[place] - (try Self.end(call, inside)), 0)
            }
            return try call.list([call.copy(of: nearest, setting: "late", to: call.int(late))])
        }
        if window.count > 0 { return window }
        // Nobody of X spoke there: what the conversation has in its place.
        return try call.list([all[isLast ? all.count - 1 : 0]].compactMap(\.self))
    }

    /// When it should have been said at the latest.
    private static func end(_ call: HostCall, _ window: SentenceColumns) throws -> Int64 {
        if case .time(let milliseconds) = Span(call[3].string ?? "") { return milliseconds }
        return window.latestEnd
    }

    /// When it should have been said at the earliest.
    private static func start(
        _ call: HostCall, _ window: SentenceColumns, _ all: View
    ) throws -> Int64 {
        if case .time(let milliseconds) = Span(call[3].string ?? "") {
            return try SentenceColumns(all, call).latestEnd - milliseconds
        }
        return (0..<window.count).map { window.begin[$0] }.min() ?? 0
    }
}
