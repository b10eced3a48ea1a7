import CEL
import Testing

@Suite("List functions")
struct ListFunctionsTests {
    /// Source and answer.
    static let rows: [(String, String)] = [
        // distinct
        ("[1, 2, 2, 3, 3, 3].distinct()", "[1, 2, 3]"),
        ("['退款', '投诉', '退款', 'a', ''].distinct()", "['退款', '投诉', 'a', '']"),
        ("[1, 'b', 2, 'b'].distinct()", "[1, 'b', 2]"),
        ("[].distinct()", "[]"),
        ("[1, 1.0, 1u, 1.5, 2u, 2].distinct()", "[1, 1.5, 2u]"),
        ("[0.0, -0.0].distinct().size()", "1"),
        ("[double('NaN'), double('NaN')].distinct().size()", "2"),
        ("[null, null, false, 0, '', [], {}].distinct()", "[null, false, 0, '', [], {}]"),
        ("['a', b'a', 'é', 'e\\u0301'].distinct().size()", "4"),
        ("[[1], [1.0], [1, 2], [[1]], [[1u]]].distinct()", "[[1], [1, 2], [[1]]]"),
        ("[{'a': 1, 'b': 2}, {'b': 2u, 'a': 1.0}, {'a': 2, 'b': 1}].distinct().size()", "2"),
        ("[optional.of(1), optional.of(1), optional.none()].distinct().size()", "2"),
        ("(lists.range(40) + lists.range(50)).distinct().size()", "50"),
        ("(lists.range(40) + [40u, 39u, 1.0, 40.5].map(n, dyn(n))).distinct().size()", "42"),
        ("lists.range(100).map(n, [n % 10, [n % 3]]).distinct().size()", "30"),
        ("lists.range(100).map(n, {'甲': n % 10, n: [n / 50]}).distinct().size()", "100"),
        ("lists.range(100).map(n, {'甲': n % 10, '乙': [n / 50]}).distinct().size()", "20"),
        (
            "lists.range(100).map(n, string(n % 7)).distinct()",
            "['0', '1', '2', '3', '4', '5', '6']"
        ),
        ("lists.range(30).map(n, double('NaN')).distinct().size()", "30"),
        // flatten
        ("[1, [2, 3], [4]].flatten()", "[1, 2, 3, 4]"),
        ("[1, [2, [3, 4]]].flatten()", "[1, 2, [3, 4]]"),
        ("[1, 2, [], [], [3, 4]].flatten()", "[1, 2, 3, 4]"),
        ("[1, [2, [3, [4]]]].flatten(2)", "[1, 2, 3, [4]]"),
        ("[1, [2, [3]]].flatten(0)", "[1, [2, [3]]]"),
        ("[[[[[[1]]]]]].flatten(9223372036854775807)", "[1]"),
        ("[1, [2]].flatten(-1)", "! bad-argument"),
        ("[].flatten()", "[]"),
        ("[[]].flatten()", "[]"),
        ("[['甲'], ['乙', '丙']].flatten()", "['甲', '乙', '丙']"),
        ("[{'a': [1]}, [{'b': 2}]].flatten()", "[{'a': [1]}, {'b': 2}]"),
        ("[1, 2].flatten()", "! wrong-arguments"),
        ("dyn([1, 2]).flatten()", "[1, 2]"),
        ("dyn('a').flatten()", "! no-such-overload"),
        // lists.range
        ("lists.range(3)", "[0, 1, 2]"),
        ("lists.range(0)", "[]"),
        ("lists.range(-1)", "[]"),
        ("lists.range(-9223372036854775808)", "[]"),
        ("lists.range(9223372036854775807)", "! too-large"),
        ("lists.range(4294967295)", "! cost-exceeded"),
        ("lists.range(2000000)", "! memory-exceeded"),
        ("lists.range(3.0)", "! wrong-arguments"),
        ("lists.range(dyn('3'))", "! no-such-overload"),
        // reverse
        ("[5, 3, 1, 2].reverse()", "[2, 1, 3, 5]"),
        ("[].reverse()", "[]"),
        ("['甲', '乙'].reverse() + ['ab'.reverse()]", "['乙', '甲', 'ba']"),
        ("dyn([1, 'a']).reverse()", "['a', 1]"),
        ("dyn(1).reverse()", "! no-such-overload"),
        // slice
        ("[1, 2, 3, 4].slice(1, 3)", "[2, 3]"),
        ("[1, 2, 3, 4].slice(2, 4)", "[3, 4]"),
        ("[1, 2].slice(0, 2)", "[1, 2]"),
        ("[1, 2].slice(2, 2)", "[]"),
        ("[].slice(0, 0)", "[]"),
        ("[1, 2, 3].slice(1, 3).slice(1, 2)", "[3]"),
        ("[1, 2].slice(2, 1)", "! index-out-of-range"),
        ("[1, 2].slice(0, 3)", "! index-out-of-range"),
        ("[1, 2].slice(3, 3)", "! index-out-of-range"),
        ("[1, 2].slice(-1, 1)", "! index-out-of-range"),
        ("[1, 2].slice(-9223372036854775808, 9223372036854775807)", "! index-out-of-range"),
        ("[1, 2].slice(0, 1u)", "! wrong-arguments"),
        // sort
        ("[3, 2, 1].sort()", "[1, 2, 3]"),
        (
            "[-9223372036854775808, 9223372036854775807, 0].sort()",
            "[-9223372036854775808, 0, 9223372036854775807]"
        ),
        ("[2u, 18446744073709551615u, 0u].sort()", "[0u, 2u, 18446744073709551615u]"),
        ("['b', 'B', '', '投诉', 'a', 'aa'].sort()", "['', 'B', 'a', 'aa', 'b', '投诉']"),
        ("['\\U0001F600', '\\uFF01', '退'].sort()", "['退', '！', '😀']"),
        ("[true, false, true].sort()", "[false, true, true]"),
        ("[b'\\xff', b'a', b''].sort().map(b, size(b))", "[0, 1, 1]"),
        ("[1.5, -1.0, double('-Infinity'), 0.0].sort()", "[-inf, -1.0, 0.0, 1.5]"),
        ("[1.0, double('NaN'), -1.0, double('NaN'), 0.5].sort()", "[nan, nan, -1.0, 0.5, 1.0]"),
        (
            "[duration('1h'), duration('-1s'), duration('1m')].sort().map(d, string(d))",
            "['-1s', '60s', '3600s']"
        ),
        (
            "[timestamp(5), timestamp('1970-01-01T00:00:05.5Z'), timestamp(-1)].sort().map(t, int(t))",
            "[-1, 5, 5]"
        ),
        ("[].sort()", "[]"),
        ("[1].sort()", "[1]"),
        ("lists.range(1000).reverse().sort() == lists.range(1000)", "true"),
        ("lists.range(1000).map(n, n * 7919 % 1000).sort() == lists.range(1000)", "true"),
        ("[1, 'b'].sort()", "! no-such-overload"),
        ("[1, 1.0].sort()", "! no-such-overload"),
        ("[dyn(null)].sort()", "! no-such-overload"),
        ("[dyn([1])].sort()", "! no-such-overload"),
        ("[[1, 2, 3]].sort()", "! wrong-arguments"),
        ("{'a': 1}.sort()", "! wrong-arguments"),
        // sortBy
        ("['aaa', 'b', 'cc'].sortBy(t, size(t))", "['b', 'cc', 'aaa']"),
        ("[{'n': 2}, {'n': 1}].sortBy(e, e.n)", "[{'n': 1}, {'n': 2}]"),
        ("[3, 1, 2].sortBy(n, -n)", "[3, 2, 1]"),
        ("[1, 2, 3, 4, 5].sortBy(n, n % 2)", "[2, 4, 1, 3, 5]"),
        ("['乙', '甲', '丙'].sortBy(t, {'甲': 1, '乙': 2, '丙': 3}[t])", "['甲', '乙', '丙']"),
        ("[].sortBy(e, e)", "[]"),
        ("[[2, 1], [1]].sortBy(l, l.sortBy(n, -n)[0])", "[[1], [2, 1]]"),
        ("[3, 1].sortBy(n, n).sortBy(n, -n)", "[3, 1]"),
        ("lists.range(3).map(i, [2, 1, 3].sortBy(n, n * (i - 1))[0])", "[3, 2, 1]"),
        ("[1, 0].sortBy(n, 1 / n)", "! division-by-zero"),
        ("[1, 2].sortBy(n, n == 1 ? dyn('a') : dyn(1))", "! no-such-overload"),
        ("[1, 2].sortBy(n, [n])", "! wrong-arguments"),
        ("[1, 2].sortBy(n + 1, n)", "! macro-argument"),
        ("[1, 2].sortBy(__result__, 1)", "! reserved-variable"),
        ("{'b': 1, 'a': 2}.map(k, k).sortBy(k, k)", "['a', 'b']"),
        // first and last
        ("[1, 2].first().value() + [1, 2].last().value()", "3"),
        ("[].first()", "none"),
        ("[].last().orValue('无')", "'无'"),
        ("[null].first()", "some(null)"),
        ("['甲', '乙'].last()", "some('乙')"),
        ("'ab'.first()", "! wrong-arguments"),
        // Optionals in lists.
        ("optional.unwrap([optional.of(1), optional.none(), optional.of(2)])", "[1, 2]"),
        ("[optional.of('甲')].unwrapOpt()", "['甲']"),
        ("optional.unwrap([])", "[]"),
        ("optional.unwrap([1])", "! wrong-arguments"),
        ("optional.unwrap(dyn([1]))", "! no-such-overload"),
    ]

    @Test("an expression has this answer", arguments: rows)
    func answer(_ source: String, _ answer: String) { LibraryTable.expect(source, answer) }

    @Test("random lists have the properties of what is made of them", arguments: [1 as UInt64, 2])
    func properties(_ seed: UInt64) throws {
        var environment = Environment()
        environment.declare(variable: "l", as: .list(.dyn))
        environment.declare(variable: "n", as: .list(.int))
        let tests = [
            // What distinct keeps is there once, and all that it drops is there.
            "cel.bind(d, l.distinct(), d.all(i, x, !(x in d.slice(0, i))))",
            "cel.bind(d, l.distinct(), l.all(x, x in d || x != x)) && sets.contains(l.distinct(), l.filter(x, x == x))",
            "sets.equivalent(l.filter(x, x == x), l.filter(x, x == x).reverse().distinct())",
            "l.all(x, sets.intersects(l, [x]) == (x == x))",
            // A sorted list rises, has the same elements, and equal keys stay in their order.
            "cel.bind(s, n.sort(), s.all(i, x, i == 0 || s[i - 1] <= x) && s.size() == n.size())",
            "cel.bind(s, n.sort(), n.all(x, n.filter(y, x == y).size() == s.filter(y, x == y).size()))",
            "lists.range(n.size()).sortBy(i, n[i]) == lists.range(n.size()).sortBy(i, n[i] * 1000 + i)",
            "[n, [n], n].flatten(2) == n + n + n && [n, [n], n].flatten(1)[n.size()] == n",
        ]
        let programs = try tests.map { try environment.compile($0) }
        var random = SplitMix64(state: seed)
        for _ in 0..<60 {
            let count = Int.random(in: 0...40, using: &random)
            var activation = Activation(environment)
            try activation.set("l", to: .list((0..<count).map { _ in Self.value(2, &random) }))
            try activation.set(
                "n", to: .list((0..<count).map { _ in .int(.random(in: 0...20, using: &random)) }))
            for (test, program) in zip(tests, programs) {
                #expect(try program.isTrue(activation), "\(test)")
            }
        }
    }

    private static func value(_ depth: Int, _ random: inout SplitMix64) -> Value {
        let number = Int64.random(in: 0...6, using: &random)
        switch Int.random(in: 0...(depth > 0 ? 9 : 6), using: &random) {
        case 0, 1: return .int(number)
        case 2: return .uint(UInt64(number))
        case 3: return .double(Double(number) / 2)
        case 4: return .string(["", "a", "投诉"][Int(number) % 3])
        case 5: return number > 4 ? .null : .bool(number > 2)
        case 6: return .double(number == 0 ? .nan : -0.0)
        case 7: return .map([.int(number % 2): value(depth - 1, &random)])
        case 8: return .map(["甲": value(depth - 1, &random), "乙": .int(number % 2)])
        default: return .list((0..<number % 3).map { _ in value(depth - 1, &random) })
        }
    }

    @Test("a message names sortBy, not the function behind it")
    func message() {
        let error = #expect(throws: CompilationError.self) {
            try Environment().compile("[1].sortBy(n, [n])")
        }
        #expect(
            error?.diagnostics.first?.message(in: .english)
                == "`sortBy` does not take `list(int)` here")
        #expect(error?.diagnostics.first?.column == 15)
        let greatest = #expect(throws: CompilationError.self) {
            try Environment().compile("math.greatest('a', 'b')")
        }
        #expect(
            greatest?.diagnostics.first?.message(in: .english)
                == "`math.greatest` does not take `string` here")
    }

    @Test("constants that fill the memory leave the texts of the source alone")
    func constants() {
        // Together they take whatever is left, to the last cell.
        let sizes = [1_048_000] + (0..<10).map { 512 >> $0 } + [1, 1]
        let tests = sizes.map { "lists.range(\($0)).size() == zero || " }.joined()
        #expect(LibraryTable.answer("\(tests)'甲乙丙'.size() == 3") == "true")
    }

    @Test("work and memory have a bound, and big lists fit well within it")
    func bounds() {
        let numbers = "lists.range(zero + 20000).map(n, n * 7919 % 20011)"
        // About n log n comparisons, and n look-ups by hash.
        #expect(LibraryTable.answer("\(numbers).sort().size()", cost: 1_500_000) == "20000")
        #expect(LibraryTable.answer("\(numbers).distinct().size()", cost: 1_500_000) == "20000")
        #expect(LibraryTable.answer("\(numbers).sort().size()", cost: 250_000) == "! cost-exceeded")
        // Lists that share what is in them are bigger than what they take.
        let shared =
            (0..<40).map { "cel.bind(l\($0 + 1), [l\($0), l\($0)], " }.joined()
            + "l40.flatten(50).size()" + String(repeating: ")", count: 40)
        for leaf in ["[1]", "[]"] {
            let answer = LibraryTable.answer("cel.bind(l0, \(leaf), \(shared))")
            #expect(answer == "! memory-exceeded", "\(leaf)")
        }
    }
}
