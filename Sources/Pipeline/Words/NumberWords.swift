import CEL

/// How many: lists that count only from a number on, and numbers over sentences.
enum NumberWords {
    static let all: [ConversationWord] = [
        ConversationWord(
            "atLeast", .number, [.init("n", .number, 1...)],
            "X when it has at least n sentences, else none", "X 至少有 n 句时给出 X，否则为空",
            example: #"customer.with("转人工").atLeast(2)"#,
            functions: [
                .reading(
                    "sentences_at_least", [.sentences, .int], returns: .sentences,
                    isReceiver: true
                ) { call in
                    Int64(call[0].count) >= call[1].int ?? 0 ? call[0] : try call.list([View]())
                }
            ]
        ) { expansion, target, arguments in
            expansion.call("atLeast", target: target, arguments)
        },
        ConversationWord(
            "any", .number, returns: "bool",
            "whether X has any sentence; `!X.any()` when it has none", "X 里有没有句子；取反写 `!X.any()`",
            example: #"agent.with("稍等").any()"#
        ) { expansion, target, _ in
            let size = expansion.call("size", target: target, [])
            return expansion.call("_>_", [size, expansion.literal(Int64(0))])
        },
        fold(
            "average", "the average of a value", "某个值的平均",
            example: #"customer.last("30s").average(s, s.emotionValue)"#
        ) { sum, count in count > 0 ? sum / Double(count) : 0 },
        fold(
            "sum", "the sum of a value", "某个值的总和", example: "agent.sum(s, s.end - s.begin)"
        ) { sum, _ in sum },
        extreme(
            "highest", "the highest of a value", "某个值的最大",
            example: "customer.highest(s, s.emotionValue)",
            max),
        extreme(
            "lowest", "the lowest of a value", "某个值的最小", example: "agent.lowest(s, s.speechRate)",
            min),
        ConversationWord(
            "turns", .number, returns: "int", "how many turns X has", "X 有几轮话",
            example: "sentences.turns()",
            functions: [
                .reading(
                    "sentences_turns", [.sentences, .sentences], returns: .int, isReceiver: true
                ) { call in
                    let turns = try Turns(call[1], call)
                    let columns = try SentenceColumns(call[0], call)
                    let numbers = columns.sorted().map { turns[columns.index[$0]] }
                    let changes = zip(numbers, numbers.dropFirst()).count { $0 != $1 }
                    return call.int(numbers.isEmpty ? 0 : Int64(changes) + 1)
                }
            ]
        ) { expansion, target, _ in
            expansion.call("turns", target: target, [expansion.conversation()])
        },
        ConversationWord(
            "characters", .number, returns: "int", "how many characters are said in X",
            "X 一共说了多少字", example: "sentences.characters()",
            functions: [
                .reading(
                    "sentences_characters", [.sentences], returns: .int, isReceiver: true
                ) { call in
                    var reader = MemberReader(SentenceFields.words)
                    var count = 0
                    for place in 0..<call[0].count {
                        guard let text = call[0][place].flatMap({ reader.read($0) }) else {
                            continue
                        }
                        let bytes = text.withUTF8 { $0.count } ?? 0
                        try call.spend(1 + bytes >> 4)
                        // The bytes that begin a code point.
                        count += text.withUTF8 { $0.count { $0 & 0xC0 != 0x80 } } ?? 0
                    }
                    return call.int(Int64(count))
                }
            ]
        ) { expansion, target, _ in expansion.call("characters", target: target, []) },
    ]

    // MARK: Numbers over values

    private static func fold(
        _ name: String, _ english: String, _ chinese: String, example: String,
        _ result: @escaping @Sendable (Double, Int) -> Double
    ) -> ConversationWord {
        word(name, english, chinese, example: example) { call in
            let list = call[0]
            try call.spend(list.count)
            let sum = (0..<list.count).reduce(0.0) { $0 + (list[$1]?.double ?? 0) }
            return call.double(result(sum, list.count))
        }
    }

    private static func extreme(
        _ name: String, _ english: String, _ chinese: String, example: String,
        _ better: @escaping @Sendable (Double, Double) -> Double
    ) -> ConversationWord {
        word(name, english, chinese, example: example) { call in
            let list = call[0]
            try call.spend(list.count)
            var result: Double?
            for place in 0..<list.count {
                guard let value = list[place]?.double else { continue }
                result = result.map { better($0, value) } ?? value
            }
            return call.double(result ?? 0)
        }
    }

    private static func word(
        _ name: String, _ english: String, _ chinese: String, example: String,
        _ body: @escaping @Sendable (HostCall) throws -> View
    ) -> ConversationWord {
        ConversationWord(
            name, .number, [.init("s", .variable), .init("value", .expression)],
            returns: "number", english + " over X; without it 0", chinese + "；没有值时为 0",
            example: example,
            functions: [ValueType.int, .double].map { type in
                .reading(
                    "list_\(name)_\(type)", [.list(type)], returns: .double, isReceiver: true,
                    body: body)
            }
        ) { expansion, target, arguments in
            let variable = expansion.simpleName(arguments[0]) ?? "s"
            let filter = measured(&expansion, variable, arguments[1])
            let values = expansion.loop(
                .map, over: target, variable, filter: filter, body: arguments[1])
            return expansion.call(name, target: values, [])
        }
    }

    /// `has(s.emotionValue)` for each field that a value reads: a sentence that lacks one has no
    /// value, which is not 0.
    static func measured(
        _ expansion: inout MacroExpansion, _ variable: String, _ value: NodeID
    ) -> NodeID? {
        var condition: NodeID?
        for field in expansion.fields(of: variable, in: value) {
            let test = expansion.has(expansion.name(variable), field)
            condition = condition.map { expansion.and($0, test) } ?? test
        }
        return condition
    }
}
