import Foundation
import Testing

@testable import CEL

@Suite("Printer")
struct PrinterTests {
    /// A source, and how it is printed.
    static let rows: [(String, String)] = [
        // Literals.
        ("0x1F", "31"), ("-7", "-7"), ("7U", "7u"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("1.50", "1.5"), ("1e3", "1000.0"), (".5", "0.5"), ("-0.0", "-0.0"), ("1e308", "1e+308"),
        ("null", "null"), ("true", "true"),
        ("'退款'", "\"退款\""), (#"'a"b\'c'"#, #""a\"b'c""#), (#"r'\d'"#, #""\\d""#),
        (#"'\n\t\x00'"#, #""\n\t\x00""#), ("'''a\nb'''", #""a\nb""#),
        (#"b'\xff退'"#, #"b"\xff\xe9\x80\x80""#), ("b''", "b\"\""),
        // Names and fields.
        ("a . b", "a.b"), (".a.b", ".a.b"), ("a.?b", "a.?b"), ("a.`in`", "a.`in`"),
        ("a.`b-c`.d", "a.`b-c`.d"), ("has( a.b )", "has(a.b)"), ("has(a.`in`)", "has(a.`in`)"),
        ("(a.b).c", "a.b.c"), ("(a + b).c", "(a + b).c"), ("'a'.size()", "\"a\".size()"),
        ("(-1).abs()", "(-1).abs()"), ("-1.abs()", "(-1).abs()"), ("(-x).abs()", "(-x).abs()"),
        // Operators: brackets only where the tree needs them.
        ("(a+b)+c", "a + b + c"), ("a+(b+c)", "a + (b + c)"), ("a-(b-c)", "a - (b - c)"),
        ("(a*b)+c", "a * b + c"), ("a*(b+c)", "a * (b + c)"), ("a%b/c", "a % b / c"),
        ("a==b", "a == b"), ("(a<b)==c", "a < b == c"), ("a<(b==c)", "a < (b == c)"),
        ("a in [b]", "a in [b]"), ("!(a in b)", "!(a in b)"), ("!a.b", "!a.b"),
        ("(!a).b", "(!a).b"),
        ("!!a", "!!a"), ("-(-a)", "--a"), ("-(1)", "-(1)"), ("- 1", "-1"), ("-(1).a", "-(1.a)"),
        ("1 - -1", "1 - -1"), ("1 - (-x)", "1 - -x"), ("(-1)[0]", "(-1)[0]"),
        ("a&&b&&c", "a && b && c"), ("(a&&b)&&(c&&d)", "a && b && c && d"),
        ("a&&(b&&c)", "a && (b && c)"), ("a||b&&c", "a || b && c"), ("(a||b)&&c", "(a || b) && c"),
        ("a?b:c", "a ? b : c"), ("a?b:c?d:e", "a ? b : c ? d : e"),
        ("(a?b:c)?d:e", "(a ? b : c) ? d : e"), ("a?(b?c:d):e", "a ? (b ? c : d) : e"),
        ("(a?b:c)+1", "(a ? b : c) + 1"), ("[a?b:c]", "[a ? b : c]"),
        // Calls, lists and maps.
        ("f()", "f()"), ("a.f(b,c)", "a.f(b, c)"), ("f(a||b)", "f(a || b)"), ("a[b][c]", "a[b][c]"),
        ("a[?b]", "a[?b]"), ("[ ]", "[]"), ("[a,?b,]", "[a, ?b]"), ("{}", "{}"),
        ("{'a':1,?b:c,}", "{\"a\": 1, ?b: c}"), ("[[1],{2:3}]", "[[1], {2: 3}]"),
        // Macros, as they were written.
        ("a.all(x,x>0)", "a.all(x, x > 0)"), ("a.map(x,x>0,x*2)", "a.map(x, x > 0, x * 2)"),
        ("a.transformMapEntry(k,v,{v:k})", "a.transformMapEntry(k, v, {v: k})"),
        ("(a+b).exists(x,x)", "(a + b).exists(x, x)"),
        ("cel.bind(x,a,x+x)", "cel.bind(x, a, x + x)"),
        (
            "cel.block([a,cel.index(0)],cel.index(1))",
            "cel.block([a, cel.index(0)], cel.index(1))"
        ),
        ("a.optMap(x,x+1).orValue(0)", "a.optMap(x, x + 1).orValue(0)"),
        ("math.greatest(a,b,c)", "math.greatest(a, b, c)"),
        ("twice(a+1)*2", "twice(a + 1) * 2"), ("a.all(x,twice(x)==[])", "a.all(x, twice(x) == [])"),
        // Remarks and blanks are no part of a tree.
        ("a // why\n  && b", "a && b"),
    ]

    private static let environment: Environment = {
        var environment = Environment()
        environment.declare(
            Macro("twice", arguments: 1...1, Documentation("twice", "两次")) { expansion in
                expansion.list([expansion.arguments[0], expansion.arguments[0]])
            })
        return environment
    }()

    @Test("an expression is printed so, and reads as the same tree", arguments: rows)
    func table(_ source: String, _ text: String) throws {
        let parsed = try Self.environment.parse(source)
        #expect(parsed.text == text)
        #expect(try Self.environment.parse(parsed.text).text == text)
        let complaint = SyntaxCase.roundTrip(parsed) { text throws(CompilationError) in
            try Self.environment.parse(text)
        }
        #expect(complaint == nil)
    }

    @Test("without macros their calls are printed as calls")
    func withoutMacros() throws {
        let source = "a.all(x, has(x.y)) && cel.bind(z, 1, z)"
        let parsed = try Self.environment.parseWithoutMacros(source)
        #expect(parsed.text == source)
    }

    @Test(
        "every expression of the conformance tests is printed as text that gives the same tree",
        .enabled(if: ConformanceData.isPresent, "no data"))
    func conformance() throws {
        let folder = try #require(ConformanceData.folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
        var count = 0
        for name in names {
            for test in (try? ConformanceData.load(name)) ?? [] {
                let environment = Environment()
                func parse(_ text: String) throws(CompilationError) -> ParsedExpression {
                    test.disableMacros
                        ? try environment.parseWithoutMacros(text) : try environment.parse(text)
                }
                guard let parsed = try? parse(test.expr) else { continue }
                #expect(SyntaxCase.roundTrip(parsed, parse) == nil, "\(test.id)")
                count += 1
            }
        }
        #expect(count > 1_000)
    }
}
