import CEL

/// What is said: words in sentences.
///
/// These expand to ordinary loops over one test of a text, so that a planner can look for the words
/// of all rules at once.
enum TextWords {
    static let all: [ConversationWord] = [
        ConversationWord(
            "with", .text, [.init("words", .words), .init("except", .words)], optional: 1,
            "the sentences with any of the words, and none of the exceptions",
            "含有其中任何一个词的句子；可排除含有另一些词的",
            example: #"customer.with(["投诉", "12315"], "不投诉")"#
        ) { expansion, target, arguments in
            expansion.filter(target) { expansion, text in said(&expansion, text, arguments) }
        },
        ConversationWord(
            "without", .text, [.init("words", .words)],
            "the sentences with none of the words", "一个词都不含的句子",
            example: #"agent.without(["请", "您"])"#
        ) { expansion, target, arguments in
            expansion.filter(target) { expansion, text in
                expansion.not(contains(&expansion, text, arguments[0]))
            }
        },
        ConversationWord(
            "matching", .text, [.init("pattern", .pattern), .init("except", .pattern)],
            optional: 1,
            "the sentences that a regular expression finds, and the exception does not",
            "正则能匹配、且不被另一正则匹配的句子",
            example: #"agent.matching("加.{0,4}(微信|QQ)", "企业微信")"#
        ) { expansion, target, arguments in
            expansion.filter(target) { expansion, text in
                matches(&expansion, text, arguments)
            }
        },
        ConversationWord(
            "near", .text,
            [
                .init("words", .words), .init("others", .words),
                .init("characters", .number, 0...), .init("except", .words),
            ], optional: 1,
            "the sentences where two words are that near, whichever comes first",
            "两个词之间不超过若干字的句子，先后不论",
            example: #"agent.near(["把", "报"], ["验证码", "密码"], 8)"#
        ) { expansion, target, arguments in
            expansion.filter(target) { expansion, text in
                let isNear = expansion.call(
                    "containsNear", target: text, Array(arguments.prefix(3)))
                guard arguments.count == 4 else { return isNear }
                let other = expansion.select(expansion.name("@s"), "words")
                return expansion.and(
                    isNear, expansion.not(contains(&expansion, other, arguments[3])))
            }
        },
        ConversationWord(
            "withAll", .text, [.init("list", .list), .init("except", .words)], optional: 1,
            "the sentences with words of the list, when all of them are said",
            "词表里的词全部说到时，说到它们的句子",
            example: #"agent.withAll(["理财", "保本"])"#
        ) { expansion, target, arguments in
            selection(&expansion, target, arguments[0], except: arguments.dropFirst().first) {
                expansion in
                saidOf(&expansion, .all)
            }
        },
        ConversationWord(
            "withAtLeast", .text,
            [.init("n", .number, 1...), .init("list", .list), .init("except", .words)], optional: 1,
            "the sentences with words of the list, when at least n different ones are said",
            "说到词表里至少 n 个不同的词时，说到它们的句子",
            example: #"customer.withAtLeast(2, ["投诉", "曝光", "起诉"])"#
        ) { expansion, target, arguments in
            selection(&expansion, target, arguments[1], except: arguments.dropFirst(2).first) {
                expansion in saidOf(&expansion, atLeast: arguments[0])
            }
        },
        ConversationWord(
            "withSame", .text,
            [.init("list", .list), .init("times", .number, 1...), .init("except", .words)],
            optional: 1,
            "the sentences with a word that is said in that many sentences",
            "同一个词在至少若干句里出现时，这些句子",
            example: #"agent.withSame(["不知道", "没办法"], 3)"#,
            functions: [
                .reading(
                    "sentences_with_same", [ValueType.sentences, .list(.string), .int],
                    returns: .sentences, isReceiver: true
                ) { call in try withSame(call) }
            ]
        ) { expansion, target, arguments in
            let range = excluding(&expansion, arguments.dropFirst(2).first, from: target)
            return expansion.call("withSame", target: range, Array(arguments.prefix(2)))
        },
        ConversationWord(
            "says", .text, [.init("words", .words), .init("except", .words)], optional: 1,
            returns: "bool",
            "whether any sentence has any of the words, and none of the exceptions",
            "有没有哪句含有其中任何一个词；可排除含有另一些词的",
            example: #"agent.says("您好")"#
        ) { expansion, target, arguments in
            expansion.exists(target) { expansion, text in said(&expansion, text, arguments) }
        },
        ConversationWord(
            "saysAll", .text, [.init("list", .list), .init("except", .words)], optional: 1,
            returns: "bool",
            "whether each word of the list is said", "词表里的词是否全部说到",
            example: #"agent.first("60s").saysAll(["工号", "录音"])"#
        ) { expansion, target, arguments in
            named(&expansion, target, arguments[0], except: arguments.dropFirst().first) {
                saidOf(&$0, .all)
            }
        },
        ConversationWord(
            "saysAtLeast", .text,
            [.init("n", .number, 1...), .init("list", .list), .init("except", .words)], optional: 1,
            returns: "bool",
            "whether at least n different words of the list are said", "是否说到词表里至少 n 个不同的词",
            example: #"customer.saysAtLeast(2, ["投诉", "曝光", "起诉"])"#
        ) { expansion, target, arguments in
            named(&expansion, target, arguments[1], except: arguments.dropFirst(2).first) {
                saidOf(&$0, atLeast: arguments[0])
            }
        },
        ConversationWord(
            "saysNone", .text, [.init("words", .words), .init("except", .words)], optional: 1,
            returns: "bool",
            "whether no sentence has any of the words, and none of the exceptions",
            "是否一句都没说到；可排除含有另一些词的",
            example: #"agent.saysNone(["抱歉", "对不起"])"#
        ) { expansion, target, arguments in
            expansion.not(
                expansion.exists(target) { expansion, text in said(&expansion, text, arguments) })
        },
    ]

    // MARK: Nodes

    /// `text.contains("…")` of one text, `text.containsAny(words)` of others.
    static func contains(
        _ expansion: inout MacroExpansion, _ text: NodeID, _ words: NodeID
    ) -> NodeID {
        let function = expansion.literalText(words) == nil ? "containsAny" : "contains"
        return expansion.call(function, target: text, [words])
    }

    /// The words, and not the exceptions when there are any.
    static func said(
        _ expansion: inout MacroExpansion, _ text: NodeID, _ arguments: [NodeID]
    ) -> NodeID {
        let isSaid = contains(&expansion, text, arguments[0])
        guard arguments.count == 2 else { return isSaid }
        let other = expansion.select(expansion.name("@s"), "words")
        return expansion.and(
            isSaid, expansion.not(contains(&expansion, other, arguments[1])))
    }

    static func matches(
        _ expansion: inout MacroExpansion, _ text: NodeID, _ arguments: [NodeID]
    ) -> NodeID {
        let isFound = expansion.call("matches", target: text, [arguments[0]])
        guard arguments.count == 2 else { return isFound }
        let other = expansion.select(expansion.name("@s"), "words")
        return expansion.and(
            isFound, expansion.not(expansion.call("matches", target: other, [arguments[1]])))
    }

    /// `@words.all(@w, @x.exists(@s, @s.words.contains(@w)))`, or the words for which it holds.
    private static func saidOf(
        _ expansion: inout MacroExpansion, _ kind: MacroExpansion.LoopKind
    ) -> NodeID {
        let isSaid = expansion.exists(expansion.name("@x")) { expansion, text in
            expansion.call("contains", target: text, [expansion.name("@w")])
        }
        return expansion.loop(kind, over: expansion.name("@words"), "@w", body: isSaid)
    }

    /// Whether at least so many different words are said: one that the list has twice is one.
    private static func saidOf(_ expansion: inout MacroExpansion, atLeast least: NodeID) -> NodeID {
        let said = saidOf(&expansion, .filter)
        let distinct = expansion.call("distinct", target: said, [])
        let size = expansion.call("size", target: distinct, [])
        return expansion.call("_>=_", [size, least])
    }

    /// The sentences without the exceptions.
    private static func excluding(
        _ expansion: inout MacroExpansion, _ except: NodeID?, from target: NodeID
    ) -> NodeID {
        guard let except else { return target }
        return expansion.filter(target) { expansion, text in
            expansion.not(contains(&expansion, text, except))
        }
    }

    /// The target as `@x` and the list as `@words`, because both are used twice.
    private static func named(
        _ expansion: inout MacroExpansion, _ target: NodeID, _ list: NodeID, except: NodeID?,
        _ body: (inout MacroExpansion) -> NodeID
    ) -> NodeID {
        let result = body(&expansion)
        let range = excluding(&expansion, except, from: target)
        return expansion.bind("@words", list, in: expansion.bind("@x", range, in: result))
    }

    /// The sentences with words of the list when a condition holds, else none.
    private static func selection(
        _ expansion: inout MacroExpansion, _ target: NodeID, _ list: NodeID, except: NodeID?,
        when condition: (inout MacroExpansion) -> NodeID
    ) -> NodeID {
        named(&expansion, target, list, except: except) { expansion in
            let holds = condition(&expansion)
            let found = expansion.filter(expansion.name("@x")) { expansion, text in
                expansion.call("containsAny", target: text, [expansion.name("@words")])
            }
            let none = expansion.list([])
            return expansion.call("_?_:_", [holds, found, none])
        }
    }

    // MARK: Functions

    private static func withSame(_ call: HostCall) throws(EvaluationStop) -> View {
        let (list, words) = (call[0], call[1])
        let times = max(call[2].int ?? 1, 1)
        let isWanted = try call.scratch(list.count, of: false)
        let isSaid = try call.scratch(list.count, of: false)
        for index in 0..<words.count {
            guard let word = words[index] else { continue }
            var reader = MemberReader(SentenceFields.words)
            var count: Int64 = 0
            for place in 0..<list.count {
                isSaid[place] = false
                guard let text = list[place].flatMap({ reader.read($0) }) else { continue }
                try call.spend(1 + (text.withUTF8 { $0.count } ?? 0) >> 4)
                guard text.contains(word) else { continue }
                isSaid[place] = true
                count += 1
            }
            guard count >= times else { continue }
            for place in 0..<list.count where isSaid[place] { isWanted[place] = true }
        }
        return try call.elements(of: list) { isWanted[$0] }
    }
}

extension ValueType {
    /// A list of sentences.
    static let sentences = ValueType.list(.object("Sentence"))
}
