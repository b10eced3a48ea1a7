/// A rule that matched a conversation.
///
/// Its identity makes a second evaluation harmless.
package struct Alert: Hashable, Codable, Sendable {
    package let id: ID
    package var title: String
    package var severity: Severity
    /// The task's labels, then the rule's, then `rule`, `severity` and `source`.
    package var labels: [String: String]
    /// The rule's message, rendered.
    package var message: String
    package var evidence: [Quote]
    package var raisedAt: Timestamp
    package var ruleSetVersion: String
    /// The channels that the rule itself names; they replace the routes.
    ///
    /// Nil: the routes decide.
    package var notify: [String]?
    /// Recorded and counted, never notified.
    package var isShadow: Bool
    /// The labels of the alerts that it stands for in a ``Digest``, where they choose who is called.
    ///
    /// Never stored.
    package var foldedLabels: [[String: String]] = []

    private enum CodingKeys: CodingKey {
        case id, title, severity, labels, message, evidence, raisedAt, ruleSetVersion, notify
        case isShadow
    }

    /// (rule, conversation).
    package struct ID: Hashable, Codable, Comparable, Sendable {
        package let rule: String
        package let task: TaskID
        package let tid: String

        package init(rule: String, task: TaskID, tid: String = "") {
            self.rule = rule
            self.task = task
            self.tid = tid
        }

        package static func < (left: ID, right: ID) -> Bool {
            (left.task, left.tid, left.rule) < (right.task, right.tid, right.rule)
        }
    }

    package init(
        id: ID, title: String, severity: Severity, labels: [String: String], message: String,
        evidence: [Quote], raisedAt: Timestamp, ruleSetVersion: String, notify: [String]? = nil,
        isShadow: Bool = false
    ) {
        self.id = id
        self.title = title
        self.severity = severity
        self.labels = labels
        self.message = message
        self.evidence = evidence
        self.raisedAt = raisedAt
        self.ruleSetVersion = ruleSetVersion
        self.notify = notify
        self.isShadow = isShadow
    }
}

/// A piece of evidence: a sentence, or a value in words when the rule named something else.
package struct Quote: Hashable, Codable, Sendable {
    package var words: String
    /// Place in the recording, "mm:ss"; nil when it is not a sentence, as all that follows.
    package var at: String?
    package var begin: Int64?
    package var end: Int64?
    package var speaker: Speaker?
    package var roleName: String?
    package var emotionValue: Int64?
    package var speechRate: Int64?
    /// Of something that had to be said: how late it was said after all, milliseconds; negative
    /// when too early, nil when it is no such quote.
    package var late: Int64?
    /// The sentences around it, where they are not quoted themselves.
    package var before: Context?
    package var after: Context?

    /// A sentence that is there for its neighbour's sake.
    package struct Context: Hashable, Codable, Sendable {
        package var words: String
        package var at: String
        package var speaker: Speaker
        package var roleName: String

        package init(words: String, at: String, speaker: Speaker, roleName: String) {
            self.words = words
            self.at = at
            self.speaker = speaker
            self.roleName = roleName
        }
    }

    package init(
        words: String, at: String? = nil, begin: Int64? = nil, end: Int64? = nil,
        speaker: Speaker? = nil, roleName: String? = nil, emotionValue: Int64? = nil,
        speechRate: Int64? = nil, late: Int64? = nil, before: Context? = nil,
        after: Context? = nil
    ) {
        self.words = words
        self.at = at
        self.begin = begin
        self.end = end
        self.speaker = speaker
        self.roleName = roleName
        self.emotionValue = emotionValue
        self.speechRate = speechRate
        self.late = late
        self.before = before
        self.after = after
    }
}

/// How much an alert matters; ordered.
package enum Severity: String, Codable, CaseIterable, Comparable, Sendable {
    case info, low, medium, high, critical

    private var rank: Int {
        switch self {
        case .info: 0
        case .low: 1
        case .medium: 2
        case .high: 3
        case .critical: 4
        }
    }

    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}

/// A rule that could not be judged on a conversation; it never stops another rule.
package struct RuleFault: Hashable, Codable, Sendable {
    package let id: Alert.ID
    /// Where and why, for people.
    package var reason: String
    package var raisedAt: Timestamp

    package init(id: Alert.ID, reason: String, raisedAt: Timestamp) {
        self.id = id
        self.reason = reason
        self.raisedAt = raisedAt
    }
}
