import CEL
import Pipeline
import TestSupport
import Testing

/// Conditions over alerts, as routes have them.
@Suite struct AlertConditionTests {
    static func compile(_ text: String) -> (condition: AlertCondition?, findings: Findings) {
        let findings = Findings()
        let document = Document(name: "a.yaml", text: "when: |\n  \(text)\n")
        let cursor = Cursor.root(of: document, findings)?.fields(["when"])?["when"]
        return (cursor.flatMap(AlertCondition.init), findings)
    }

    @Test(arguments: [
        ("rule == \"complaint-words\" && severity == \"high\"", true),
        ("title.contains(\"投诉\") && message.contains(\"要\")", true),
        ("source == \"calls\" && taskId == \"t-1\" && tid == \"\"", true),
        ("labels.rule.startsWith(\"complaint\")", true),
        ("severity in [\"low\", \"info\"]", false), ("labels.source == \"records\"", false),
        ("\"team\" in labels", false),
    ])
    func aConditionReadsTheAlert(_ text: String, _ expected: Bool) throws {
        let (condition, findings) = Self.compile(text)
        #expect(findings.shorthand == [])
        #expect(try #require(condition).holds(for: Samples.alert()) == expected)
    }

    @Test(arguments: [
        ("sevrity == \"high\"", "2:3 unknown-name «sevrity»"),
        ("severity >= 3", "2:12 wrong-arguments «>=»"), ("title", "2:3 wrong-type «title»"),
        // An alert has no transcript any more: what is not there must not be asked for.
        ("sentences.size() > 0", "2:3 unknown-name «sentences»"),
        ("task.status == \"ERROR\"", "2:3 unknown-name «task»"),
    ])
    func aMistakeHasItsPlace(_ text: String, _ expected: String) {
        let (condition, findings) = Self.compile(text)
        #expect(condition == nil)
        #expect(findings.shorthand == [expected])
    }

    @Test func aLabelThatIsMissingIsAFault() throws {
        let condition = try #require(Self.compile("labels.team == \"a\"").condition)
        #expect(throws: EvaluationError.self) { try condition.holds(for: Samples.alert()) }
    }
}
