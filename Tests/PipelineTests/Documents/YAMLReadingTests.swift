import CEL
import Pipeline
import Testing

/// Files that are no sound YAML, or more of it than anybody would write.
@Suite struct YAMLReadingTests {
    static func findings(_ text: String) -> Findings {
        let findings = Findings()
        _ = Cursor.root(of: Document(name: "a.yaml", text: text), findings)
        return findings
    }

    @Test(arguments: [
        ("rules:\n  - rule: a\n\twhen: b\n", "3:1"), ("a: \"b\n", "2:1"), ("a: [b\nc: d\n", "2:2"),
        ("a: b: c\n", "1:5"), ("a: }\n", "1:4"), ("a: @b\n", "1:4"), ("  a: 1\n b: 2\n", "2:2"),
    ])
    func aSyntaxErrorHasItsPlace(_ text: String, _ place: String) throws {
        let finding = try #require(Self.findings(text).all.first)
        #expect(finding.code == "bad-yaml")
        #expect("\(finding.line):\(finding.column)" == place, "\(finding.rendered(in: .english))")
    }

    @Test func aSyntaxErrorIsSaidInBothLanguages() throws {
        let texts = [
            "a: \"b\n", "a: [b\nc: d\n", "a: b: c\n", "a: }\n", "  a: 1\n b: 2\n", "a: |x\n",
            "a: 1\n- b\n", "a: \"\\q\"\n", "a: 1\n---\nb: 2\n", "a: *x\n", "a: {b\n",
        ]
        for text in texts {
            let finding = try #require(Self.findings(text).all.first)
            let words = finding.message.chinese.drop { $0 != "：" }.dropFirst()
            #expect(words.unicodeScalars.contains { $0.value > 0x3000 }, "\(finding.message)")
        }
    }

    @Test(arguments: [
        ("a:\n  b: 1\n  severity：high\n", "3:3", "冒号要用半角"),
        ("a:\n  severity：high\n  b: 1\n", "3:4", "冒号要用半角"),
        ("rules：\n  - a: b\n", "2:6", "冒号要用半角"),
        ("a:\n  b: 1\n  when:b == 1\n", "3:3", "冒号后面要有空格：when: …"),
        ("a:\n  - rule:a\n    b: x\n", "3:6", "冒号后面要有空格：rule: …"),
        ("a:\n  when: x\n  title: \"客户\"激动\n", "3:14", "title: '\"客户\"激动'"),
        ("a:\n  when: 'x'\n  title: 时间: 晚\n", "3:12", "title: '时间: 晚'"),
        ("a:\n  message: |\n  b\n  c: 1\n", "3:3", "多缩进两格"),
        ("a:\n  when: b\n    && !c ? d : e\n", "3:15", "when: |\n  b\n  …"),
    ])
    func aSyntaxErrorSaysWhatItUsuallyComesFrom(
        _ text: String, _ place: String, _ hint: String
    ) throws {
        let finding = try #require(Self.findings(text).all.first)
        #expect("\(finding.line):\(finding.column)" == place)
        let shown = finding.hint.map(\.chinese) ?? ""
        #expect(shown.contains(hint), "\(shown)")
    }

    @Test func keysAreTextsWhateverTheyLookLike() {
        #expect(Self.findings("on: 1\n\"on\": 2\n").all.map(\.code) == ["duplicate-key"])
    }

    @Test func aTabIsNamed() throws {
        let finding = try #require(Self.findings("rules:\n\t- rule: a\n").all.first)
        #expect(finding.hint?.chinese.contains("制表符") == true)
    }

    @Test func aKeyThatStandsTwiceIsNamed() throws {
        let finding = try #require(Self.findings("a: 1\nb: 2\na: 3\n").all.first)
        #expect(finding.code == "duplicate-key")
        #expect(finding.message.chinese.contains("`a`"))
    }

    @Test func anAliasIsReadAsWhatItNames() throws {
        let findings = Findings()
        let document = Document(name: "a.yaml", text: "a: &x [投诉, 曝光]\nb: *x\n")
        let fields = try #require(Cursor.root(of: document, findings)?.fields(["a", "b"]))
        #expect(fields["b"]?.items()?.compactMap { $0.text() } == ["投诉", "曝光"])
        #expect(findings.all == [])
    }

    @Test func aFileMayUseAnAliasOften() {
        let rules = (0..<50).map { "  - { rule: r\($0), notify: *room }\n" }.joined()
        #expect(Self.findings("a: &room [x]\nrules:\n" + rules).all == [])
    }

    @Test func anAliasOfNothingIsASyntaxError() {
        #expect(Self.findings("a: *x\n").all.map(\.code) == ["bad-yaml"])
    }

    @Test func aSecondDocumentIsRefused() {
        #expect(Self.findings("a: 1\n---\nb: 2\n").all.map(\.code) == ["bad-yaml"])
    }

    @Test(arguments: ["a: \u{0}b\n", "a: \u{7}\n"])
    func controlCharactersAreRefused(_ text: String) {
        #expect(Self.findings(text).all.map(\.code) == ["bad-yaml"])
    }

    @Test func aFileThatIsTooLargeIsRefused() {
        let text = "a: " + String(repeating: "x", count: Document.sizeLimit)
        #expect(Self.findings(text).all.map(\.code) == ["file-too-large"])
    }

    @Test func aLongListOnOneLineIsReadQuickly() {
        let text = "a: [" + (0..<50_000).map { "词\($0)" }.joined(separator: ", ") + "]"
        let elapsed = ContinuousClock().measure { #expect(Self.findings(text).all == []) }
        #expect(elapsed < .seconds(10), "\(elapsed)")
    }
}

/// Files made to exhaust the reader: each is refused by name, at once.
@Suite struct HostileYAMLTests {
    static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    /// Nine levels of ten: a thousand million once written out.
    static let laughter =
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + (1...9).map { level in
            let before = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            return "a\(level): &a\(level) [\(before)]\n"
        }.joined()

    @Test(arguments: [
        ("brackets on one line", "a: " + repeated("[", 100_000)),
        ("brackets on a line each", "a:\n" + repeated(" [\n", 100_000)),
        ("braces", "a: " + repeated("{a: ", 100_000)),
        ("dashes", repeated("- ", 100_000) + "a"),
        ("question marks", repeated("? ", 100_000) + "a"),
        (
            "indentation",
            (0..<1_200).map { repeated(" ", $0) + "a:\n" }.joined()
        ),
    ])
    func depthIsBounded(_ name: String, _ text: String) {
        let codes = YAMLReadingTests.findings(text).all.map(\.code)
        #expect(codes == ["nested-too-deeply"] || codes == ["file-too-large"], "\(name)")
    }

    @Test func aliasesDoNotExplode() {
        let elapsed = ContinuousClock().measure {
            #expect(
                YAMLReadingTests.findings(Self.laughter).all.map(\.code) == ["nested-too-deeply"])
        }
        #expect(elapsed < .seconds(5), "\(elapsed)")
    }

    @Test func aliasesInAKeyDoNotExplode() {
        let text = Self.laughter + "? *a9\n: 1\n"
        let elapsed = ContinuousClock().measure {
            #expect(YAMLReadingTests.findings(text).all.map(\.code) == ["nested-too-deeply"])
        }
        #expect(elapsed < .seconds(5), "\(elapsed)")
    }

    @Test func expressionsWithManyBracketsAreNoDepth() {
        let rule = "- |\n  a.matches(\"[[\") && {{ \"{{\" && [\n"
        #expect(YAMLReadingTests.findings("rules:\n" + Self.repeated(rule, 500)).all == [])
    }
}
