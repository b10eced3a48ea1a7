import CEL

/// A condition over an alert, for routes.
package struct AlertCondition: Sendable {
    private let program: Program

    /// The text that stands at the cursor, compiled; nil with findings.
    package init?(_ cursor: Cursor) {
        guard let program = cursor.program(Self.environment, expecting: .bool) else { return nil }
        self.program = program
    }

    /// Throws when the condition cannot be judged on this alert: a label that it lacks, say.
    package func holds(for alert: Alert) throws -> Bool {
        var activation = Activation(Self.environment)
        let labels = Dictionary(
            uniqueKeysWithValues: alert.labels.map { (Value.string($0), Value.string($1)) })
        let values: [(String, Value)] = [
            ("rule", .string(alert.id.rule)), ("severity", .string(alert.severity.rawValue)),
            ("title", .string(alert.title)), ("message", .string(alert.message)),
            ("source", .string(alert.id.task.source)), ("taskId", .string(alert.id.task.id)),
            ("tid", .string(alert.id.tid)), ("labels", .map(labels)),
        ]
        for (name, value) in values { try activation.set(name, to: value) }
        return try program.isTrue(activation, budget: Budget(cost: Rule.costLimit))
    }

    private static let environment: Environment = {
        var environment = Vocabulary(lists: [:], variables: []).environment
        for name in ["rule", "severity", "title", "message", "source", "taskId", "tid"] {
            environment.declare(variable: name, as: .string)
        }
        environment.declare(variable: "labels", as: .map(.string, .string))
        return environment
    }()
}
