import CEL
import Pipeline
import TestSupport
import Testing

/// What `{{ }}` becomes in a message.
@Suite struct TemplateTests {
    /// The message of a rule that always fires, over a conversation with every kind of value.
    static func message(_ text: String, evidence: String = "sentences") -> Evaluation.Verdict {
        let rules = TestRules.load(
            RuleRig.rule("when: 'true'", "evidence: \(evidence)", "message: |", "  \(text)"))
        var conversation = Conversation(status: .finish)
        conversation.sentences = [
            Sentence(
                begin: 65_500, end: 70_000, speaker: .customer, words: "我要投诉", emotionValue: 9),
            Sentence(begin: 70_000, end: 71_000, speaker: .agent, words: "您好", emotionValue: 4),
        ]
        conversation.statistics = ["clientEvStat": ["cavgEmotionValue": 5.18]]
        var task = Samples.task(labels: ["team": "华东"])
        task.submittedAt = Samples.now - .seconds(3723)
        return Evaluation.judge(
            conversation, of: nil, task: task, rules: rules, at: Samples.now)
    }

    @Test(arguments: [
        // Texts.
        ("没有模板", "没有模板"), ("{ a } } {", "{ a } } {"), ("{{ task.id }}", "t-1"),
        ("任务{{task.id}}，{{ task.labels.team }}。", "任务t-1，华东。"),
        ("{{ \"}}\" }}{{ '{{' }}", "}}{{"), ("{{ {\"a\": {\"b\": 1}}.a.b }}", "1"),
        // Numbers, without decimals that say nothing.
        ("{{ evidence[0].emotionValue }}", "9"), ("{{ customer.emotion.avg }}", "9"),
        ("{{ result.clientEvStat.cavgEmotionValue }}", "5.18"), ("{{ 2.0 / 3.0 }}", "0.67"),
        ("{{ -2.5 }}", "-2.5"), ("{{ 1e300 }}", "1e+300"), ("{{ 1u }}", "1"),
        // Other values.
        ("{{ evidence[0].at }}", "01:05"), ("{{ true }}", "true"), ("{{ null }}", ""),
        ("{{ task.age }}", "1h02m"), ("{{ duration(\"90s\") }}", "1m30s"),
        ("{{ duration(\"800ms\") }}", "800ms"), ("{{ now }}", "2023-11-14T22:13:20Z"),
        ("{{ evidence.map(s, s.words) }}", "我要投诉、您好"), ("{{ evidence[1] }}", "您好"),
        // What is absent.
        ("[{{ result.text }}]", "[]"), ("[{{ task.labels.queue }}]", "[]"),
        ("[{{ result.interactiveCount }}]", "[0]"),
    ])
    func aValueIsShownAsPeopleReadIt(_ template: String, _ expected: String) {
        let verdict = Self.message(template)
        #expect(verdict.alerts.map(\.message) == [expected])
        #expect(verdict.faults == [])
    }

    @Test func theLineEndsAroundAMessageAreNotOfIt() {
        #expect(Self.message("  a\n\n        b  \n\n").alerts.map(\.message) == ["a\n\nb"])
    }

    @Test func aLongMessageIsCutBetweenCharactersAndSaysSo() throws {
        let words = String(repeating: "警钟👨‍👩‍👧‍👦", count: 2000)
        let message = try #require(Self.message("{{ \"\(words)\" }}").alerts.first?.message)
        #expect(message.utf8.count <= 8_003)
        #expect(message.hasSuffix("…"))
        #expect(words.hasPrefix(message.dropLast()))
    }

    @Test func aMessageThatCannotBeMadeNeverCostsTheAlert() throws {
        let verdict = Self.message("{{ evidence[7].words }}")
        let alert = try #require(verdict.alerts.first)
        #expect(alert.message.hasPrefix("r"))
        #expect(alert.message.contains("消息无法生成"), "\(alert.message)")
        #expect(alert.evidence.map(\.words) == ["我要投诉", "您好"])
        #expect(verdict.faults.map(\.id) == [alert.id])
    }

    @Test func aLabelThatCannotBeMadeCostsNeitherTheMessageNorTheOthers() throws {
        let rules = TestRules.load(
            RuleRig.rule(
                "when: 'true'", "labels: { a: \"{{ 1 / 0 }}\", b: \"{{ task.id }}\" }",
                "message: 任务 {{ task.id }}"))
        let verdict = Evaluation.judge(
            Conversation(status: .finish), of: nil, task: Samples.task(), rules: rules,
            at: Samples.now)
        let alert = try #require(verdict.alerts.first)
        #expect(alert.message == "任务 t-1")
        #expect(alert.labels["b"] == "t-1")
        #expect(alert.labels["a"] == nil)
        #expect(verdict.faults.count == 1)
    }
}
