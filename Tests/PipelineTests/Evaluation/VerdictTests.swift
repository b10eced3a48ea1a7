import CEL
import Pipeline
import TestSupport
import Testing

/// Conversations, rules, and what comes of them.
@Suite struct VerdictTests {
    static func judge(
        _ rules: String, status: TaskStatus = .finish, sentences: [Sentence] = [],
        labels: [String: String] = [:]
    ) -> Evaluation.Verdict {
        var conversation = Conversation(tid: "tid-1", status: status)
        conversation.sentences = sentences
        return Evaluation.judge(
            conversation, of: nil, task: Samples.task(labels: labels),
            rules: TestRules.load(rules), at: Samples.now)
    }

    static let complaint = Sentence(
        begin: 3_600_000, end: 3_601_000, speaker: .customer, role: "0", roleName: "客户",
        words: "我要投诉", emotionValue: 9, speechRate: 240)

    @Test func anAlertSaysWhatFiredWhereAndWhy() throws {
        let verdict = Self.judge(
            RuleRig.rule(
                "title: 投诉", "severity: critical", "when: sentences.size() > 0",
                "evidence: sentences", "labels: { team: \"{{ task.labels.team }}组\" }",
                "message: \"{{ evidence[0].words }}\"", "notify: [room]"),
            sentences: [Self.complaint], labels: ["team": "华东", "agent": "1024"])
        #expect(verdict.faults == [])
        let alert = try #require(verdict.alerts.first)
        #expect(verdict.alerts.count == 1)
        let id = Alert.ID(rule: "r", task: TaskID(source: "calls", id: "t-1"), tid: "tid-1")
        #expect(alert.id == id)
        #expect(alert.title == "投诉" && alert.severity == .critical)
        #expect(alert.message == "我要投诉")
        #expect(alert.raisedAt == Samples.now)
        #expect(alert.notify == ["room"] && !alert.isShadow)
        #expect(
            alert.labels == [
                "team": "华东组", "agent": "1024", "rule": "r", "severity": "critical",
                "source": "calls",
            ])
        let quote = Quote(
            words: "我要投诉", at: "60:00", begin: 3_600_000, end: 3_601_000, speaker: .customer,
            roleName: "客户", emotionValue: 9, speechRate: 240)
        #expect(alert.evidence == [quote])
        #expect(!alert.ruleSetVersion.isEmpty)
    }

    @Test func aRuleIsAskedAtItsStatusesOnly() {
        let rules = """
            rules:
              - { rule: finish, when: 'true' }
              - { rule: error, on: [ERROR], when: 'true' }
              - { rule: stuck, on: [EXPIRED, REFUSED], when: 'true' }
              - { rule: live, on: [QUEUE, RUNNING], when: 'true' }
              - { rule: off, enabled: false, when: 'true' }
            """
        let expected: [(TaskStatus, [String])] = [
            (.finish, ["finish"]), (.error, ["error"]), (.expired, ["stuck"]),
            (.refused, ["stuck"]), (.queue, ["live"]), (.running, ["live"]),
        ]
        for (status, ids) in expected {
            #expect(Self.judge(rules, status: status).alerts.map(\.id.rule) == ids, "\(status)")
        }
    }

    @Test func unlessHoldsBackAndAShadowIsMarked() throws {
        let rules = """
            rules:
              - { rule: held, when: 'true', unless: sentences.size() == 1 }
              - { rule: shadow, when: 'true', unless: sentences.size() > 1, shadow: true }
            """
        let alert = try #require(Self.judge(rules, sentences: [Self.complaint]).alerts.first)
        #expect(alert.id.rule == "shadow" && alert.isShadow)
    }

    @Test func aRuleWithoutMessageAndEvidenceTellsItsTitle() throws {
        let alert = try #require(
            Self.judge(RuleRig.rule("when: 'true'", "title: 标题")).alerts.first)
        #expect(alert.message == "标题" && alert.evidence == [] && alert.notify == nil)
    }

    @Test(arguments: [
        ("task.labels.team == \"a\"", "no-such-key"), ("1 / agent.talk > 0", "division-by-zero"),
        ("sentences[3].words == \"\"", "index-out-of-range"), ("raw.data.x == 1", ""),
        ("result.json.verdict == \"是\"", ""),
    ])
    func aFaultOfOneRuleNeverStopsAnother(_ condition: String, _ code: String) throws {
        let verdict = Self.judge(
            """
            rules:
              - { rule: before, when: 'true' }
              - rule: broken
                when: |
                  \(condition)
              - { rule: behind, when: 'true' }
            """)
        #expect(verdict.alerts.map(\.id.rule) == ["before", "behind"])
        #expect(verdict.faults.map(\.id.rule) == ["broken"])
        let fault = try #require(verdict.faults.first)
        #expect(fault.raisedAt == Samples.now && fault.id.tid == "tid-1")
        #expect(!fault.reason.isEmpty)
    }

    /// Each reason is for people of both languages, with its place and its stable name.
    @Test func aFaultIsToldInBothLanguages() {
        func reason(_ first: String, _ second: String = "severity: high") -> String {
            Self.judge(RuleRig.rule(first, second)).faults.map(\.reason).joined()
        }
        let zero = "除数为零 / division by zero [division-by-zero]"
        let division = "1 / (task.attempts - task.attempts)"
        #expect(reason("when: \(division) == 1") == "1:1: " + zero)
        #expect(
            reason("when: 'true'", "message: 'a {{ \(division) }}'").hasPrefix(
                "消息 / the message: 1:"))
        #expect(
            reason("when: 'true'", "labels: { team: 'a {{ \(division) }}' }")
                .hasPrefix("标签 / the label `team`: 1:"))
        #expect(
            reason("when: 'true'", "evidence: '[string(\(division))]'")
                .hasPrefix("证据 / the evidence: 1:"))
        let key = reason("when: task.labels['none'] == 'a'")
        #expect(key.contains("没有这个键：`none` / there is no such key: `none` [no-such-key]"))
    }

    @Test func evidenceThatCannotBeFoundNeverCostsTheAlert() {
        let verdict = Self.judge(
            RuleRig.rule("when: 'true'", "evidence: \"[sentences[7]]\"", "message: 有人投诉"))
        #expect(verdict.alerts.map(\.message) == ["有人投诉"])
        #expect(verdict.faults.count == 1)
    }

    @Test func evidenceThatIsNoSentenceIsQuotedInWords() throws {
        let rules = RuleRig.rule("when: 'true'", "evidence: sentences.map(s, s.words)")
        let alert = try #require(Self.judge(rules, sentences: [Self.complaint]).alerts.first)
        #expect(alert.evidence == [Quote(words: "我要投诉")])
    }

    @Test func aQuoteStandsBetweenItsNeighboursAndNoSentenceIsToldTwice() throws {
        let sentences = (0..<8).map { index in
            Sentence(
                begin: Int64(index) * 1000, end: Int64(index) * 1000 + 900,
                speaker: index.isMultiple(of: 2) ? .agent : .customer,
                words: index == 7 ? String(repeating: "长", count: 300) : "第\(index)句")
        }
        func quotes(_ evidence: String) throws -> [[String?]] {
            let rules = RuleRig.rule("when: 'true'", "evidence: \"\(evidence)\"")
            let alert = try #require(Self.judge(rules, sentences: sentences).alerts.first)
            return alert.evidence.map { [$0.before?.words, $0.words, $0.after?.words] }
        }
        #expect(try quotes("[sentences[0]]") == [[nil, "第0句", "第1句"]])
        #expect(try quotes("[sentences[3]]") == [["第2句", "第3句", "第4句"]])
        #expect(
            try quotes("[sentences[2], sentences[4], sentences[5]]")
                == [["第1句", "第2句", "第3句"], [nil, "第4句", nil], [nil, "第5句", "第6句"]])
        #expect(try quotes("[sentences[6]]")[0][2]?.count == 120)
        #expect(try quotes("['x']") == [[nil, "x", nil]])
        let rules = RuleRig.rule("when: 'true'", "evidence: '[sentences[1]]'")
        let quote = try #require(
            Self.judge(rules, sentences: sentences).alerts.first?.evidence.first)
        #expect(
            quote.before
                == Quote.Context(words: "第0句", at: "00:00", speaker: .agent, roleName: ""))
    }

    @Test func quotesAreBoundedInNumberAndLength() throws {
        let long = Sentence(
            begin: 0, end: 1, speaker: .customer, words: String(repeating: "投", count: 10_000))
        let rules = RuleRig.rule("when: 'true'", "evidence: sentences")
        let alert = try #require(
            Self.judge(rules, sentences: Array(repeating: long, count: 100)).alerts.first)
        #expect(alert.evidence.count == 20)
        #expect(alert.evidence.allSatisfy { $0.words.count == 500 })
    }

    @Test func aRuleThatWorksTooLongIsAFault() {
        let condition = "sentences.all(a, sentences.all(b, sentences.all(c, a.end <= 9999)))"
        let rules = RuleRig.condition(condition)
        let sentences = Array(
            repeating: Sentence(begin: 0, end: 1, speaker: .agent, words: "a"), count: 1000)
        let elapsed = ContinuousClock().measure {
            let verdict = Self.judge(rules, sentences: sentences)
            #expect(verdict.alerts == [])
            #expect(verdict.faults.first?.reason.isEmpty == false)
        }
        #expect(elapsed < .seconds(20), "\(elapsed)")
    }

    @Test func theSameInputGivesTheSameVerdict() {
        let rules = RuleRig.rule(
            "when: 'true'", "evidence: sentences",
            "labels: { a: \"{{ task.labels }}\", b: \"{{ task.age }}\" }",
            "message: \"{{ task.labels }} {{ result }} {{ now }}\"")
        let labels = Dictionary(uniqueKeysWithValues: (0..<30).map { ("k\($0)", "v\($0)") })
        let first = Self.judge(rules, sentences: [Self.complaint], labels: labels)
        for _ in 0..<20 {
            let again = Self.judge(rules, sentences: [Self.complaint], labels: labels)
            #expect(again.alerts == first.alerts)
        }
    }

    @Test func theReplyAsReceivedCanBeAsked() throws {
        let tape = try Tape.of(["data": ["taskStatus": "FINISH", "usage": ["tokens": 7]]])
        let conversation = Conversation(status: .finish)
        let reply = TaskReply(
            conversations: [conversation], status: .finish, bytes: [], tape: tape)
        let rules = TestRules.load(RuleRig.condition("raw.data.usage.tokens == 7"))
        let verdict = Evaluation.judge(
            conversation, of: reply, task: Samples.task(), rules: rules, at: Samples.now)
        #expect(verdict.alerts.count == 1)
    }
}
