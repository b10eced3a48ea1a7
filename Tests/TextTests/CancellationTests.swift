import CEL
import Synchronization
import Testing
import Text

/// An evaluation that is to end early: how late it notices, in steps, and where it ends exactly.
@Suite("Cancellation and budgets")
struct CancellationTests {
    /// Steps between two looks at whether to go on; a step of the loops below is a few units of work.
    private static let patience = 50_000

    /// Counts steps, and says stop from one of them on.
    private final class Clock: Sendable {
        private let steps = Atomic<Int>(0)
        private let end: Int

        init(end: Int) { self.end = end }

        func step() { steps.wrappingAdd(1, ordering: .relaxed) }
        var count: Int { steps.load(ordering: .relaxed) }
        var isOver: Bool { count >= end }
    }

    /// An environment in which `step(x)` is x, and one more step on the clock.
    private static func environment(_ clock: Clock) -> Environment {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.limits.cost = .max / 2
        environment.declare(variable: "n", as: .list(.int))
        environment.declare(variable: "big", as: .string)
        environment.declare(
            HostFunction(
                "step", Documentation("for tests", "测试用"),
                overloads: [
                    .reading("step", [.int], returns: .int) { call in
                        clock.step()
                        return call[0]
                    }
                ]))
        return environment
    }

    private static func activation(_ environment: Environment) throws -> Activation {
        var activation = Activation(environment)
        try activation.set("n", to: .list((0..<1_000).map { .int($0) }))
        try activation.set("big", to: .string(String(repeating: "a", count: 100_000)))
        return activation
    }

    /// Loops that would take a thousand millions of steps.
    static let endless = [
        "n.exists(a, n.exists(b, n.exists(c, step(c) < 0)))",
        "n.all(a, n.all(b, n.all(c, step(c) >= 0)))",
        "n.exists(a, n.filter(b, n.filter(c, step(c) < 0).size() > 0).size() > 0)",
        "n.exists(a, n.exists_one(b, n.exists_one(c, step(c) < 0)))",
        "n.exists(a, n.map(b, n.map(c, step(c)).size() < 0)[0])",
        "n.exists(a, n.exists(i, b, n.exists(j, c, step(c) < 0)))",
        "n.exists(a, n.transformMap(i, b, n.exists(c, step(c) < 0)).size() == 0)",
        "n.exists(a, n.sortBy(b, n.exists(c, step(c) < 0) ? 1 : 0)[0] < 0)",
        // What is absorbed is not the end of the evaluation.
        "n.exists(a, n.exists(b, n.exists(c, step(c) < 0) || 1 / 0 > 0) || true && false)",
    ]

    @Test("a stop is noticed after a bounded number of steps", arguments: endless)
    func steps(_ source: String) throws {
        for end in [0, 1, 100, 60_000] {
            let clock = Clock(end: end)
            var environment = Self.environment(clock)
            environment.limits.builtBytes = 1 << 30
            let program = try environment.compile(source)
            let activation = try Self.activation(environment)
            let budget = Budget(cost: .max / 2, isCancelled: { clock.isOver })
            let error = #expect(throws: EvaluationError.self) {
                try program.isTrue(activation, budget: budget)
            }
            #expect(error?.code == "cancelled")
            #expect(clock.count - end <= Self.patience, "\(end): \(clock.count)")
        }
    }

    /// Work without a step of the host's, in pieces of up to 100,000 bytes.
    static let busy = [
        "n.exists(a, n.exists(b, big.contains('aab' + string(b))))",
        "n.exists(a, n.exists(b, big.matches('a+b' + string(b % 10))))",
        "n.exists(a, n.exists(b, big.size() + b < 0))",
        "n.exists(a, n.exists(b, big.indexOf('b') > b))",
        "n.exists(a, n.exists(b, big == big + string(b)))",
        "n.exists(a, n.exists(b, big.replace('a', '').size() > b))",
        "n.exists(a, n.exists(b, big.split('b').size() > b + 1))",
        "n.exists(a, n.exists(b, big.lowerAscii().size() < b))",
        "n.exists(a, n.exists(b, [big, big].join().size() < b))",
        "n.exists(a, n.exists(b, '%s'.format([big]).size() < b))",
        "n.exists(a, n.exists(b, n == n.map(c, c + 1)))",
        "n.exists(a, n.exists(b, n.sort()[0] > b))",
        "n.exists(a, n.exists(b, regex.replace(big, 'b', '').size() < b))",
        "n.exists(a, n.exists(b, -1 in n))",
        "n.exists(a, n.exists(b, size(n.map(c, {c: b})) < 0))",
    ]

    @Test("however the work is done, there is a look at whether to go on", arguments: busy)
    func looks(_ source: String) throws {
        let environment: Environment = {
            var environment = Self.environment(Clock(end: .max))
            environment.limits.builtBytes = 1 << 30
            return environment
        }()
        let program = try environment.compile(source)
        let activation = try Self.activation(environment)
        let looks = Clock(end: 5)
        let budget = Budget(
            cost: .max / 2,
            isCancelled: {
                looks.step()
                return looks.isOver
            })
        let time = processorTime {
            let error = #expect(throws: EvaluationError.self) {
                try program.isTrue(activation, budget: budget)
            }
            #expect(error?.code == "cancelled")
        }
        // Five looks at a debug build's work; what does not count its work goes on for minutes.
        #expect(time < .seconds(20), "\(time)")
    }

    /// Expressions with all kinds of work.
    static let counted = [
        "n.all(a, a >= 0)", "n.filter(a, a % 2 == 0).map(b, b * 2).size() == 500",
        "n.exists(a, n.exists(b, a + b == 1500))", "n.map(a, string(a)).join(',').split(',') != []",
        "big.contains('b') || big.matches('a+')", "big + 'b' != big",
        "n.map(a, [a]) == n.map(a, [a])",
        "n.sortBy(a, -a)[0] == 999", "'%s %d'.format([n, n[1]]) != ''", "{1: n}[1][5] == step(5)",
        "big.replace('a', 'b', 5).size() == 100000", "n.distinct().size() == 1000",
        "regex.extractAll(big, 'a{1000}').size() == 100", "cel.bind(x, n.map(a, a), x == x)",
    ]

    @Test("the counted work is enough, one unit less is not", arguments: counted)
    func exactly(_ source: String) throws {
        let environment = Self.environment(Clock(end: .max))
        let program = try environment.compile(source)
        let activation = try Self.activation(environment)
        let (value, cost) = try program.evaluateCounting(activation)
        #expect(value == true && cost > 0)
        #expect(try program.evaluate(activation, budget: Budget(cost: cost)) == true)
        let error = #expect(throws: EvaluationError.self) {
            try program.evaluate(activation, budget: Budget(cost: cost - 1))
        }
        #expect(error?.code == "cost-exceeded")
        // A look at whether to go on changes neither.
        let looking = Budget(cost: cost, isCancelled: { false })
        #expect(try program.evaluate(activation, budget: looking) == true)
        let short = Budget(cost: cost - 1, isCancelled: { false })
        #expect(throws: EvaluationError.self) { try program.evaluate(activation, budget: short) }
    }
}
