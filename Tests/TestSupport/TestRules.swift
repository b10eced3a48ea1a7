import CEL
package import Pipeline

/// Rule sets for tests, from the text of a rule file.
package enum TestRules {
    /// Traps with the findings when it does not load: a test's rules are sound.
    package static func load(_ text: String) -> RuleSet {
        let findings = Findings()
        let document = Document(name: "test.yaml", text: text)
        guard let rules = RuleLoader.load([document], findings: findings) else {
            let shown = findings.sorted().map { $0.rendered(in: .english) }
            preconditionFailure("\n" + shown.joined(separator: "\n"))
        }
        return rules
    }

    /// One rule, `complaint`, for a sentence with 投诉 in it.
    package static let complaint = load(
        """
        rules:
          - rule: complaint
            severity: high
            when: |
              sentences.exists(s, s.words.contains("投诉"))
            evidence: |
              sentences.filter(s, s.words.contains("投诉"))
            message: |
              {{ task.id }} {{ evidence[0].words }}
        """)
}
