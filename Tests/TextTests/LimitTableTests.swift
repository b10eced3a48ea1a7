import CEL
import Testing
import Text

/// Each limit by itself, all on a small stack: at the limit an expression works, above it the right
/// part is blamed with the right code and a hint.
@Suite("Limits, one by one")
struct LimitTableTests {
    private static let environment: Environment = {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.declare(variable: "yes", as: .bool)
        environment.declare(variable: "one", as: .int)
        environment.declare(variable: "text", as: .string)
        environment.declare(variable: "letter", as: .string)
        environment.declare(variable: "deep", as: .dyn)
        let documentation = Documentation("for tests", "测试用")
        environment.declare(
            Macro("twice", arguments: 1...1, documentation) { expansion in
                expansion.list([expansion.arguments[0], expansion.arguments[0]])
            })
        environment.declare(
            Macro("nested", arguments: 1...1, documentation) { expansion in
                var node = expansion.literal(true)
                for _ in 0..<(expansion.literalInt(expansion.arguments[0]) ?? 0) {
                    node = expansion.list([node])
                }
                return node
            })
        environment.declare(
            HostFunction(
                "levels", documentation,
                overloads: [
                    .init("levels", [.int], returns: .dyn) { arguments in
                        guard case .int(let count) = arguments[0] else { return .null }
                        return nestedValue(Int(count))
                    }
                ]))
        environment.declare(
            HostFunction(
                "pieces", documentation,
                overloads: [
                    .reading("pieces", [.int], returns: .dyn) { call in
                        var view = call.null
                        for _ in 0..<(call[0].int ?? 0) { view = try call.list([view]) }
                        return view
                    }
                ]))
        return environment
    }()

    /// So many lists in each other.
    private static func nestedValue(_ levels: Int) -> Value {
        var value = Value.null
        for _ in 0..<levels { value = .list([value]) }
        return value
    }

    private static func activation() throws -> Activation {
        var activation = Activation(environment)
        try activation.set("yes", to: true)
        try activation.set("one", to: 1)
        try activation.set("text", to: "")
        try activation.set("letter", to: "a")
        var deep: Value = 1
        for _ in 0..<Limits().nesting { deep = ["b": deep] }
        try activation.set("deep", to: deep)
        return activation
    }

    /// What became of a source.
    struct Outcome: Equatable {
        var code = "ok"
        /// The part that is blamed.
        var blamed = ""
        var hasHints = true
    }

    static func outcome(of source: String, _ row: LimitRow, isChecked: Bool) -> Outcome {
        var environment = environment
        if let (limit, value) = row.bound { environment.limits[keyPath: limit] = value }
        func outcome(
            _ code: String, _ range: Range<Int>, _ hint: (Language) -> String?
        ) -> Outcome {
            let blamed = String(decoding: Array(source.utf8)[range], as: UTF8.self)
            return Outcome(
                code: code, blamed: blamed,
                hasHints: Language.allCases.allSatisfy { hint($0)?.isEmpty == false })
        }
        do {
            let parsed = try environment.parse(source)
            // Printed too, and parsed again: what is deep must not be deeper as text.
            _ = try environment.parse(parsed.text)
            let program =
                try isChecked
                ? environment.plan(environment.check(parsed)) : environment.planUnchecked(parsed)
            _ = try program.withResult(try activation()) { $0.bool }
            return Outcome()
        } catch let error as CompilationError {
            let last = error.diagnostics[error.diagnostics.count - 1]
            return outcome(last.code, last.range) { last.hint(in: $0) }
        } catch let error as EvaluationError {
            return outcome(error.code, error.range) { error.hint(in: $0) }
        } catch {
            return Outcome(code: "\(error)")
        }
    }

    private func check(_ row: LimitRow, at place: String? = nil, isChecked: Bool) {
        let (within, above) = SmallStack.run {
            (
                Self.outcome(of: row.source(row.limit), row, isChecked: isChecked),
                Self.outcome(of: row.source(row.limit + 1), row, isChecked: isChecked)
            )
        }
        #expect(within == Outcome())
        #expect(above.code == row.code)
        #expect(above.blamed.hasPrefix(place ?? row.place), "blamed: \(above.blamed.prefix(40))")
        #expect(above.hasHints || !row.hasHint)
    }

    @Test("a source", arguments: LimitRow.sources)
    func sources(_ row: LimitRow) { check(row, isChecked: true) }

    @Test("an evaluation", arguments: LimitRow.evaluations)
    func evaluations(_ row: LimitRow) { check(row, isChecked: true) }

    @Test("a source whose types are not checked", arguments: LimitRow.sources)
    func unchecked(_ row: LimitRow) {
        // What the checker or the planner of a checked tree says is said when evaluated, if at all.
        if row.code.contains("pattern") { return }
        check(row, isChecked: false)
    }

    @Test("an evaluation whose types are not checked", arguments: LimitRow.evaluations)
    func uncheckedEvaluations(_ row: LimitRow) { check(row, isChecked: false) }

    @Test("a value of the host is refused when it is nested deeper than a tape may be")
    func hostValues() {
        let shapes: [@Sendable (Value) -> Value] = [
            { .list([$0]) }, { ["a": $0] }, { .map([.int(1): $0]) },
        ]
        for (index, shape) in shapes.enumerated() {
            let failures = SmallStack.run {
                [Tape.nestingLimit, Tape.nestingLimit + 1, 2 * Tape.nestingLimit].map {
                    levels -> TapeError? in
                    let value = (0..<levels).reduce(Value.int(1)) { value, _ in shape(value) }
                    var activation = Activation(Self.environment)
                    do throws(TapeError) {
                        try activation.set("deep", to: value)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            #expect(failures == [nil, .tooDeep, .tooDeep], "shape \(index)")
        }
    }

    @Test("as many mistakes as the limit are told, one more is told to be there")
    func mistakes() {
        for limit in [1, 7, Limits().diagnostics] {
            for name in ["unknown", "1 +"] {
                let codes = (limit...limit + 2).map { count -> [String] in
                    var environment = Self.environment
                    environment.limits.diagnostics = limit
                    let source = "[\(Array(repeating: name, count: count).joined(separator: ", "))]"
                    do throws(CompilationError) {
                        _ = try environment.compile(source)
                        return []
                    } catch {
                        return error.diagnostics.map(\.code)
                    }
                }
                #expect(codes.map(\.count) == [limit, limit + 1, limit + 1])
                #expect(codes.map { $0.contains("too-many-mistakes") } == [false, true, true])
                #expect(codes[1].last == "too-many-mistakes")
            }
        }
    }

    /// By bound, a row that reaches it; the two that are not here have tests of their own.
    private static let rows = [
        "sourceBytes": "source size", "nesting": "lists",
        "evaluationDepth": "what names stand for", "nodes": "nodes",
        "loopNesting": "loops in loops",
        "patternBytes": "pattern size", "patternInstructions": "patterns together",
        "builtBytes": "growth of a text",
    ]

    @Test("every bound has a row")
    func complete() {
        let bounds = Set(Mirror(reflecting: Limits()).children.compactMap(\.label))
        #expect(bounds == Set(Self.rows.keys).union(["diagnostics", "cost"]))
        let names = Set((LimitRow.sources + LimitRow.evaluations).map(\.name))
        #expect(names.isSuperset(of: Self.rows.values))
        #expect(names.count == LimitRow.sources.count + LimitRow.evaluations.count)
    }
}

extension LimitRow: CustomTestStringConvertible {
    var testDescription: String { name }
}
