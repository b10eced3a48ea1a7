import CEL

/// One rule of a rule file, compiled.
package struct Rule: Sendable {
    package let id: String
    package let title: String
    package let severity: Severity
    /// The statuses at which it is asked.
    package let statuses: Set<TaskStatus>
    let when: Condition
    let unless: Condition?
    /// What is quoted; without it, what `when` selects.
    let evidence: Program?
    let labels: [(name: String, template: Template)]
    let message: Template?
    /// What message and labels are written in: the vocabulary, and the evidence.
    let templates: Environment
    /// Whether message or labels read the evidence.
    let tellsEvidence: Bool
    /// Replaces the routes; nil when they decide.
    package let notify: [String]?
    package let isEnabled: Bool
    package let isShadow: Bool

    /// The statuses of a rule that names none.
    package static let defaultStatuses: Set<TaskStatus> = [.finish]
    /// The most characters of an id, and of a title.
    static let idLimit = 64
    static let titleLimit = 200
    /// The work that one evaluation of one expression may take, in the language's units.
    static let costLimit = 5_000_000
}

/// All rules of one run, and the version under which their decisions are stored.
package struct RuleSet: Sendable {
    /// In the order of the files.
    package let rules: [Rule]
    /// The same for the same texts on any machine; other for any change.
    package let version: String
    let vocabulary: Vocabulary
    /// The rules' `when`, in the same order: asked together.
    private let conditions: ProgramSet

    init(rules: [Rule], version: String, vocabulary: Vocabulary) {
        self.rules = rules
        self.version = version
        self.vocabulary = vocabulary
        conditions = ProgramSet(rules.map(\.when.program), vocabulary.environment)
    }

    /// The most rules, and files.
    package static let ruleLimit = 20_000
    package static let fileLimit = 2_000

    /// The enabled rules that are asked at a status, but for those whose `when` certainly does not
    /// hold.
    func rules(at status: TaskStatus, whoseConditionMayHold facts: Facts) -> [Rule] {
        let asked = rules.indices.filter {
            rules[$0].isEnabled && rules[$0].statuses.contains(status)
        }
        var left: [Rule] = []
        conditions.evaluate(facts.activation, asked, budget: Budget(cost: Rule.costLimit)) {
            index, answer in
            if case .success(false) = answer { return }
            left.append(rules[index])
        }
        return left
    }

    /// Whether any rule is asked at a status.
    func asksAnything(at status: TaskStatus) -> Bool {
        rules.contains { $0.isEnabled && $0.statuses.contains(status) }
    }
}
