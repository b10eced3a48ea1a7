/// A compiled expression: evaluated any number of times, from any number of tasks at once.
public final class Program: Sendable {
    /// The type of the result; dyn when the expression was not checked.
    public let resultType: ValueType
    /// What the expression reads and compares, for those who reason about it.
    public let usage: Usage

    let plan: Plan

    init(
        _ checked: CheckedTree, _ declarations: Declarations, _ environment: Environment
    ) throws(CompilationError) {
        plan = try Planner.plan(checked, declarations, environment)
        resultType = checked.type(checked.tree.root)
        usage = Usage(of: checked, declarations)
    }

    /// The expression's text.
    public var source: String { String(decoding: plan.source.bytes, as: UTF8.self) }

    /// The value of the expression.
    ///
    /// `budget`: Bounds for this evaluation; the environment's when nil.
    /// Throws an ``EvaluationError`` with the part of the expression that failed.
    public func evaluate(
        _ activation: Activation, budget: Budget? = nil
    ) throws(EvaluationError) -> Value {
        try plan.run(activation, budget) { evaluation throws(Fault) in
            let cell = try plan.code.cell(evaluation)
            return try evaluation.value(of: cell)
        }
    }

    /// Whether a condition holds; nothing is built for the answer.
    ///
    /// An expression whose type is a list holds when the list is not empty.
    /// Throws an ``EvaluationError``; `wrong-kind` when the value is neither.
    public func isTrue(
        _ activation: Activation, budget: Budget? = nil
    ) throws(EvaluationError) -> Bool {
        if let known = plan.knownCondition { return known }
        return try plan.run(activation, budget) { evaluation throws(Fault) in
            try plan.condition(evaluation)
        }
    }

    /// As ``evaluate(_:budget:)``, with the work that it took in the units of ``Limits/cost``.
    public func evaluateCounting(
        _ activation: Activation, budget: Budget? = nil
    ) throws(EvaluationError) -> (value: Value, cost: Int) {
        try plan.run(activation, budget) { evaluation throws(Fault) in
            let cell = try plan.code.cell(evaluation)
            return (try evaluation.value(of: cell), evaluation.spent)
        }
    }
}
