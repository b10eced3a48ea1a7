import CEL
import Pipeline
import Testing

/// The examples that rules carry.
@Suite struct RuleCaseTests {
    /// A rule of this condition with one case, whose `given` starts at line 8, column 16.
    static func load(
        _ condition: String, given: String, expect: Bool = true, on: String = "[FINISH]"
    ) -> (rules: RuleSet?, findings: Findings) {
        RuleRig.load(
            RuleRig.rule(
                "on: \(on)", "when: |", "  \(condition)", "cases:", "  - name: 例",
                "    given: \(given)", "    expect: \(expect)"))
    }

    @Test(arguments: [
        // The task.
        ("task.id == \"t\" && task.source == \"calls\"", "{ task: { id: t, source: calls } }"),
        ("task.tid == \"x\"", "{ task: { tid: x } }"),
        ("task.status == \"FINISH\" && task.attempts == 1", "{}"),
        ("task.errorMessage == \"异常\"", "{ task: { errorMessage: 异常 } }"),
        ("task.age == duration(\"2h\")", "{ task: { age: 2h } }"),
        ("task.labels.team == \"华东\"", "{ task: { labels: { team: 华东 } } }"),
        (
            "task.age == duration(\"30m\") && now == timestamp(\"2026-11-21T04:30:00Z\")",
            "{ now: 2026-11-21T12:30:00+08:00, task: { submittedAt: 2026-11-21T04:00:00Z } }"
        ),
        // The result.
        ("result.text == \"\" && !has(result.text)", "{}"),
        ("result.json.verdict == \"是\"", "{ result: { text: '{\"verdict\": \"是\"}' } }"),
        ("result.ragStatus == \"SUCCESS\"", "{ result: { ragStatus: SUCCESS } }"),
        ("result.usage.rag.tokens > 100", "{ result: { usage: { rag: { tokens: 520 } } } }"),
        ("result.extra.a[1] == \"x\"", "{ result: { extra: { a: [1, x] } } }"),
        ("result.duration == 5000 && has(result.duration)", "{ result: { duration: 5000 } }"),
        (
            "result.clientEvStat.cavgEmotionValue > 5",
            "{ result: { clientEvStat: { cavgEmotionValue: 5.18 } } }"
        ),
        ("result.serviceSrStat.smaxSpeechRate == 0 && !has(result.serviceSrStat)", "{}"),
        // The sentences.
        ("sentences.size() == 0 && customer.talk == 0", "{}"),
        (
            "sentences[1].begin == 1000 && sentences[1].end == 2000 && sentences[1].index == 1",
            "{ sentences: [ { words: a }, { words: b } ] }"
        ),
        (
            "customer.sentences.size() == 1 && agent.emotion.max == 4.0",
            "{ sentences: [ { speaker: customer }, { speaker: agent, emotionValue: 4 } ] }"
        ),
        ("sentences[0].speaker == \"other\"", "{ sentences: [ {} ] }"),
        ("!has(sentences[0].emotionValue)", "{ sentences: [ { words: a } ] }"),
        ("sentences[0].silence == 9", "{ sentences: [ { silence: 9 } ] }"),
        // The reply.
        ("raw.data.x == 1", "{ raw: { data: { x: 1 } } }"),
        ("raw.a == \"1\" && raw.b == 1.5", "{ raw: { a: \"1\", b: 1.5 } }"),
    ])
    func theVocabularyCanBeGiven(_ condition: String, _ given: String) {
        let (rules, findings) = Self.load(condition, given: given)
        #expect(findings.sorted().map { $0.rendered(in: .english) } == [])
        #expect(rules != nil)
    }

    @Test(arguments: [
        ("{ sentence: [] }", ["8:18 unknown-key «sentence»"]),
        ("{ sentences: { a: 1 } }", ["8:29 wrong-type «{»"]),
        ("{ sentences: [ { emotonValue: 9 } ] }", ["8:33 unknown-key «emotonValue»"]),
        ("{ sentences: [ { emotionValue: 高 } ] }", ["8:47 wrong-type «高»"]),
        ("{ sentences: [ { speaker: 客户 } ] }", ["8:42 unknown-value «客户»"]),
        ("{ task: { status: DONE } }", ["8:34 unknown-value «DONE»"]),
        ("{ task: { age: 2 } }", ["8:31 bad-duration «2»"]),
        ("{ task: { submittedAt: 昨天 } }", ["8:39 wrong-type «昨天»"]),
        (
            "{ result: { clientEvStat: { cavgEmotionValue: x } } }",
            ["8:62 wrong-type «x»"]
        ),
        ("{ result: { clientEvStat: { avg: 1 } } }", ["8:44 unknown-key «avg»"]),
    ])
    func whatIsNotOfTheVocabularyHasItsPlace(_ given: String, _ expected: [String]) {
        let (rules, findings) = Self.load("true", given: given)
        #expect(findings.shorthand == expected)
        #expect(rules == nil)
    }

    @Test func aCaseThatFailsIsAnErrorThatShowsBoth() throws {
        let given = "{ sentences: [ { words: 我要投诉 } ] }"
        let condition = "sentences.exists(s, s.words.contains(\"投诉\"))"
        #expect(Self.load(condition, given: given).findings.shorthand == [])
        let (rules, findings) = Self.load(condition, given: given, expect: false)
        #expect(rules == nil)
        let finding = try #require(findings.all.first)
        #expect(finding.shorthand == "9:17 case-failed «false»")
        #expect(finding.message.chinese == "用例“例”期望不告警，规则 `r` 却告警了")
        #expect(
            finding.message.english == "the case \"例\" expects no alert, but the rule `r` fires")
    }

    @Test func aCaseThatFiresUnexpectedlyShowsTheEvidence() throws {
        let (_, findings) = RuleRig.load(
            RuleRig.rule(
                "when: 'true'", "evidence: sentences", "cases:", "  - name: 例",
                "    given: { sentences: [ { words: 我要投诉 } ] }", "    expect: false"))
        let finding = try #require(findings.all.first)
        #expect(finding.code == "case-failed")
        #expect(finding.hint?.chinese.contains("我要投诉") == true)
    }

    @Test func aCaseThatCannotBeJudgedIsAnError() throws {
        let (rules, findings) = Self.load("task.labels.team == \"a\"", given: "{}")
        #expect(rules == nil)
        #expect(findings.all.map(\.code) == ["case-fault"])
    }

    @Test func aCaseIsAskedAtAStatusOfItsRule() {
        #expect(Self.load("true", given: "{}", on: "[ERROR]").findings.shorthand == [])
        let finished = "{ task: { status: FINISH } }"
        let (_, findings) = Self.load("true", given: finished, on: "[ERROR]")
        #expect(findings.all.map(\.code) == ["case-failed"])
        #expect(
            Self.load("true", given: finished, expect: false, on: "[ERROR]").findings.all == [])
    }

    @Test(arguments: [
        ("cases: [ { given: {} } ]", ["4:14 missing-key «{»"]),
        ("cases: [ { expect: ture } ]", ["4:24 wrong-type «ture»"]),
        ("cases: [ { expects: true } ]", ["4:14 missing-key «{»", "4:16 unknown-key «expects»"]),
        ("cases: { a: 1 }", ["4:12 wrong-type «{»"]),
    ])
    func aMalformedCaseHasItsPlace(_ line: String, _ expected: [String]) {
        #expect(RuleRig.load(RuleRig.rule("when: 'true'", line)).findings.shorthand == expected)
    }

    @Test func aMessageThatFailsOnItsOwnExampleIsTold() throws {
        let (_, findings) = RuleRig.load(
            RuleRig.rule(
                "when: 'true'", "evidence: sentences", "message: \"{{ evidence[0].at }}\"",
                "cases:", "  - name: 例", "    given: {}", "    expect: true"))
        let finding = try #require(findings.all.first)
        #expect(finding.code == "case-message-fault")
    }
}
