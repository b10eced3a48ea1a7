import CEL

/// One rule of a rule file, compiled.
///
/// A class, so that what passes a rule on counts one reference.
package final class Rule: Sendable {
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

    init(
        id: String, title: String, severity: Severity, statuses: Set<TaskStatus>, when: Condition,
        unless: Condition?, evidence: Program?, labels: [(name: String, template: Template)],
        message: Template?, templates: Environment, tellsEvidence: Bool, notify: [String]?,
        isEnabled: Bool, isShadow: Bool
    ) {
        self.id = id
        self.title = title
        self.severity = severity
        self.statuses = statuses
        self.when = when
        self.unless = unless
        self.evidence = evidence
        self.labels = labels
        self.message = message
        self.templates = templates
        self.tellsEvidence = tellsEvidence
        self.notify = notify
        self.isEnabled = isEnabled
        self.isShadow = isShadow
    }

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
    private let programs: RulePrograms
    /// By status: the places of the enabled rules that are asked then, in their order.
    private let asked: [TaskStatus: [Int]]

    init(rules: [Rule], version: String, vocabulary: Vocabulary) {
        self.rules = rules
        self.version = version
        self.vocabulary = vocabulary
        programs = RulePrograms(rules, vocabulary.environment)
        var asked: [TaskStatus: [Int]] = [:]
        for (index, rule) in rules.enumerated() where rule.isEnabled {
            for status in rule.statuses { asked[status, default: []].append(index) }
        }
        self.asked = asked
    }

    /// The most rules, and files.
    package static let ruleLimit = 20_000
    package static let fileLimit = 2_000

    /// What the enabled rules that are asked at a status say; those that are silent are left out.
    func judgements(
        at status: TaskStatus, _ facts: Facts
    ) -> [(rule: Rule, judgement: Judgement)] {
        programs.judgements(facts, of: asked[status] ?? [])
    }

    /// Whether any rule is asked at a status.
    func asksAnything(at status: TaskStatus) -> Bool { asked[status] != nil }
}
