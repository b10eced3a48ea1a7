/// What T1 writes beside the task: alerts, their notices and groups, faults.
///
/// One code path for answers, expiries and Tocsin's own alerts.
struct Recording: Sendable {
    let rules: RuleSet
    let routes: [Route]

    /// What happened, for the log and the bells.
    struct Result: Sendable {
        var alerts: [Alert] = []
        var faults: [RuleFault] = []
        /// Of the alerts, those that no channel will be told of.
        var unrouted: [Alert] = []
    }

    /// The whole of T1: judges the step's conversations and writes everything that follows.
    func record(
        _ step: Reading.Step, reply: TaskReply?, at now: Timestamp,
        in transaction: any StoreTransaction
    ) throws(StoreError) -> Result {
        var result = Result()
        for conversation in step.conversations {
            let isAnswer = conversation.status != .expired && conversation.status != .refused
            let verdict = Evaluation.judge(
                conversation, of: isAnswer ? reply : nil, task: step.task, rules: rules, at: now)
            for alert in verdict.alerts where try raise(alert, at: now, in: transaction) {
                result.alerts.append(alert)
                if !alert.isShadow, Routing.ways(for: alert, routes: routes).isEmpty {
                    result.unrouted.append(alert)
                }
            }
            for fault in verdict.faults where try transaction.insert(fault) {
                result.faults.append(fault)
                _ = try raise(OwnAlert.ruleFault(fault, rules: rules), at: now, in: transaction)
            }
        }
        if step.isKept || !result.alerts.isEmpty {
            try transaction.save(
                StoredResult(
                    record: step.task, readAt: now, ruleSetVersion: rules.version,
                    reply: reply?.bytes ?? []))
        }
        try transaction.save(step.task)
        return result
    }

    /// Inserts the alert and puts it on its ways, but not to `channel`; false when it was there.
    func raise(
        _ alert: Alert, avoiding channel: String? = nil, at now: Timestamp,
        in transaction: any StoreTransaction
    ) throws(StoreError) -> Bool {
        guard try transaction.insert(alert) else { return false }
        for way in Routing.ways(for: alert, routes: routes) where way.key.channel != channel {
            try put(alert, on: way, at: now, in: transaction)
        }
        return true
    }

    private func put(
        _ alert: Alert, on way: Routing.Way, at now: Timestamp,
        in transaction: any StoreTransaction
    ) throws(StoreError) {
        let group = try transaction.group(way.key)
        try transaction.save(Grouping.joining(group, by: way, alert: alert, at: now))
        try transaction.save(Notice(alert: alert.id, group: way.key))
    }

    /// Puts the alerts of a dead letter on their way to the fallback of its channel, each once:
    /// what goes there anyway is not told twice.
    func passOn(
        _ delivery: Delivery, to fallback: String, at now: Timestamp,
        in transaction: any StoreTransaction
    ) throws(StoreError) {
        let way = Routing.fallback(from: delivery.channel, to: fallback)
        for id in delivery.message.alerts {
            guard try transaction.notice(of: id, on: fallback) == nil,
                let alert = try transaction.alert(id)
            else { continue }
            try put(alert, on: way, at: now, in: transaction)
        }
    }
}
