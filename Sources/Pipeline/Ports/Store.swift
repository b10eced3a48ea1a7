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
    /// Groups of a channel whose `flushAt` has come: urgent ones first, then the longest due.
    func dueGroups(
        to channel: String, by now: Timestamp, limit: Int
    ) throws(StoreError) -> [AlertGroup]
    /// The alerts that wait in a group, in order of `raisedAt`, then id; at most `limit`.
    ///
    /// With `criticalFirst` the critical ones are before all others: a group that is not urgent has
    /// none.
    func waitingAlerts(
        in key: AlertGroup.Key, criticalFirst: Bool, limit: Int
    ) throws(StoreError) -> [Alert]

    func delivery(_ id: Delivery.ID) throws(StoreError) -> Delivery?
    /// The deliveries as they are now, in their order, nil for one that is gone; their messages,
    /// which never change, are taken as given.
    func current(_ deliveries: [Delivery]) throws(StoreError) -> [Delivery?]
    /// Newest created first; the same moment by id.
    func deliveries(_ query: DeliveryQuery) throws(StoreError) -> [Delivery]
    /// How many there are of what is asked for, whatever the query's limit.
    func count(_ query: DeliveryQuery) throws(StoreError) -> Int
    /// The waiting deliveries to a channel that were created, or revived, at the moment or before;
    /// the oldest first.
    func waitingDeliveries(
        to channel: String, startedBy moment: Timestamp, limit: Int
    ) throws(StoreError) -> [Delivery]
    /// How many deliveries to a channel are due by the moment, or under way.
    func dueDeliveries(to channel: String, by moment: Timestamp) throws(StoreError) -> Int
    /// When the last deliveries to a channel were delivered, of those after the moment and by `now`;
    /// the newest first.
    ///
    /// Those of a clock that was ahead are none of them, however many there are.
    func deliveryMoments(
        to channel: String, after moment: Timestamp, by now: Timestamp, limit: Int
    ) throws(StoreError) -> [Timestamp]
    /// Groups with alerts that wait, of one channel or of all, by channel and flush.
    func waitingGroups(to channel: String?, limit: Int) throws(StoreError) -> [WaitingGroup]
    /// By channel; those with nothing to do and nothing dead are left out.
    func backlogs() throws(StoreError) -> [ChannelBacklog]

    func parkings() throws(StoreError) -> [Parking]
    func trouble(of channel: String) throws(StoreError) -> ChannelTrouble?
    /// By channel.
    func troubles() throws(StoreError) -> [ChannelTrouble]
    func counts() throws(StoreError) -> StoreCounts

    /// The earliest `dueAt` of a task of the source, leased ones by the end of their lease.
    func nextTaskDue(of source: String) throws(StoreError) -> Timestamp?
    /// The earliest flush of a group of the channel, of those after `now` where that is given.
    func nextFlushDue(to channel: String, after now: Timestamp?) throws(StoreError) -> Timestamp?
    func nextDeliveryDue(to channel: String) throws(StoreError) -> Timestamp?
}

extension StoreReader {
    package func nextFlushDue(to channel: String) throws(StoreError) -> Timestamp? {
        try nextFlushDue(to: channel, after: nil)
    }

    package func waitingAlerts(
        in key: AlertGroup.Key, limit: Int
    ) throws(StoreError) -> [Alert] {
        try waitingAlerts(in: key, criticalFirst: false, limit: limit)
    }
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

    /// Inserts each, or replaces what changes of it; ends the deliveries' leases.
    func save(_ deliveries: [Delivery]) throws(StoreError)
    /// Waiting deliveries to a channel that are due: urgent ones first, then the longest due; each
    /// is leased.
    func claimDeliveries(
        to channel: String, dueBy now: Timestamp, leaseUntil lease: Timestamp, limit: Int
    ) throws(StoreError) -> [Delivery]

    /// Gives deliveries their first due time back, where they still are as they were claimed.
    func release(_ claimed: [Delivery]) throws(StoreError)

    /// Inserts or replaces by subject.
    func save(_ parking: Parking) throws(StoreError)
    func removeParking(of subject: Parking.Subject) throws(StoreError)
    /// Inserts or replaces by channel.
    func save(_ trouble: ChannelTrouble) throws(StoreError)
    func removeTrouble(of channel: String) throws(StoreError)
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
    /// The same in Chinese, where it has been written.
    package let chinese: String?

    package init(_ kind: Kind, _ message: String, chinese: String? = nil) {
        self.kind = kind
        self.message = message
        self.chinese = chinese
    }

    package var description: String { message }
}
