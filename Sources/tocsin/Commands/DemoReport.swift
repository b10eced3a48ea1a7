import Pipeline
import StandIns

/// What came of a demo, for people and for programs.
struct DemoReport: Encodable {
    var tasks: [TaskView]
    var alerts: [AlertView]
    var deliveries: [DeliveryView]
    var counts: StoreCounts
    /// What the receivers say they got, by channel.
    var received: [String: Int]
    /// Alerts that the made-up conversations should raise, by rule; and those raised.
    var expectedAlerts, raisedAlerts: [String: Int]
    var reason: String
    var elapsedMilliseconds: Int64

    static let rowLimit = 10_000
    /// Tables on the terminal show this many rows, and how many more there are.
    static let shownRows = 40

    init(
        store: any Store, scene: DemoStandIns, reason: Watcher.Reason, elapsed: Duration
    ) async throws {
        let all = try await store.read { reader throws(StoreError) in
            (
                try reader.tasks(TaskQuery(limit: Self.rowLimit)),
                try reader.alerts(AlertQuery(limit: Self.rowLimit)),
                try reader.deliveries(DeliveryQuery(limit: Self.rowLimit)), try reader.counts()
            )
        }
        tasks = all.0.map(TaskView.init)
        alerts = all.1.map(AlertView.init)
        deliveries = all.2.map(DeliveryView.init)
        counts = all.3
        received = [
            "hook": scene.receiver.count(.accepted, of: .webhook),
            "qa-room": scene.receiver.count(.accepted, of: .dingtalk),
            "mail": scene.mail.mailCount,
        ]
        expectedAlerts = scene.cloud.expectedAlerts
        raisedAlerts = Dictionary(all.1.map { ($0.id.rule, 1) }, uniquingKeysWith: +)
        self.reason = "\(reason)"
        elapsedMilliseconds = elapsed.wholeMilliseconds
    }

    /// Whether everything ended well: nothing pending, nothing dead, and the alerts are those
    /// that the conversations were made for.
    var isClean: Bool {
        reason == "idle" && counts.dead == 0 && counts.pendingTasks == 0
            && counts.waitingGroups == 0 && counts.waitingDeliveries == 0
            && raisedAlerts == expectedAlerts
    }

    func print() {
        section(
            Output.words("任务", "Tasks"),
            TextTable(
                header: Output.words("来源 任务 状态 读取 说明", "SOURCE TASK STATUS READS NOTE").words,
                rows: tasks.map {
                    [$0.source, $0.taskId, $0.status, String($0.attempts), $0.errorMessage]
                }))
        section(
            Output.words("告警", "Alerts"),
            TextTable(
                header: Output.words("级别 规则 任务 证据", "SEVERITY RULE TASK EVIDENCE").words,
                rows: alerts.map { alert in
                    let tid = alert.tid.isEmpty ? "" : "#\(alert.tid)"
                    return [
                        alert.severity, alert.rule, alert.taskId + tid,
                        alert.evidence.first?.quoted ?? alert.message,
                    ]
                }))
        section(
            Output.words("投递", "Deliveries"),
            TextTable(
                header: Output.words("通道 状态 告警数 回应", "CHANNEL STATE ALERTS ANSWER").words,
                rows: deliveries.map {
                    [$0.channel, $0.state, String($0.alerts.count), $0.reason ?? $0.answer]
                }))
        let seconds = Double(elapsedMilliseconds / 100) / 10
        Output.line(
            Output.words(
                "\(tasks.count) 个任务，\(alerts.count) 条告警，\(counts.delivered) 次送达，\(counts.dead) 条死信，\(seconds) 秒",
                "\(tasks.count) tasks, \(alerts.count) alerts, \(counts.delivered) deliveries, \(counts.dead) dead, \(seconds) s"
            ))
        if raisedAlerts != expectedAlerts {
            Output.line(
                "expected \(expectedAlerts.sorted(by: <)), raised \(raisedAlerts.sorted(by: <))")
        }
    }

    private func section(_ title: String, _ table: TextTable) {
        Output.line("\(title) (\(table.rows.count))")
        var shown = table
        shown.rows = Array(table.rows.prefix(Self.shownRows))
        Output.text(shown.text)
        let more = table.rows.count - shown.rows.count
        if more > 0 { Output.line(Output.words("… 另有 \(more) 行", "… \(more) more")) }
        Output.line("")
    }
}
