import CEL
import Pipeline
import Testing

/// Rule files and what is said of them.
@Suite struct RuleFindingTests {
    @Test func aWholeRuleIsRead() throws {
        let (rules, findings) = RuleRig.load(
            """
            lists:
              escalation: [投诉, 曝光, "12315"]
            rules:
              - rule: customer-shouting
                title: 客户情绪激动
                severity: high
                on: [FINISH, ERROR]
                when: |
                  sentences.exists(s, s.speaker == "customer" && s.emotionValue >= 8)
                unless: result.text.contains("演练")
                evidence: |
                  sentences.filter(s, s.speaker == "customer" && s.emotionValue >= 8)
                labels: { team: "{{ task.labels.team }}" }
                message: |
                  客户在 {{ evidence[0].at }} 情绪值 {{ evidence[0].emotionValue }}
                notify: [qa-room]
                enabled: true
                shadow: true
                cases:
                  - name: 大声投诉
                    given: { sentences: [ { speaker: customer, words: 我要投诉, emotionValue: 9 } ] }
                    expect: true
              - rule: plain
                when: lists.escalation.exists(w, result.text.contains(w))
            """, channels: ["qa-room"])
        #expect(findings.shorthand == [])
        let rule = try #require(rules?.rules.first)
        #expect(rule.id == "customer-shouting")
        #expect(rule.title == "客户情绪激动")
        #expect(rule.severity == .high)
        #expect(rule.statuses == [.finish, .error])
        #expect(rule.notify == ["qa-room"])
        #expect(rule.isEnabled && rule.isShadow)
        let plain = try #require(rules?.rules.last)
        #expect(plain.title == "plain")
        #expect(plain.severity == .medium)
        #expect(plain.statuses == [.finish])
        #expect(plain.notify == nil)
        #expect(plain.isEnabled && !plain.isShadow)
    }

    @Test func noFilesAndEmptyFilesAreARuleSetWithoutRules() {
        #expect(RuleRig.load().rules?.rules.count == 0)
        for text in ["# 还没有规则\n", "rules: []\n", "lists: {}\n"] {
            let (rules, findings) = RuleRig.load(text)
            #expect(rules?.rules.count == 0 && findings.shorthand == [], "\(text)")
        }
    }

    @Test(arguments: [
        // The file.
        ("rule: a", ["1:1 unknown-key «rule»"]),
        ("rules: { a: 1 }", ["1:8 wrong-type «{»"]),
        ("rules: [a]", ["1:9 wrong-type «a»"]),
        // The rule's id.
        ("rules:\n  - when: 'true'", ["2:5 missing-key «w»"]),
        ("rules:\n  - rule: a", ["2:5 missing-key «r»"]),
        ("rules:\n  - rule: 客户 A\n    when: 'true'", ["2:11 bad-rule-id «客户 A»"]),
        ("rules:\n  - rule: tocsin/x\n    when: 'true'", ["2:11 bad-rule-id «tocsin/x»"]),
        (
            "rules:\n  - rule: a\n    when: 'true'\n  - rule: a\n    when: 'true'",
            ["4:11 duplicate-rule «a»"]
        ),
        // Its parts.
        (
            RuleRig.rule("when: 'true'", "whne: 'true'", "tilte: x"),
            ["4:5 unknown-key «whne»", "5:5 unknown-key «tilte»"]
        ),
        (RuleRig.rule("when: 'true'", "severity: hihg"), ["4:15 unknown-value «hihg»"]),
        (RuleRig.rule("when: 'true'", "on: [FINISH, DONE]"), ["4:18 unknown-value «DONE»"]),
        (RuleRig.rule("when: 'true'", "on: []"), ["4:9 never-asked «[»"]),
        (
            RuleRig.rule("when: 'true'", "labels: { severity: x }"),
            ["4:15 reserved-label «severity»"]
        ),
        (RuleRig.rule("when: 'true'", "enabled: maybe"), ["4:14 wrong-type «maybe»"]),
        (RuleRig.rule("when: 'true'", "notify: { a: 1 }"), ["4:13 wrong-type «{»"]),
        (RuleRig.rule("when: 'true'", "labels: [a]"), ["4:13 wrong-type «[»"]),
        // Its expressions.
        (
            RuleRig.condition("sentences.exists(s, s.emotonValue >= 8)"),
            ["5:29 unknown-field «emotonValue»"]
        ),
        (RuleRig.condition("sentence.size() > 0"), ["5:7 unknown-name «sentence»"]),
        (RuleRig.condition("lists.complaint.size() > 0"), ["5:13 unknown-field «complaint»"]),
        (RuleRig.condition("result.text"), ["5:7 wrong-type «result.text»"]),
        (RuleRig.condition("result.text == 1"), ["5:19 wrong-arguments «==»"]),
        (RuleRig.condition("result.text.matches(\"[\")"), ["5:27 bad-pattern «\"[\"»"]),
        (
            RuleRig.condition("\"客户\" == 错 && tru"),
            ["5:15 unexpected-character «错»", "5:20 unknown-name «tru»"]
        ),
        (RuleRig.rule("when: 'true'", "evidence: result.text"), ["4:15 wrong-type «result.text»"]),
        (RuleRig.rule("when: 'true'", "unless: ''"), ["4:14 syntax «'»"]),
        // Templates.
        (
            RuleRig.rule("when: 'true'", "message: 任务 {{ task.idd }} 和 {{ now.x }}"),
            ["4:25 unknown-field «idd»", "4:41 not-selectable «x»"]
        ),
        (RuleRig.rule("when: 'true'", "message: 任务 {{ task.id"), ["4:17 unclosed-template «{{»"]),
        (
            RuleRig.rule("when: 'true'", "labels: { team: \"{{ tsk }}\" }"),
            ["4:25 unknown-name «tsk»"]
        ),
        (
            RuleRig.rule(
                "when: 'true'", "evidence: sentences.map(s, s.words)",
                "message: \"{{ evidence[0].at }}\""),
            ["5:30 not-selectable «at»"]
        ),
        // Lists.
        ("lists: { a-b: [x] }", ["1:10 bad-name «a-b»"]),
        ("lists: { a: [x, ''] }", ["1:17 empty-word «'»"]),
        ("lists: { a: x }", ["1:13 wrong-type «x»"]),
        ("lists: { a: [[x]] }", ["1:14 wrong-type «[»"]),
    ])
    func everyMistakeHasItsPlace(_ text: String, _ expected: [String]) {
        let (rules, findings) = RuleRig.load(text)
        #expect(findings.shorthand == expected)
        #expect(rules == nil)
    }

    @Test func everyMistakeOfEveryFileIsShownInOneRun() {
        let (rules, findings) = RuleRig.load(
            RuleRig.rule("when: sentence.size() > 0", "severity: hihg"), "rules: [", "ruels: []",
            "rules:\n  - rule: r\n    when: 'true'\n")
        #expect(rules == nil)
        #expect(
            findings.sorted().map { "\($0.file) \($0.code)" } == [
                "a.yaml unknown-name", "a.yaml unknown-value", "b.yaml bad-yaml",
                "c.yaml unknown-key", "d.yaml duplicate-rule",
            ])
    }

    @Test func aConditionThatIsWrongHidesNoOtherMistakeOfItsRule() {
        let (_, findings) = RuleRig.load(
            RuleRig.rule(
                "when: nonsense", "title: [a]", "severity: hihg", "enabled: 1", "shadow: 2",
                "cases:", "  - { given: { tsk: 1 }, expect: true }", "  - { given: {}, expect: 1 }")
        )
        #expect(
            findings.sorted().map { "\($0.line) \($0.code)" } == [
                "3 unknown-name", "4 wrong-type", "5 unknown-value", "6 wrong-type",
                "7 wrong-type", "9 unknown-key", "10 wrong-type",
            ])
    }

    @Test func aDuplicateNamesBothPlaces() throws {
        let file = RuleRig.rule("when: 'true'")
        let rule = try #require(RuleRig.load(file, file).findings.all.first)
        #expect(rule.file == "b.yaml" && rule.message.chinese.contains("a.yaml:2"))
        let lists = "lists:\n  a: [x]\n"
        let list = try #require(RuleRig.load(lists, lists).findings.all.first)
        #expect(list.code == "duplicate-list")
        #expect(list.file == "b.yaml" && list.message.chinese.contains("a.yaml:2"))
    }

    @Test func listsAreSharedByAllFiles() {
        let (rules, findings) = RuleRig.load(
            RuleRig.condition("lists.words.size() == 2"), "lists: { words: [投诉, 曝光] }")
        #expect(findings.shorthand == [])
        #expect(rules != nil)
    }

    @Test func aChannelThatDoesNotExistIsNamed() throws {
        let text = RuleRig.rule("when: 'true'", "notify: [qa-rom]")
        #expect(RuleRig.load(text).findings.shorthand == [])
        let finding = try #require(
            RuleRig.load(text, channels: ["mail", "qa-room"]).findings.all.first)
        #expect(finding.shorthand == "4:14 unknown-value «qa-rom»")
        #expect(finding.hint?.english == "did you mean `qa-room`?")
    }

    @Test func errorsFoundBeforeDoNotHideThoseOfTheRules() {
        let findings = Findings()
        findings.addMissing("elsewhere.yaml")
        let bad = Document(name: "a.yaml", text: RuleRig.condition("nonsense"))
        #expect(RuleLoader.load([bad], findings: findings) == nil)
        let good = Document(name: "a.yaml", text: RuleRig.condition("true"))
        #expect(RuleLoader.load([good], findings: findings) != nil)
    }

    @Test func theVersionFollowsTheTextsAndNothingElse() throws {
        func version(_ documents: [(String, String)]) throws -> String {
            let documents = documents.map { Document(name: $0, text: $1) }
            return try #require(RuleLoader.load(documents, findings: Findings())).version
        }
        let (one, two) = (RuleRig.condition("true"), "lists: { a: [b] }")
        let first = try version([("a", one), ("b", two)])
        #expect(try version([("b", two), ("a", one)]) == first)
        #expect(try version([("a", one)]) != first)
        #expect(try version([("a", one + "# 改\n"), ("b", two)]) != first)
    }

    @Test func nothingIsDroppedSilently() {
        let cases = "cases: [" + String(repeating: "{ expect: true }, ", count: 201) + "]"
        let text = RuleRig.rule("when: 'true'", cases)
        #expect(RuleRig.load(text).findings.all.map(\.code) == ["too-many-cases"])
        let words = "lists:\n  a: [" + String(repeating: "x, ", count: 50_001) + "]\n"
        #expect(RuleRig.load(words).findings.all.map(\.code) == ["list-too-long"])
        let files = (0...RuleSet.fileLimit).map { Document(name: "\($0)", text: "") }
        let findings = Findings()
        #expect(RuleLoader.load(files, findings: findings) == nil)
        #expect(findings.all.map(\.code) == ["too-many-files"])
    }

    @Test func aThousandRulesLoadQuickly() {
        let rules = (0..<1000).map { index in
            """
              - rule: r\(index)
                when: |
                  sentences.exists(s, s.speaker == "customer" && s.words.contains("词\(index)"))
                evidence: sentences.filter(s, s.words.contains("词\(index)"))
                message: "{{ evidence[0].at }} {{ evidence[0].words }}"

            """
        }
        let text = "rules:\n" + rules.joined()
        let elapsed = ContinuousClock().measure {
            #expect(RuleRig.load(text).rules?.rules.count == 1000)
        }
        #expect(elapsed < .seconds(20), "\(elapsed)")
    }
}
