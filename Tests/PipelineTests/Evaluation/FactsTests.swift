import CEL
import Pipeline
import TestSupport
import Testing

/// The vocabulary's values: what follows from a conversation.
@Suite struct FactsTests {
    /// What an expression gives on a conversation, as a message shows it.
    static func value(_ expression: String, _ conversation: Conversation) -> String {
        let rules = TestRules.load(
            RuleRig.rule("when: 'true'", "message: |", "  [{{ \(expression) }}]"))
        var task = Samples.task(labels: ["team": "a"])
        task.tid = "asked"
        let verdict = Evaluation.judge(
            conversation, of: nil, task: task, rules: rules,
            at: Samples.now + .seconds(90))
        let message = verdict.alerts.first?.message ?? ""
        return verdict.faults.first?.reason ?? String(message.dropFirst().dropLast())
    }

    static func conversation(_ sentences: [(Speaker, Int64, Int64)]) -> Conversation {
        var conversation = Conversation(status: .finish)
        conversation.sentences = sentences.map {
            Sentence(begin: $0.1, end: $0.2, speaker: $0.0, words: "a")
        }
        return conversation
    }

    @Test(
        arguments: [
            // In a row, with a gap, and one within another.
            ([(.agent, 0, 1000), (.customer, 1000, 2000)], "0、0", "0、0"),
            ([(.agent, 0, 1000), (.customer, 3500, 4000)], "0、2500", "0、0"),
            ([(.agent, 0, 5000), (.customer, 4000, 6000)], "0、0", "0、1000"),
            ([(.agent, 0, 9000), (.customer, 4000, 6000)], "0、0", "0、2000"),
            // The latest end before counts, not the last sentence's.
            (
                [(.agent, 0, 9000), (.customer, 1000, 2000), (.agent, 9500, 9900)], "0、0、500",
                "0、1000、0"
            ),
            (
                [(.agent, 0, 9000), (.customer, 1000, 2000), (.agent, 8000, 9900)], "0、0、0",
                "0、1000、1000"
            ),
            // A first sentence that begins late has nothing before it.
            ([(.agent, 7000, 8000)], "0", "0"),
            // Broken time stamps give no nonsense.
            ([(.agent, 5000, 4000), (.agent, 3000, 2000)], "0、0", "0、0"),
            ([(.agent, -500, 100), (.agent, -400, 100)], "0、0", "0、500"),
            ([(.agent, .min, .max), (.agent, .max, .min)], "0、0", "0、0"),
            ([(.agent, 0, .min), (.agent, .max, .max)], nil, nil),
        ] as [([(Speaker, Int64, Int64)], String?, String?)])
    func silenceAndOverlapFollowFromTheTimes(
        _ sentences: [(Speaker, Int64, Int64)], _ silence: String?, _ overlap: String?
    ) {
        let conversation = Self.conversation(sentences)
        let silences = Self.value("sentences.map(s, s.silence)", conversation)
        let overlaps = Self.value("sentences.map(s, s.overlap)", conversation)
        if let silence { #expect(silences == silence) }
        if let overlap { #expect(overlaps == overlap) }
        #expect(!silences.contains("-") && !overlaps.contains("-"))
    }

    @Test(arguments: [(0, "0"), (700, "700"), (-5, "0")] as [(Int64, String)])
    func aDeclaredSilenceReplacesTheGapAndIsNeverNegative(_ declared: Int64, _ shown: String) {
        var conversation = Self.conversation([(.agent, 0, 1000), (.customer, 9000, 9500)])
        conversation.sentences[1].declaredSilence = declared
        #expect(Self.value("sentences[1].silence", conversation) == shown)
    }

    @Test(
        arguments: [
            (0, "00:00"), (999, "00:00"), (61_500, "01:01"), (3_599_999, "59:59"),
            (3_600_000, "60:00"), (6_000_000, "100:00"), (-1, "00:00"),
        ] as [(Int64, String)])
    func aPlaceIsMinutesAndSeconds(_ begin: Int64, _ shown: String) {
        let conversation = Self.conversation([(.agent, begin, begin)])
        #expect(Self.value("sentences[0].at", conversation) == shown)
    }

    @Test func theSidesAreDerived() {
        var conversation = Self.conversation([
            (.customer, 0, 1000), (.agent, 1000, 4000), (.customer, 4000, 5000),
            (.other, 5000, 10_000),
        ])
        conversation.sentences[0].emotionValue = 4
        conversation.sentences[2].emotionValue = 9
        conversation.sentences[1].speechRate = 250
        let expected = [
            ("customer.sentences.map(s, s.index)", "0、2"), ("customer.talk", "2000"),
            ("agent.talk", "3000"), ("customer.share", "0.2"), ("agent.share", "0.3"),
            ("customer.emotion.max", "9"), ("customer.emotion.min", "4"),
            ("customer.emotion.avg", "6.5"), ("has(customer.speechRate)", "false"),
            ("agent.speechRate.avg", "250"), ("has(agent.emotion)", "false"),
            ("agent.emotion.max", "0"),
        ]
        for (expression, value) in expected {
            #expect(Self.value(expression, conversation) == value, "\(expression)")
        }
    }

    @Test func whatIsAbsentIsEmptyOrZeroAndHasSaysSo() {
        let conversation = Self.conversation([(.agent, 0, 1)])
        let expected = [
            ("task.errorMessage", ""), ("has(task.errorMessage)", "false"),
            ("result.text", ""), ("has(result.text)", "false"), ("result.duration", "0"),
            ("has(result.duration)", "false"), ("has(result.json)", "false"),
            ("has(result.usage)", "false"), ("has(result.extra)", "false"),
            ("has(sentences[0].emotionValue)", "false"), ("sentences[0].emotionValue", "0"),
            ("result.clientEvStat.cavgEmotionValue", "0"), ("has(result.clientEvStat)", "false"),
            ("has(task.labels.team)", "true"), ("has(task.labels.x)", "false"),
        ]
        for (expression, value) in expected {
            #expect(Self.value(expression, conversation) == value, "\(expression)")
        }
    }

    @Test func theTaskAndTheMomentAreThere() {
        var conversation = Conversation(status: .error, errorMessage: "异常")
        conversation.status = .finish
        let expected = [
            ("task.id", "t-1"), ("task.source", "calls"), ("task.tid", "asked"),
            ("task.status", "FINISH"), ("task.errorMessage", "异常"), ("task.age", "1m30s"),
            ("task.attempts", "0"), ("now - task.submittedAt", "1m30s"), ("raw == null", "true"),
        ]
        for (expression, value) in expected {
            #expect(Self.value(expression, conversation) == value, "\(expression)")
        }
        conversation.tid = "record"
        #expect(Self.value("task.tid", conversation) == "record")
    }

    @Test(arguments: [
        ("{\"a\": [1, {\"b\": \"是\"}]}", "result.json.a[1].b", "是"),
        ("  [1, 2]\n", "result.json[1]", "2"), ("没有违规", "has(result.json)", "false"),
        ("{没有违规}", "has(result.json)", "false"), ("12", "has(result.json)", "false"),
        ("{\"a\": 1", "has(result.json)", "false"),
    ])
    func aTextThatIsJSONIsParsed(_ text: String, _ expression: String, _ value: String) {
        var conversation = Conversation(status: .finish)
        conversation.text = text
        #expect(Self.value(expression, conversation) == value)
    }

    @Test func numbersOfBothKindsCompare() {
        let conversation = SeedReplies.recorded
        let expected = [
            ("result.clientEvStat.cavgEmotionValue > 5", "true"),
            ("customer.emotion.max == 6", "true"), ("sentences[0].emotionValue >= 5.5", "true"),
            ("agent.share < 1", "true"), ("result.interactiveCount == 42", "true"),
        ]
        for (expression, value) in expected {
            #expect(Self.value(expression, conversation) == value, "\(expression)")
        }
    }
}
