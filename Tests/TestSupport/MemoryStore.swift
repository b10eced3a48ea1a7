package import Pipeline
import Synchronization

/// A store in memory: the contract's simplest reading.
///
/// For tests.
package final class MemoryStore: Store {
    private let state = Mutex(MemoryState())

    package init() {}

    package func transaction<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let result = state.withLock { state -> Swift.Result<Result, StoreError> in
            let transaction = MemoryTransaction(state)
            do throws(StoreError) {
                let result = try body(transaction)
                state = transaction.state
                return .success(result)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// A transaction at once, for a test that changes things from the side; a failing body changes
    /// nothing.
    package func change(_ body: (any StoreTransaction) throws(StoreError) -> Void) {
        state.withLock { state in
            let transaction = MemoryTransaction(state)
            if (try? body(transaction)) != nil { state = transaction.state }
        }
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreReader) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let reader = MemoryTransaction(state.withLock(\.self))
        return try body(reader)
    }
}

/// A value with the time until which it is leased kept apart from its own due time.
struct Leased<Value: Sendable>: Sendable {
    var value: Value
    var dueAt: Timestamp?
}

struct MemoryState: Sendable {
    var tasks: [TaskID: Leased<TaskRecord>] = [:]
    var results: [TaskID: [StoredResult]] = [:]
    var alerts: [Alert.ID: Alert] = [:]
    var faults: [Alert.ID: RuleFault] = [:]
    var notices: [Alert.ID: [String: Notice]] = [:]
    var groups: [AlertGroup.Key: AlertGroup] = [:]
    var deliveries: [Delivery.ID: Leased<Delivery>] = [:]
    var parkings: [Parking.Subject: Parking] = [:]
    var troubles: [String: ChannelTrouble] = [:]
}

/// One transaction over a copy of the state.
final class MemoryTransaction: StoreTransaction {
    var state: MemoryState

    init(_ state: MemoryState) { self.state = state }

    // MARK: Reading

    func task(_ id: TaskID) throws(StoreError) -> TaskRecord? {
        state.tasks[id].map(current)
    }

    func tasks(_ query: TaskQuery) throws(StoreError) -> [TaskRecord] {
        let matching = state.tasks.values.lazy.map(current).filter { task in
            (query.source.map { $0 == task.id.source } ?? true)
                && (query.status.map { $0 == task.status } ?? true)
                && (query.hasEnded.map { $0 == (task.dueAt == nil) } ?? true)
        }
        let sorted = matching.sorted {
            $0.acceptedAt == $1.acceptedAt ? $0.id < $1.id : $0.acceptedAt > $1.acceptedAt
        }
        return Array(sorted.prefix(query.limit))
    }

    func results(of task: TaskID) throws(StoreError) -> [StoredResult] {
        (state.results[task] ?? []).sorted { $0.readAt < $1.readAt }
    }

    func alert(_ id: Alert.ID) throws(StoreError) -> Alert? { state.alerts[id] }

    func alerts(_ query: AlertQuery) throws(StoreError) -> [Alert] {
        let matching = state.alerts.values.filter { alert in
            (query.rule.map { $0 == alert.id.rule } ?? true)
                && (query.task.map { $0 == alert.id.task } ?? true)
                && alert.severity >= query.atLeast
        }
        let sorted = matching.sorted {
            $0.raisedAt == $1.raisedAt ? $0.id < $1.id : $0.raisedAt > $1.raisedAt
        }
        return Array(sorted.prefix(query.limit))
    }

    func faults(limit: Int) throws(StoreError) -> [RuleFault] {
        let sorted = state.faults.values.sorted {
            $0.raisedAt == $1.raisedAt ? $0.id < $1.id : $0.raisedAt > $1.raisedAt
        }
        return Array(sorted.prefix(limit))
    }

    func notices(of alert: Alert.ID) throws(StoreError) -> [Notice] {
        (state.notices[alert] ?? [:]).values.sorted { $0.channel < $1.channel }
    }

    func notice(of alert: Alert.ID, on channel: String) throws(StoreError) -> Notice? {
        state.notices[alert]?[channel]
    }

    func group(_ key: AlertGroup.Key) throws(StoreError) -> AlertGroup? { state.groups[key] }

    func dueGroups(
        to channel: String, by now: Timestamp, limit: Int
    ) throws(StoreError) -> [AlertGroup] {
        let due = state.groups.values.filter { group in
            group.key.channel == channel && group.flushAt.map { $0 <= now } ?? false
        }
        let sorted = due.sorted {
            if $0.isUrgent != $1.isUrgent { return $0.isUrgent }
            return $0.flushAt == $1.flushAt
                ? $0.key < $1.key : ($0.flushAt ?? now) < ($1.flushAt ?? now)
        }
        return Array(sorted.prefix(limit))
    }

    func waitingAlerts(
        in key: AlertGroup.Key, criticalFirst: Bool, limit: Int
    ) throws(StoreError) -> [Alert] {
        let waiting = state.notices.values.joined().map(\.value).filter {
            $0.group == key && $0.isWaiting
        }
        let sorted = waiting.compactMap { state.alerts[$0.alert] }.sorted {
            let isCritical = ($0.severity == .critical, $1.severity == .critical)
            if criticalFirst, isCritical.0 != isCritical.1 { return isCritical.0 }
            return $0.raisedAt == $1.raisedAt ? $0.id < $1.id : $0.raisedAt < $1.raisedAt
        }
        return Array(sorted.prefix(limit))
    }

    func delivery(_ id: Delivery.ID) throws(StoreError) -> Delivery? {
        state.deliveries[id].map(current)
    }

    func current(_ deliveries: [Delivery]) throws(StoreError) -> [Delivery?] {
        deliveries.map { state.deliveries[$0.id].map(current) }
    }

    func deliveries(_ query: DeliveryQuery) throws(StoreError) -> [Delivery] {
        let sorted = matching(query).sorted {
            $0.createdAt == $1.createdAt ? $0.id < $1.id : $0.createdAt > $1.createdAt
        }
        return Array(sorted.prefix(query.limit))
    }

    func count(_ query: DeliveryQuery) throws(StoreError) -> Int { matching(query).count }

    private func matching(_ query: DeliveryQuery) -> [Delivery] {
        state.deliveries.values.map(current).filter { delivery in
            let isBehind = query.after.map {
                delivery.createdAt < $0.createdAt
                    || delivery.createdAt == $0.createdAt && delivery.id > $0.id
            }
            return (query.channel.map { $0 == delivery.channel } ?? true)
                && (query.kind.map { $0 == delivery.kind } ?? true)
                && (query.rule.map { delivery.message.alerts.map(\.rule).contains($0) } ?? true)
                && (query.since.map { delivery.createdAt >= $0 } ?? true)
                && (query.until.map { delivery.createdAt < $0 } ?? true) && isBehind ?? true
        }
    }

    func waitingDeliveries(
        to channel: String, startedBy start: Timestamp, limit: Int
    ) throws(StoreError) -> [Delivery] {
        func started(_ delivery: Delivery) -> Timestamp {
            delivery.revivedAt ?? delivery.createdAt
        }
        let found = state.deliveries.values.filter { leased in
            leased.value.channel == channel && leased.dueAt != nil
                && started(leased.value) <= start
        }
        let sorted = found.map(current).sorted {
            started($0) == started($1) ? $0.id < $1.id : started($0) < started($1)
        }
        return Array(sorted.prefix(limit))
    }

    func waitingGroups(to channel: String?, limit: Int) throws(StoreError) -> [WaitingGroup] {
        let notices = state.notices.values.flatMap(\.values).filter(\.isWaiting)
        let groups = Dictionary(grouping: notices, by: \.group).compactMap { key, notices in
            state.groups[key].map { group in
                WaitingGroup(
                    group: group, alerts: notices.count,
                    oldest: notices.compactMap { state.alerts[$0.alert]?.raisedAt }.min()
                        ?? Timestamp(milliseconds: 0))
            }
        }
        let sorted = groups.filter { channel == nil || $0.group.key.channel == channel }.sorted {
            let places = [$0, $1].map { $0.group.flushAt?.milliseconds ?? .min }
            return ($0.group.key.channel, places[0], $0.group.key.text)
                < ($1.group.key.channel, places[1], $1.group.key.text)
        }
        return Array(sorted.prefix(limit))
    }

    func backlogs() throws(StoreError) -> [ChannelBacklog] {
        var backlogs: [String: ChannelBacklog] = [:]
        func add(_ channel: String, _ part: WritableKeyPath<ChannelBacklog, Int>) {
            backlogs[channel, default: ChannelBacklog(channel: channel)][keyPath: part] += 1
        }
        for notice in state.notices.values.flatMap(\.values) where notice.isWaiting {
            add(notice.channel, \.waitingAlerts)
        }
        for leased in state.deliveries.values {
            if leased.dueAt != nil { add(leased.value.channel, \.waitingDeliveries) }
            if leased.value.kind == .dead { add(leased.value.channel, \.dead) }
        }
        return backlogs.values.sorted { $0.channel < $1.channel }
    }

    func trouble(of channel: String) throws(StoreError) -> ChannelTrouble? {
        state.troubles[channel]
    }

    func troubles() throws(StoreError) -> [ChannelTrouble] {
        state.troubles.values.sorted { $0.channel < $1.channel }
    }

    func parkings() throws(StoreError) -> [Parking] {
        state.parkings.values.sorted { "\($0.subject)" < "\($1.subject)" }
    }

    func counts() throws(StoreError) -> StoreCounts {
        var counts = StoreCounts(
            pending: state.tasks.reduce(into: [:]) { pending, task in
                if task.value.dueAt != nil { pending[task.key.source, default: 0] += 1 }
            },
            alerts: state.alerts.count,
            waitingGroups: state.groups.values.count { $0.flushAt != nil },
            waitingDeliveries: state.deliveries.values.count { $0.value.kind == .waiting },
            delivered: state.deliveries.values.count { $0.value.kind == .delivered },
            dead: state.deliveries.values.count { $0.value.kind == .dead },
            faults: state.faults.count)
        for leased in state.tasks.values { counts.tasks[leased.value.status, default: 0] += 1 }
        return counts
    }

    func nextTaskDue(of source: String) throws(StoreError) -> Timestamp? {
        state.tasks.lazy.filter { $0.key.source == source }.compactMap(\.value.dueAt).min()
    }

    func nextFlushDue(
        to channel: String, after now: Timestamp?
    ) throws(StoreError) -> Timestamp? {
        state.groups.values.lazy.filter { $0.key.channel == channel }.compactMap(\.flushAt)
            .filter { flushAt in now.map { flushAt > $0 } ?? true }.min()
    }

    func dueDeliveries(to channel: String, by moment: Timestamp) throws(StoreError) -> Int {
        state.deliveries.values.count { leased in
            leased.value.channel == channel && leased.dueAt.map { $0 <= moment } ?? false
        }
    }

    func deliveryMoments(
        to channel: String, after moment: Timestamp, by now: Timestamp, limit: Int
    ) throws(StoreError) -> [Timestamp] {
        let moments = state.deliveries.values.lazy.map(\.value)
            .filter { $0.channel == channel && $0.kind == .delivered }
            .compactMap(\.settledAt).filter { $0 > moment && $0 <= now }
        return Array(moments.sorted(by: >).prefix(max(0, limit)))
    }

    func nextDeliveryDue(to channel: String) throws(StoreError) -> Timestamp? {
        state.deliveries.values.lazy.filter { $0.value.channel == channel }
            .compactMap(\.dueAt).min()
    }

    // MARK: Changing

    func save(_ task: TaskRecord) throws(StoreError) {
        state.tasks[task.id] = Leased(value: task, dueAt: task.dueAt)
    }

    func claimTasks(
        of source: String, dueBy now: Timestamp, leaseUntil lease: Timestamp, limit: Int
    ) throws(StoreError) -> [TaskRecord] {
        let due = state.tasks.values.filter { leased in
            leased.value.id.source == source && leased.dueAt.map { $0 <= now } ?? false
        }
        let chosen = due.sorted {
            $0.dueAt == $1.dueAt
                ? $0.value.id < $1.value.id : ($0.dueAt ?? now) < ($1.dueAt ?? now)
        }.prefix(limit)
        for leased in chosen { state.tasks[leased.value.id]?.dueAt = lease }
        return chosen.compactMap { state.tasks[$0.value.id] }.map(current)
    }

    func save(_ result: StoredResult) throws(StoreError) {
        state.results[result.task, default: []].removeAll { $0.readAt == result.readAt }
        state.results[result.task, default: []].append(result)
    }

    func insert(_ alert: Alert) throws(StoreError) -> Bool {
        guard state.alerts[alert.id] == nil else { return false }
        state.alerts[alert.id] = alert
        return true
    }

    func insert(_ fault: RuleFault) throws(StoreError) -> Bool {
        guard state.faults[fault.id] == nil else { return false }
        state.faults[fault.id] = fault
        return true
    }

    func save(_ notice: Notice) throws(StoreError) {
        state.notices[notice.alert, default: [:]][notice.channel] = notice
    }

    func save(_ group: AlertGroup) throws(StoreError) { state.groups[group.key] = group }

    func save(_ deliveries: [Delivery]) throws(StoreError) {
        for delivery in deliveries {
            var dueAt: Timestamp?
            if case .waiting(let due) = delivery.state { dueAt = due }
            state.deliveries[delivery.id] = Leased(value: delivery, dueAt: dueAt)
        }
    }

    func claimDeliveries(
        to channel: String, dueBy now: Timestamp, leaseUntil lease: Timestamp, limit: Int
    ) throws(StoreError) -> [Delivery] {
        let due = state.deliveries.values.filter { leased in
            leased.value.channel == channel && leased.dueAt.map { $0 <= now } ?? false
        }
        let chosen = due.sorted {
            if $0.value.isUrgent != $1.value.isUrgent { return $0.value.isUrgent }
            return $0.dueAt == $1.dueAt
                ? $0.value.id < $1.value.id : ($0.dueAt ?? now) < ($1.dueAt ?? now)
        }.prefix(limit)
        for leased in chosen { state.deliveries[leased.value.id]?.dueAt = lease }
        return chosen.compactMap { state.deliveries[$0.value.id] }.map(current)
    }

    func release(_ claimed: [Delivery]) throws(StoreError) {
        for delivery in claimed {
            guard let leased = state.deliveries[delivery.id],
                current(leased).state == delivery.state,
                case .waiting(let due) = leased.value.state
            else { continue }
            state.deliveries[delivery.id]?.dueAt = due
        }
    }

    func save(_ parking: Parking) throws(StoreError) { state.parkings[parking.subject] = parking }

    func removeParking(of subject: Parking.Subject) throws(StoreError) {
        state.parkings[subject] = nil
    }

    func save(_ trouble: ChannelTrouble) throws(StoreError) {
        state.troubles[trouble.channel] = trouble
    }

    func removeTrouble(of channel: String) throws(StoreError) { state.troubles[channel] = nil }

    func releaseLeases() throws(StoreError) {
        for (id, leased) in state.tasks { state.tasks[id]?.dueAt = leased.value.dueAt }
        for (id, leased) in state.deliveries {
            if case .waiting(let due) = leased.value.state { state.deliveries[id]?.dueAt = due }
        }
    }

    func prune(_ retention: Retention, limit: Int) throws(StoreError) -> Int {
        MemoryPruning.prune(&state, retention, limit: limit)
    }

    /// The value with the due time in force: a leased one shows the end of its lease.
    private func current(_ leased: Leased<TaskRecord>) -> TaskRecord {
        var task = leased.value
        task.dueAt = leased.dueAt
        return task
    }

    private func current(_ leased: Leased<Delivery>) -> Delivery {
        var delivery = leased.value
        if let dueAt = leased.dueAt { delivery.state = .waiting(dueAt: dueAt) }
        return delivery
    }
}
