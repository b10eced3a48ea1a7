import CEL
import Foundation
import Pipeline
import TestSupport
import Testing

/// The rule files in `rules/`: sound, and right about the conversations they are for.
@Suite struct ShippedRuleCallTests {
    static func judge(
        _ conversation: Conversation, labels: [String: String] = [:]
    ) throws -> Evaluation.Verdict {
        Evaluation.judge(
            conversation, of: nil, task: Samples.task(labels: labels),
            rules: try ShippedRules.load(),
            at: Samples.now)
    }

    /// The ids of the rules that fire.
    static func alerts(_ sentences: [Sentence], status: TaskStatus = .finish) throws -> [String] {
        var conversation = Conversation(status: status)
        conversation.sentences = sentences
        let verdict = try judge(conversation)
        #expect(verdict.faults == [])
        return verdict.alerts.map(\.id.rule).sorted()
    }

    /// Sentences of three seconds, one a second after the other, after a greeting.
    static func call(_ lines: [(Speaker, String, Int64)]) -> [Sentence] {
        let lines = [(Speaker.agent, "您好，很高兴为您服务", Int64(4))] + lines
        return lines.enumerated().map { index, line in
            let begin = Int64(index) * 4000
            return Sentence(
                begin: begin, end: begin + 3000, speaker: line.0, words: line.1,
                emotionValue: line.2)
        }
    }

    @Test func theFilesLoadCleanAndPassTheirCases() throws {
        let ids = try ShippedRules.load().rules.filter(\.isEnabled).map(\.id).sorted()
        #expect(
            ids == [
                "agent-asks-secret", "agent-forbidden-words", "complaint-words",
                "customer-loud", "customer-loud-streak", "emergency-words", "long-silence",
                "no-opening", "no-transcript", "rag-empty", "rag-error", "task-error",
                "task-error-text", "task-expired",
            ])
    }

    @Test func everyRuleHasTitleMessageAndCasesOfBothKinds() throws {
        for document in try ShippedRules.documents() {
            let parts = document.text.components(separatedBy: "\n  - rule: ").dropFirst()
            for part in parts {
                let id = part.prefix { $0 != "\n" }
                for needed in [
                    "title: ", "severity: ", "message: |", "expect: true",
                    "expect: false",
                ] {
                    #expect(part.contains(needed), "\(document.name) \(id) lacks `\(needed)`")
                }
            }
        }
    }

    @Test func theFirstDocumentsReplyRaisesTheseAlerts() throws {
        let verdict = try Self.judge(SeedReplies.analysed)
        #expect(verdict.faults == [])
        #expect(
            verdict.alerts.map(\.id.rule).sorted() == [
                "no-opening", "rag-error", "task-error-text",
            ]
        )
        let messages = Dictionary(
            uniqueKeysWithValues: verdict.alerts.map { ($0.id.rule, $0.message) })
        #expect(messages["rag-error"]?.contains("非法参数:[无有效知识库]") == true)
        #expect(messages["task-error-text"]?.contains("异常") == true)
    }

    @Test func theSecondDocumentsReplyRaisesNone() throws {
        let verdict = try Self.judge(SeedReplies.recorded)
        #expect(verdict.alerts.map(\.id.rule) == [])
        #expect(verdict.faults == [])
    }

    @Test(
        arguments: [
            ("loud", [(.customer, "你们到底管不管", 8)], ["customer-loud"]),
            ("nearly loud", [(.customer, "你们到底管不管", 7)], []),
            ("a loud agent", [(.agent, "听不清", 9)], []),
            (
                "a streak with the agent between",
                [
                    (.customer, "一", 7), (.agent, "嗯", 4), (.customer, "二", 7), (.agent, "嗯", 4),
                    (.customer, "三", 7),
                ], ["customer-loud-streak"]
            ),
            (
                "a streak that is broken",
                [
                    (.customer, "一", 7), (.customer, "二", 7), (.customer, "三", 6),
                    (.customer, "四", 7),
                ],
                []
            ),
            ("a complaint", [(.customer, "我要打12315", 5)], ["complaint-words"]),
            ("an agent's complaint", [(.agent, "您的投诉已经登记", 4)], []),
            ("a banned phrase", [(.agent, "这个不归我管", 4)], ["agent-forbidden-words"]),
        ] as [(String, [(Speaker, String, Int64)], [String])])
    func aCallRaisesWhatItShould(
        _ name: String, _ lines: [(Speaker, String, Int64)], _ expected: [String]
    ) throws {
        #expect(try Self.alerts(Self.call(lines)) == expected, "\(name)")
    }

    @Test func theStreakThatIsQuotedIsTheOneThatFired() throws {
        var conversation = Conversation(status: .finish)
        conversation.sentences = Self.call([
            (.customer, "单独一句", 7), (.customer, "平静", 3), (.customer, "一", 7),
            (.agent, "嗯", 4), (.customer, "二", 7), (.customer, "三", 7),
        ])
        let alert = try #require(try Self.judge(conversation).alerts.first)
        #expect(alert.id.rule == "customer-loud-streak")
        #expect(alert.evidence.map(\.words) == ["一", "二", "三"])
        #expect(alert.message.contains("00:12") && alert.message.contains("“一”"))
    }

    @Test func aCallOfHoursIsJudgedByEveryRule() throws {
        let calm = (0..<1500).flatMap { index in
            [
                (Speaker.customer, "第\(index)句话", Int64(index % 3 == 2 ? 5 : 7)),
                (Speaker.agent, "好的", Int64(4)),
            ]
        }
        #expect(try Self.alerts(Self.call(calm)) == [])
        let last = calm + [(.customer, "一", 7), (.customer, "二", 7), (.customer, "三", 7)]
        #expect(try Self.alerts(Self.call(last)) == ["customer-loud-streak"])
    }

    @Test(arguments: [
        (TaskStatus.error, ["task-error"]), (.expired, ["task-expired"]),
        (.refused, ["task-expired"]), (.queue, []), (.running, []),
    ])
    func aTaskWithoutAResultRaisesWhatItShould(
        _ status: TaskStatus, _ expected: [String]
    ) throws {
        #expect(try Self.alerts([], status: status) == expected)
    }

    @Test func aTranscriptThatIsMissingIsNoMissingGreeting() throws {
        #expect(try Self.alerts([]) == ["no-transcript"])
    }

    @Test(arguments: [(20_000, []), (20_001, ["long-silence"])] as [(Int64, [String])])
    func silenceIsLongBeyondTwentySeconds(_ gap: Int64, _ expected: [String]) throws {
        let sentences = [
            Sentence(begin: 0, end: 1000, speaker: .agent, words: "您好"),
            Sentence(begin: 1000 + gap, end: 2000 + gap, speaker: .customer, words: "在"),
        ]
        #expect(try Self.alerts(sentences) == expected)
    }

    @Test(arguments: [(29_999, []), (30_000, ["no-opening"])] as [(Int64, [String])])
    func aGreetingCountsInTheFirstThirtySeconds(_ begin: Int64, _ expected: [String]) throws {
        let sentences = [
            Sentence(begin: 11_000, end: 12_000, speaker: .customer, words: "喂"),
            Sentence(begin: begin, end: begin + 1000, speaker: .agent, words: "您好"),
        ]
        #expect(try Self.alerts(sentences) == expected)
    }

    @Test func messagesOfTheShippedRulesNeedNoLabels() throws {
        for conversation in [SeedReplies.analysed, Conversation(status: .error)] {
            for alert in try Self.judge(conversation).alerts {
                #expect(!alert.message.isEmpty && !alert.message.contains("{{"))
            }
        }
    }
}
