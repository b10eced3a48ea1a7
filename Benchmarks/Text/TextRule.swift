/// A rule about words: its condition, and the same question as one pattern, for checking.
struct TextRule {
    /// Which sentences are looked at.
    enum Scope {
        case all, customer, agent
    }

    /// The whole condition, in the rule language.
    let condition: String
    let scope: Scope
    /// The pattern that one of the sentences must, or with `isNegated` must not, match.
    let pattern: String
    var isNegated = false
}

/// Rules about words, and the word lists that they name.
struct TextRules {
    private(set) var rules: [TextRule] = []
    private(set) var lists: [(name: String, words: [String])] = []

    /// Of a hundred rules so many ask for words alone: one word, alternatives, a list.
    static let literalPercent = 58
    /// Of a hundred rules so many have a pattern in which no text is certain.
    static let loosePercent = 4

    init(count: Int, seed: Int) {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<count {
            let draw = chance.number(0...99)
            if draw < Self.literalPercent {
                addLiteral(&chance)
            } else {
                addExpression(
                    draw < Self.literalPercent + Self.loosePercent
                        ? chance.pick(Self.loose) : chance.pattern(), &chance)
            }
        }
    }

    /// Patterns for numbers; few, as people write the same ones again.
    private static let loose = [
        #"1[3-9]\d{9}"#, #"\d{15,18}[Xx]?"#, #"\b[A-Z]\d{3,}\b"#, #"20\d\d年\d{1,2}月"#,
        #"\d+块钱"#, #"第[一二三四五六七八九十]+次"#, #"\d{8,}"#, #"[5-9]\d\d(元|块)"#,
    ]

    private mutating func addLiteral(_ chance: inout SeededGenerator) {
        switch chance.number(0...57) {
        case 0..<20:
            let word = chance.word()
            add(.all, "sentences.exists(s, s.words.contains(\"\(word)\"))", word)
        case 20..<34:
            let pattern = chance.words(2...8).joined(separator: "|")
            add(
                .customer,
                """
                sentences.exists(s, s.speaker == "customer" && s.words.matches("\(pattern)"))
                """, pattern)
        case 34..<46:
            let words = chance.words(3...12)
            let name = "list\(lists.count)"
            lists.append((name, words))
            add(
                .customer,
                "customer.sentences.exists(s, lists.\(name).exists(w, s.words.contains(w)))",
                words.joined(separator: "|"))
        case 46..<53:
            let words = chance.words(2...2)
            add(
                .agent,
                """
                sentences.exists(s, s.speaker == "agent" && (s.words.contains("\(words[0])") \
                || s.words.contains("\(words[1])")))
                """, words.joined(separator: "|"))
        default:
            let word = chance.pick(Vocabulary.courtesies) + chance.pick(["", "，", "，您的"])
            rules.append(
                TextRule(
                    condition: "!agent.sentences.exists(s, s.words.contains(\"\(word)\"))",
                    scope: .agent, pattern: word, isNegated: true))
        }
    }

    private mutating func addExpression(_ pattern: String, _ chance: inout SeededGenerator) {
        let literal = "\"" + pattern.replacing(#"\"#, with: #"\\"#) + "\""
        switch chance.number(0...7) {
        case 0, 1, 2: add(.all, "sentences.exists(s, s.words.matches(\(literal)))", pattern)
        case 3, 4:
            add(.customer, "customer.sentences.exists(s, s.words.matches(\(literal)))", pattern)
        case 5, 6:
            add(
                .customer,
                "sentences.exists(s, s.speaker == \"customer\" && s.words.matches(\(literal)))",
                pattern)
        default:
            rules.append(
                TextRule(
                    condition: "!agent.sentences.exists(s, s.words.matches(\(literal)))",
                    scope: .agent, pattern: pattern, isNegated: true))
        }
    }

    private mutating func add(_ scope: TextRule.Scope, _ condition: String, _ pattern: String) {
        rules.append(TextRule(condition: condition, scope: scope, pattern: pattern))
    }
}

extension SeededGenerator {
    /// Something that a rule looks for: a word, a product, what one does with a thing.
    fileprivate mutating func word() -> String {
        switch number(0...15) {
        case 0: pick(Vocabulary.threats)
        case 1: pick(Vocabulary.feelings)
        case 2: pick(Vocabulary.troubles)
        case 3...7: pick(Vocabulary.brands) + pick(Vocabulary.things)
        case 8...11: pick(Vocabulary.acts) + pick(Vocabulary.things)
        case 12, 13: pick(Vocabulary.things) + pick(Vocabulary.troubles)
        default: pick(Vocabulary.acts) + "一下" + pick(Vocabulary.brands)
        }
    }

    fileprivate mutating func words(_ count: ClosedRange<Int>) -> [String] {
        var words: [String] = []
        for _ in 0..<number(count) { words.append(word()) }
        return words
    }

    /// A regular expression in which some text is certain.
    fileprivate mutating func pattern() -> String {
        let thing = pick(Vocabulary.things), act = pick(Vocabulary.acts)
        return switch number(0...7) {
        case 0: "\(word()).{0,8}\(act)"
        case 1: "(\(word())|\(word())).*(\(thing)|\(act))"
        case 2: "(不|没)(想|要|能|用)?\(act)\(pick(Vocabulary.brands))?\(thing)"
        case 3: "\(word()).{0,4}(没|未|不).{0,2}(到|给|用)"
        case 4: #"\d+(元|块钱|天).{0,6}\#(word())"#
        case 5: "^\(pick(["我的", "那个", "帮我", "再这样", "您的"])).*\(word())"
        case 6: #"(第[一二三四五六七八九十]+次|\d+次).{0,6}\#(word())"#
        default: "\(pick(Vocabulary.brands))\(thing)[^，。]{0,6}\(pick(Vocabulary.troubles))"
        }
    }
}
