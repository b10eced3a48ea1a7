import CEL
import Pipeline
import Testing

/// What the people who write rules are told about what they are likely to write.
@Suite struct RuleHintTests {
    /// Each condition, the place and the code of what is said, and a part of the hint in each language.
    @Test(arguments: [
        // A time without quotes, and in the form of the language below.
        (
            "agent.first(30s).missing(\"工号\")", "5:19 bad-number «30s»", "write `\"30s\"`",
            "写成 `\"30s\"`"
        ),
        (
            "task.age > 30m", "5:18 bad-number «30m»", "write `duration(\"30m\")`",
            "写成 `duration(\"30m\")`"
        ),
        // Words of Chinese for operators and for names.
        (
            "customer.says(\"a\")并且agent.says(\"b\")", "5:25 syntax «并且»", "write `&&`",
            "写成 `&&`"
        ),
        (
            "customer.says(\"a\") 或 agent.says(\"b\")", "5:26 syntax «或»", "write `||`",
            "写成 `||`"
        ),
        ("非 customer.says(\"a\")", "5:7 syntax «非»", "write `!`", "写成 `!`"),
        (
            "客户.says(\"a\")", "5:7 unknown-name «客户»", "did you mean `customer`?",
            "是不是 `customer`？"
        ),
        ("客服.says(\"a\")", "5:7 unknown-name «客服»", "`agent`", "`agent`"),
        ("坐席.says(\"a\")", "5:7 unknown-name «坐席»", "`agent`", "`agent`"),
        (
            "agent.mean(s, s.speechRate) > 3.0", "5:13 unknown-function «mean»", "`average`",
            "`average`"
        ),
        // Digits and functions of other keyboards and languages.
        ("agent.share > ０．５", "5:21 unexpected-character «０．５»", "write `0.5`", "写成 `0.5`"),
        (
            "sentences.exists(s => s.words == \"a\")", "5:26 unexpected-character «=>»",
            "write `,`", "写成 `,`"
        ),
        (
            "result.text == /a b/i", "5:22 foreign-pattern «/a b/i»",
            "write `text.matches(\"(?i)a b\")`", "写成 `text.matches(\"(?i)a b\")`"
        ),
        (
            "agent.emotion.average > 3.0", "5:21 unknown-field «average»", "did you mean `avg`?",
            "是不是 `avg`？"
        ),
        (
            "agent.speechRate.maximum > 3.0", "5:24 unknown-field «maximum»",
            "did you mean `max`?", "是不是 `max`？"
        ),
        // An object where a number is due; a list where one of its elements is.
        (
            "agent.speechRate > 280", "5:24 wrong-arguments «>»",
            "`agent.speechRate.max`, `agent.speechRate.min`, `agent.speechRate.avg`",
            "取其中一个字段：`agent.speechRate.max`"
        ),
        (
            "customer.text.contains(\"x\")", "5:16 unknown-field «text»",
            "write `customer.says(\"…\")`", "`customer.exists(s, s.words …)`"
        ),
        (
            "sentences.words.contains(\"x\")", "5:17 not-selectable «words»",
            "`sentences.exists(s, s.words …)`", "写成 `customer.says(\"…\")`"
        ),
        (
            "agent.contains(\"x\")", "5:7 wrong-arguments «agent.contains(\"x\")»",
            "`agent.exists(s, s.words …)`", "写成 `customer.says(\"…\")`"
        ),
        (
            "customer.emotionValue > 8", "5:16 unknown-field «emotionValue»",
            "`customer.emotion.max`", "`customer.emotion.max`"
        ),
        (
            "agent.sentences > 3", "5:23 wrong-arguments «>»", "write `agent.sentences.size()`",
            "个数写成 `agent.sentences.size()`"
        ),
        (
            "customer.says(\"a\" || \"b\")", "5:25 wrong-arguments «||»", "write `[\"a\", \"b\"]`",
            "写成 `[\"a\", \"b\"]`"
        ),
        (
            "\"退款\" in result.text", "5:12 wrong-arguments «in»",
            "write `result.text.contains(\"退款\")`", "写成 `result.text.contains(\"退款\")`"
        ),
        (
            "customer.emotion.max > \"8\"", "5:28 wrong-arguments «>»", "for a number write `8`",
            "数字写成 `8`"
        ),
        (
            "task.age > 30", "5:16 wrong-arguments «>»", "write `duration(\"30s\")`",
            "时长写成 `duration(\"30s\")`"
        ),
        (
            "task.age > \"30分钟\"", "5:16 wrong-arguments «>»", "write `duration(\"30m\")`",
            "写成 `duration(\"30m\")`"
        ),
        (
            "result.text > 3", "5:19 wrong-arguments «>»", "it takes int > int, or string > string",
            "可用的形式：int > int，或 string > string"
        ),
        (
            "sentences.first().words.contains(\"x\")",
            "5:7 wrong-arguments «sentences.first().words.contains(\"x\")»",
            "write `sentences.first().words.orValue(…)`", "可能没有值，写成"
        ),
        (
            "result.json.是否违规 == \"是\"", "5:19 unexpected-character «是否违规»",
            "a key is written `[\"是否违规\"]`", "键写成 `[\"是否违规\"]`"
        ),
        // The forms that people write, not those behind them.
        (
            "result.text.containsNear(\"a\", \"b\")",
            "5:7 wrong-arguments «result.text.containsNear(\"a\", \"b\")»",
            "it takes text.containsNear(\"a\", \"b\", 5), or", "可用的形式：text.containsNear"
        ),
        (
            "agent.near(\"a\", task, 3).any()", "5:23 wrong-arguments «task»",
            "it takes X.near(words, others, characters[, except]) -> sentences", "X.near"
        ),
        (
            "agent.first(task.age).missing(\"a\")", "5:19 wrong-arguments «task.age»",
            "it takes X.first(span)", "X.first(span)"
        ),
    ])
    func whatIsMeantIsSaid(
        _ condition: String, _ place: String, _ english: String, _ chinese: String
    ) throws {
        let (_, findings) = RuleRig.load(RuleRig.condition(condition))
        let all = findings.sorted()
        #expect(all.count == 1, "\(all.map { $0.rendered(in: .english) })")
        let finding = try #require(all.first)
        #expect(finding.shorthand == place)
        #expect(finding.hint?.english.contains(english) == true, "\(finding.hint?.english ?? "-")")
        #expect(finding.hint?.chinese.contains(chinese) == true, "\(finding.hint?.chinese ?? "-")")
    }

    @Test func aTimeOfTheLanguageIsToldTheWordsOwnForm() throws {
        let (_, findings) = RuleRig.load(
            RuleRig.condition("agent.first(duration(\"30s\")).missing(\"工号\")"))
        let finding = try #require(findings.all.first)
        #expect(finding.shorthand == "5:19 macro «duration(\"30s\")»")
        #expect(finding.message.english == "`first`: write \"30s\"")
    }

    /// A place that a message names is one of the file, wherever the expression starts in it.
    @Test(arguments: [
        (RuleRig.condition("customer.says(\"a\") &&\n        (agent.says(\"b\")"), "6:9"),
        (RuleRig.rule("when: 'true'", "message: 任务 {{ task.id + (\"a\" }} 完"), "4:30"),
        (RuleRig.rule("when: 'true'", "message: |", "  第一行", "  {{ size([task.id }}"), "6:15"),
        (RuleRig.rule("when: 'true'", "labels: { team: \"组 {{ (1 }}\" }"), "4:27"),
    ])
    func aPlaceInAMessageIsOneOfTheFile(_ text: String, _ place: String) throws {
        let (_, findings) = RuleRig.load(text)
        let finding = try #require(findings.sorted().last)
        #expect(finding.code == "unclosed")
        #expect(finding.message.english.hasSuffix(" at \(place)"), "\(finding.message.english)")
        #expect(finding.message.chinese.contains("，\(place) 处"), "\(finding.message.chinese)")
    }

    @Test func whatIsInsideAnOpenBracketIsToldToo() {
        let (_, findings) = RuleRig.load(
            RuleRig.condition("(customer.says(\"a\") && agnt.says(\"b\")"))
        #expect(findings.shorthand == ["5:30 unknown-name «agnt»", "5:44 unclosed «»"])
    }
}
