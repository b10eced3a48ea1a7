import CEL
import Pipeline

/// Rule files at hand, for tables.
enum RuleRig {
    /// Loads texts as files named `a.yaml`, `b.yaml` and so on.
    static func load(
        _ texts: String..., channels: Set<String>? = nil
    ) -> (rules: RuleSet?, findings: Findings) {
        let findings = Findings()
        let documents = zip("abcdefgh", texts).map { Document(name: "\($0).yaml", text: $1) }
        let rules = RuleLoader.load(documents, channels: channels, findings: findings)
        return (rules, findings)
    }

    /// A file with one rule, `r`, that has these further lines.
    static func rule(_ lines: String...) -> String {
        "rules:\n  - rule: r\n" + lines.map { "    \($0)\n" }.joined()
    }

    /// A file with one rule of this condition, from line 4, column 7.
    static func condition(_ text: String, on: String = "[FINISH]") -> String {
        rule("on: \(on)", "when: |", "  \(text)")
    }
}
