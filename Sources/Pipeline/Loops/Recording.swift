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

    /// Inserts the alert and puts it on its ways; false when it was there.
    func raise(
        _ alert: Alert, at now: Timestamp, in transaction: any StoreTransaction
    ) throws(StoreError) -> Bool {
        guard try transaction.insert(alert) else { return false }
        for way in Routing.ways(for: alert, routes: routes) {
            let group = try transaction.group(way.key)
            try transaction.save(Grouping.joining(group, by: way, alert: alert, at: now))
            try transaction.save(Notice(alert: alert.id, group: way.key))
        }
        return true
    }
}

/// Alerts about Tocsin itself; they go the ways of all alerts.
///
/// Their names are reserved.
package enum OwnAlert {
    package static let prefix = "tocsin/"

    /// Told once for each rule and day.
    static func ruleFault(_ fault: RuleFault, rules: RuleSet) -> Alert {
        let rule = fault.id.rule
        return alert(
            "rule-fault", about: "\(rule)@\(day(fault.raisedAt))", source: "tocsin",
            title: "规则无法判定 / rule fault: \(rule)", severity: .medium,
            message: "\(fault.id.task): \(fault.reason)", at: fault.raisedAt,
            version: rules.version)
    }

    /// Told once for each source and day.
    static func sourceRefused(
        _ source: String, reason: String, at now: Timestamp, version: String
    ) -> Alert {
        alert(
            "source-refused", about: day(now), source: source,
            title: "数据源拒绝访问 / source refused: \(source)", severity: .critical,
            message: reason, at: now, version: version)
    }

    private static func day(_ moment: Timestamp) -> String { String(moment.rfc3339.prefix(10)) }

    private static func alert(
        _ name: String, about id: String, source: String, title: String, severity: Severity,
        message: String, at now: Timestamp, version: String
    ) -> Alert {
        let rule = prefix + name
        return Alert(
            id: Alert.ID(rule: rule, task: TaskID(source: source, id: id)), title: title,
            severity: severity,
            labels: ["rule": rule, "severity": severity.rawValue, "source": source],
            message: message, evidence: [], raisedAt: now, ruleSetVersion: version)
    }
}
