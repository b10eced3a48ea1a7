import ArgumentParser
import CEL
import Pipeline
import Storage

extension DeliveriesCommand {
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Each channel: whether it works, what waits for it, what is dead.")

        @OptionGroup var options: CommonOptions
        @Option(help: "This channel alone.") var channel: String?

        func run() async throws {
            let workspace = try Workspace.load(options, for: .store)
            let settings = workspace.settings
            let now = SystemClock().now
            let all = try await workspace.openStore().read { reader throws(StoreError) in
                try ChannelStatus.all(in: reader, by: settings, at: now)
            }
            let rows = all.filter { channel == nil || channel == $0.channel }
            if let channel, rows.isEmpty {
                throw KnownName.error(
                    channel, among: all.map(\.channel), what: ("通道", "channel"))
            }
            if options.format == .json { return try Output.json(rows) }
            let header = Output.words(
                "通道 状态 待发告警 待发投递 死信 直到 原因",
                "CHANNEL STATE ALERTS DELIVERIES DEAD UNTIL REASON")
            let table = TextTable(
                header: header.words,
                rows: rows.map { row in
                    [
                        row.channel, row.shownState(in: Output.language), String(row.waitingAlerts),
                        String(row.waitingDeliveries), String(row.dead),
                        row.until.flatMap(Pipeline.Timestamp.init(rfc3339:)).map(HostZone.text)
                            ?? "",
                        row.reason ?? "",
                    ]
                })
            Output.text(table.text)
        }
    }
}

/// How a channel is doing.
struct ChannelStatus: Encodable {
    var channel: String
    /// `on`, `parked`, `failing`, `refused`, `disabled` or `not in the settings`.
    var state: String
    /// Alerts that wait in groups, and deliveries that wait in the outbox.
    var waitingAlerts, waitingDeliveries, dead: Int
    /// Since when it is in trouble, until when it is left alone, and the service's last words.
    var since, until, reason: String?

    /// Of every channel that the settings name or the store has work for.
    static func all(
        in reader: any StoreReader, by settings: Settings, at now: Pipeline.Timestamp
    ) throws(StoreError) -> [ChannelStatus] {
        let (backlogs, troubles) = (try reader.backlogs(), try reader.troubles())
        let parkings = try reader.parkings()
        let names = Set(settings.switches.keys).union(backlogs.map(\.channel)).sorted()
        return names.map { name in
            ChannelStatus(
                backlogs.first { $0.channel == name } ?? ChannelBacklog(channel: name),
                absence: settings.absence(of: name),
                trouble: troubles.first { $0.channel == name },
                parking: parkings.first { $0.subject == .channel(name) && $0.until > now })
        }
    }

    init(
        _ backlog: ChannelBacklog, absence: String?, trouble: ChannelTrouble?, parking: Parking?
    ) {
        channel = backlog.channel
        waitingAlerts = backlog.waitingAlerts
        waitingDeliveries = backlog.waitingDeliveries
        dead = backlog.dead
        state = absence ?? "on"
        guard absence == nil else { return }
        if let trouble {
            state = trouble.isRefusal ? "refused" : trouble.pause == nil ? "on" : "failing"
            since = trouble.since.rfc3339
            until = trouble.pause?.until.rfc3339
            reason = trouble.reason
        }
        // A failure or two do not hide that the service asked for a rest.
        if let parking, state == "on" {
            state = "parked"
            until = parking.until.rfc3339
            reason = parking.reason
        }
    }

    /// The state for people.
    func shownState(in language: Language) -> String {
        guard language == .chinese else { return state }
        return Self.chineseStates[state] ?? state
    }

    private static let chineseStates = [
        "on": "正常", "parked": "限流中", "failing": "连续失败", "refused": "被拒绝", "disabled": "已停用",
        "not in the settings": "不在设置里",
    ]
}
