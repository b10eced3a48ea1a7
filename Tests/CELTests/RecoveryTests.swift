import CEL
import Testing

/// Sources with several mistakes: each is told once, at its place, and nothing that follows from it.
@Suite("Recovery")
struct RecoveryTests {
    /// Source, and each mistake as `column code «part» -> what is suggested`.
    static let rows: [(String, [String])] = [
        // Two to four mistakes that do not follow from each other.
        (
            "f(1 +, [2 3], @, 'x)",
            [
                "6 syntax «,»", "11 syntax «3»", "15 unexpected-character «@»",
                "18 unterminated-text «'x)»",
            ]
        ),
        (
            "count = 1 and raw <> 2 or not yes",
            [
                "7 unexpected-character «=» -> write `==`", "11 syntax «and» -> write `&&`",
                "19 unexpected-character «<>» -> write `!=`", "24 syntax «or» -> write `||`",
                "27 syntax «not» -> write `!`", "31 unknown-name «yes»",
            ]
        ),
        (
            "task.stauts == 'A' && (count + ) > 1 || @raw",
            [
                "6 unknown-field «stauts» -> did you mean `status`?", "32 syntax «)»",
                "41 unexpected-character «@»",
            ]
        ),
        ("(count > 1 && [1, 2 == raw", ["27 unclosed «»"]),
        ("(count > 1] && raw.x == )", ["11 unclosed «]»", "25 syntax «)»"]),
        ("count) > 1 && task.status == ]", ["6 unopened «)»", "30 syntax «]»"]),
        ("count > && raw == 1 && && raw == 2", ["9 syntax «&&»", "24 syntax «&&»"]),
        (
            "count * * 2 == 1 || raw ! 2",
            ["9 syntax «*»", "25 syntax «!» -> `!=` compares; `!` stands before a condition"]
        ),
        ("[1, 2 3, 4 + ] == [5,,6]", ["7 syntax «3»", "14 syntax «]»", "22 syntax «,»"]),
        ("{'a' 1, 'b': , 'c'}", ["6 syntax «1»", "14 syntax «,»"]),
        ("{1, 2, 3}.size() > 0 && count ==", ["3 syntax «,»", "33 syntax «»"]),
        ("raw[1, 2] + (3, 4) > 1", ["6 syntax «,»", "15 syntax «,»"]),
        (
            "a.b c.d && e.f g.h",
            ["5 syntax «c»", "16 syntax «g»"]
        ),
        (
            "sentences.exists(s, s.wrods == 'a' &&) || sentence.size() > 1",
            [
                "23 unknown-field «wrods» -> did you mean `words`?", "38 syntax «)»",
                "43 unknown-name «sentence» -> did you mean `sentences`?",
            ]
        ),
        (
            "count > 1 , raw == 1 ; true",
            [
                "11 syntax «,» -> join conditions with `&&` or `||`",
                "22 unexpected-character «;» -> leave it out",
            ]
        ),
        ("count ? 1 2 : 3 && has(raw.x)", ["11 syntax «2»"]),
        ("true ? count ? 1 : 2 : 3", ["14 syntax «?» -> put the inner `? :` in brackets"]),
        (
            "has(raw) && has(raw.x, 1) && sentences.all(1, true)",
            [
                "5 macro-argument «raw» -> for a key of a map write `\"key\" in map`",
                "13 macro-form «has»", "44 macro-argument «1»",
            ]
        ),
        (
            "'\\q' + '\\u12' == \"a\nb\"",
            [
                "2 bad-escape «\\q»", "9 bad-escape «\\u12»", "18 unterminated-text «\"a»",
            ]
        ),
        (
            "99999999999999999999 + 1e999 + 30s + 1_000",
            [
                "1 number-too-large «99999999999999999999»", "24 number-too-large «1e999»",
                "32 bad-number «30s» -> write `duration(\"30s\")`",
                "38 bad-number «1_000» -> digits stand without `_`",
            ]
        ),
        // A Chinese keyboard.
        (
            "task.status＝＝“FINISH” ＆＆ （count ≥ 1）",
            [
                "12 unexpected-character «＝＝» -> write `==`",
                "14 unexpected-character «“FINISH”» -> write `\"FINISH\"`",
                "23 unexpected-character «＆＆» -> write `&&`",
                "26 unexpected-character «（» -> write `(`",
                "33 unexpected-character «≥» -> write `>=`",
                "36 unexpected-character «）» -> write `)`",
            ]
        ),
        (
            "［1，2］.exists(x， x ＞ 1) ？ ‘a’ ： “！b”",
            [
                "1 unexpected-character «［» -> write `[`",
                "3 unexpected-character «，» -> write `,`",
                "5 unexpected-character «］» -> write `]`",
                "15 unexpected-character «，» -> write `,`",
                "19 unexpected-character «＞» -> write `>`",
                "24 unexpected-character «？» -> write `?`",
                "26 unexpected-character «‘a’» -> write `\"a\"`",
                "30 unexpected-character «：» -> write `:`",
                "32 unexpected-character «“！b”» -> write `\"！b\"`",
            ]
        ),
        (
            "task。status == 完成 && count > 1",
            [
                "5 unexpected-character «。» -> write `.`",
                "16 unexpected-character «完成» -> write `\"完成\"`",
            ]
        ),
        (
            "count\u{A0}> 1\u{3000}&& \u{200B}true",
            [
                "6 unexpected-character «\u{A0}» -> write a plain blank, or nothing",
                "10 unexpected-character «\u{3000}» -> write a plain blank, or nothing",
                "14 unexpected-character «\u{200B}» -> write a plain blank, or nothing",
            ]
        ),
        // Other languages.
        (
            "count === 1 & raw !== 2 | count => 3",
            [
                "7 unexpected-character «===» -> write `==`",
                "13 unexpected-character «&» -> write `&&`",
                "19 unexpected-character «!==» -> write `!=`",
                "25 unexpected-character «|» -> write `||`",
                "33 unexpected-character «=>» -> write `>=`",
            ]
        ),
        (
            "task.status IN ['A'] AND task.status NOT IN ['B']",
            [
                "13 syntax «IN» -> write `in`", "22 syntax «AND» -> write `&&`",
                "38 syntax «NOT» -> write `!(a in b)`",
            ]
        ),
        (
            "task.status contains 'A' || task.status LIKE '%B%'",
            [
                "13 syntax «contains» -> write `a.contains(b)`",
                "41 syntax «LIKE» -> write `a.contains(b)`",
            ]
        ),
        (
            "task.status == /a|b/i && task.status =~ /c/",
            [
                "16 foreign-pattern «/a|b/i» -> write `text.matches(\"(?i)a|b\")`",
                "38 unexpected-character «=~» -> write `.matches(…)`",
            ]
        ),
        // A search that is negated is so in the advice too; `~=` means different things.
        (
            "task.status !~ /c/ && task.status ~= 'c' || task.status ~ 'd'",
            [
                "13 unexpected-character «!~» -> write `!a.matches(…)`",
                "35 unexpected-character «~=»",
                "57 unexpected-character «~» -> write `.matches(…)`",
            ]
        ),
        (
            "task.status 不包含 'A' && task.status没有包含'B' || task.status 不含 \"C\"",
            [
                "13 syntax «不包含» -> write `!a.contains(b)`",
                "35 syntax «没有包含» -> write `!a.contains(b)`",
                "58 syntax «不含» -> write `!a.contains(b)`",
            ]
        ),
        (
            "task.status not contains 'A' || task.status NOT LIKE 'B' && count not in [1]",
            [
                "13 syntax «not» -> write `!a.contains(b)`",
                "45 syntax «NOT» -> write `!a.contains(b)`",
                "67 syntax «not» -> write `!(a in b)`",
            ]
        ),
        ("if count > 1 then 'a' else 'b'", ["1 syntax «if» -> write `? :`"]),
        (
            "[count if raw == 1 else 2, while, let x]",
            [
                "8 syntax «if» -> write `? :`",
                "28 reserved-word «while» -> go through a list with `list.exists(x, …)` or `list.all(x, …)`",
                "35 reserved-word «let» -> name a value with `cel.bind(x, value, …)`",
            ]
        ),
        ("raw?.a.b == 1 && count ?", ["4 syntax «?.» -> write `.?`", "25 syntax «»"]),
        (
            "count /* how many */ > 1 # really",
            [
                "7 unexpected-character «/*» -> write `//`",
                "26 unexpected-character «#» -> write `//`",
            ]
        ),
        (
            "$count > 1 && raw is null",
            [
                "1 unexpected-character «$» -> leave it out", "19 syntax «is» -> write `==`",
            ]
        ),
        (
            "not (count > 1) && raw == None && true == True",
            [
                "1 unknown-function «not» -> did you mean `!`?",
                "27 unknown-name «None» -> did you mean `null`?",
                "43 unknown-name «True» -> did you mean `true`?",
            ]
        ),
        // Words of Chinese between conditions, with and without blanks.
        (
            "count > 1 并且 raw == 1或者raw == 2 且 非 (count 大于 3)",
            [
                "11 syntax «并且» -> write `&&`", "22 syntax «或者» -> write `||`",
                "33 syntax «且» -> write `&&`", "35 syntax «非» -> write `!`",
                "44 syntax «大于» -> write `>`",
            ]
        ),
        (
            "不是(count > 1) || task.status 等于 '或者' || task.status 包含 'A'",
            [
                "1 syntax «不是» -> write `!`", "30 syntax «等于» -> write `==`",
                "53 syntax «包含» -> write `a.contains(b)`",
            ]
        ),
        // A word of Chinese is a text where a text is due, and no name where a name is.
        (
            "task.status == 或许 || task.状态 == 非常 || 任务.status == 'A'",
            [
                "16 unexpected-character «或许» -> write `\"或许\"`",
                "27 unexpected-character «状态» -> a key is written `[\"状态\"]`, without the dot; a name has letters of "
                    + "English, digits and `_` only",
                "33 unexpected-character «非常» -> write `\"非常\"`",
                "39 unexpected-character «任务» -> a name has letters of English, digits and `_` only",
            ]
        ),
        ("如果 count > 1 那么 true 否则 raw == 1", ["1 syntax «如果» -> write `? :`"]),
        ("count > 1 && 如果(raw == 1)", ["14 syntax «如果» -> write `? :`"]),
        // What is inside an open bracket is looked at.
        (
            "(count > 1 && cuont > 1",
            ["15 unknown-name «cuont» -> did you mean `count`?", "24 unclosed «»"]
        ),
        (
            "[cuont, 1 == 1", ["2 unknown-name «cuont» -> did you mean `count`?", "15 unclosed «»"]
        ),
        (
            "raw[cuont == 1 || true",
            ["5 unknown-name «cuont» -> did you mean `count`?", "23 unclosed «»"]
        ),
        (
            "{'a': cuont, 'b': 1 == 1",
            ["7 unknown-name «cuont» -> did you mean `count`?", "25 unclosed «»"]
        ),
        (
            "size([cuont]) > 1 || size([1, task.stauts",
            [
                "7 unknown-name «cuont» -> did you mean `count`?",
                "36 unknown-field «stauts» -> did you mean `status`?", "42 unclosed «»",
            ]
        ),
        (
            "sentences.exists(s, s.wrods == 'a' && s.begin > 1",
            ["23 unknown-field «wrods» -> did you mean `words`?", "50 unclosed «»"]
        ),
        ("sentences.exists(s", ["19 unclosed «»"]),
        (
            "sentence.exists(s",
            ["1 unknown-name «sentence» -> did you mean `sentences`?", "18 unclosed «»"]
        ),
        (
            "count > 1 ? cuont",
            ["13 unknown-name «cuont» -> did you mean `count`?", "18 syntax «»"]
        ),
        // Names.
        (
            "sentences.exist(s, s.wrods == t)",
            ["11 unknown-function «exist» -> did you mean `exists`?"]
        ),
        (
            "sentences.any(s, s.begin > 1) || sentences.exists(s.begin > 1)",
            [
                "11 unknown-function «any» -> did you mean `exists`?",
                "44 macro-form «exists» -> write `list.exists(x, …)`",
            ]
        ),
        (
            "exists(sentences, s, s.begin > 1) && len(sentences) > 1",
            [
                "1 macro-form «exists» -> write `list.exists(x, …)`",
                "38 unknown-function «len» -> did you mean `size`?",
            ]
        ),
        (
            "math.greatst(1, 2) + maths.abs(cuont) > task.status.length",
            [
                "6 unknown-function «greatst» -> did you mean `math.greatest`?",
                "28 unknown-function «abs» -> did you mean `math.abs`?",
                "32 unknown-name «cuont» -> did you mean `count`?",
                "53 not-selectable «length» -> did you mean `size()`?",
            ]
        ),
        (
            "task.status == FINISH && sentences.lenght > 1",
            [
                "16 unknown-name «FINISH» -> did you mean `\"FINISH\"`?",
                "36 not-selectable «lenght»",
            ]
        ),
        (
            "task.status.startWith('a') || str(count) == 'a'",
            [
                "13 unknown-function «startWith» -> did you mean `startsWith`?",
                "31 unknown-function «str» -> did you mean `string`?",
            ]
        ),
    ]

    @Test("Every sign of another script is passed, wherever it stands")
    func signs() {
        let ranges = [0xA1...0xBF, 0x2010...0x206F, 0x3000...0x303F, 0xFF01...0xFFEE]
        for number in ranges.joined() + [0x1F514] {
            guard let sign = Unicode.Scalar(UInt32(number)) else { continue }
            for source in [
                "\(sign)", "a\(sign)", "a \(sign) b", "\(sign)\(sign)a", "(\(sign)", "a.\(sign)",
            ] {
                _ = try? Environment().parse(source)
            }
        }
        for source in ["a == 1；", "a；b", "＃a", "a 、b"] {
            #expect(throws: CompilationError.self, "\(source)") { try Environment().parse(source) }
        }
    }

    @Test("each mistake is told once, at its place", arguments: rows.map(\.0))
    func mistakes(_ source: String) throws {
        let expected = try #require(Self.rows.first { $0.0 == source }?.1)
        let error = #expect(throws: CompilationError.self) {
            try CheckerTests.environment.compile(source)
        }
        let bytes = Array(source.utf8)
        let found = (error?.diagnostics ?? []).map { diagnostic in
            let part = String(decoding: bytes[diagnostic.range], as: UTF8.self)
            let hint = diagnostic.hint(in: .english).map { " -> \($0)" } ?? ""
            let isShown = diagnostic.code != "wrong-arguments"
            return "\(diagnostic.column) \(diagnostic.code) «\(part)»\(isShown ? hint : "")"
        }
        #expect(found == expected)
        // Each has its words in each language, and its picture.
        for diagnostic in error?.diagnostics ?? [] {
            for language in Language.allCases {
                #expect(!diagnostic.message(in: language).isEmpty)
                #expect(!diagnostic.rendered(of: source, in: language).isEmpty)
            }
            #expect(
                (diagnostic.hint(in: .english) == nil) == (diagnostic.hint(in: .chinese) == nil))
        }
    }

    @Test("to a list that is compared with a number its size is proposed, and to no other")
    func sizes() {
        for (source, isProposed) in [
            ("sentences > 3", true), ("3 <= sentences", true), ("sentences + 1 > raw", false),
            ("sentences[1.0].words == 'a'", false), ("sentences * 2 == raw", false),
        ] {
            let error = #expect(throws: CompilationError.self, "\(source)") {
                try CheckerTests.environment.compile(source)
            }
            let hints = error?.diagnostics.compactMap { $0.hint(in: .english) } ?? []
            #expect(hints.contains { $0.contains(".size()") } == isProposed, "\(hints)")
        }
    }

    @Test("a message shows the beginning of what is very long")
    func clipping() {
        var environment = CheckerTests.environment
        environment.judgesLiterals = true
        let long = String(repeating: "很长", count: 10_000)
        for source in [
            "count \"\(long)\"", "count > \"\(long)\"", "“\(long)”", "task.\(long) == 1",
            "a\(long)",
            "task.status == /\(long)/", "count > 1\(String(repeating: "0", count: 20_000))",
            "\(String(repeating: "a", count: 20_000)) == 1",
            "count 3\(String(repeating: "a", count: 20_000))",
            "task.\(String(repeating: "a", count: 20_000)) == 1", "sentences > \"\(long)\".size()",
            "\(String(repeating: "a", count: 20_000))(1)", "timestamp('\(long)') == raw",
            "raw.x > duration('\(long)')", "count.matches('\(long)')", "'\(long)' in '\(long)'",
            "'\(long)' || '\(long)'", "'\\\(long)'",
            "[\"\(long)\"].size().x == 1",
        ] {
            let error = #expect(throws: CompilationError.self, "\(source.prefix(40))") {
                try environment.compile(source)
            }
            for diagnostic in error?.diagnostics ?? [] {
                for language in Language.allCases {
                    #expect(
                        diagnostic.message(in: language).unicodeScalars.count < 500,
                        "\(source.prefix(40))")
                    #expect(
                        (diagnostic.hint(in: language) ?? "").unicodeScalars.count < 500,
                        "\(source.prefix(40))")
                }
            }
        }
    }

    @Test("the variable of a macro that is not there is no second mistake")
    func unknownMacros() {
        for (source, codes) in [
            ("sentences.tallied(e, e.words == 'a' && e.end > 1) > 2", ["unknown-function"]),
            ("tallied(e, e.words, e) > 2", ["unknown-function"]),
            ("sentences.tallied(e, e.words == nothing)", ["unknown-function", "unknown-name"]),
            ("tallied(e) > 2", ["unknown-function", "unknown-name"]),
            ("tallied(raw.x, nothing) > 2", ["unknown-function", "unknown-name"]),
        ] {
            let error = #expect(throws: CompilationError.self) {
                try CheckerTests.environment.compile(source)
            }
            #expect(error?.diagnostics.map(\.code) == codes, "\(source)")
        }
    }

    @Test("a word that the environment knows for a name is told the name")
    func synonyms() {
        var environment = CheckerTests.environment
        environment.synonyms = ["客户": "task", "个数": "count", "状态": "status", "total": "count"]
        for (source, expected) in [
            ("客户.status == 'A' && total > 1", ["1 客户 task", "21 total count"]),
            ("count > 1并且非客户.isDone", ["10 并且 -", "12 非 -", "13 客户 task"]),
            ("task.状态 == 'A'", ["6 状态 -"]),
        ] {
            let error = #expect(throws: CompilationError.self) {
                try environment.compile(source)
            }
            let bytes = Array(source.utf8)
            let found = (error?.diagnostics ?? []).filter { $0.code != "unknown-field" }.map {
                let part = String(decoding: bytes[$0.range], as: UTF8.self)
                return "\($0.column) \(part) \($0.suggestion ?? "-")"
            }
            #expect(found == expected, "\(source)")
        }
    }

    @Test("a place that a message names can be one of a larger text")
    func placing() throws {
        let error = #expect(throws: CompilationError.self) {
            try CheckerTests.environment.parse("count > 1 && (raw")
        }
        let diagnostic = try #require(error?.diagnostics.first)
        let message = diagnostic.message(in: .english) { offset in (10, offset + 5) }
        #expect(message == "found the end, expected `)` for the `(` at 10:18")
    }

    @Test("a bracket that is missing is told with the place of the one that it closes")
    func unclosed() throws {
        let source = "sentences.exists(s,\n  s.words.contains('a') && [1, 2"
        let error = #expect(throws: CompilationError.self) {
            try CheckerTests.environment.parse(source)
        }
        let diagnostic = try #require(error?.diagnostics.first)
        #expect(error?.diagnostics.count == 1)
        #expect(
            diagnostic.message(in: .english) == "found the end, expected `]` for the `[` at 2:28")
        #expect(diagnostic.message(in: .chinese) == "遇到结尾，2:28 处的 `[` 还缺 `]`")
    }
}
