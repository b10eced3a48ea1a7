import CEL
import Testing

@testable import Pipeline

/// The table of words: whole, consistent, and within its bounds.
@Suite struct WordTableTests {
    static let words = ConversationWords.all

    /// A call of so many sentences, with everything that words look for.
    static func call(of count: Int) -> [Sentence] {
        let lines = [
            "您好，工号一零二四为您服务", "我要投诉你们，都第三次了", "把您手机上的验证码报给我", "我的快递怎么还没有到",
            "请您稍等一下，我查一查", "不知道，没办法", "I want a refund now", "嗯",
        ]
        return (0..<count).map { index in
            let begin = Int64(index) * 3_000 - (index % 7 == 0 ? 1_500 : 0)
            return Sentence(
                begin: begin, end: begin + 2_500, speaker: index % 3 == 0 ? .agent : .customer,
                words: lines[index % lines.count] + String(index * 31 % 100),
                emotionValue: Int64(1 + index % 10), speechRate: Int64(150 + index * 37 % 250))
        }
    }

    @Test func everyExampleCompilesAndUsesItsWord() throws {
        for word in Self.words {
            let program = try WordRig.vocabulary.environment.compile(word.example)
            #expect(word.example.contains("\(word.name)("))
            let type = program.resultType
            switch word.result {
            case "sentences": #expect(type == .sentences, "\(word.name)")
            case "bool": #expect(type == .bool, "\(word.name)")
            case "int": #expect(type == .int, "\(word.name)")
            case "number": #expect(type == .double, "\(word.name)")
            default: #expect(["duration", "dyn"].contains(word.result), "\(word.name)")
            }
        }
    }

    @Test func everyExampleIsJudgedOnAnyCall() throws {
        for sentences in [[], Self.call(of: 1), Self.call(of: 50)] {
            for word in Self.words { _ = try WordRig.outcome(word.example, sentences) }
        }
    }

    @Test func everyRowIsWhole() {
        for word in Self.words {
            #expect(!word.documentation.english.isEmpty && !word.documentation.chinese.isEmpty)
            #expect(word.name.wholeMatch(of: /[a-z][A-Za-z]*/) != nil)
            #expect(word.optional <= word.parameters.count)
        }
        let forms = Self.words.map(\.form)
        #expect(Set(forms).count == forms.count)
        for group in ConversationWord.Group.allCases {
            #expect(Self.words.contains { $0.group == group })
        }
    }

    /// The same thing has the same name everywhere.
    @Test func parametersOfOneNameAreOfOneKind() {
        var kinds: [String: Set<String>] = [:]
        for parameter in Self.words.flatMap(\.parameters) {
            kinds[parameter.name, default: []].insert("\(parameter.kind)")
        }
        let expected = ["except": 2, "span": 2]
        for (name, found) in kinds {
            #expect(found.count == expected[name] ?? 1, "\(name): \(found)")
        }
    }

    @Test func aWordLeavesTheLanguageAsItIs() throws {
        let words = Set(Self.words.map(\.name))
        let plain = Set(Environment().functions.map(\.name))
        // These take other types, or another number of arguments.
        #expect(words.intersection(plain) == ["duration", "first", "last", "or"])
        for source in [
            "math.greatest(1, 2) == 2", "duration('5s') < duration('6s')", "[1].exists(x, x == 1)",
            "'a-b'.split('-').size() == 2", "[1, 2].map(x, x > 1, x * 2) == [4]",
            "[7].first().value() == 7", "[7].last().value() == 7",
            "optional.none().or(optional.of(1)).value() == 1",
        ] {
            #expect(try WordRig.outcome(source, "") == "true")
        }
    }

    /// No word is quadratic: 2,000 sentences take at most about four times the work of 500, and
    /// stay far within a rule's budget.
    @Test func workGrowsWithTheCall() throws {
        func costs(_ count: Int) throws -> [String: Int] {
            let activation = try WordRig.facts(Self.call(of: count)).activation
            var costs: [String: Int] = [:]
            for word in Self.words {
                let program = try WordRig.vocabulary.environment.compile(word.example)
                costs[word.form] = try program.evaluateCounting(
                    activation, budget: Budget(cost: Rule.costLimit)
                ).cost
            }
            return costs
        }
        let small = try costs(500), large = try costs(2_000)
        for (form, cost) in large {
            #expect(cost < 5 * (small[form] ?? 0) + 500, "\(form)")
            #expect(cost < Rule.costLimit / 2, "\(form)")
        }
    }

    /// The worst that relations can be given: everything against everything.
    @Test func relationsOfWholeCallsStayInTheBudget() throws {
        let call = Self.call(of: 2_000)
        for source in [
            "sentences.followedBy(sentences, '1h')", "sentences.near(sentences, '100 turns')",
            "sentences.notPrecededBy(sentences, '5 sentences')", "sentences.or(sentences)",
            "(customer.or(agent)).followedBy(customer.sentences + agent.sentences)",
            "sentences.repeats(2, 0.1)",
            "sentences.rises(s, s.emotionValue, 1, '1h')", "sentences.inARow(1, s, true)",
            "sentences.monologues('0s')", "sentences.interruptions('0s')",
        ] {
            let program = try WordRig.vocabulary.environment.compile(source)
            let (_, cost) = try program.evaluateCounting(try WordRig.facts(call).activation)
            #expect(cost < Rule.costLimit, "\(source): \(cost)")
        }
    }
}
