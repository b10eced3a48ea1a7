import Pipeline
import TestSupport
import Testing

@Suite struct EvaluationTests {
    func judge(
        _ rules: String, labels: [String: String] = [:], status: TaskStatus = .finish,
        words: [String] = ["我要投诉"]
    ) -> Evaluation.Verdict {
        var conversation = Conversation(status: status)
        conversation.sentences = words.enumerated().map { place, text in
            Sentence(
                begin: Int64(place) * 61_000, end: Int64(place) * 61_000 + 1000,
                speaker: .customer, roleName: "客户", words: text, emotionValue: 9)
        }
        return Evaluation.judge(
            conversation, of: nil, task: Samples.task(labels: labels),
            rules: TestRules.load("rules:\n" + rules), at: Samples.now)
    }

    @Test func anAlertCarriesTextsLabelsAndQuotes() throws {
        let verdict = judge(
            """
              - rule: a
                title: 标题
                severity: critical
                when: 'true'
                evidence: sentences
                labels: { team: "{{ task.labels.team }}-x", place: "{{ evidence[1].at }}" }
                message: "{{ evidence[0].words }} {{ customer.emotion.avg }} {{ task.labels.none }}."
                notify: room
            """, labels: ["team": "一组", "agent": "王"], words: ["我要投诉", "再见"])
        #expect(verdict.faults == [])
        let alert = try #require(verdict.alerts.first)
        #expect(alert.title == "标题")
        #expect(alert.severity == .critical)
        #expect(alert.message == "我要投诉 9 .")
        #expect(
            alert.labels == [
                "team": "一组-x", "agent": "王", "place": "01:01", "rule": "a",
                "severity": "critical", "source": "calls",
            ])
        #expect(alert.evidence.map(\.words) == ["我要投诉", "再见"])
        #expect(alert.evidence[1].at == "01:01")
        #expect(alert.evidence[0].roleName == "客户")
        #expect(alert.notify == ["room"])
    }

    @Test func aFaultNeverStopsAnotherRule() {
        let verdict = judge(
            """
              - rule: broken
                when: 'task.labels.team == "a"'
              - rule: sound
                when: 'true'
            """)
        #expect(verdict.alerts.map(\.id.rule) == ["sound"])
        #expect(verdict.faults.map(\.id.rule) == ["broken"])
    }

    @Test(arguments: ["evidence: '[sentences[9]]'", "message: '{{ sentences[9].words }}'"])
    func whatCannotBeShownNeverCostsTheAlert(part: String) {
        let verdict = judge("  - rule: a\n    title: T\n    when: 'true'\n    \(part)\n")
        #expect(verdict.alerts.map(\.title) == ["T"])
        #expect(verdict.faults.count == 1)
    }

    @Test func onlyRulesOfTheStatusAreAsked() {
        let rules = """
              - rule: finish
                when: 'true'
              - rule: error
                on: [ERROR]
                when: 'true'
              - rule: off
                enabled: false
                when: 'true'
              - rule: held
                when: 'true'
                unless: sentences.size() > 0
            """
        #expect(judge(rules).alerts.map(\.id.rule) == ["finish"])
        #expect(judge(rules, status: .error).alerts.map(\.id.rule) == ["error"])
        #expect(judge(rules, words: []).alerts.map(\.id.rule) == ["finish", "held"])
    }

    @Test func quotesAreBounded() {
        let long = String(repeating: "很", count: 2000)
        let verdict = judge(
            "  - rule: a\n    when: 'true'\n    evidence: sentences\n",
            words: Array(repeating: long, count: 50))
        #expect(verdict.alerts.first?.evidence.count == 20)
        #expect(verdict.alerts.first?.evidence.first?.words.count == 500)
    }
}
