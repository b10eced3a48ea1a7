import CEL
import Pipeline
import Testing

/// What each reader takes, and what it says of the rest.
@Suite struct CursorTests {
    enum Size: String, CaseIterable { case small, large }

    /// A made-up settings file with a field of every kind.
    struct Sample: Equatable {
        var name: String?
        var count: Int?
        var isOn: Bool?
        var wait: Duration?
        var size: Size?
        var words: [String]?
        var inner: [String]?
    }

    static func read(_ text: String) -> (sample: Sample, findings: Findings) {
        let findings = Findings()
        let document = Document(name: "a.yaml", text: text)
        var sample = Sample()
        let known = ["name", "count", "isOn", "wait", "size", "words", "inner"]
        guard let fields = Cursor.root(of: document, findings)?.fields(known) else {
            return (sample, findings)
        }
        sample.name = fields["name"]?.text()
        sample.count = fields["count"]?.integer(in: 0...10)
        sample.isOn = fields["isOn"]?.bool()
        sample.wait = fields["wait"]?.duration(in: .zero...Duration.seconds(3600))
        sample.size = fields["size"]?.choice(Size.self)
        sample.words = fields["words"]?.itemsOrOne()?.compactMap { $0.text() }
        sample.inner = fields["inner"]?.entries()?.map(\.name)
        return (sample, findings)
    }

    @Test func everyKindOfValueIsRead() {
        let (sample, findings) = Self.read(
            """
            name: 质检
            count: 3
            isOn: true
            wait: 500ms
            size: large
            words: [投诉, "12315", 'a b']
            inner: { b: 1, a: 2 }
            """)
        #expect(findings.shorthand == [])
        let expected = Sample(
            name: "质检", count: 3, isOn: true, wait: .milliseconds(500), size: .large,
            words: ["投诉", "12315", "a b"], inner: ["b", "a"])
        #expect(sample == expected)
    }

    @Test func aFileWithoutContentIsAnEmptyMapping() {
        for text in ["", "\n\n", "# 只有注释\n", "---\n"] {
            let (sample, findings) = Self.read(text)
            #expect(sample == Sample(), "\(text)")
            #expect(findings.all.allSatisfy { $0.code == "wrong-type" }, "\(text)")
        }
    }

    @Test func oneValueStandsForAListOfOne() {
        #expect(Self.read("words: 投诉").sample.words == ["投诉"])
    }

    @Test(arguments: [
        // Keys.
        ("nam: x", ["1:1 unknown-key «nam»"]),
        ("a:\n  b: 1\n名: 2", ["1:1 unknown-key «a»", "3:1 unknown-key «名»"]),
        ("- a", ["1:1 wrong-type «-»"]),
        ("just words", ["1:1 wrong-type «just words»"]),
        ("[a]: 1", ["1:1 bad-key «[»"]),
        // Kinds.
        ("name: [a]", ["1:7 wrong-type «[»"]),
        ("name: { a: 1 }", ["1:7 wrong-type «{»"]),
        ("name:", ["1:6 wrong-type «»"]),
        ("count: three", ["1:8 wrong-type «three»"]),
        ("count: 3.5", ["1:8 wrong-type «3.5»"]),
        ("count: \"3\"", ["1:8 wrong-type «\"»"]),
        ("count: 99999999999999999999", ["1:8 wrong-type «99999999999999999999»"]),
        ("count: 11", ["1:8 out-of-range «11»"]),
        ("count: -1", ["1:8 out-of-range «-1»"]),
        ("isOn: yes", ["1:7 wrong-type «yes»"]),
        ("wait: 30", ["1:7 bad-duration «30»"]),
        ("wait: 30 s", ["1:7 bad-duration «30 s»"]),
        ("wait: 2h", ["1:7 out-of-range «2h»"]),
        ("size: larg", ["1:7 unknown-value «larg»"]),
        ("words: { a: 1 }", ["1:8 wrong-type «{»"]),
        ("words: [a, [b], c]", ["1:12 wrong-type «[»"]),
        ("inner: [a]", ["1:8 wrong-type «[»"]),
        // Behind Chinese text the caret still stands under its word.
        ("inner: { 质检规则: 1 }\nsize: 大", ["2:7 unknown-value «大»"]),
        // All of them in one run.
        (
            "nam: x\ncount: a\nisOn: b\nwait: c\nsize: d",
            [
                "1:1 unknown-key «nam»", "2:8 wrong-type «a»", "3:7 wrong-type «b»",
                "4:7 bad-duration «c»", "5:7 unknown-value «d»",
            ]
        ),
    ])
    func everyMistakeHasItsPlace(_ text: String, _ expected: [String]) {
        #expect(Self.read(text).findings.shorthand == expected)
    }

    @Test(arguments: [
        ("nam: x", "没有 `nam` 这个键", "是想写 `name` 吗？", "did you mean `name`?"),
        ("size: lagre", "不认识 `lagre`", "是想写 `large` 吗？", "did you mean `large`?"),
        ("size: 中", "不认识 `中`", "可用的值：small, large", "possible values: small, large"),
        (
            "wait: 30", "“30”不是时长", "写成 500ms、30s、5m、2h 或 7d",
            "write 500ms, 30s, 5m, 2h or 7d"
        ),
    ])
    func aMistakeSaysWhatToDo(
        _ text: String, _ message: String, _ chinese: String, _ english: String
    ) throws {
        let finding = try #require(Self.read(text).findings.all.first)
        #expect(finding.message.chinese == message)
        #expect(finding.hint?.chinese == chinese)
        #expect(finding.hint?.english == english)
    }

    @Test func aFindingIsShownAsCompilersShowIt() throws {
        let finding = try #require(Self.read("name: 质检\nsize: 特大").findings.all.first)
        #expect(
            finding.rendered(in: .chinese) == """
                a.yaml:2:7: 错误: 不认识 `特大` [unknown-value]
                  size: 特大
                        ^~~~
                  提示：可用的值：small, large
                """)
        #expect(
            finding.rendered(in: .english) == """
                a.yaml:2:7: error: `特大` is not known here [unknown-value]
                  size: 特大
                        ^~~~
                  hint: possible values: small, large
                """)
    }

    @Test func theSameFindingIsKeptOnceAndTheirNumberIsBounded() {
        let words = (0..<1000).map { "k\($0): 1" }.joined(separator: "\n")
        #expect(Self.read(words).findings.all.count == Findings.limit)
    }

    @Test func anErrorBeyondTheLimitIsStillAnError() {
        let findings = Findings()
        let document = Document(name: "a.yaml", text: "name: [a]")
        let root = Cursor.root(of: document, findings)
        for index in 0..<Findings.limit {
            root?.report("doubt-\(index)", Bilingual("疑", "doubt"), severity: .warning)
        }
        #expect(!findings.hasErrors)
        _ = root?.fields(["name"])?["name"]?.text()
        #expect(findings.hasErrors)
    }

    @Test func twentyThousandMistakesAreReadQuickly() {
        let text = "words: [" + String(repeating: "[], ", count: 20_000) + "]"
        let elapsed = ContinuousClock().measure {
            let (_, findings) = Self.read(text)
            #expect(findings.all.count == Findings.limit)
            #expect(findings.hasErrors)
        }
        #expect(elapsed < .seconds(20), "\(elapsed)")
    }

    @Test func findingsAreShownInTheOrderOfTheFiles() {
        let findings = Findings()
        let roots = ["z.yaml", "a.yaml"].map { name in
            Cursor.root(of: Document(name: name, text: "a: 1\nb: 2"), findings)
        }
        for root in roots.reversed() { _ = root?.fields(["b"]) }
        #expect(findings.sorted().map(\.file) == ["z.yaml", "a.yaml"])
    }

    @Test(arguments: [
        ("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("2h", 7_200_000), ("7d", 604_800_000),
        ("0s", 0), ("1500ms", 1500),
    ])
    func aDurationIsReadAndWritten(_ text: String, _ milliseconds: Int) {
        let duration = Duration(settingsText: text)
        #expect(duration == .milliseconds(milliseconds))
        #expect(duration.flatMap { Duration(settingsText: $0.settingsText) } == duration)
    }

    @Test(arguments: ["", "s", "30", "-5s", "1.5h", "5 m", "5M", "1h30m", "٣s", "9999999999s"])
    func whatIsNoDurationIsRefused(_ text: String) {
        #expect(Duration(settingsText: text) == nil)
    }
}
