import CEL
import Testing

@testable import Pipeline

/// Streaks, rises, repetitions, silence, interruptions.
@Suite struct SeriesWordTests {
    static let call = """
        A 0-2 您好 !4 @200
        C 2-4 我昨天打过电话 !7 @240
        A 4-6 您别着急 !4 @220
        C 6-8 今天又说明天 !8 @260
        C 8-10 那明天呢 !7 @250
        A 10-12 我查一下 !5
        C 40-42 你们到底管不管 !5 @400
        A 41-44 请您听我说 !6 @330
        C 44-46 我不听 !10
        """

    @Test(arguments: [
        ("customer.inARow(3, s, s.emotionValue >= 7)", "1 3 4"),
        ("customer.inARow(4, s, s.emotionValue >= 7)", ""),
        ("sentences.inARow(2, s, s.emotionValue >= 7)", "3 4"),
        ("customer.inARow(1, s, s.emotionValue >= 10)", "8"),
        ("customer.inARow(1 - 1, s, s.emotionValue >= 10)", "8"),
        ("customer.inARow(5, s, s.words != '')", "1 3 4 6 8"),
        ("customer.inARow(6, s, true)", ""),
        ("sentences.inARow(2, s, s.speaker == 'customer' && customer.says('明天'))", "3 4"),
        // Against all before it.
        ("customer.rises(s, s.emotionValue, 1)", "3 8"),
        ("customer.rises(s, s.emotionValue, 3)", "8"),
        ("customer.rises(s, s.emotionValue, 3.5)", ""),
        ("customer.falls(s, s.emotionValue, 2)", "6"),
        // Against a window: of time, of sentences, of turns.
        ("customer.rises(s, s.emotionValue, 3, '10s')", "8"),
        ("customer.falls(s, s.emotionValue, 2, '10s')", ""),
        // Sentences are those of the conversation, as for `repeats`, `near` and `precededBy`.
        ("customer.falls(s, s.emotionValue, 2, '1 sentence')", ""),
        ("customer.falls(s, s.emotionValue, 2, '2 sentences')", "6"),
        ("customer.rises(s, s.emotionValue, 5, '1 sentence')", ""),
        ("customer.rises(s, s.emotionValue, 5, '2 sentences')", "8"),
        ("customer.falls(s, s.emotionValue, 1, '1 sentence')", "4"),
        ("customer.rises(s, s.emotionValue, 5, '1 turn')", ""),
        ("customer.rises(s, s.emotionValue, 5, '2 turns')", "8"),
        // By a share; a sentence without the value is left out, and is not 0.
        ("customer.rises(s, s.speechRate, '50%')", "6"),
        ("customer.rises(s, s.speechRate, '61%')", ""),
        ("agent.rises(s, s.speechRate, '50%', '4 sentences')", ""),
        ("agent.rises(s, s.speechRate, '50%', '5 sentences')", "7"),
        ("customer.falls(s, s.speechRate, '50%')", ""),
        ("customer.rises(s, double(s.emotionValue), 3)", "8"),
        ("sentences.first('2s').rises(s, s.emotionValue, 0)", ""),
        ("customer.average(s, s.speechRate)", "287.5"), ("agent.lowest(s, s.speechRate)", "200"),
        ("customer.average(s, s.emotionValue)", "7.4"),
        // Louder after an interruption: words compose.
        (
            "customer.rises(s, s.emotionValue, 2, '60s').precededBy(agent.interruptions('500ms'), '15s')",
            "8"
        ),
        // Silence.
        ("sentences.silenceBefore('20s')", "6"), ("sentences.silenceBefore('28s')", ""),
        ("agent.silenceAfter('20s')", "5"), ("customer.silenceAfter('20s')", ""),
        ("agent.with('查').silenceAfter('27秒')", "5"), ("sentences.silenceAfter('28s')", ""),
        ("sentences.silenceShare() > 0.6 && sentences.silenceShare() < 0.61", "true"),
        ("sentences.first('4s').silenceShare()", "0"),
        // Interruptions.
        ("agent.interruptions('500ms')", "7"), ("agent.interruptions('1s')", ""),
        ("customer.interruptions('0s')", ""), ("customer.interrupted('500ms')", "6"),
        ("agent.interrupted('500ms')", ""), ("sentences.interruptions('999ms')", "7"),
        // Monologues and lengths.
        ("customer.monologues('3s')", "3 4"), ("sentences.monologues('2s')", "3 4 7"),
        ("customer.monologues('4s')", ""), ("sentences.duration()", "46s"),
        ("customer.duration()", "44s"), ("sentences.duration() > duration('45s')", "true"),
        ("sentences.with('x').duration()", "0ms"),
    ])
    func series(_ source: String, _ expected: String) throws {
        #expect(try WordRig.outcome(source, Self.call) == expected, "\(source)")
    }

    @Test(arguments: [
        ("customer.repeats(3)", "0 2 5"), ("customer.repeats(4)", ""),
        ("customer.repeats(2)", "0 2 5"),
        ("customer.repeats(2, 1.0)", ""), ("customer.repeats(2, 1)", ""),
        // A span counts the sentences of the conversation.
        ("customer.repeats(2, 0.8, '1 sentence')", ""),
        ("customer.repeats(2, 0.8, '2 sentences')", "0 2"),
        ("customer.repeats(2, 0.8, '3句')", "0 2 5"), ("agent.repeats(2)", ""),
        ("customer.nth(2, 9).repeats(2, 0.8, '64 sentences')", "2 5"),
        ("sentences.with('x').repeats(2)", ""),
    ])
    func repetitions(_ source: String, _ expected: String) throws {
        let script = """
            C 0-2 我的快递怎么还没到？
            A 2-3 您好您好
            C 3-5 我的快递怎么还没有到
            A 5-6 请稍等一下
            C 6-7 那好吧我等着
            C 8-9 我的快递，怎么还没到呀
            """
        #expect(try WordRig.outcome(source, script) == expected, "\(source)")
    }

    @Test(arguments: [
        ("customer.rises(s, s.silence, '50%')", ""), ("customer.falls(s, s.silence, '50%')", ""),
        ("customer.rises(s, s.silence, 0)", ""), ("customer.rises(s, s.speechRate, '0%')", ""),
        ("customer.rises(s, s.emotionValue, '0%')", "2"),
    ])
    func whatStaysAsItIsDoesNotRise(_ source: String, _ expected: String) throws {
        let script = "C 0-1 一 !3 @100\nC 1-2 二 !3 @100\nC 2-3 三 !4 @100"
        #expect(try WordRig.outcome(source, script) == expected, "\(source)")
    }

    /// Two sentences at the bound of what is compared, and one beyond.
    @Test(arguments: [(62, "0 63"), (63, "0 64"), (64, "")])
    func howFarBackRepeatsLook(_ between: Int, _ expected: String) throws {
        let others = (0..<between).map { "C 1-2 \($0)" }
        let script = (["C 0-1 我的快递怎么还没到"] + others + ["C 3-4 我的快递怎么还没有到"])
            .joined(separator: "\n")
        #expect(try WordRig.outcome("customer.repeats(2)", script) == expected)
        #expect(
            try WordRig.outcome("customer.repeats(2, 0.8, '64 sentences')", script) == expected)
    }

    @Test(arguments: [
        // Somebody murmurs beside the sentence after which nobody speaks.
        ("agent.with('稍等').silenceAfter('60s')", "0"), ("customer.silenceAfter('60s')", ""),
        ("sentences.silenceAfter('60s')", "0 4"), ("agent.silenceAfter('69s')", "0"),
        ("agent.silenceAfter('70s')", ""),
    ])
    func aMurmurIsNotTheLastWord(_ source: String, _ expected: String) throws {
        let script = """
            A 0-10 请稍等
            C 5-6 嗯
            A 80-82 久等了
            C 82-84 好
            A 84-84 嗯
            A 150-152 还在吗
            """
        #expect(try WordRig.outcome(source, script) == expected, "\(source)")
    }

    @Test(arguments: [
        // Somebody who is neither: a bot, or a speaker that the settings do not map.
        ("sentences.interruptions('0s')", "1"), ("sentences.interrupted('0s')", "0"),
        ("sentences.turns()", "3"), ("sentences.monologues('1s')", "0 1 2"),
    ])
    func anUnknownSpeakerIsASpeaker(_ source: String, _ expected: String) throws {
        #expect(try WordRig.outcome(source, "O 0-5 欢迎\nA 4-7 您好\nC 8-10 喂") == expected)
    }

    @Test(arguments: [
        // The interrupted one is who speaks on longest; who speaks beside himself interrupts nobody.
        ("sentences.interruptions('1s')", "2"), ("sentences.interrupted('1s')", "0"),
        ("customer.interruptions('1s')", ""),
    ])
    func overlaps(_ source: String, _ expected: String) throws {
        let script = """
            C 0-10 一直说
            C 1-4 又一句
            A 5-9 打断
            C 9-9.5 嗯
            """
        #expect(try WordRig.outcome(source, script) == expected, "\(source)")
    }

    @Test(arguments: [
        ("json(result.text).verdict", "是"),
        ("json(result.text).items.exists(i, i.value == '是')", "true"),
        ("json('[1, 2]')[1]", "2"), ("has(json('不是 JSON').verdict)", "false"),
        ("json('').size()", "0"), ("json('{').size()", "0"), ("json('12').size()", "0"),
        // As models write it.
        ("json('```json {\"a\":1}```').a", "1"), ("json('```json\\n[1, 2]\\n```')[1]", "2"),
        ("json('结论如下：{\"a\":{\"b\":\"}\"}}，供参考').a.b", "}"),
        ("json('共 [1] 条：[{\"a\":1},{\"a\":2}]')[1].a", "2"), ("json('见 [1]').size()", "0"),
        ("json('{坏}{\"a\":3}').a", "3"), ("json('{{{{{{{{{{{{{{{{{{{{').size()", "0"),
        ("json('{\"a\":1e400,\"b\":\"1e400\"}').b", "1e400"),
        ("json('{\"a\":-1e400,\"b\":2}').a == null", "true"),
        ("json(json('{\"a\": \"{\\\\\"b\\\\\": 7}\"}').a).b", "7"),
        ("sentences.map(s, json(s.words).size()).sum(n, n)", "0"),
    ])
    func valuesInsideTexts(_ source: String, _ expected: String) throws {
        var conversation = Conversation(status: .finish)
        conversation.text = #"{"verdict": "是", "items": [{"value": "是"}]}"#
        conversation.sentences = WordRig.conversation(Self.call)
        let facts = try Facts(
            conversation,
            task: .init(
                id: TaskID(source: "s", id: "t"), submittedAt: .init(milliseconds: 0),
                acceptedAt: .init(milliseconds: 0), status: .finish, attempts: 1, dueAt: nil),
            reply: nil, at: .init(milliseconds: 0), in: WordRig.vocabulary.environment)
        let value = try WordRig.vocabulary.environment.compile(source).evaluate(facts.activation)
        #expect(ValueText.text(of: value) == expected)
    }

    @Test func aWordInsideALoopIsNotRemembered() throws {
        let source = "sentences.filter(s, json('{\"n\": ' + string(s.index) + '}').n == 3)"
        #expect(try WordRig.outcome(source, Self.call) == "3")
    }
}
