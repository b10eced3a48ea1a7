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
    enum Side: Sendable { case before, after, around }

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
        var places: [Int] = []
        let found = try call.elements(of: list) { place in
            let sentence = (ones.index[place], ones.begin[place], ones.end[place])
            let isFound =
                switch side {
                case .after: others.follow(sentence)
                case .before: others.precede(sentence)
                case .around:
                    others.include(sentence.0) || others.follow(sentence)
                        || others.precede(sentence)
                }
            if isNegated, !isFound, places.count < NearestMiss.limit { places.append(place) }
            return isFound != isNegated
        }
        guard !places.isEmpty, call[1].count > 0 else { return found }
        let misses = try NearestMiss(call, side, span, others)
        var sentences: [View] = []
        for (number, place) in places.enumerated() {
            let sentence = (ones.index[place], ones.begin[place], ones.end[place])
            guard let one = found[number] else { continue }
            sentences.append(try misses.attached(to: one, sentence))
        }
        for number in places.count..<max(found.count, places.count) {
            if let one = found[number] { sentences.append(one) }
        }
        return try call.list(sentences)
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
