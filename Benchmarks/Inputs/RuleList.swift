/// A hundred conditions as an alerting set has them: half about words, half about numbers.
enum RuleList {
    static let entries: [(name: String, expression: String)] = {
        var chance = SeededGenerator(seed: 31)
        return (0..<100).map { number in
            (name: "rule\(number)", expression: rule(number % 10, &chance))
        }
    }()

    private static func rule(_ form: Int, _ chance: inout SeededGenerator) -> String {
        let words = (0..<3).map { _ in chance.pick(Vocabulary.threats) }
        let calls = "result.sentences"
        return switch form {
        case 0: "status == \"\(chance.pick(["ERROR", "EXPIRED", "FINISH"]))\""
        case 1: "\(calls).exists(s, s.words.contains(\"\(words[0])\"))"
        case 2:
            """
            \(calls).exists(s, s.role == "客户" && s.emotionValue >= \(chance.number(6...11)))
            """
        case 3: "result.text.matches(\"\(words.joined(separator: "|"))\")"
        case 4:
            """
            \(calls).exists(s, s.role == "客户" && (s.words.contains("\(words[0])") || \
            s.words.contains("\(words[1])")))
            """
        case 5:
            """
            \(calls).filter(s, s.silence > \(chance.number(15...40) * 100)).size() > \
            \(chance.number(2...20))
            """
        case 6:
            """
            result.score < \(chance.number(40...80)).5 && result.labels.level in ["P0", "P1"] && \
            !("\(words[0])" in result.tags)
            """
        case 7: "\(calls).all(s, s.speechRate <= \(chance.number(4...7)).25)"
        case 8:
            """
            \(calls).exists(s, s.role == "坐席" && s.words.startsWith("\
            \(chance.pick(Vocabulary.courtesies))") && s.silence > \(chance.number(5...25) * 100))
            """
        default:
            """
            has(result.ragErrorMessage) && result.ragErrorMessage != "" || \
            (result.endMs - result.beginMs) / 1000 > \(chance.number(5...30) * 60)
            """
        }
    }
}
