import CEL
import Text

/// The same questions asked of RE2 directly, one pattern after another: the yardstick of the text
/// rules, and the judge of their answers.
struct OneByOne {
    private let matchers: [any RegexMatcher]
    private let rules: [TextRule]

    init(_ rules: [TextRule]) throws {
        self.rules = rules
        matchers = try rules.map { try RE2Engine().compile($0.pattern) }
    }

    /// Which rules hold; each looks until it finds.
    func evaluate(_ scopes: Scopes, into answers: inout [Bool]) {
        for (index, rule) in rules.enumerated() {
            let isFound = scopes[rule.scope].contains { words in
                words.withUnsafeBufferPointer { matchers[index].matches($0) }
            }
            answers[index] = isFound != rule.isNegated
        }
    }

    /// The sentences of a conversation by scope.
    struct Scopes {
        private let all, customer, agent: [[UInt8]]

        init(_ conversation: TextConversation) {
            all = conversation.sentences(in: .all)
            customer = conversation.sentences(in: .customer)
            agent = conversation.sentences(in: .agent)
        }

        subscript(scope: TextRule.Scope) -> [[UInt8]] {
            switch scope {
            case .all: all
            case .customer: customer
            case .agent: agent
            }
        }
    }
}
