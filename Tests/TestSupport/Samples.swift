package import Pipeline

/// Sound values to start a test from.
package enum Samples {
    package static let now = Timestamp(milliseconds: 1_700_000_000_000)

    package static func task(
        _ id: String = "t-1", source: String = "calls", dueAt: Timestamp? = Samples.now,
        labels: [String: String] = [:]
    ) -> TaskRecord {
        TaskRecord(
            id: TaskID(source: source, id: id), submittedAt: now, acceptedAt: now, labels: labels,
            dueAt: dueAt)
    }

    package static func alert(
        _ rule: String = "complaint-words", task: String = "t-1", source: String = "calls",
        tid: String = "", severity: Severity = .high,
        raisedAt: Timestamp = Samples.now, notify: [String]? = nil,
        isShadow: Bool = false
    ) -> Alert {
        let id = TaskID(source: source, id: task)
        return Alert(
            id: Alert.ID(rule: rule, task: id, tid: tid), title: "投诉风险", severity: severity,
            labels: ["rule": rule, "severity": severity.rawValue, "source": "calls"],
            message: "客户要投诉", evidence: [Quote(words: "我要投诉你们", at: "00:03")],
            raisedAt: raisedAt, ruleSetVersion: "v1", notify: notify, isShadow: isShadow)
    }

    package static func delivery(
        _ id: String = "d-1", channel: String = "hook", dueAt: Timestamp = Samples.now
    ) -> Delivery {
        Delivery(
            id: Delivery.ID(id), group: key(channel: channel),
            message: Message(body: "{}", alerts: [alert().id]), createdAt: now,
            state: .waiting(dueAt: dueAt))
    }

    package static func key(
        channel: String = "hook", labels: [String: String] = ["rule": "complaint-words"]
    ) -> AlertGroup.Key {
        AlertGroup.Key(channel: channel, route: "routes[0]", labels: labels)
    }
}
