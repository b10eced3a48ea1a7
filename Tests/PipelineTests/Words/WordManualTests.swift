import CEL
import Foundation
import Testing

@testable import Pipeline

/// The manual says what the table says, and the rules prove it.
@Suite struct WordManualTests {
    @Test func theManualInTheRulesFolderIsThatOfTheTable() throws {
        let url = ShippedRules.folder.appending(path: "README.md")
        let text = try String(contentsOf: url, encoding: .utf8)
        let parts = text.components(separatedBy: "<!-- words -->\n")
        #expect(parts.count == 2)
        let section = parts.last?.components(separatedBy: "<!-- end of words -->").first
        // Made again by: tocsin functions --markdown
        #expect(section == WordManual.markdown)
    }

    @Test func everyWordIsListedOnceAndTheLanguageBesideIt() {
        #expect(WordManual.words.count == ConversationWords.all.count)
        let names = WordManual.language.map(\.name)
        #expect(
            names.contains("matches") && names.contains("exists") && names.contains("json") == false
        )
        #expect(!names.contains { $0.hasPrefix("cel.") || $0.hasPrefix("indexesOf") })
        #expect(WordManual.language.allSatisfy { !$0.signatures.isEmpty })
        for group in Set(WordManual.words.map(\.group)) {
            #expect(
                WordManual.title(of: group, in: .english)
                    != WordManual.title(of: group, in: .chinese))
        }
    }

    /// The rule's numbers are those of the list of rules that contact centres have.
    @Test(arguments: [
        (1, "task-error"), (2, "task-error-text"), (6, "asr-failed"), (11, "no-transcript"),
        (12, "tracks-swapped"), (13, "one-side-silent"), (14, "transcript-cut"),
        (15, "broken-times"), (16, "no-staff-number"), (17, "no-standard-greeting"),
        (18, "account-before-identity"), (19, "no-closing"), (20, "thanks-unanswered"),
        (21, "slow-first-answer"), (22, "agent-forbidden-words"), (23, "over-promise"),
        (24, "agent-asks-secret"), (25, "off-channel"), (26, "no-recording-notice"),
        (27, "order-before-risk"), (28, "agent-abuse"), (29, "forbidden-repeated"),
        (30, "number-leaked"), (31, "complaint-words"), (32, "asks-for-human"),
        (33, "refund-unhandled"), (34, "customer-repeats"), (35, "emergency-words"),
        (37, "customer-loud-streak"), (38, "loud-and-negative"), (39, "loudness-rises"),
        (40, "agent-louder"), (41, "ends-louder"), (42, "long-silence"), (43, "silence-share"),
        (44, "long-hold"), (45, "fast-streak"), (46, "fast-agent"), (47, "sudden-speed"),
        (48, "agent-interrupts"), (49, "louder-when-interrupted"), (50, "agent-monologue"),
        (51, "agent-share"), (52, "few-turns"), (53, "odd-duration"), (54, "rag-error"),
        (55, "rag-empty"), (56, "verdict-text"), (57, "verdict-json"), (59, "many-tokens"),
    ])
    func eachRuleOfTheListIsThere(_ number: Int, _ id: String) throws {
        let texts = try ShippedRules.documents().map(\.text)
        #expect(texts.contains { $0.contains("  - rule: \(id)\n") }, "rule \(number)")
    }

    @Test func everyRuleHasThreeExamplesOfBothKinds() throws {
        for document in try ShippedRules.documents() {
            for part in document.text.components(separatedBy: "\n  - rule: ").dropFirst() {
                let id = part.prefix { $0 != "\n" }
                let fires = part.components(separatedBy: "expect: true").count - 1
                let silent = part.components(separatedBy: "expect: false").count - 1
                #expect(fires >= 1 && silent >= 1 && fires + silent >= 3, "\(id)")
            }
        }
    }

    @Test func theNearestMissOfAnAlertSaysHowLate() throws {
        let rules = RuleRig.rule(
            "when: agent.first(\"30s\").missing(\"工号\")",
            "message: \"晚 {{ evidence[0].late / 1000 }} 秒\"")
        let sentences = WordRig.conversation("A 0-2 您好\nC 2-3 喂\nA 34-36 工号一零二四")
        let alert = try #require(VerdictTests.judge(rules, sentences: sentences).alerts.first)
        let quote = try #require(alert.evidence.first)
        #expect(alert.evidence.count == 1)
        #expect(quote.at == "00:34" && quote.late == 4_000 && quote.words == "工号一零二四")
        #expect(quote.speaker == .agent && alert.message == "晚 4 秒")
        let never = try #require(
            VerdictTests.judge(rules, sentences: [sentences[1]]).alerts.first)
        #expect(never.evidence.map(\.words) == ["喂"] && never.evidence.first?.late == nil)
    }

    /// Each of the words that say what did not come quotes what nearly did, and counts stay right.
    @Test(arguments: [
        ("customer.with('谢谢').notFollowedBy(agent, '10s')", "00:00 谢谢 | 00:13 不客气 +2000"),
        ("customer.with('谢谢').notFollowedBy(agent, '1 sentence')", "00:00 谢谢 | 00:13 不客气 +9000"),
        ("customer.with('谢谢').notFollowedBy(agent, '1 turn')", "fires not"),
        ("customer.with('对了').notFollowedBy(agent.with('身份证'))", "fires not"),
        ("agent.with('余额').notPrecededBy(agent.with('身份证'))", "00:15 余额 | 00:20 身份证 +5000"),
        ("agent.with('身份证').notPrecededBy(customer, '3s')", "00:20 身份证 | 00:03 对了 -13000"),
        ("agent.with('身份证').notFollowedBy(agent.with('余额'))", "00:20 身份证 | 00:15 余额 -8000"),
        ("agent.with('余额').notNear(customer, '1s')", "00:15 余额 | 00:03 对了 -10000"),
        ("customer.with('谢谢').notNear(agent, '10s')", "00:00 谢谢 | 00:13 不客气 +2000"),
        ("customer.notFollowedBy(agent.with('身份证'), '2s').atLeast(3)", "fires not"),
        ("customer.notFollowedBy(agent, '2s')", "00:00 谢谢 | 00:03 对了 | 00:13 不客气 +10000"),
        ("customer.notFollowedBy(agent, '2s').with('对了')", "00:03 对了 | 00:13 不客气 +7000"),
        ("customer.notFollowedBy(agent.with('没有'))", "00:00 谢谢 | 00:03 对了"),
    ])
    func whatNearlyCameIsQuoted(_ condition: String, _ expected: String) throws {
        let rules = RuleRig.rule("when: \(condition)")
        let sentences = WordRig.conversation(
            "C 0-1 谢谢\nC 3-4 对了\nA 13-14 不客气\nA 15-16 余额\nA 20-24 身份证")
        let alert = VerdictTests.judge(rules, sentences: sentences).alerts.first
        let quotes = alert?.evidence.map { quote in
            let late = quote.late.map { " " + ($0 < 0 ? "" : "+") + "\($0)" } ?? ""
            return "\(quote.at ?? "") \(quote.words)\(late)"
        }
        #expect((quotes?.joined(separator: " | ") ?? "fires not") == expected)
    }

    @Test func aMessageReadsTheNearestMiss() throws {
        let rules = RuleRig.rule(
            "when: customer.notFollowedBy(agent, \"10s\")",
            "message: \"{{ evidence[0].nearest.words }} {{ evidence[0].nearest.late }}\"")
        let sentences = WordRig.conversation("C 0-1 谢谢\nA 13-14 不客气")
        let alert = try #require(VerdictTests.judge(rules, sentences: sentences).alerts.first)
        #expect(alert.message == "不客气 2000")
    }
}
