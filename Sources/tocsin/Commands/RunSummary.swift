import Pipeline

/// How a bounded run went.
struct RunSummary: Encodable {
    /// `idle`, `stopped`, or the source or channel that was refused.
    var reason: String
    var elapsedMilliseconds: Int64
    var finished, failed, expired, refused: Int
    var alerts, delivered, dead, faults: Int
    var pendingTasks, waitingGroups, waitingDeliveries: Int

    /// The channels for which something waits, with why.
    var waiting: [ChannelStatus]
    /// Tasks that wait for a source that the settings do not name.
    var orphanedTasks: [String: Int]

    init(
        before: StoreCounts, in reader: any StoreReader, reason: Watcher.Reason,
        by settings: Settings, from start: Timestamp, to end: Timestamp
    ) throws(StoreError) {
        let after = try reader.counts()
        waiting = try ChannelStatus.all(in: reader, by: settings, at: end).filter {
            $0.waitingAlerts + $0.waitingDeliveries > 0
        }
        let sources = Set(settings.sources.map(\.name))
        orphanedTasks = after.pending.filter { !sources.contains($0.key) }
        func ended(_ status: TaskStatus) -> Int {
            max(0, after.tasks[status, default: 0] - before.tasks[status, default: 0])
        }
        self.reason =
            switch reason {
            case .idle: "idle"
            case .stopped: "stopped"
            case .sourceRefused(let name): "source refused: \(name)"
            case .channelRefused(let name): "channel refused: \(name)"
            }
        elapsedMilliseconds = (end - start).wholeMilliseconds
        finished = ended(.finish)
        failed = ended(.error)
        expired = ended(.expired)
        refused = ended(.refused)
        alerts = max(0, after.alerts - before.alerts)
        delivered = max(0, after.delivered - before.delivered)
        dead = after.dead
        faults = max(0, after.faults - before.faults)
        pendingTasks = after.pendingTasks
        waitingGroups = after.waitingGroups
        waitingDeliveries = after.waitingDeliveries
    }

    /// Whether nothing is dead, expired, refused or left.
    var isClean: Bool {
        reason == "idle" && dead + expired + refused == 0
            && pendingTasks + waitingGroups + waitingDeliveries == 0
    }

    func print(as format: OutputFormat) throws {
        guard format == .text else { return try Output.json(self) }
        Output.line(
            Output.words(
                "任务：完成 \(finished)，出错 \(failed)，过期 \(expired)，被拒 \(refused)，未完 \(pendingTasks)",
                "tasks: \(finished) finished, \(failed) failed, \(expired) expired, \(refused) refused, \(pendingTasks) left"
            ))
        Output.line(
            Output.words(
                "告警：\(alerts)，规则故障 \(faults)", "alerts: \(alerts), rule faults: \(faults)"))
        Output.line(
            Output.words(
                "投递：送达 \(delivered)，死信 \(dead)，等待 \(waitingDeliveries + waitingGroups)",
                "deliveries: \(delivered) delivered, \(dead) dead, \(waitingDeliveries + waitingGroups) waiting"
            ))
        for channel in waiting {
            let why = [channel.shownState(in: Output.language), channel.reason].compactMap(\.self)
                .joined(separator: ": ")
            Output.line(
                Output.words(
                    "  \(channel.channel)（\(why)）：告警 \(channel.waitingAlerts)，投递 \(channel.waitingDeliveries)",
                    "  \(channel.channel) (\(why)): \(channel.waitingAlerts) alerts, \(channel.waitingDeliveries) deliveries"
                ))
        }
        for (source, count) in orphanedTasks.sorted(by: { $0.key < $1.key }) {
            Output.line(
                Output.words(
                    "  \(source)（不在设置中）：任务 \(count)",
                    "  \(source) (not in the settings): \(count) tasks"))
        }
        if reason != "idle" { Output.line(Output.words("结束原因：\(reason)", "ended: \(reason)")) }
    }
}
