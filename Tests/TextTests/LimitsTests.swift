import CEL
import Foundation
import Testing
import Text

@Suite("Limits")
struct LimitsTests {
    private static func codes(_ source: String, nodes: Int? = nil) -> [String] {
        var environment = Environment()
        if let nodes { environment.limits.nodes = nodes }
        do {
            _ = try environment.compile(source)
            return []
        } catch {
            return error.diagnostics.map(\.code)
        }
    }

    @Test("sources that are too long, too deep or too big are refused")
    func sources() {
        let many = 5_000
        #expect(Self.codes(String(repeating: " ", count: 100_001)) == ["source-too-large"])
        for (open, close) in [
            ("(", ")"), ("[", "]"), ("!", ""), ("-", ""), ("{1:", "}"), ("f(", ")"),
        ] {
            let source =
                String(repeating: open, count: many) + "1" + String(repeating: close, count: many)
            #expect(Self.codes(source).contains("too-deep"), "\(open)")
        }
        #expect(Self.codes("1" + String(repeating: "+1", count: many)).contains("too-deep"))
        #expect(Self.codes("a" + String(repeating: ".b", count: many)).contains("too-deep"))
        #expect(Self.codes(String(repeating: "true?1:", count: many) + "1").contains("too-deep"))
        #expect(Self.codes("true" + String(repeating: " && true", count: many)) == [])
        #expect(Self.codes("[" + String(repeating: "1,", count: many) + "1]") == [])
        #expect(
            Self.codes("[" + String(repeating: "1,", count: many) + "1]", nodes: many) == [
                "too-many-nodes"
            ])
        let loops =
            String(repeating: "[1].all(x, ", count: 7) + "true" + String(repeating: ")", count: 7)
        #expect(Self.codes(loops) == ["loops-too-deep"])
        #expect(Self.codes(String(repeating: "@", count: 1_000)).count <= 51)
    }

    @Test("the deepest source that is allowed runs on a small stack")
    func smallStack() throws {
        let depth = Limits().nesting - 2
        let sources = [
            String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth),
            String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth),
            String(repeating: "-(", count: depth) + "1" + String(repeating: ")", count: depth),
            "1" + String(repeating: "+1", count: depth),
            String(repeating: "true ? 1 : ", count: depth) + "1",
            String(repeating: "cel.bind(x, [1], ", count: depth) + "x"
                + String(repeating: ")", count: depth),
            String(repeating: "dyn(", count: depth) + "1" + String(repeating: ")", count: depth),
        ]
        for source in sources {
            let outcome = Outcome()
            let thread = Thread {
                do {
                    let program = try Environment().compile(source)
                    _ = try program.evaluate(Activation(Environment()))
                    outcome.finish("")
                } catch {
                    outcome.finish("\(error)")
                }
            }
            thread.stackSize = 2 << 20
            thread.start()
            #expect(outcome.wait() == "", "\(source.prefix(20))")
        }
    }

    private static func code(
        _ source: String, budget: Budget? = nil, builtBytes: Int = 1 << 20
    ) throws -> String {
        var environment = Environment()
        environment.limits.builtBytes = builtBytes
        environment.regexEngine = RE2Engine()
        environment.declare(variable: "n", as: .list(.int))
        var activation = Activation(environment)
        try activation.set("n", to: .list((0..<1_000).map { .int($0) }))
        let program = try environment.compile(source)
        do {
            _ = try program.evaluate(activation, budget: budget)
            return "ok"
        } catch {
            return error.code
        }
    }

    @Test("the texts of a source do not count as built")
    func texts() throws {
        let text = String(repeating: "投诉", count: 50)
        #expect(try Self.code("'\(text)'.size() == 100 ? 1 : 1 / 0", builtBytes: 64) == "ok")
    }

    @Test("an evaluation ends when its work, its memory or its patience is used up")
    func evaluations() throws {
        let nested = "n.all(a, n.all(b, n.all(c, a + b + c >= 0)))"
        #expect(try Self.code(nested) == "cost-exceeded")
        #expect(try Self.code("n.all(a, a >= 0)", budget: Budget(cost: 1_000)) == "cost-exceeded")
        #expect(try Self.code("n.all(a, a >= 0)", budget: Budget(cost: 10_000)) == "ok")
        // The end of a budget is no fault that a condition may absorb.
        #expect(try Self.code("\(nested) || true") == "cost-exceeded")
        #expect(try Self.code("n.exists(x, \(nested))") == "cost-exceeded")
        let stopped = Budget(cost: .max, isCancelled: { true })
        #expect(try Self.code("n.all(a, a >= 0)", budget: stopped) == "cancelled")
        let doubling = String(repeating: "cel.bind(x, x + x, ", count: 40)
        let source = "cel.bind(x, 'aaaaaaaa', \(doubling) x" + String(repeating: ")", count: 41)
        #expect(try Self.code(source) == "memory-exceeded")
        #expect(try Self.code("n.map(a, n.map(b, n)).size()") == "memory-exceeded")
        // A list may share what is in it; the host's copy does not, and counts.
        #expect(try Self.code("cel.bind(m, n.map(a, n), m.map(b, b))") == "memory-exceeded")
        let format = String(repeating: "%s", count: 30)
        #expect(try Self.code("'\(format)'.format(n.map(x, n))") == "ok")
        #expect(
            try Self.code("n.map(x, n.map(y, n)).map(z, '%s'.format([z]))") == "memory-exceeded")
        #expect(try Self.code("n.map(x, '%s'.format([[n, n, n]]))") == "memory-exceeded")
        let long = String(repeating: "a", count: 5_000)
        #expect(try Self.code("'a'.matches('\(long)' + string(n[0]))") == "bad-pattern")
        #expect(try Self.code("n.all(a, 'x'.matches('(a{100}){100}' + string(a)))") != "ok")
    }

    @Test("a macro that uses its argument twice, again and again, is bounded by what a walk meets")
    func sharedNodes() {
        var environment = Environment()
        environment.declare(
            Macro("twice", arguments: 1...1, Documentation("twice", "两次")) { expansion in
                expansion.list([expansion.arguments[0], expansion.arguments[0]])
            })
        let source =
            String(repeating: "twice(", count: 60) + "1" + String(repeating: ")", count: 60)
        let error = #expect(throws: CompilationError.self) { try environment.compile(source) }
        #expect(error?.diagnostics.map(\.code) == ["too-many-nodes"])
    }

    @Test("literals keep their content when folding has used up the memory")
    func literals() throws {
        let text = String(repeating: "a", count: 100)
        #expect(try Self.code("size('\(text)') == 100 ? 1 : 1 / 0", builtBytes: 64) == "ok")
        let folded = "'\(text)'.replace('a', '\(text)').size() > 0"
        let literal = "'\(text)b'.size() == 101"
        #expect(
            try Self.code("\(folded) && \(literal) ? 1 : 1 / 0", builtBytes: 20_100) == "ok")
    }

    @Test("many mistakes, and many types to find, take little time")
    func checking() throws {
        let unknown = "[" + String(repeating: "sentense.wrods(x),", count: 5_000) + "1]"
        let equalities = "[" + String(repeating: "[]==[],", count: 10_000) + "true]"
        let broken = "f(" + String(repeating: "@ 1 2,", count: 10_000) + "1)"
        let time = processorTime {
            #expect(Self.codes(unknown).count == 51)
            #expect(Self.codes(unknown).last == "too-many-mistakes")
            #expect(Self.codes(equalities) == [])
            #expect(Self.codes(broken).count >= 50)
        }
        // Seconds where it should take a tenth of one; quadratic work takes minutes.
        #expect(time < .seconds(20))
    }

    @Test("a lazy value of a wrong kind fails each time, and does no harm")
    func lazyAgain() throws {
        var environment = Environment()
        environment.declare(variable: "n", as: .list(.int))
        environment.declare(variable: "lazy", as: .int)
        var activation = Activation(environment)
        try activation.set("n", to: .list((0..<100).map { .int($0) }))
        activation.set("lazy") { try Tape.of("text").root }
        let program = try environment.compile("n.exists(x, lazy == x) || true")
        #expect(try program.isTrue(activation))
    }

    @Test("the work of an evaluation is counted")
    func counting() throws {
        var environment = Environment()
        environment.declare(variable: "n", as: .list(.int))
        let program = try environment.compile("n.all(a, a >= 0)")
        func cost(_ count: Int) throws -> Int {
            var activation = Activation(environment)
            try activation.set("n", to: .list((0..<count).map { .int(Int64($0)) }))
            return try program.evaluateCounting(activation).cost
        }
        let (ten, hundred) = (try cost(10), try cost(100))
        #expect(ten > 10 && hundred - ten > 90)
        #expect(try cost(100) == hundred)
    }
}

private final class Outcome: @unchecked Sendable {
    // Unchecked because the semaphore orders the one write before the one read.
    private let semaphore = DispatchSemaphore(value: 0)
    private var text = ""

    func finish(_ text: String) {
        self.text = text
        semaphore.signal()
    }

    func wait() -> String {
        semaphore.wait()
        return text
    }
}
