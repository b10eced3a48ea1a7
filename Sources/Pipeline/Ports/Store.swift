/// The truth: work is what the store says is due.
///
/// Two implementations pass one contract suite.
package protocol Store: Sendable {
    /// Runs `body` in one transaction and commits it durably before returning; a throwing body
    /// changes nothing.
    ///
    /// The body may run together with others in one commit, or again after a conflict, so it
    /// touches nothing but the transaction and pure functions.
    func transaction<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result

    /// Runs `body` over one consistent state.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreReader) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result
}

/// What can be asked.
///
/// Lists are bounded by their query's `limit`.
package protocol StoreReader {
    func task(_ id: TaskID) throws(StoreError) -> TaskRecord?
    /// Newest accepted first; the same moment by id.
    func tasks(_ query: TaskQuery) throws(StoreError) -> [TaskRecord]
    /// The stored replies of a task, oldest first.
    func results(of task: TaskID) throws(StoreError) -> [StoredResult]

    func alert(_ id: Alert.ID) throws(StoreError) -> Alert?
    /// Newest raised first; the same moment by id.
    func alerts(_ query: AlertQuery) throws(StoreError) -> [Alert]
    /// Newest first, at most `limit`.
    func faults(limit: Int) throws(StoreError) -> [RuleFault]
    /// By channel.
    func notices(of alert: Alert.ID) throws(StoreError) -> [Notice]
    func notice(of alert: Alert.ID, on channel: String) throws(StoreError) -> Notice?

    func group(_ key: AlertGroup.Key) throws(StoreError) -> AlertGroup?
    /// Groups of a channel whose `flushAt` has come, the longest due first.
    func dueGroups(
        to channel: String, by now: Timestamp, limit: Int
    ) throws(StoreError) -> [AlertGroup]
    /// The alerts that wait in a group, in order of `raisedAt`, then id; at most `limit`.
    func waitingAlerts(in key: AlertGroup.Key, limit: Int) throws(StoreError) -> [Alert]

    func delivery(_ id: Delivery.ID) throws(StoreError) -> Delivery?
    /// Newest created first; the same moment by id.
    func deliveries(_ query: DeliveryQuery) throws(StoreError) -> [Delivery]

    func parkings() throws(StoreError) -> [Parking]
    func counts() throws(StoreError) -> StoreCounts

    /// The earliest `dueAt` of a task of the source, leased ones by the end of their lease.
    func nextTaskDue(of source: String) throws(StoreError) -> Timestamp?
    /// The earliest flush of a group of the channel.
    func nextFlushDue(to channel: String) throws(StoreError) -> Timestamp?
    func nextDeliveryDue(to channel: String) throws(StoreError) -> Timestamp?
}

/// What can be changed, inside one transaction.
///
/// It cannot leave the transaction's body.
package protocol StoreTransaction: StoreReader {
    /// Inserts or replaces; ends the task's lease.
    func save(_ task: TaskRecord) throws(StoreError)
    /// Due tasks of a source, the longest due first; each is leased: its due time becomes `lease`.
    func claimTasks(
        of source: String, dueBy now: Timestamp, leaseUntil lease: Timestamp, limit: Int
    ) throws(StoreError) -> [TaskRecord]
    /// Keeps one reply for each (task, `readAt`).
    func save(_ result: StoredResult) throws(StoreError)

    /// False, changing nothing, when an alert of this identity is there.
    func insert(_ alert: Alert) throws(StoreError) -> Bool
    /// False, changing nothing, when a fault of this identity is there.
    func insert(_ fault: RuleFault) throws(StoreError) -> Bool
    /// Inserts or replaces by (alert, channel).
    func save(_ notice: Notice) throws(StoreError)
    /// Inserts or replaces.
    func save(_ group: AlertGroup) throws(StoreError)

    /// Inserts or replaces; ends the delivery's lease.
    func save(_ delivery: Delivery) throws(StoreError)
    /// Waiting deliveries to a channel that are due, the longest due first; each is leased.
    func claimDeliveries(
        to channel: String, dueBy now: Timestamp, leaseUntil lease: Timestamp, limit: Int
    ) throws(StoreError) -> [Delivery]

    /// Inserts or replaces by subject.
    func save(_ parking: Parking) throws(StoreError)
    func removeParking(of subject: Parking.Subject) throws(StoreError)
    /// Gives every lease its first due time back: for a store that only this process works on.
    func releaseLeases() throws(StoreError)
    /// Deletes what is older than the moments given, and settled; returns how many rows went.
    func prune(_ retention: Retention, limit: Int) throws(StoreError) -> Int
}

/// A source or a channel that is left alone until a moment.
package struct Parking: Hashable, Codable, Sendable {
    package let subject: Subject
    package var until: Timestamp
    /// Free of secrets.
    package var reason: String
    /// How many times in a row.
    package var count: Int
    /// Whether someone must act (credentials, permissions), as opposed to throttling.
    package var isRefusal: Bool

    package enum Subject: Hashable, Codable, Sendable {
        case source(String)
        case channel(String)
    }

    package init(
        subject: Subject, until: Timestamp, reason: String, count: Int, isRefusal: Bool
    ) {
        self.subject = subject
        self.until = until
        self.reason = reason
        self.count = count
        self.isRefusal = isRefusal
    }
}

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

/// Which deliveries to list.
package struct DeliveryQuery: Hashable, Sendable {
    package enum Kind: String, Hashable, CaseIterable, Sendable { case waiting, delivered, dead }

    package var channel: String?
    package var kind: Kind?
    package var limit: Int

    package init(channel: String? = nil, kind: Kind? = nil, limit: Int = 100) {
        self.channel = channel
        self.kind = kind
        self.limit = limit
    }
}

/// How much of everything there is.
package struct StoreCounts: Hashable, Codable, Sendable {
    /// Tasks by status; those that have not ended are under QUEUE and RUNNING.
    package var tasks: [TaskStatus: Int]
    /// Tasks with a due time.
    package var pendingTasks: Int
    package var alerts: Int
    /// Groups with alerts that wait.
    package var waitingGroups: Int
    package var waitingDeliveries: Int
    package var delivered: Int
    package var dead: Int
    package var faults: Int

    package init(
        tasks: [TaskStatus: Int] = [:], pendingTasks: Int = 0, alerts: Int = 0,
        waitingGroups: Int = 0, waitingDeliveries: Int = 0, delivered: Int = 0, dead: Int = 0,
        faults: Int = 0
    ) {
        self.tasks = tasks
        self.pendingTasks = pendingTasks
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

/// Why the store did not do it.
///
/// Nothing of the transaction was kept.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable {
        case full, readOnly, busy, corrupt, incompatible, unavailable, failed
    }

    package let kind: Kind
    /// What was being done, what happened, and what to do.
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }
}
