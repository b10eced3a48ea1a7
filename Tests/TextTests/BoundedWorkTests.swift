import CEL
import Testing
import Text

/// Expressions that look small and could take for ever: each ends soon, with or without a value.
@Suite("Bounded work")
struct BoundedWorkTests {
    private static let environment: Environment = {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        // A debug build does a unit of work some twenty times slower.
        environment.limits.cost = 1_000_000
        environment.declare(variable: "n", as: .list(.int))
        environment.declare(variable: "big", as: .string)
        return environment
    }()

    private static let activation: Activation = {
        var activation = Activation(environment)
        do {
            try activation.set("n", to: .list((0..<1_000).map { .int($0) }))
            try activation.set("big", to: .string(String(repeating: "a", count: 400_000)))
        } catch {
            Issue.record(error)
        }
        return activation
    }()

    /// `first` named, then `step` of the last name (`#`) named, again and again.
    private static func names(_ first: String, _ step: String, _ count: Int) -> String {
        var text = ""
        for index in 0..<count {
            let value = index == 0 ? first : step.replacing("#", with: "v\(index - 1)")
            text += "cel.bind(v\(index), \(value), "
        }
        return text + "v\(count - 1)" + String(repeating: ")", count: count)
    }

    /// What it tries, and the source.
    static let rows: [(String, String)] = [
        ("a fault computed again for each use of a name", names("1 / n[0] > 0", "# || #", 45)),
        ("a list that holds another twice, compared", "\(names("[1]", "[#, #]", 40)) == []"),
        ("the same, as a result", names("[1]", "[#, #]", 60)),
        ("the same, printed", "'%s'.format([\(names("[1]", "[#, #]", 40))])"),
        ("the same, looked for", "n.exists(x, \(names("[1]", "[#, #]", 40)) in [[[]], [[1]]])"),
        (
            "a text searched for one that nearly occurs everywhere",
            """
            n.exists(x, big.contains(big.substring(0, 100000) + 'b' + big.substring(0, 50000)))
            """
        ),
        (
            "a text searched from its end for one that nearly occurs everywhere",
            "n.exists(x, big.lastIndexOf('b' + big.substring(0, 100000)) > 0)"
        ),
        (
            "the same, with the difference at the end",
            "n.exists(x, big.lastIndexOf(big.substring(0, 100000) + 'b') > 0)"
        ),
        ("a text doubled", names("'aaaaaaaa'", "# + #", 45)),
        ("a text joined with itself", names("'ab'", "[#, #, #].join(#)", 45)),
        ("a text put into itself", names("'ab'", "#.replace('', #)", 45)),
        ("a text formatted with itself", names("'ab'", "'%s%s%s'.format([#, #, #])", 45)),
        ("loops in loops", "n.all(a, n.all(b, n.all(c, n.all(d, true))))"),
        (
            "patterns made while evaluating",
            """
            n.exists(a, n.exists(b, 'x'.matches(r'\\pL{100}' + string(a * 1000 + b))))
            """
        ),
        (
            "a pattern with very many states",
            """
            n.exists(a, big.replace('aaaaa', 'aabab').matches('[ab]*a[ab]{900}c'))
            """
        ),
        (
            "large patterns in great number",
            """
            [\((0..<2_000).map { "'x'.matches(r'\\pL{100}\($0)')" }.joined(separator: ","))]
            """
        ),
        (
            "patterns that are refused in great number",
            """
            [\((0..<2_000).map { "'x'.matches(r'\\pL{1000}\($0)')" }.joined(separator: ","))]
            """
        ),
        ("many paths", "[\((0..<11_000).map { "n.f\($0)" }.joined(separator: ","))]"),
    ]

    @Test("ends soon, checked and unchecked", arguments: rows.map(\.0))
    func ends(_ name: String) throws {
        let source = try #require(Self.rows.first { $0.0 == name }?.1)
        let time = try processorTime {
            let parsed = try Self.environment.parse(source)
            if let checked = try? Self.environment.check(parsed) {
                _ = try? Self.environment.plan(checked).evaluate(Self.activation)
            }
            _ = try? Self.environment.planUnchecked(parsed).evaluate(Self.activation)
        }
        // Of a debug build; what is not bounded takes minutes or years.
        #expect(time < .seconds(30), "\(name): \(time)")
    }

    @Test("many mistakes in one long line are shown in little time")
    func rendering() throws {
        let source = String(repeating: "@ ", count: 50_000)
        let error = #expect(throws: CompilationError.self) { try Self.environment.parse(source) }
        let diagnostics = try #require(error?.diagnostics)
        let time = processorTime {
            for diagnostic in diagnostics {
                #expect(diagnostic.rendered(of: source, in: .chinese).utf8.count < 1_000)
            }
        }
        #expect(time < .seconds(5), "\(time)")
    }

    @Test("a search from the end costs what it compares, not the product of the lengths")
    func lastIndexOf() throws {
        let environment = Self.environment
        let part = String(repeating: "b", count: 1_000)
        let program = try environment.compile("big.lastIndexOf('\(part)') == -1")
        #expect(try program.isTrue(Self.activation, budget: Budget(cost: 60_000)))
        let near = try environment.compile("big.lastIndexOf(big.substring(0, 1000) + 'b') == -1")
        let error = #expect(throws: EvaluationError.self) {
            try near.isTrue(Self.activation, budget: Budget(cost: 60_000))
        }
        #expect(error?.code == "cost-exceeded")
    }
}
