import CEL
import Testing

/// Runs the rows of a library's table; `zero` is 0, and what it is in is worked out when evaluated.
enum LibraryTable {
    private static let environment: Environment = {
        var environment = Environment()
        environment.regexEngine = TestEngines.regex
        environment.declare(variable: "zero", as: .int)
        return environment
    }()

    /// The value of an expression printed, or the codes of what went wrong behind `!`.
    static func answer(_ source: String, cost: Int = Limits().cost) -> String {
        do {
            return run(try environment.compile(source), cost)
        } catch {
            return "! " + error.diagnostics.map(\.code).joined(separator: " ")
        }
    }

    /// Expects an answer, with types and without; what the checker refuses is not run.
    static func expect(
        _ source: String, _ answer: String, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(self.answer(source) == answer, sourceLocation: location)
        do {
            let unchecked = try environment.planUnchecked(try environment.parse(source))
            guard (try? environment.compile(source)) != nil else { return }
            #expect(
                run(unchecked, Limits().cost) == answer, "unchecked", sourceLocation: location)
        } catch {
            #expect(answer.hasPrefix("!"), "\(error)", sourceLocation: location)
        }
    }

    private static func run(_ program: Program, _ cost: Int) -> String {
        do {
            var activation = Activation(environment)
            try activation.set("zero", to: 0)
            return shown(try program.evaluate(activation, budget: Budget(cost: cost)))
        } catch let error as EvaluationError {
            return "! \(error.code)"
        } catch {
            return "! \(error)"
        }
    }

    /// A value as one would write it.
    private static func shown(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .uint(let value): "\(value)u"
        case .double(let value): "\(value)"
        case .string(let value): "'\(value)'"
        case .list(let elements): "[" + elements.map(shown).joined(separator: ", ") + "]"
        case .map(let entries):
            "{"
                + entries.map { "\(shown($0.key)): \(shown($0.value))" }.sorted()
                .joined(separator: ", ") + "}"
        case .optional(let value): value.map { "some(\(shown($0)))" } ?? "none"
        case .opaque(let type, let text): "\(type) \(text)"
        case .timestamp(let value): value.rfc3339
        default: "\(value)"
        }
    }
}
