/// A rule file of 100 rules, of which half look for words.
enum ReplyRules {
    /// What a rule has beyond its condition.
    enum Detail {
        /// Nothing: what is timed is the condition.
        case conditions
        /// The sentences that were found, and a message that quotes one.
        case evidence
    }

    static func file(_ detail: Detail) -> String {
        let words = TextRules(count: 50, seed: 5)
        var chance = SeededGenerator(seed: 6)
        var lines = ["lists:"]
        for (name, words) in words.lists {
            lines.append("  \(name): [\(words.joined(separator: ", "))]")
        }
        lines.append("rules:")
        for (number, rule) in words.rules.enumerated() {
            lines += self.rule("words-\(number)", rule.condition, detail)
        }
        for number in 0..<50 {
            lines += self.rule("figures-\(number)", condition(number % 10, &chance), detail)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func rule(_ id: String, _ condition: String, _ detail: Detail) -> [String] {
        var lines = [
            "  - rule: \(id)", "    severity: medium", "    when: |", "      \(condition)",
        ]
        // What was found is what the condition looks for.
        if detail == .evidence, !condition.hasPrefix("!"),
            condition.contains("sentences.exists(s,")
        {
            let evidence = condition.replacing(
                "sentences.exists(s,", with: "sentences.filter(s,", maxReplacements: 1)
            lines += ["    evidence: |", "      \(evidence)"]
            lines += ["    message: |", "      {{ evidence[0].at }}：“{{ evidence[0].words }}”"]
        }
        return lines
    }

    private static func condition(_ form: Int, _ chance: inout SeededGenerator) -> String {
        switch form {
        case 0: #"task.errorMessage != "" && task.status == "FINISH""#
        case 1: #"result.ragErrorMessage != "" || result.ragStatus == "FAIL""#
        case 2:
            """
            sentences.exists(s, s.speaker == "customer" && s.emotionValue >= \
            \(chance.number(6...9)))
            """
        case 3: "sentences.exists(s, s.silence > \(chance.number(2_300...9_000)))"
        case 4: "customer.emotion.max >= \(chance.number(6...9)).0 && agent.share > 0.55"
        case 5: "agent.speechRate.avg > \(chance.number(260...320)).0"
        case 6:
            """
            sentences.filter(s, s.speaker == "agent" && s.speechRate > \
            \(chance.number(320...350))).size() > \(chance.number(10...30))
            """
        case 7: "sentences.size() > \(chance.number(150...400)) && agent.talk > customer.talk * 2"
        case 8:
            """
            customer.sentences.exists(i, s, i >= 1 && s.emotionValue >= 6 && \
            customer.sentences[i - 1].emotionValue >= \(chance.number(6...8)))
            """
        default:
            "sentences.filter(s, s.overlap > \(chance.number(1...9) * 100)).size() > 3"
        }
    }
}
