import Pipeline

/// What programs read from `--format json`: one struct for each thing, its own names, RFC 3339.
struct TaskView: Encodable {
    /// `SOURCE/ID`, as commands take it.
    var task: String
    var source, taskId, tid, status, errorMessage: String
    var submittedAt, acceptedAt: String
    var labels: [String: String]
    var attempts: Int
    var lastReadAt, dueAt: String?
    var trouble: String?

    init(_ task: TaskRecord) {
        self.task = "\(task.id)"
        source = task.id.source
        taskId = task.id.id
        tid = task.tid
        status = task.status.rawValue
        errorMessage = task.errorMessage
        submittedAt = task.submittedAt.rfc3339
        acceptedAt = task.acceptedAt.rfc3339
        labels = task.labels
        attempts = task.attempts
        lastReadAt = task.lastReadAt?.rfc3339
        dueAt = task.dueAt?.rfc3339
        trouble = task.trouble?.reason
    }
}

struct AlertView: Encodable {
    /// `SOURCE/ID`, with `#TID` where there is one: as commands take it.
    var task: String
    var rule, title, severity, source, taskId, tid, message, raisedAt, ruleSetVersion: String
    var labels: [String: String]
    var evidence: [Quote]
    var isShadow: Bool

    init(_ alert: Alert) {
        task = alert.id.taskName
        rule = alert.id.rule
        title = alert.title
        severity = alert.severity.rawValue
        source = alert.id.task.source
        taskId = alert.id.task.id
        tid = alert.id.tid
        message = alert.message
        raisedAt = alert.raisedAt.rfc3339
        ruleSetVersion = alert.ruleSetVersion
        labels = alert.labels
        evidence = alert.evidence
        isShadow = alert.isShadow
    }
}

/// One alert's way to one channel.
struct NoticeView: Encodable {
    var channel: String
    /// `grouped` while it waits in its group, `cancelled`, or what its deliveries say.
    var state: String
    /// Why it was cancelled.
    var reason: String?
    var deliveries: [DeliveryView]

    init(_ notice: Notice, deliveries: [DeliveryView]) {
        channel = notice.channel
        self.deliveries = deliveries
        let states = Set(deliveries.map(\.state))
        state =
            states.isEmpty
            ? (notice.cancelled == nil ? "grouped" : "cancelled")
            : states.contains("dead")
                ? "dead" : states.contains("waiting") ? "waiting" : "delivered"
        reason = notice.cancelled
    }
}

/// A delivery, or a group whose alerts wait for their first one (`grouped`).
struct DeliveryView: Encodable {
    var id, channel, state, answer, createdAt: String
    var part, parts, attempts: Int
    var recipient: String
    var reason, dueAt, settledAt: String?
    /// Why nothing moves it: its channel is `disabled`, or `not in the settings`.
    var held: String?
    var alerts: [String]

    init(_ delivery: Delivery) {
        id = delivery.id.text
        channel = delivery.channel
        answer = delivery.answer
        createdAt = delivery.createdAt.rfc3339
        part = delivery.message.part
        parts = delivery.message.parts
        attempts = delivery.attempts
        recipient = delivery.message.recipient
        settledAt = delivery.settledAt?.rfc3339
        alerts = delivery.message.alerts.map { "\($0.rule) \($0.taskName)" }
        switch delivery.state {
        case .waiting(let due):
            state = "waiting"
            dueAt = due.rfc3339
        case .delivered:
            state = "delivered"
        case .dead(let why):
            state = "dead"
            reason = why
        }
    }

    init(_ waiting: WaitingGroup) {
        id = waiting.group.key.handle
        channel = waiting.group.key.channel
        state = "grouped"
        answer = Output.words("\(waiting.alerts) 条告警在等", "\(waiting.alerts) alerts wait")
        createdAt = waiting.oldest.rfc3339
        (part, parts, attempts) = (1, 1, 0)
        recipient = ""
        dueAt = waiting.group.flushAt?.rfc3339
        let labels = waiting.group.key.labels.sorted { $0.key < $1.key }
        alerts = labels.map { "\($0.key)=\($0.value)" }
    }
}

extension AlertGroup.Key {
    /// A short name for a group, for commands.
    var handle: String { Self.handlePrefix + StableHash.text(of: text.utf8) }
    static let handlePrefix = "group-"
}
