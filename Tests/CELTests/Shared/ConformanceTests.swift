import CEL
import Testing

@Suite("Conformance")
struct ConformanceTests {
    /// Files of which every test passes.
    static let whole = [
        "basic", "bindings_ext", "block_ext", "comparisons", "conversions", "encoders_ext",
        "fields", "fp_math", "integer_math", "lists", "logic", "macros", "macros2", "math_ext",
        "namespace", "network_ext", "optionals", "parse", "plumbing", "string", "string_ext",
        "timestamps",
        "type_deduction",
    ]

    @Test(
        "every test of the file passes", .enabled(if: ConformanceData.isPresent, "no data"),
        arguments: whole)
    func passes(_ file: String) throws {
        let failures = try run(file)
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }

    private func run(_ file: String) throws -> [String] {
        let tests = try ConformanceData.load(file)
        let failures = tests.compactMap { test in
            ConformanceRun(test).failure.map { "\(test.id): \(test.expr): \($0)" }
        }
        let passed = tests.count - failures.count
        print("conformance \(file): \(passed)/\(tests.count)")
        return failures
    }
}

/// One conformance test, run.
private struct ConformanceRun {
    let test: ConformanceData.Test

    init(_ test: ConformanceData.Test) { self.test = test }

    /// What went wrong, nil when the test passes.
    var failure: String? {
        var environment = Environment()
        environment.regexEngine = TestEngines.regex
        environment.timeZones = TestEngines.zones
        environment.container = test.container
        for declaration in test.typeEnv { declare(declaration, in: &environment) }
        let outcome: Result<Value?, any Error>
        do {
            outcome = .success(try evaluate(environment))
        } catch {
            outcome = .failure(error)
        }
        switch (test.expect.kind, outcome) {
        case ("error", .failure): return nil
        case ("error", .success(let value)): return "expected an error, got \(shown(value))"
        case (_, .failure(let error as EvaluationError)) where Self.isForHost(error): return nil
        case (_, .failure(let error)): return "\(shown(error))"
        case (_, .success(let value)):
            guard let expected = test.expect.value?.value else { return nil }
            guard let value, ConformanceData.isSame(value, expected) else {
                return "expected \(expected), got \(shown(value))"
            }
            return nil
        }
    }

    /// Whether only a host's engine could tell: a target without one leaves such tests to the other.
    private static func isForHost(_ error: EvaluationError) -> Bool {
        TestEngines.regex == nil && ["no-regex-engine", "no-time-zones"].contains(error.code)
    }

    private func evaluate(_ environment: Environment) throws -> Value? {
        let parsed =
            test.disableMacros
            ? try environment.parseWithoutMacros(test.expr) : try environment.parse(test.expr)
        let program: Program
        if test.disableCheck {
            program = try environment.planUnchecked(parsed)
        } else {
            let checked = try environment.check(parsed)
            if let wanted = test.expect.deducedType?.type, wanted != checked.type {
                throw HostFailure("type \(checked.type), not \(wanted)")
            }
            if test.checkOnly { return nil }
            program = try environment.plan(checked)
        }
        var activation = Activation(environment)
        for binding in test.bindings {
            guard let value = binding.value.value else { throw HostFailure("no value") }
            try activation.set(binding.name, to: value)
        }
        return try program.evaluate(activation)
    }

    private func declare(
        _ declaration: ConformanceData.Declaration, in environment: inout Environment
    ) {
        if let type = declaration.type?.type {
            environment.declare(variable: declaration.name, as: type)
        }
        for overload in declaration.overloads ?? [] {
            environment.declare(
                HostFunction(
                    declaration.name, Documentation("", ""),
                    overloads: [
                        .init(
                            overload.id, overload.params.map(\.type),
                            returns: overload.result.type, isReceiver: overload.isInstance
                        ) { _ in throw HostFailure("only declared") }
                    ]))
        }
    }

    private func shown(_ value: Value?) -> String { value.map { "\($0)" } ?? "nothing" }

    private func shown(_ error: any Error) -> String {
        switch error {
        case let error as CompilationError:
            error.diagnostics.map { $0.message(in: .english) }.joined(separator: "; ")
        case let error as EvaluationError: error.description
        default: "\(error)"
        }
    }
}
