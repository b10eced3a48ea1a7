import CEL
import Testing

@testable import Pipeline

/// What is said, and what is missing.
@Suite struct TextWordTests {
    static let call = """
        A 0-2 您好，这里是客服中心
        C 2-5 我要退款，不退货
        A 5-8 退款要请您提供一下验证码
        C 8-10 我要投诉
        A 10-12 不知道，我没办法
        C 12-15 refund now please
        A 15-17 不知道
        """

    @Test(arguments: [
        ("customer.with(lists.refund)", "1 5"), ("sentences.with(lists.refund)", "1 2 5"),
        ("sentences.with('退款')", "1 2"), ("customer.with(['退款', '投诉'])", "1 3"),
        ("customer.with('退款', '不退货')", ""), ("customer.with(lists.refund, ['投诉', 'now'])", "1"),
        ("customer.with('nothing')", ""), ("customer.with(lists.none)", ""),
        ("customer.with(lists.refund).with('now')", "5"),
        ("agent.sentences.with('您好')", "0"),
        ("sentences[1].words.contains('退') ? agent.with('好') : []", "0"),
        ("agent.without(lists.bad)", "0 2"), ("customer.without(['退款', 'refund'])", "3"),
        ("customer.without(lists.none)", "1 3 5"),
        ("sentences.matching('退(款|货)')", "1 2"), ("sentences.matching('退(款|货)', '请您')", "1"),
        ("sentences.matching('^我要')", "1 3"), ("sentences.matching(r'^[a-z ]+$')", "5"),
        ("agent.near(['请', '要'], '验证码', 6)", "2"), ("agent.near('请', '验证码', 4)", ""),
        ("agent.near('请', '验证码', 5)", "2"), ("sentences.near('please', ['refund'], 5)", "5"),
        ("agent.withAll(['验证码', '没办法'])", "2 4"), ("agent.withAll(['验证码', '投诉'])", ""),
        ("agent.withAll(lists.none)", ""),
        ("customer.withAtLeast(2, ['退款', 'refund', '曝光'])", "1 5"),
        ("customer.withAtLeast(3, ['退款', 'refund', '曝光'])", ""),
        ("agent.withSame(lists.bad, 2)", "4 6"), ("agent.withSame(lists.bad, 3)", ""),
        ("sentences.withSame(['不知道', '退款'], 2)", "1 2 4 6"), ("agent.withSame(lists.none, 1)", ""),
        ("customer.says('投诉')", "true"), ("customer.says(lists.greeting)", "false"),
        ("customer.says('退款', '不退货')", "false"), ("agent.says('退款', '不退货')", "true"),
        ("sentences.saysAll(['您好', '投诉', 'now'])", "true"),
        ("customer.saysAll(['您好', '投诉'])", "false"), ("customer.saysAll(lists.none)", "true"),
        ("customer.saysAtLeast(2, ['退款', '投诉', '曝光'])", "true"),
        ("customer.saysAtLeast(3, ['退款', '投诉', '曝光'])", "false"),
        ("customer.saysAtLeast(1, ['退款', '退款'])", "true"),
        ("customer.saysNone(lists.greeting)", "true"), ("agent.saysNone('您好')", "false"),
        ("customer.saysNone(lists.none)", "true"),
        // A word that the list has twice is one word.
        ("customer.withAtLeast(2, lists.twice)", ""), ("customer.withAtLeast(1, lists.twice)", "1"),
        ("customer.saysAtLeast(2, lists.twice)", "false"),
        // Exceptions, wherever words are looked for.
        ("agent.withAll(['验证码', '没办法'], '请您')", ""),
        ("agent.withAll(['不知道', '没办法'], '验证码')", "4 6"),
        ("customer.withAtLeast(2, ['退款', 'refund'], '不退货')", ""),
        ("customer.withAtLeast(1, ['退款', 'refund'], '不退货')", "5"),
        ("agent.withSame(lists.bad, 2, '没办法')", ""), ("agent.withSame(lists.bad, 1, '没办法')", "6"),
        ("sentences.saysAll(['退款', '投诉'], '不退货')", "true"),
        ("customer.saysAll(['退款', '投诉'], '不退货')", "false"),
        ("customer.saysAtLeast(2, ['退款', '投诉'], ['不退货'])", "false"),
        ("customer.saysNone('退款', '不退货')", "true"), ("sentences.saysNone('退款', '不退货')", "false"),
        ("agent.near('请', '验证码', 5, '退款')", ""), ("agent.near('请', '验证码', 5, 'x')", "2"),
        // A side's own methods and fields.
        ("customer.size()", "3"), ("customer.exists(s, s.words.contains('投诉'))", "true"),
        ("agent.filter(s, s.begin > 9000).with('不知道')", "4 6"),
        ("agent.with(agent.share > 0.9 ? '不知道' : '您好')", "0"),
    ])
    func whatIsSaid(_ source: String, _ expected: String) throws {
        #expect(try WordRig.outcome(source, Self.call) == expected, "\(source)")
    }

    @Test(arguments: [
        "customer.with('a')", "customer.without('a')", "customer.matching('a')",
        "customer.near('a', 'b', 3)", "customer.withAll(['a'])", "customer.withAtLeast(1, ['a'])",
        "customer.withSame(['a'], 1)", "agent.first('30s').missing('a')",
        "agent.missingMatch('a')", "agent.first('2 turns').missing(['a'])",
    ])
    func anEmptyConversationHasNothing(_ source: String) throws {
        #expect(try WordRig.outcome(source, "") == "")
    }

    @Test(arguments: [
        // Said in time.
        ("agent.first('30s').missing(lists.greeting)", ""),
        ("agent.first('1 turn').missing(['没有', '您好'])", ""),
        ("agent.last('5s').missing('不知道')", ""),
        ("agent.missing('不知道')", ""),
        // Said, but late: the sentence, and how late.
        ("agent.first('3s').missing('验证码')", "2+2.0s"),
        ("agent.first('9500ms').missing('不知道')", "4+0.5s"),
        ("agent.first('1 turn').missing('验证码')", "2+3.0s"),
        ("agent.first('1 sentence').missing('不知道')", "4+8.0s"),
        ("agent.first('3s').missingMatch('不知道|验证码')", "2+2.0s"),
        ("agent.first('3s').missing('不知道', '没办法')", "6+12.0s"),
        // Said, but before the end: how early.
        ("agent.last('2s').missing('验证码')", "2-7.0s"),
        ("agent.last('1 turn').missing('没办法')", "4-3.0s"),
        // Other windows know what is outside of them too.
        ("agent.between('0s', '3s').missing('验证码')", "2+2.0s"),
        ("agent.between('6s', '9s').missing('您好')", "0-6.0s"),
        ("agent.between('6s', '9s').missing(['您好', '没办法'])", "4+1.0s"),
        ("agent.nth(1).missing('没办法')", "4+8.0s"), ("agent.nth(1, 2).missing('没办法')", "4+2.0s"),
        ("agent.nth(-1).missing('您好')", "0-13.0s"), ("agent.nth(9).missing('您好')", "0"),
        ("agent.after('6s').missing('退款')", "2-1.0s"),
        ("agent.after('6s').missing('工号')", "4 6"),
        ("agent.after('20s').missing('再见')", "6"),
        // Never said: what was said instead.
        ("agent.first('8s').missing('工号')", "0 2"), ("agent.missing('工号')", "0 2 4 6"),
        ("agent.last('3s').missing('再见')", "6"),
        ("agent.first('2 sentences').missing('工号')", "0 2"),
        // Not a word in the window: what the conversation has there.
        ("customer.first('2s').missing('你好')", "0"), ("customer.last('1s').missing('再见')", "6"),
        ("agent.between('2s', '4s').missing('工号')", "0"),
        // Only the words' own side counts.
        ("customer.first('3s').missing('您好')", "1"),
    ])
    func theNearestMissIsTheEvidence(_ source: String, _ expected: String) throws {
        #expect(try WordRig.outcome(source, Self.call) == expected, "\(source)")
    }

    @Test(
        arguments: [
            ("customer.with(5)", ["`with`: needs a text or a list of texts here"]),
            ("customer.with()", ["`with`: write X.with(words[, except])"]),
            ("customer.with('a', 'b', 'c')", ["`with`: write X.with(words[, except])"]),
            ("customer.withAll('a')", ["`withAll`: needs a list of texts here"]),
            (
                "agent.near('a')",
                [
                    "`near`: write X.near(words, others, characters[, except]) or X.near(Y, span)"
                ]
            ),
            ("customer.wiht('a')", ["there is no function `wiht`", "did you mean `with`?"]),
            ("customer.mising('a')", ["there is no function `mising`", "did you mean `missing`?"]),
            ("task.with('a')", ["a loop needs a list or a map, not `Task`"]),
            (
                "customer.matching('[')",
                ["the regular expression is refused: missing ]: ["]
            ),
            ("customer.withSame([1], 2)", ["`withSame`: 1 is no text; write \"1\""]),
            (
                "customer.withSame(lists.bad, 'x')",
                [
                    "`withSame` does not take `string` here",
                    "it takes X.withSame(list, times[, except]) -> sentences",
                ]
            ),
            // What can never be right.
            ("customer.with('')", ["`with`: the empty text is in every sentence"]),
            ("customer.with(['a', ''])", ["`with`: the empty text is in every sentence"]),
            ("customer.with('a', '')", ["`with`: the empty text is in every sentence"]),
            ("customer.matching('')", ["`matching`: the empty text is in every sentence"]),
            ("customer.with([])", ["`with`: the list is empty"]),
            ("customer.saysAll([])", ["`saysAll`: the list is empty"]),
            ("customer.with(['投诉', 12315])", ["`with`: 12315 is no text; write \"12315\""]),
            (
                "customer.withAtLeast(5, ['a', 'b'])",
                ["`withAtLeast`: the list has 2 different words, never 5"]
            ),
            (
                "customer.saysAtLeast(2, ['a', 'a'])",
                ["`saysAtLeast`: the list has 1 different words, never 2"]
            ),
            ("customer.withAtLeast(0, ['a'])", ["`withAtLeast`: `n` is at least 1, not 0"]),
        ] as [(String, [String])])
    func mistakesAreToldInTheWordsOfTheRule(_ source: String, _ expected: [String]) {
        #expect(WordRig.mistakes(source) == expected)
        #expect(WordRig.mistakes(source, in: .chinese).count == expected.count)
    }
}
