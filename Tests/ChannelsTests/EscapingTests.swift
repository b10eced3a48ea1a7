import Testing

@testable import Channels

struct EscapingTests {
    @Test(
        "Markup of Markdown reads the same and does nothing",
        arguments: [
            ("a*b*c", "a＊b＊c"), ("138****0000", "138＊＊＊＊0000"), ("[l](u)", "［l］(u)"),
            ("![i](u)", "！［i］(u)"), ("wait! no", "wait! no"), ("# x # y", "＃ x # y"),
            ("- x - y", "－ x - y"), ("---", "－--"), ("> x", "＞ x"), ("snake_case", "snake_case"),
            ("_it_", "＿it＿"), ("@all", "＠all"), ("a@b.com", "a@b.com"), ("请@所有人", "请＠所有人"),
            ("`c`", "｀c｀"), ("~~d~~", "～～d～～"), ("a|b", "a｜b"), ("<at>", "＜at＞"), ("", ""),
        ])
    func markdown(text: String, expected: String) {
        #expect(Escaping.markdownLine(text) == expected)
    }

    @Test("HTML has its five characters replaced")
    func html() {
        #expect(
            Escaping.html("<a href='x'>\"&\"</a>警")
                == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;警")
    }

    @Test(
        "Plain text has no control character, no turned direction and no blank runs",
        arguments: [
            (" a \t b\r\nc ", "a b c"), ("a\u{0}b\u{1B}[31m", "a b [31m"), ("\u{202E}abc", "abc"),
            ("\u{FEFF}x", "x"), ("中\u{3000}文", "中 文"), ("👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
            ("\u{2028}a\u{85}", "a"),
        ])
    func line(text: String, expected: String) {
        #expect(PlainText.line(text) == expected)
    }

    @Test("Lines end at every kind of line end, empty ones are kept singly")
    func lines() {
        #expect(PlainText.lines("\na\r\nb\rc\n\n\nd\u{2028}e\n") == ["a", "b", "c", "", "d", "e"])
        #expect(PlainText.lines("\r\n").isEmpty && PlainText.lines("").isEmpty)
    }

    @Test("A clipped text has the length asked for, with whole characters")
    func clipped() {
        #expect(PlainText.clipped("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", to: 2) == "👨‍👩‍👧‍👦…")
        #expect(
            PlainText.clipped("abc", to: 3) == "abc" && PlainText.clipped("abcd", to: 3) == "ab…")
        #expect(PlainText.clipped("abc", to: 0) == "…" && PlainText.clipped("", to: 0) == "")
    }

    @Test("JSON text has the escapes that it must have")
    func json() {
        #expect(JSONText.string("a\"\\\n\r\t\u{1}\u{7F}/警🔥") == #""a\"\\\n\r\t\u0001\u007f/警🔥""#)
    }
}
