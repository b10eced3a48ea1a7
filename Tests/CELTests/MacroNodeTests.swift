import CEL
import Synchronization
import Testing

/// What a host's macro may do with nodes: whatever it does, a source compiles or has a mistake.
@Suite("Nodes of macros")
struct MacroNodeTests {
    /// Nodes that a macro has kept from its expansions, oldest first.
    private final class Kept: Sendable {
        private let nodes = Mutex<[NodeID]>([])

        func add(_ node: NodeID) { nodes.withLock { $0.append(node) } }
        var first: NodeID? { nodes.withLock(\.first) }
    }

    /// `keep(x)` is x, and keeps it; `use()` has what was kept first, put to use in the way given.
    private static func environment(
        _ use: @escaping @Sendable (inout MacroExpansion, NodeID) -> NodeID?
    ) -> Environment {
        let kept = Kept()
        let documentation = Documentation("for tests", "测试用")
        var environment = Environment()
        environment.declare(variable: "yes", as: .bool)
        environment.declare(
            Macro("keep", arguments: 1...1, documentation) { expansion in
                kept.add(expansion.arguments[0])
                return expansion.arguments[0]
            })
        environment.declare(
            Macro("use", arguments: 0...0, documentation) { expansion in
                kept.first.map { use(&expansion, $0) } ?? expansion.literal(false)
            })
        return environment
    }

    typealias Use = @Sendable (inout MacroExpansion, NodeID) -> NodeID?

    /// How a node is used.
    private static let uses: [(name: String, use: Use)] = [
        ("as the result", { _, node in node }),
        ("as an argument", { expansion, node in expansion.call("!_", [node]) }),
        ("as a receiver", { expansion, node in expansion.call("f", target: node, []) }),
        ("as an element", { expansion, node in expansion.list([node, node]) }),
        ("as an operand", { expansion, node in expansion.select(node, "a") }),
        ("as a tested operand", { expansion, node in expansion.has(node, "a") }),
        ("as a value", { expansion, node in expansion.bind("x", node, in: node) }),
        ("as a range", { expansion, node in expansion.loop(.all, over: node, "x", body: node) }),
        (
            "as a condition",
            { expansion, node in
                let range = expansion.list([])
                return expansion.loop(.map, over: range, "x", filter: node, body: node)
            }
        ),
        ("as a receiver of methods", { expansion, node in expansion.receiver(node) }),
    ]

    @Test("a node of another source is a mistake", arguments: uses.map(\.name))
    func strangers(_ name: String) throws {
        let use = try #require(Self.uses.first { $0.name == name }?.use)
        let environment = Self.environment(use)
        // Many nodes, so that the number of the one kept last is behind the end of the next tree.
        let many = String(repeating: "yes && ", count: 100)
        for source in ["keep(yes)", "keep(\(many)yes)"] {
            let environment = Self.environment(use)
            _ = try environment.parse(source)
            for other in ["use()", "yes || use()", "[use(), use()].all(x, x)"] {
                let error = #expect(throws: CompilationError.self) { try environment.parse(other) }
                #expect(error?.diagnostics.first?.code == "macro", "\(source), \(other)")
            }
        }
        // One of the same source may be used again wherever it makes sense.
        let parsed = try environment.parse("keep(yes) || use()")
        #expect(parsed.text == "keep(yes) || use()")
        _ = try? environment.plan(environment.check(parsed))
    }

    @Test("what a macro asks about a node of another source has no answer")
    func questions() throws {
        let environment = Self.environment { expansion, node in
            let isKnown =
                expansion.simpleName(node) != nil || expansion.literalInt(node) != nil
                || expansion.literalText(node) != nil || expansion.literalDouble(node) != nil
                || expansion.call(in: node) != nil || expansion.fields(of: "s", in: node) != []
            return expansion.literal(isKnown)
        }
        for source in ["keep(yes)", "keep(1)", "keep('a')", "keep(1.5)", "keep(f(1))", "keep(s.a)"]
        {
            _ = try environment.parse(source)
            let program = try environment.compile("use()")
            #expect(try program.isTrue(Activation(environment)) == false, "\(source)")
        }
    }

    @Test("a mistake at a node of another source stands where the macro's call stands")
    func reports() throws {
        let environment = Self.environment { expansion, node in
            expansion.report("wrong", "不对", at: node)
            return expansion.literal(true)
        }
        _ = try environment.parse("keep(yes)")
        let error = #expect(throws: CompilationError.self) { try environment.parse("yes || use()") }
        #expect(error?.diagnostics.map(\.range) == [7..<12])
    }
}
