import CEL
import Pipeline
import TestSupport
import Testing

/// Rules whose `when` is a list: it is the condition, and the evidence.
@Suite struct SelectionTests {
    static let sentences = [
        Sentence(begin: 0, end: 1000, speaker: .agent, words: "您好", emotionValue: 4),
        Sentence(begin: 1000, end: 2000, speaker: .customer, words: "我要投诉", emotionValue: 8),
        Sentence(begin: 2000, end: 3000, speaker: .customer, words: "找媒体曝光", emotionValue: 9),
    ]

    static func judge(_ rules: String) -> Evaluation.Verdict {
        VerdictTests.judge(rules, sentences: sentences)
    }

    @Test func aListFiresWhenItIsNotEmptyAndIsTheEvidence() throws {
        let rules = """
            rules:
              - rule: loud
                when: customer.sentences.filter(s, s.emotionValue >= 8)
                message: 客户在 {{ evidence[0].at }} 说“{{ evidence[0].words }}”，共 {{ evidence.size() }} 句
              - rule: louder
                when: customer.sentences.filter(s, s.emotionValue >= 10)
            """
        let verdict = Self.judge(rules)
        #expect(verdict.faults == [])
        let alert = try #require(verdict.alerts.first)
        #expect(verdict.alerts.count == 1)
        #expect(alert.message == "客户在 00:01 说“我要投诉”，共 2 句")
        #expect(alert.evidence.map(\.at) == ["00:01", "00:02"])
        #expect(alert.evidence.map(\.speaker) == [.customer, .customer])
    }

    @Test func evidenceOfItsOwnReplacesTheList() throws {
        let alert = try #require(
            Self.judge(
                RuleRig.rule(
                    "when: customer.sentences", "evidence: agent.sentences",
                    "message: \"{{ evidence[0].words }}\"")
            ).alerts.first)
        #expect(alert.evidence.map(\.words) == ["您好"] && alert.message == "您好")
    }

    @Test(arguments: [
        // A list holds back too.
        ("when: customer.sentences", "unless: agent.sentences", 0),
        ("when: customer.sentences", "unless: 'agent.sentences.filter(s, s.emotionValue > 9)'", 1),
        // What a value of any type is shows when it is asked.
        ("when: 'dyn(customer.sentences)'", "title: x", 1), ("when: 'dyn([])'", "title: x", 0),
        ("when: 'dyn(true)'", "title: x", 1), ("when: 'dyn(false)'", "title: x", 0),
        ("when: 'true'", "unless: 'dyn([1])'", 0),
        ("when: 'customer.share > 0.5 ? customer.sentences : []'", "title: x", 1),
        ("when: '[\"words\"]'", "title: x", 1),
    ])
    func listsAreConditions(_ when: String, _ other: String, _ expected: Int) {
        let verdict = Self.judge(RuleRig.rule(when, other))
        #expect(verdict.alerts.count == expected)
        #expect(verdict.faults == [])
    }

    @Test func aListOfAnythingElseIsQuotedInWords() throws {
        let alert = try #require(
            Self.judge(
                RuleRig.rule(
                    "when: 'customer.sentences.map(s, s.words)'",
                    "message: \"{{ evidence[1] }}\"")
            ).alerts.first)
        #expect(alert.evidence == [Quote(words: "我要投诉"), Quote(words: "找媒体曝光")])
        #expect(alert.message == "找媒体曝光")
    }

    @Test func anythingElseIsAFault() {
        let verdict = Self.judge(RuleRig.rule("when: 'dyn(1)'"))
        #expect(verdict.alerts == [])
        #expect(verdict.faults.count == 1)
    }

    @Test func aMessageOfABareConditionHasNoEvidence() throws {
        let alert = try #require(
            Self.judge(RuleRig.rule("when: 'true'", "message: \"{{ evidence.size() }} 句\""))
                .alerts.first)
        #expect(alert.message == "0 句" && alert.evidence == [])
    }

    @Test(arguments: ["result.text", "customer", "1 + 1", "task.age", "null"])
    func anotherTypeIsRefusedWithAHint(_ condition: String) throws {
        let findings = RuleRig.load(RuleRig.condition(condition)).findings
        let finding = try #require(findings.all.first)
        #expect(findings.all.count == 1)
        #expect(finding.code == "wrong-type" && finding.column == 7)
        #expect(finding.hint?.english.contains("a list of sentences") == true)
    }

    @Test func aMessageKnowsTheTypeOfTheList() {
        let findings = RuleRig.load(
            RuleRig.rule(
                "when: 'customer.sentences.map(s, s.words)'", "message: \"{{ evidence[0].at }}\"")
        ).findings
        #expect(findings.shorthand == ["4:30 not-selectable «at»"])
    }

    @Test func casesAndStatusesHoldForListsToo() {
        let (rules, findings) = RuleRig.load(
            RuleRig.rule(
                "when: 'sentences.filter(s, task.status == \"ERROR\")'", "cases:",
                "  - { given: { sentences: [ { words: a } ] }, expect: false }"))
        #expect(rules == nil)
        #expect(findings.all.map(\.code) == ["status-never-given"])
    }
}
