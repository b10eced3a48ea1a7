/// Which tasks to list.
package struct TaskQuery: Hashable, Sendable {
    package var source: String?
    package var status: TaskStatus?
    /// Whether it has ended; nil for both.
    package var hasEnded: Bool?
    package var limit: Int

    package init(
        source: String? = nil, status: TaskStatus? = nil, hasEnded: Bool? = nil, limit: Int = 100
    ) {
        self.source = source
        self.status = status
        self.hasEnded = hasEnded
        self.limit = limit
    }
}

/// Which alerts to list.
package struct AlertQuery: Hashable, Sendable {
    package var rule: String?
    package var task: TaskID?
    package var atLeast: Severity
    package var limit: Int

    package init(
        rule: String? = nil, task: TaskID? = nil, atLeast: Severity = .info, limit: Int = 100
    ) {
        self.rule = rule
        self.task = task
        self.atLeast = atLeast
        self.limit = limit
    }
}

extension Delivery.State {
    /// What a delivery is counted and listed as.
    package var kind: DeliveryQuery.Kind {
        switch self {
        case .waiting: .waiting
        case .delivered: .delivered
        case .dead: .dead
        }
    }
}

extension Delivery {
    package var kind: DeliveryQuery.Kind { state.kind }
}

/// Which deliveries to list.
package struct DeliveryQuery: Hashable, Sendable {
    package enum Kind: String, Hashable, CaseIterable, Sendable { case waiting, delivered, dead }

    package var channel: String?
    package var kind: Kind?
    /// With an alert of this rule in it.
    package var rule: String?
    /// Created at or after the one, and before the other.
    package var since: Timestamp?
    package var until: Timestamp?
    /// Only what comes behind this one in the order of the list: for a long list, read in pieces.
    package var after: Place?
    package var limit: Int

    /// A delivery's place in the list.
    package struct Place: Hashable, Sendable {
        package var createdAt: Timestamp
        package var id: Delivery.ID

        package init(of delivery: Delivery) {
            createdAt = delivery.createdAt
            id = delivery.id
        }
    }

    package init(
        channel: String? = nil, kind: Kind? = nil, rule: String? = nil, since: Timestamp? = nil,
        until: Timestamp? = nil, after: Place? = nil, limit: Int = 100
    ) {
        self.channel = channel
        self.kind = kind
        self.rule = rule
        self.since = since
        self.until = until
        self.after = after
        self.limit = limit
    }
}

/// A group with alerts that wait.
package struct WaitingGroup: Hashable, Sendable {
    package var group: AlertGroup
    package var alerts: Int
    /// When the first of them was raised.
    package var oldest: Timestamp

    package init(group: AlertGroup, alerts: Int, oldest: Timestamp) {
        self.group = group
        self.alerts = alerts
        self.oldest = oldest
    }
}

/// What there is to do for one channel, whether the settings have it or not.
package struct ChannelBacklog: Hashable, Sendable {
    package let channel: String
    package var waitingAlerts: Int
    package var waitingDeliveries: Int
    package var dead: Int

    package init(
        channel: String, waitingAlerts: Int = 0, waitingDeliveries: Int = 0, dead: Int = 0
    ) {
        self.channel = channel
        self.waitingAlerts = waitingAlerts
        self.waitingDeliveries = waitingDeliveries
        self.dead = dead
    }
}

/// How much of everything there is.
package struct StoreCounts: Hashable, Codable, Sendable {
    /// Tasks by status; those that have not ended are under QUEUE and RUNNING.
    package var tasks: [TaskStatus: Int]
    /// Tasks with a due time, by source; none is 0.
    package var pending: [String: Int]
    package var alerts: Int
    /// Groups with alerts that wait.
    package var waitingGroups: Int
    package var waitingDeliveries: Int
    package var delivered: Int
    package var dead: Int
    package var faults: Int

    /// Tasks with a due time.
    package var pendingTasks: Int { pending.values.reduce(0, +) }

    package init(
        tasks: [TaskStatus: Int] = [:], pending: [String: Int] = [:], alerts: Int = 0,
        waitingGroups: Int = 0, waitingDeliveries: Int = 0, delivered: Int = 0, dead: Int = 0,
        faults: Int = 0
    ) {
        self.tasks = tasks
        self.pending = pending
        self.alerts = alerts
        self.waitingGroups = waitingGroups
        self.waitingDeliveries = waitingDeliveries
        self.delivered = delivered
        self.dead = dead
        self.faults = faults
    }
}

/// What is old enough to go.
package struct Retention: Hashable, Sendable {
    /// Replies read before this.
    package var resultsBefore: Timestamp
    /// Alerts, faults, ended tasks, idle groups and settled deliveries before this.
    package var alertsBefore: Timestamp

    package init(resultsBefore: Timestamp, alertsBefore: Timestamp) {
        self.resultsBefore = resultsBefore
        self.alertsBefore = alertsBefore
    }
}
