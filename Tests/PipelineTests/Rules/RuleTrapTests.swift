import CEL
import Pipeline
import Testing

/// What YAML makes of bare expressions, and that the person who wrote them is told.
@Suite struct RuleTrapTests {
    /// Each bare value: the code of what is said, and a part of the block that is shown.
    @Test(arguments: [
        ("!has(result.text)", "yaml-tag", "!has(result.text)"),
        ("!has(result.text) && now > now", "bad-yaml", "!has(result.text) && now > now"),
        ("!result.text.contains(\"x\")", "bad-yaml", "!result.text.contains(\"x\")"),
        ("!sentences.exists(s, s.end > 1)", "bad-yaml", "!sentences.exists(s, s.end > 1)"),
        ("[1, 2].size() > 1", "bad-yaml", "[1, 2].size() > 1"),
        ("[\"a\", \"b\"]", "yaml-structure", "[\"a\", \"b\"]"),
        ("{{ task.id }}", "yaml-structure", "{{ task.id }}"),
        ("{\"a\": 1}.size() > 0", "bad-yaml", "{\"a\": 1}.size() > 0"),
        ("\"投诉\" in lists.a", "bad-yaml", "\"投诉\" in lists.a"),
        ("'投诉' in lists.a", "bad-yaml", "'投诉' in lists.a"),
        ("agent.talk > 1 ? true : false", "bad-yaml", "agent.talk > 1 ? true : false"),
        ("@x", "bad-yaml", "@x"),
        ("`x`", "bad-yaml", "`x`"),
        ("%x", "bad-yaml", "%x"),
        ("&x", "wrong-type", ""),
        ("*x", "bad-yaml", "*x"),
    ])
    func aBareExpressionThatYAMLTakesForItsOwn(
        _ text: String, _ code: String, _ shown: String
    ) throws {
        let (rules, findings) = RuleRig.load(
            RuleRig.rule("title: 标题", "when: \(text)"))
        #expect(rules == nil)
        let finding = try #require(findings.sorted().first)
        #expect(finding.code == code, "\(finding.rendered(in: .english))")
        #expect(finding.line == 4)
        guard !shown.isEmpty else { return }
        let hint = try #require(finding.hint?.chinese, "\(finding.rendered(in: .chinese))")
        #expect(hint.contains("when: |\n  \(shown)"), "\(hint)")
    }

    @Test func aBareTemplateIsShownAsABlock() throws {
        let (_, findings) = RuleRig.load(
            RuleRig.rule("when: 'true'", "message: {{ task.id }} 失败"))
        let finding = try #require(findings.sorted().first)
        let hint = try #require(finding.hint?.chinese, "\(finding.rendered(in: .chinese))")
        #expect(hint.contains("message: |\n  {{ task.id }} 失败"), "\(hint)")
        let alone = try #require(
            RuleRig.load(RuleRig.rule("when: 'true'", "message: {{ task.id }}")).findings.all
                .first)
        #expect(alone.code == "yaml-structure")
        #expect(alone.hint?.chinese.contains("message: |\n  {{ task.id }}") == true)
    }

    @Test(arguments: [
        (RuleRig.rule("when: result.text == \"a\" # && true"), "result.text == \"a\" # && true"),
        (RuleRig.rule("when: 'true'", "message: 工单 #{{ task.id }}"), "工单 #{{ task.id }}"),
    ])
    func aCommentThatCutsAValueIsAWarning(_ text: String, _ shown: String) throws {
        let (rules, findings) = RuleRig.load(text)
        let finding = try #require(findings.all.first)
        #expect(finding.code == "yaml-comment" && finding.severity == .warning)
        #expect(finding.hint?.chinese.contains(shown) == true)
        #expect(rules != nil)
    }

    /// What is typed with a Chinese keyboard, or in the habit of another language.
    @Test(arguments: [
        ("result.text.contains(“投诉”)", "5:28 unexpected-character «“投诉”»", "\"投诉\""),
        ("result.text.contains（\"a\"）", "5:27 unexpected-character «（»", "`(`"),
        ("agent.talk > 1 ， true", "5:22 unexpected-character «，»", "`,`"),
        ("result.text＝＝\"a\"", "5:18 unexpected-character «＝＝»", "`==`"),
        ("result.text = \"a\"", "5:19 unexpected-character «=»", "`==`"),
        ("result.text.contains(投诉)", "5:28 unexpected-character «投诉»", "\"投诉\""),
        ("result.text == \"a\" and true", "5:26 syntax «and»", "`&&`"),
        ("agent.talk > 1 or true", "5:22 syntax «or»", "`||`"),
    ])
    func aSlipOfTheKeyboardIsNamedOnce(
        _ condition: String, _ expected: String, _ hint: String
    ) throws {
        let (_, findings) = RuleRig.load(RuleRig.condition(condition))
        let finding = try #require(findings.sorted().first)
        #expect(finding.shorthand == expected)
        #expect(finding.hint?.chinese.contains(hint) == true, "\(finding)")
        #expect(finding.hint?.english.contains(hint) == true, "\(finding)")
    }

    /// What the language says of each sign is passed on as it is, and nothing is made up beside it.
    @Test(arguments: [
        (
            "customer.with（“投诉”，“不投诉”）",
            [
                "unexpected-character unexpected character `（` write `(`",
                "unexpected-character unexpected character `“投诉”` write `\"投诉\"`",
                "unexpected-character unexpected character `，` write `,`",
                "unexpected-character unexpected character `“不投诉”` write `\"不投诉\"`",
                "unexpected-character unexpected character `）` write `)`",
            ]
        ),
        (
            "customer.matching(\"(投诉\")",
            ["bad-pattern the regular expression is refused: missing ): (投诉 -"]
        ),
        ("customer.with(\"投诉“)", ["unterminated-text the text has no closing quote -"]),
    ])
    func everySignHasItsOwnHint(_ condition: String, _ expected: [String]) throws {
        let (_, findings) = RuleRig.load(RuleRig.condition(condition))
        let told = findings.sorted().map {
            "\($0.code) \($0.message.english) \($0.hint?.english ?? "-")"
        }
        #expect(told == expected)
    }

    @Test func theEndOfABlockIsTheEndOfItsLastLine() throws {
        let (_, findings) = RuleRig.load(
            RuleRig.rule("when: |", "  agent.talk > 1 ? true", "", "title: x"))
        #expect(findings.shorthand == ["4:28 syntax «»"])
    }

    @Test func aWordListWithChineseCommasIsAWarning() throws {
        let (rules, findings) = RuleRig.load(
            "lists:\n  a: [投诉，曝光, \"您好，欢迎\"]\n  b:\n    - 您好，欢迎\n")
        #expect(rules != nil)
        #expect(findings.shorthand == ["2:7 one-word «投诉，曝光»"])
    }

    @Test(arguments: ["|\n      %@", "|-\n      %@", ">-\n      %@", "'%@'"])
    func inABlockOrInQuotesTheyStayAsTheyAre(_ form: String) {
        let expressions = [
            "!result.text.contains(\"x\")", "[1, 2].size() > 1", "{\"a\": 1}.size() > 0",
            "\"投诉\" in lists.a", "agent.talk > 1 ? true : false", "result.text == \" # \"",
        ]
        for expression in expressions {
            let value = form.replacing("%@", with: expression)
            let (rules, findings) = RuleRig.load(
                RuleRig.rule("when: \(value)"), "lists: { a: [投诉] }")
            #expect(rules != nil && findings.shorthand == [], "\(value)")
        }
    }

    @Test(arguments: [
        ("task.status == \"ERROR\"", "[FINISH]", ["5:7 status-never-given", "on: [ERROR]"]),
        (
            "sentences.size() == 0 || \"ERROR\" == task.status", "[FINISH]",
            ["5:32 status-never-given", "on: [ERROR]"]
        ),
        (
            "task.status in [\"EXPIRED\", \"REFUSED\"]", "[FINISH, ERROR]",
            ["5:7 status-never-given", "on: [EXPIRED, REFUSED]"]
        ),
        ("task.status == \"FINISHED\"", "[FINISH]", ["5:22 unknown-status", "`FINISH`"]),
        ("task.status == \"Finish\"", "[FINISH]", ["5:22 unknown-status", "`FINISH`"]),
        (
            "task.status == \"FINISH\"", "[QUEUE, RUNNING]",
            ["5:7 status-never-given", "on: [FINISH]"]
        ),
    ])
    func aStatusThatNeverComesIsAnError(
        _ condition: String, _ statuses: String, _ expected: [String]
    ) throws {
        let (rules, findings) = RuleRig.load(RuleRig.condition(condition, on: statuses))
        #expect(rules == nil)
        let finding = try #require(findings.all.first)
        #expect(finding.shorthand.hasPrefix(expected[0]), "\(finding.rendered(in: .english))")
        #expect(finding.hint?.english.contains(expected[1]) == true)
    }

    /// What the cloud alone decides has no bound, whatever its manual says: a rule is not refused for it.
    @Test(arguments: [
        "sentences.filter(s, s.role == \"agent\")", "customer.emotion.max >= 12",
        "sentences[0].emotionValue > 10", "result.clientEvStat.cmaxEmotionValue > 10.0",
    ])
    func whatTheCloudDecidesIsNoError(_ condition: String) {
        let (rules, findings) = RuleRig.load(RuleRig.condition(condition))
        #expect(rules != nil)
        #expect(findings.shorthand == [])
    }

    /// What a field of a conversation can never be, where this program itself makes it.
    @Test(arguments: [
        (
            "sentences.exists(s, s.speaker == \"客服\")", "5:40 impossible-value «\"客服\"»",
            "`\"agent\"`"
        ),
        ("agent.share > 80", "5:7 impossible-value «agent.share > 80»", ""),
        (
            "task.age > duration(\"5 minutes\")", "5:27 bad-duration «\"5 minutes\"»",
            "`duration(\"5m\")`"
        ),
        ("now > timestamp(\"2026-13-01\")", "5:23 bad-timestamp «\"2026-13-01\"»", "T09:30"),
    ])
    func whatCanNeverBeIsAnError(_ condition: String, _ expected: String, _ hint: String) throws {
        let (rules, findings) = RuleRig.load(RuleRig.condition(condition))
        #expect(rules == nil)
        #expect(findings.shorthand == [expected])
        let finding = try #require(findings.all.first)
        #expect(finding.severity == .error)
        #expect(hint.isEmpty || finding.hint?.chinese.contains(hint) == true, "\(finding)")
    }

    @Test(arguments: [
        ("task.status == \"ERROR\"", "[ERROR]"), ("task.status != \"ERROR\"", "[FINISH]"),
        ("task.status in [\"FINISH\", \"ERROR\"]", "[FINISH]"), ("true", "ERROR"),
    ])
    func aStatusThatComesIsNone(_ condition: String, _ statuses: String) {
        let (rules, findings) = RuleRig.load(RuleRig.condition(condition, on: statuses))
        #expect(rules != nil && findings.shorthand == [])
    }
}
