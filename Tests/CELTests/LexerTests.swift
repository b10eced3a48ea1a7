import Testing

@testable import CEL

@Suite("Lexer")
struct LexerTests {
    /// Source, and its tokens separated by blanks; mistakes follow behind `!`.
    static let rows: [(String, String)] = [
        ("", ""),
        ("a.b_1", "a . b_1"),
        ("a&&b||!c", "a && b || ! c"),
        ("1<=2>=3==4!=5", "1 <= 2 >= 3 == 4 != 5"),
        ("0x1F 0XFFu 07", "31 255u 7"),
        ("1.5 .5 1e3 2E-2 1.", "1.5 0.5 1000.0 0.02 1 ."),
        ("1u 18446744073709551615U", "1u 18446744073709551615u"),
        ("9223372036854775808", "9223372036854775808"),
        ("9223372036854775809", "0 ! number-too-large"),
        ("1e400", "0.0 ! number-too-large"),
        ("'a' \"b\"", "\"a\" \"b\""),
        ("'''a\nb'''", "\"a\\nb\""),
        (#"r'\n' R"\\""#, #""\\n" "\\\\""#),
        (#"b'\xff' br'\xff' bR"x""#, #"b"\xff" b"\\xff" b"x""#),
        (#"'\u4f60\U0001f431\x41\101'"#, "\"你🐱AA\""),
        (#"b'你'"#, #"b"\xe4\xbd\xa0""#),
        (#"'\ud800'"#, "\"\" ! bad-escape"),
        (#"b'\u0041'"#, "b\"0041\" ! bad-escape"),
        (#"'\q\400'"#, "\"00\" ! bad-escape bad-escape"),
        ("'abc", "\"abc\" ! unterminated-text"),
        ("'a\nb'", "\"a\" b\"\" ! unterminated-text"),
        ("true false null nullable", "true false null nullable"),
        ("a // comment\n b", "a b"),
        ("a.`b-c`", "a . `b-c`"),
        ("a @ 你 b", "a � b ! unexpected-character unexpected-character"),
        ("&", "&& ! unexpected-character"),
        (
            "a===b!==c<>d=>e=<f=g|h",
            "a == b != c != d >= e <= f == g || h ! "
                + Array(repeating: "unexpected-character", count: 7).joined(separator: " ")
        ),
        (
            "＝＝ ！＝ ≥ （【",
            "== != >= ( [ ! "
                + Array(repeating: "unexpected-character", count: 5).joined(separator: " ")
        ),
        (
            "“a” ‘b\" 「c」",
            "\"a\" \"b\" \"c\" ! unexpected-character unexpected-character unexpected-character"
        ),
        ("“a\nb", "\"a\" b ! unterminated-text"),
        ("1in 0x1g 5s", "1 in 1 5 ! bad-number bad-number"),
        ("a / b / c", "a / b / c"), ("== /b/ c", "== \"b\" c ! foreign-pattern"),
        ("a /* b */ c", "a c ! unexpected-character"),
        // Wide digits are digits.
        ("a > ０ && b == １2．５ && 1０ 3.５", wideDigits),
        ("== /b/i || /c/gi || /d/g", patterns),
        (
            "f(s => s.x) || (s => 1)",
            "f ( s , s . x ) || ( s >= 1 ) ! unexpected-character unexpected-character"
        ),
    ]

    private static let wideDigits =
        "a > 0 && b == 12.5 && 10 3.5 ! "
        + Array(repeating: "unexpected-character", count: 4).joined(separator: " ")
    private static let patterns =
        "== \"(?i)b\" || \"(?i)c\" || \"d\" ! foreign-pattern foreign-pattern foreign-pattern"

    @Test("a source becomes these tokens", arguments: rows)
    func tokens(_ source: String, _ expected: String) {
        var lexer = Lexer(Source(source))
        var shown: [String] = []
        while true {
            let token = lexer.next()
            if token.kind == .end { break }
            shown.append(token.description)
        }
        if !lexer.mistakes.isEmpty { shown += ["!"] + lexer.mistakes.map(\.0.code) }
        #expect(shown.joined(separator: " ") == expected)
    }

    @Test("the end comes again and again")
    func end() {
        var lexer = Lexer(Source("a"))
        #expect(lexer.next().range == 0..<1)
        #expect(lexer.next().kind == .end)
        #expect(lexer.next().kind == .end)
    }
}
