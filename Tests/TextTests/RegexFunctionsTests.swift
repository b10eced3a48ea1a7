import CEL
import Testing

@Suite("Regular expression functions")
struct RegexFunctionsTests {
    /// Source and answer.
    static let rows: [(String, String)] = [
        // extract
        ("regex.extract('hello world', 'hello(.*)')", "some(' world')"),
        ("regex.extract('item-A, item-B', r'item-(\\w+)')", "some('A')"),
        ("regex.extract('item-A', r'item-\\w+')", "some('item-A')"),
        ("regex.extract('HELLO', 'hello')", "none"),
        ("regex.extract('', 'a')", "none"),
        ("regex.extract('订单号：2026112100，请查', r'订单号：(\\d+)')", "some('2026112100')"),
        ("regex.extract('我要退款', '退.')", "some('退款')"),
        ("regex.extract('abc', 'x*')", "some('')"),
        ("regex.extract('ac', 'a(b)?c')", "none"),
        ("regex.extract('a=', 'a=(.*)')", "none"),
        ("regex.extract('a1', '(?:a)(?P<n>[0-9])')", "some('1')"),
        ("regex.extract('x=1', '(x)=(1)')", "! bad-argument"),
        ("regex.extract('a', '(')", "! bad-pattern"),
        ("regex.extract('a', r'(a)\\1')", "! bad-pattern"),
        ("regex.extract('é', r'\\C')", "! not-text"),
        ("regex.extract('e', r'\\C')", "some('e')"),
        (
            "regex.extract('x 22', '22').orValue('77') + regex.extract('x', '22').orValue('77')",
            "'2277'"
        ),
        ("regex.extract(1, 'a')", "! wrong-arguments"),
        ("regex.extract(dyn(1), 'a')", "! no-such-overload"),
        ("regex.extract(dyn(b'a'), 'a')", "! no-such-overload"),
        // extractAll
        ("regex.extractAll('id:123, id:456', r'id:\\d+')", "['id:123', 'id:456']"),
        ("regex.extractAll('id:123, id:456', r'id:(\\d+)')", "['123', '456']"),
        ("regex.extractAll('id:123', 'assa')", "[]"),
        ("regex.extractAll('', '.')", "[]"),
        ("regex.extractAll('', '')", "['']"),
        ("regex.extractAll('a,,b', '([^,]*)')", "['a', 'b']"),
        ("regex.extractAll('key=, key=v', 'key=([^,]*)')", "['v']"),
        ("regex.extractAll('abc', 'a|b*')", "['a', 'b', '']"),
        ("regex.extractAll('banananana', '(ana)')", "['ana', 'ana']"),
        ("regex.extractAll('退款退货退订', '退(.)')", "['款', '货', '订']"),
        ("regex.extractAll('甲乙', '')", "['', '', '']"),
        ("regex.extractAll('aab', '^a')", "['a']"),
        ("regex.extractAll('a b\\nc', r'(?m)^(\\w)')", "['a', 'c']"),
        ("regex.extractAll('ab ab', r'\\bab')", "['ab', 'ab']"),
        ("regex.extractAll('u@d', '(.*)@([^.]*)')", "! bad-argument"),
        ("regex.extractAll('甲', r'\\C')", "! not-text"),
        // replace
        ("regex.replace('hello world hello', 'hello', 'hi')", "'hi world hi'"),
        ("regex.replace('banana', 'a', 'x', 0)", "'banana'"),
        ("regex.replace('banana', 'a', 'x', 1)", "'bxnana'"),
        ("regex.replace('banana', 'a', 'x', 2)", "'bxnxna'"),
        ("regex.replace('banana', 'a', 'x', 99)", "'bxnxnx'"),
        ("regex.replace('banana', 'a', 'x', 9223372036854775807)", "'bxnxnx'"),
        ("regex.replace('banana', 'a', 'x', -12)", "'bxnxnx'"),
        ("regex.replace('banana', 'a', 'x', -9223372036854775808)", "'bxnxnx'"),
        ("regex.replace('foo bar', '(fo)o (ba)r', r'\\2 \\1')", "'ba fo'"),
        ("regex.replace('foo bar', r'\\w+', r'(\\0)')", "'(foo) (bar)'"),
        ("regex.replace('foo', 'o', r'\\\\1')", "'f\\1\\1'"),
        ("regex.replace('test', '(.)', '$1')", "'$1$1$1$1'"),
        ("regex.replace('ac', 'a(b)?c', r'[\\1]')", "'[]'"),
        ("regex.replace('abc', '', '-')", "'-a-b-c-'"),
        ("regex.replace('退款', '', '|')", "'|退|款|'"),
        ("regex.replace('abc', '^', '>')", "'>abc'"),
        ("regex.replace('abc', '$', '<')", "'abc<'"),
        ("regex.replace('a-b', r'\\b', '|')", "'|a|-|b|'"),
        ("regex.replace('abc', 'b*', 'x')", "'xaxcx'"),
        ("regex.replace('', 'a', 'b')", "''"),
        ("regex.replace('', '', 'b')", "'b'"),
        (
            "regex.replace('卡号 6222021234567890', r'(\\d{4})\\d+(\\d{4})', r'\\1****\\2')",
            "'卡号 6222****7890'"
        ),
        ("regex.replace('a b c', r'\\s', '')", "'abc'"),
        ("regex.replace('test', '(.)', r'\\2')", "! bad-format"),
        ("regex.replace('test', 't', r'\\x')", "! bad-format"),
        ("regex.replace('test', 't', '\\\\')", "! bad-format"),
        ("regex.replace('test', 't', r'\\１')", "! bad-format"),
        ("regex.replace('test', 'x', r'\\9')", "'test'"),
        ("regex.replace('test', '(', '')", "! bad-pattern"),
        ("regex.replace('test', '(', '', 0)", "'test'"),
        ("regex.replace('é', r'\\C', 'x')", "! not-text"),
        ("regex.replace('a', 'a', 1)", "! wrong-arguments"),
        ("regex.replace('a', 'a', 'b', dyn(1u))", "! no-such-overload"),
    ]

    @Test("an expression has this answer", arguments: rows)
    func answer(_ source: String, _ answer: String) { LibraryTable.expect(source, answer) }

    @Test("work and memory have a bound")
    func bounds() {
        let text = "lists.range(zero + 50000).map(n, 'a').join()"
        #expect(LibraryTable.answer("regex.extract(\(text), 'a*').value().size()") == "50000")
        #expect(LibraryTable.answer("regex.extractAll(\(text), 'a').size()") == "! cost-exceeded")
        let long = "lists.range(zero + 4000).map(n, 'a').join()"
        #expect(LibraryTable.answer("regex.replace(\(long), 'a', 'bb').size()") == "8000")
        let source = "regex.replace(\(long), '(a)', regex.replace(\(long), 'a', '退退'))"
        #expect(LibraryTable.answer(source) == "! memory-exceeded")
    }

    @Test("without an engine the functions fail")
    func noEngine() throws {
        let environment = Environment()
        let program = try environment.compile("regex.replace('a', 'a', 'b')")
        let error = #expect(throws: EvaluationError.self) {
            try program.evaluate(Activation(environment))
        }
        #expect(error?.code == "no-regex-engine")
    }
}
