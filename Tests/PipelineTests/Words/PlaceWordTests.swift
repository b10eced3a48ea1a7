import CEL
import Testing

@testable import Pipeline

/// Where in the conversation, what comes before what, and how many.
@Suite struct PlaceWordTests {
    static let call = """
        A 0-2 您好
        A 2-4 工号一零二四
        C 4-6 我要退款
        A 7-9 请您稍等
        C 9-10 好的
        A 30-33 查到了
        C 33-36 那退款呢
        A 36-38 不能退款
        C 38-40 我要投诉
        """

    @Test(arguments: [
        // The first and the last.
        ("sentences.first('4s')", "0 1"), ("sentences.first('4001ms')", "0 1 2"),
        ("customer.first('0s')", ""), ("agent.first('1h')", "0 1 3 5 7"),
        ("sentences.first('1 turn')", "0 1"), ("sentences.first('2 turns')", "0 1 2"),
        ("agent.first('1 turn')", "0 1"), ("agent.first('2 turns')", "0 1 3"),
        ("agent.first('99 turns')", "0 1 3 5 7"),
        ("agent.with('退款').first('1 turn')", "7"), ("agent.first('3 sentences')", "0 1 3"),
        ("sentences.first('99句')", "0 1 2 3 4 5 6 7 8"),
        ("sentences.last('4s')", "7 8"), ("sentences.last('2s')", "8"),
        ("customer.last('30s')", "6 8"), ("agent.last('1轮')", "7"),
        ("sentences.last('3 turns')", "6 7 8"), ("agent.last('2 sentences')", "5 7"),
        ("sentences.last('1 turn').first('1 sentence')", "8"),
        // Times and numbers.
        ("agent.after('30s')", "5 7"), ("sentences.after('41s')", ""),
        ("agent.nth(1).after('5s')", ""), ("customer.nth(1).after('4s')", "2"),
        ("sentences.between('4s', '9s')", "2 3"),
        ("customer.nth(2)", "4"), ("customer.nth(-1)", "8"), ("customer.nth(5)", ""),
        ("customer.nth(-5)", ""), ("sentences.nth(2, 4)", "1 2 3"),
        ("sentences.nth(-2, -1)", "7 8"),
        ("sentences.nth(8, 99)", "7 8"), ("sentences.nth(4, 2)", ""),
        ("sentences.nth(-99, 1)", "0"),
        // How many.
        ("customer.with('退款').atLeast(2)", "2 6"), ("customer.with('退款').atLeast(3)", ""),
        ("customer.atLeast(1 - 1)", "2 4 6 8"), ("agent.with('x').atLeast(1 - 1)", ""),
        ("customer.with('投诉').any()", "true"), ("customer.with('x').any()", "false"),
        ("!customer.with('x').any()", "true"), ("!agent.any()", "false"),
        ("sentences.turns()", "8"), ("agent.turns()", "4"), ("customer.with('退款').turns()", "2"),
        ("agent.first('4s').turns()", "1"), ("customer.with('x').turns()", "0"),
        ("agent.first('4s').characters()", "8"), ("customer.with('x').characters()", "0"),
        ("agent.sum(s, s.end - s.begin)", "11000"), ("sentences.with('x').sum(s, s.end)", "0"),
        ("agent.highest(s, s.end)", "38000"), ("agent.lowest(s, s.begin)", "0"),
        ("customer.average(s, s.begin / 1000)", "21"),
        ("{'a': 2, 'b': 3}.sum(k, {'a': 2, 'b': 3}[k])", "5"), ("[1, 5].highest(n, n * 2)", "10"),
        ("agent.with('x').highest(s, s.end)", "0"), ("[0.5, 1.5].average(n, n)", "1"),
    ])
    func placesAndNumbers(_ source: String, _ expected: String) throws {
        #expect(try WordRig.outcome(source, Self.call) == expected, "\(source)")
    }

    @Test(arguments: [
        // After.
        ("customer.followedBy(agent)", "2 4 6"), ("customer.notFollowedBy(agent)", "8"),
        ("customer.followedBy(agent, '1s')", "2 6"), ("customer.followedBy(agent, '999ms')", "6"),
        ("customer.notFollowedBy(agent, '1s')", "4 8"),
        ("customer.followedBy(agent, '20s')", "2 4 6"),
        ("customer.followedBy(agent, '19s')", "2 6"),
        ("customer.with('退款').followedBy(customer.with('投诉'), '2 turns')", "6"),
        ("customer.with('退款').followedBy(customer.with('投诉'), '6 turns')", "2 6"),
        ("customer.with('退款').notFollowedBy(customer.with('投诉'), '5轮')", "2"),
        ("agent.followedBy(agent, '1 sentence')", "0"),
        ("agent.followedBy(agent, '2 sentences')", "0 1 3 5"),
        ("agent.with('您好').followedBy(agent.with('您好'))", ""),
        // Before.
        ("customer.precededBy(agent)", "2 4 6 8"), ("agent.precededBy(customer)", "3 5 7"),
        ("agent.notPrecededBy(customer)", "0 1"), ("agent.precededBy(customer, '1s')", "3 7"),
        ("agent.precededBy(customer, '0s')", "7"), ("agent.precededBy(customer, '20s')", "3 5 7"),
        ("agent.notPrecededBy(customer, '20s')", "0 1"),
        ("agent.with('不能').precededBy(customer.with('退款'), '1 turn')", "7"),
        ("customer.with('投诉').precededBy(agent.with('不能'), '1 sentence')", "8"),
        ("agent.precededBy(agent, '1 sentence')", "1"),
        // Around.
        ("agent.near(customer.with('投诉'), '1 sentence')", "7"),
        ("sentences.near(customer.with('投诉'), '1句')", "7 8"),
        ("customer.with('退款').near(agent.with('不能'), '3 turns')", "6"),
        ("agent.near(customer.with('退款'), '1s')", "1 3 5 7"),
        ("agent.notNear(customer.with('退款'), '2 turns')", ""),
        ("customer.notNear(agent.with('工号'), '2 sentences')", "4 6 8"),
        // Alibaba's anchors, at the second hit.
        ("agent.followedBy(customer.with('退款').nth(2), '3 sentences')", "3 5"),
        ("sentences.with('投诉').precededBy(customer.with('退款').nth(2), '2 sentences')", "8"),
        ("sentences.near(customer.with('退款').nth(2), '1 sentence')", "5 6 7"),
        ("customer.with('退款').nth(2).with('那')", "6"),
        // Both and either.
        ("customer.with('退款').and(agent.with('不能'))", "2 6 7"),
        ("customer.with('退款').and(agent.with('x'))", ""),
        ("customer.with('x').and(agent)", ""), ("customer.with('x').or(agent.with('不能'))", "7"),
        ("sentences.with('退款').or(customer.with('退款'))", "2 6 7"),
        ("agent.with('不能').or(customer.with('退款'))", "2 6 7"),
        ("customer.with('x').or(agent.with('x'))", ""),
        // Lists out of order are taken as they are.
        ("(customer.with('投诉') + customer.with('退款')).followedBy(agent.with('不能'))", "2 6"),
        ("agent.with('工号').followedBy(customer.with('投诉') + customer.with('退款'), '1 turn')", "1"),
        ("customer.followedBy(agent.with('查') + agent.with('稍等'), '1s')", "2"),
        // A side without a word.
        ("sentences.with('x').followedBy(agent)", ""),
        ("agent.with('您好').followedBy(sentences.with('x'))", ""),
        ("agent.with('您好').notFollowedBy(sentences.with('x'), '3 turns')", "0"),
        ("agent.with('您好').notPrecededBy(sentences.with('x'))", "0"),
    ])
    func order(_ source: String, _ expected: String) throws {
        #expect(try WordRig.outcome(source, Self.call) == expected, "\(source)")
    }

    @Test(arguments: [
        ("sentences.first('30s')", ""), ("sentences.last('30s')", ""),
        ("sentences.last('2 turns')", ""),
        ("agent.nth(1)", ""), ("customer.followedBy(agent)", ""),
        ("customer.notFollowedBy(agent, '3 turns')", ""),
        ("customer.near(agent, '1 turn')", ""), ("customer.and(agent)", ""),
        ("customer.or(agent)", ""),
        ("sentences.turns()", "0"), ("sentences.characters()", "0"), ("agent.after('0s')", ""),
    ])
    func anEmptyConversation(_ source: String, _ expected: String) throws {
        #expect(try WordRig.outcome(source, "") == expected)
    }

    @Test(arguments: [
        // Equal times, broken times, overlaps: order is that of the transcript.
        ("customer.followedBy(agent, '0s')", "0 2 4"),
        ("agent.precededBy(customer, '0s')", "1 5"),
        ("sentences.first('1s')", "0 1 2 5"), ("sentences.last('1s')", "4"),
        ("agent.followedBy(customer, '1 sentence')", "1 3"),
        ("sentences.duration()", "5s"), ("sentences.turns()", "6"),
    ])
    func brokenTimesAreNoTrouble(_ source: String, _ expected: String) throws {
        let script = """
            C 0-1 一
            A 0-1 二
            C 0-1 三
            A 3-2 四
            C 3-5 五
            A 0-3 六
            """
        #expect(try WordRig.outcome(source, script) == expected, "\(source)")
    }

    @Test(
        arguments: [
            (
                "agent.first(30)",
                ["`first`: 30 of what? write \"30s\", \"30 turns\", \"30 sentences\""]
            ),
            (
                "agent.first('30')",
                ["`first`: `30` is no span; write \"30s\", \"30 turns\", \"30 sentences\""]
            ),
            ("agent.after('2 turns')", ["`after`: needs \"30s\" here"]),
            ("agent.silenceBefore(20)", ["`silenceBefore`: 20 of what? write \"20s\""]),
            (
                "agent.followedBy(customer, 3)",
                ["`followedBy`: 3 of what? write \"3s\", \"3 turns\", \"3 sentences\""]
            ),
            ("agent.repeats(3, 0.8, '20s')", ["`repeats`: needs \"30 sentences\" here"]),
            ("agent.nth(0)", ["`nth`: sentences are counted from 1, the last is -1"]),
            ("agent.nth(1, 0)", ["`nth`: sentences are counted from 1, the last is -1"]),
            ("agent.atLeast(-1)", ["`atLeast`: `n` is at least 1, not -1"]),
            ("agent.atLeast(1.5)", ["`atLeast`: `n` is a whole number, not 1.5"]),
            ("agent.inARow(-1, s, true)", ["`inARow`: `n` is at least 1, not -1"]),
            ("agent.repeats(3, 80)", ["`repeats`: `similarity` is from 0.0 to 1.0, not 80"]),
            ("agent.repeats(1)", ["`repeats`: `times` is at least 2, not 1"]),
            (
                "agent.repeats(3, 0.8, '100 sentences')",
                ["`repeats`: looks 64 sentences back at most"]
            ),
            (
                "agent.between('2m', '30s')",
                ["`between`: the time from comes before the time to: between(\"30s\", \"2m\")"]
            ),
            ("agent.nth()", ["`nth`: write X.nth(first[, last])"]),
            ("agent.inARow(3, s.words, true)", ["`inARow`: needs a simple name here, such as s"]),
            (
                "agent.rises(s, s.emotionValue, '3')",
                ["`rises`: `3` is no percentage; write \"50%\""]
            ),
            (
                "agent.followedBy('您好')",
                [
                    "`followedBy` does not take `string` here",
                    "it takes X.followedBy(Y[, span]) -> sentences",
                ]
            ),
            (
                "agent.average(s, s.words)",
                ["`average` does not take `string` here", "it takes X.average(s, value) -> number"]
            ),
        ] as [(String, [String])])
    func mistakes(_ source: String, _ expected: [String]) {
        #expect(WordRig.mistakes(source) == expected)
        #expect(WordRig.mistakes(source, in: .chinese).count == expected.count)
    }

    @Test(arguments: [
        "agent.first(task.id)", "agent.nth(1 - 1)", "agent.rises(s, s.begin, task.id)",
    ])
    func whatShowsOnlyWhenAskedIsAFault(_ source: String) {
        #expect(throws: EvaluationError.self) { try WordRig.outcome(source, Self.call) }
    }
}
