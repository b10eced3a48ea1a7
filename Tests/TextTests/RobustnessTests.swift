import CEL
import Testing

/// Random sources from one seed: nothing may trap, whatever they say.
@Suite("Robustness")
struct RobustnessTests {
    static let pieces = [
        "a", "sentences", "task", "raw", "count", "s", "x", ".words", ".status", ".?labels", ".a",
        "1", "-1", "0", "9223372036854775807", "-9223372036854775808", "1u",
        "18446744073709551615u",
        "1.5", "1e308", "-0.0", "'a'", "'投诉'", "\"\\u4f60\"", "b'\\xff'", "''", "true", "false",
        "null", "(", ")", "[", "]", "{", "}", "{'a': 1}", "[1, 2.0, 'x', null]", ",", ":", "?", "+",
        "-", "*", "/", "%", "&&", "||", "!", "==", "!=", "<", "<=", ">", ">=", " in ",
        ".exists(x, x", ".all(x, ", ".map(x, ", ".filter(x, x == ", ".exists_one(i, v, ", ".size()",
        "size(", "string(", "int(", "uint(", "double(", "bytes(", "timestamp(", "duration(",
        "type(",
        "dyn(", ".contains(", ".matches(", ".substring(", ".charAt(", ".indexOf(", ".replace(",
        ".split(", ".join(", ".format([", "math.greatest(", "math.bitShiftLeft(", "math.abs(",
        "cel.bind(x, ", "cel.block([", "cel.index(", "optional.of(", "optional.none()", ".orValue(",
        ".value()", ".optMap(x, ", "[?", "has(", "base64.decode(", ".getHours('", "Asia/Shanghai')",
        ".distinct()", ".flatten(", ".sort()", ".sortBy(x, ", ".slice(0, ", ".reverse()",
        ".first()",
        ".last()", "lists.range(", "sets.contains(", "sets.equivalent(", "sets.intersects(",
        "regex.extract(", "regex.extractAll(", "regex.replace(", "'(.)'", "'\\\\1'", "ip('::1')",
        "cidr('10.0.0.0/8')", "ip(", "cidr(", ".containsIP(", ".containsCIDR(", ".masked()",
        ".family()", ".isLoopback()", "ip.isCanonical(", "net.IP", "optional.unwrap(",
        "duration('1h')", "timestamp('2026-01-01T00:00:00Z')", ".transformMap(k, v, ", "\\", "@",
        "`",
        "'", "\"", "//", "\n", "你", " 并且 ", "或者", "非", "不是(", "如果 ", "否则", " 包含 ", "客户.", "状态",
        "（", "30s", ".status == ", "[task.status, ", "duration('5 minutes')",
    ]

    static let seeds = [
        "sentences.exists(s, s.speaker == 'customer' && s.emotionValue >= 8.0)",
        "sentences.filter(s, s.words.matches('投诉|曝光')).map(s, s.begin / 1000)",
        "has(raw.a) && raw.a.b[0].c > 1.0 ? task.status : 'x' + string(count)",
        "cel.bind(x, sentences.map(s, s.words), x.join(',').split(',').size() == x.size())",
        "{'a': [1, 2, 3].map(i, i * count)}.a.exists(v, v % 2 == 0) || raw[?'z'].orValue(false)",
        "timestamp('2026-01-01T00:00:00Z') + duration('1h') * 1 < timestamp(count)",
        "'%s %d %.3f %e'.format([task.labels, count, 1.5, 2.5]).substring(0, count).reverse()",
        "lists.range(count).sortBy(i, -i).slice(0, 2).distinct() + [[1, [count]]].flatten(count)",
        "sets.contains(sentences.map(s, s.speaker), ['agent']) && [3, 1, 2].sort().first() == count",
        "regex.replace(string(count), '(.)', '<\\\\1>', 1) + regex.extractAll('a1b2', '[a-z]')[0]",
        "cidr('10.0.0.0/8').containsIP('10.0.0.' + string(count)) && ip('::1').isLoopback()",
        "math.greatest([1, 2u, 3.5]) == 3.5 && math.bitShiftRight(count, 70) == 0",
    ]

    @Test("random tokens never trap", arguments: [1 as UInt64, 2, 3, 4])
    func soup(_ seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        for _ in 0..<2_500 {
            let count = Int.random(in: 1...18, using: &random)
            var source = ""
            for _ in 0..<count { source += Self.pieces.randomElement(using: &random) ?? "" }
            run(source)
        }
    }

    @Test("changed expressions never trap", arguments: [5 as UInt64, 6, 7, 8])
    func mutations(_ seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        for _ in 0..<2_500 {
            var source = Array((Self.seeds.randomElement(using: &random) ?? "").unicodeScalars)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0...source.count, using: &random)
                let end = Int.random(in: place...min(source.count, place + 6), using: &random)
                let piece = Array((Self.pieces.randomElement(using: &random) ?? "").unicodeScalars)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: source.insert(contentsOf: piece, at: place)
                case 1: source.removeSubrange(place..<end)
                default: source.replaceSubrange(place..<end, with: piece)
                }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: source)
            run(String(text))
        }
    }

    /// Parses, prints, checks, plans and runs a source, as far as it goes, both ways.
    private func run(_ source: String) {
        var environment = EvaluatorTests.environment
        environment.limits.cost = 100_000
        environment.limits.builtBytes = 1 << 20
        environment.judgesLiterals = true
        environment.synonyms = ["客户": "task", "状态": "status"]
        do {
            let parsed = try environment.parse(source)
            let again = try environment.parse(parsed.text)
            #expect(again.text == parsed.text, "\(source)")
            let unchecked = try environment.planUnchecked(parsed)
            _ = try? unchecked.evaluate(EvaluatorTests.activation)
            let program = try environment.plan(try environment.check(parsed))
            let value = try? program.evaluate(EvaluatorTests.activation)
            let other = try? unchecked.evaluate(EvaluatorTests.activation)
            // What both ways can compute, they compute alike; declared fields have defaults in one.
            if let value, let other, !source.contains("sentences"), !source.contains("task") {
                #expect(EvaluatorTests.plain(value) == EvaluatorTests.plain(other), "\(source)")
            }
        } catch {
            tell(error, source)
        }
        // What the parser understood of a source with mistakes is checked too.
        do {
            _ = try environment.compile(source)
        } catch {
            tell(error, source)
        }
    }

    private func tell(_ error: CompilationError, _ source: String) {
        #expect(!error.diagnostics.isEmpty)
        for diagnostic in error.diagnostics {
            #expect(diagnostic.range.upperBound <= source.utf8.count, "\(source)")
            for language in Language.allCases {
                #expect(!diagnostic.rendered(of: source, in: language).isEmpty)
                #expect(diagnostic.hint(in: language) != "")
            }
        }
    }
}
