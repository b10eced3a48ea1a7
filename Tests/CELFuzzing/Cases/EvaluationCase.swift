import CEL

/// An expression of the generator, evaluated with types and without.
enum EvaluationCase {
    static func complaint(about input: FuzzInput) -> String? {
        var input = input
        // The bounds of every host cost more time, so few inputs ask for them.
        let environment =
            input.choice(64) == 7 ? FuzzEnvironment.roomy : FuzzEnvironment.tight
        let made = ExpressionGenerator.expression(from: input)
        return complaint(about: made.text, made.readsObjects, environment).map {
            "`\(made.text)`: \($0)"
        }
    }

    static func complaint(
        about source: String, _ readsObjects: Bool, _ environment: Environment
    ) -> String? {
        guard let parsed = try? environment.parse(source) else { return nil }
        if let complaint = SyntaxCase.roundTrip(
            parsed,
            { text throws(CompilationError) in
                try environment.parse(text)
            })
        {
            return complaint
        }
        let untyped = outcome(environment, try? environment.planUnchecked(parsed))
        guard let checked = try? environment.check(parsed) else { return untyped.complaint }
        let typed = outcome(environment, try? environment.plan(checked))
        if let complaint = typed.complaint ?? untyped.complaint { return complaint }
        guard let left = typed.value, let right = untyped.value, !readsObjects else { return nil }
        return left.isSame(as: right) ? nil : "\(left) with types, \(right) without"
    }

    /// The value of a program, and what was wrong with the way there.
    private static func outcome(
        _ environment: Environment, _ program: Program?
    ) -> (value: Value?, complaint: String?) {
        guard let program else { return (nil, nil) }
        let activation = FuzzEnvironment.activation
        do {
            let (value, cost) = try program.evaluateCounting(activation)
            if cost > environment.limits.cost { return (value, "cost \(cost)") }
            let again = try program.evaluate(activation)
            if !again.isSame(as: value) { return (value, "once \(value), then \(again)") }
            if case .bool(let expected) = value {
                let found = try program.isTrue(activation)
                if found != expected { return (value, "a condition says \(found)") }
            }
            return (value, nil)
        } catch {
            for language in Language.allCases where error.message(in: language).isEmpty {
                return (nil, "\(error.code): no text")
            }
            return (nil, nil)
        }
    }
}
