import Foundation
import Pipeline
import Testing

/// Each shipped rule's own cases tell it from every rule that is nearly the same.
@Suite struct ShippedRuleMutationTests {
    static let rules: [RuleText] =
        ((try? ShippedRules.documents()) ?? []).flatMap(RuleText.rules)

    /// Mutants that mean the same as their rule, each with the reason.
    static let equivalent = [
        """
        broken-times: sentences.filter(s, s.end < s.begin || s.overlap > 60000)\
        .or(sentences.falls(s, s.begin, 0, "1 sentence"))
        """: "times are whole milliseconds: whatever is earlier is so by one at least"
    ]

    /// Rules of which no token can change without a mistake that the loader names.
    static let unchangeable: Set = ["asr-failed"]

    /// What the loader says when a case fails, not when a rule cannot be read.
    static let failures: Set = ["case-failed", "case-fault"]

    @Test func everyRuleIsFound() throws {
        let ids = try ShippedRules.load().rules.map(\.id)
        #expect(Self.rules.map(\.id).sorted() == ids.sorted())
    }

    @Test(arguments: rules)
    func aRuleNearlyTheSameFailsACase(_ rule: RuleText) throws {
        let verdicts = rule.verdicts()
        let original = try #require(verdicts.first)
        #expect(original.name == rule.id && original.codes.isEmpty)
        let mutants = verdicts.dropFirst().filter { $0.codes.isSubset(of: Self.failures) }
        #expect(mutants.isEmpty == Self.unchangeable.contains(rule.id))
        for mutant in mutants {
            let isKnown = Self.equivalent[mutant.name] != nil
            #expect(!mutant.codes.isEmpty || isKnown, "no case tells: \(mutant.name)")
        }
        let known = Self.equivalent.keys.filter { $0.hasPrefix("\(rule.id): ") }
        #expect(Set(known).isSubset(of: verdicts.map(\.name)), "no mutants any more")
    }

    @Test func theMutantsOfAConditionAreThese() {
        let source =
            #"agent.with(["甲", "乙"]).near(customer, "2 turns").atLeast(3) && !(x < 0.5)"#
        let mutants = ConditionMutants(source).sources
        for part in [
            "customer.with", #"with(["甲"])"#, #"with([ "乙"])"#, "1 turns", "near(agent, ",
            "near(customer)", "atLeast(2)", "turns\") &&", "|| !", "&& (", "x <= 0.5", "x > 0.5",
            "0.48", "0.52",
        ] {
            #expect(mutants.contains { $0.contains(part) }, "\(part)")
        }
        let patterns = ConditionMutants(#"agent.matching(r"(甲|乙){2,}|丙[|]", "丁|戊")"#).sources
        for part in [#""(甲){2"#, #""(乙){2"#, "{1,}", #"{2,}", "丁"#, #"r"丙[|]""#, #", "丁")"#] {
            #expect(patterns.contains { $0.contains(part) }, "\(part)")
        }
    }
}
