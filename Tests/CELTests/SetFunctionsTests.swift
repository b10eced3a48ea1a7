import CEL
import Testing

@Suite("Set functions")
struct SetFunctionsTests {
    /// Source and answer.
    static let rows: [(String, String)] = [
        ("sets.contains([], [])", "true"),
        ("sets.contains([], [1])", "false"),
        ("sets.contains([1], [])", "true"),
        ("sets.contains([1, 2, 3, 4], [2, 3])", "true"),
        ("sets.contains([1], [1, 1])", "true"),
        ("sets.contains([1, 2], [3])", "false"),
        ("sets.contains([dyn(1), 2.0, 3u], [dyn(1.0), 2u, 3])", "true"),
        ("sets.contains(['退款', '投诉'], ['投诉'])", "true"),
        ("sets.contains(['é'], ['e\\u0301'])", "false"),
        ("sets.contains([[1], [2, 3]], [[2, 3]])", "true"),
        ("sets.contains([{'a': 1}], [{'a': 1}, {}])", "false"),
        ("sets.contains([double('NaN')], [double('NaN')])", "false"),
        ("sets.contains([null], [null])", "true"),
        ("sets.contains(lists.range(100), lists.range(50).map(n, n * 2))", "true"),
        ("sets.contains(lists.range(100), [100])", "false"),
        ("sets.contains(lists.range(100).map(n, dyn(n)), [dyn(7u), 9.0])", "true"),
        ("sets.contains(lists.range(100).map(n, dyn(n)), [dyn('7')])", "false"),
        ("sets.equivalent([], [])", "true"),
        ("sets.equivalent([1], [1, 1])", "true"),
        ("sets.equivalent([1, 2], [2, 1, 1])", "true"),
        ("sets.equivalent([dyn(1)], [dyn(1u), 1.0])", "true"),
        ("sets.equivalent([1, 2], [1])", "false"),
        ("sets.equivalent([1], [1, 2])", "false"),
        ("sets.equivalent([], [1])", "false"),
        ("sets.equivalent(lists.range(99), lists.range(99).reverse())", "true"),
        ("sets.intersects([1], [])", "false"),
        ("sets.intersects([], [])", "false"),
        ("sets.intersects([1], [1, 2])", "true"),
        ("sets.intersects([1], [2])", "false"),
        ("sets.intersects([dyn(1)], [dyn(1.0)])", "true"),
        ("sets.intersects([[dyn(1)], [2, 3]], [[1, 2], [2, dyn(3.0)]])", "true"),
        ("sets.intersects(['甲', '乙'], ['丙', '乙'])", "true"),
        ("sets.intersects(lists.range(99), [98])", "true"),
        ("sets.contains([1, 2], [1.0])", "! wrong-arguments"),
        ("sets.contains([1], 1)", "! wrong-arguments"),
        ("sets.contains(dyn({'a': 1}), ['a'])", "! no-such-overload"),
        ("sets.equivalent(dyn('a'), dyn('a'))", "! no-such-overload"),
    ]

    @Test("an expression has this answer", arguments: rows)
    func answer(_ source: String, _ answer: String) { LibraryTable.expect(source, answer) }

    @Test("big sets fit well within the budget")
    func bounds() {
        let numbers = "lists.range(zero + 20000)"
        let source = "sets.equivalent(\(numbers), \(numbers).reverse())"
        #expect(LibraryTable.answer(source, cost: 1_000_000) == "true")
        #expect(LibraryTable.answer(source, cost: 100_000) == "! cost-exceeded")
    }
}
