import ArgumentParser
import Channels
import Networking
import Pipeline

extension AlertsCommand {
    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End an alert where a service knows an end: PagerDuty, Alertmanager.",
            discussion: """
                A running daemon sends it within a second; else the next run does. Exit code 1 when
                no channel is to be told.
                """)

        @OptionGroup var options: CommonOptions
        @Option(help: "The record, where the task has several.") var tid = ""
        @Argument(help: "The rule.") var rule: String
        @Argument(help: "The task: SOURCE/ID, or its id.") var task: String

        func run() async throws {
            let workspace = try Workspace.load(options, for: .connections)
            let settings = workspace.settings
            let store = try workspace.openStore()
            let id = try await Alert.ID.found(
                rule: rule, task: try TaskName(task, tid: tid), in: store, by: settings)
            let transport = Assembly.transport(settings.network)
            let context = MessageContext(language: settings.language, zone: HostZone.offset)
            let outlets = settings.channels.map { Assembly.outlet($0, context, transport) }
            let ended = try await AlertEnding.end(
                id, on: outlets, in: store, at: SystemClock().now)
            await transport.shutdown()
            guard let ended else { throw Alert.ID.unknown() }
            if options.format == .json {
                try Output.json(ended)
            } else {
                for row in ended { Output.line("\(row.channel): \(row.text)") }
            }
            if !ended.contains(where: { $0.state == .queued }) { throw Exit.findings }
        }
    }
}

/// Puts the end of an alert into the outbox.
enum AlertEnding {
    struct Row: Encodable, Hashable {
        enum State: String, Encodable {
            case queued
            case unknown = "no-end"
            case untold = "not-told-yet"
            case gone = "no-channel"
        }

        var channel: String
        var state: State
        var deliveries: [String] = []

        var text: String {
            switch state {
            case .queued: Output.words("已排队，稍后发出", "queued, to be sent")
            case .unknown: Output.words("它的服务没有“结束”", "its service knows no end")
            case .untold:
                Output.words(
                    "告警（或上一次“结束”）还没送达，等送达后再试",
                    "the alert, or its end asked for before, has not arrived; try again when it has"
                )
            case .gone: Output.words("设置里已没有这个通道", "the channel is not in the settings")
            }
        }
    }

    /// A row for each channel that was to be told; nil when there is no such alert.
    static func end(
        _ id: Alert.ID, on outlets: [Outlet], in store: any Store, at now: Timestamp
    ) async throws(StoreError) -> [Row]? {
        let channels = Dictionary(
            outlets.map { ($0.name, $0.channel) }, uniquingKeysWith: { first, _ in first })
        return try await store.transaction { transaction throws(StoreError) -> [Row]? in
            guard let alert = try transaction.alert(id) else { return nil }
            var rows: [Row] = []
            for notice in try transaction.notices(of: id) {
                guard let channel = channels[notice.channel] else {
                    rows.append(Row(channel: notice.channel, state: .gone))
                    continue
                }
                var sent: [Delivery] = []
                for delivery in notice.deliveries {
                    if let delivery = try transaction.delivery(delivery) { sent.append(delivery) }
                }
                let decision = Ending.decision(
                    on: notice, sent: sent, messages: channel.endings(of: alert, at: now), at: now)
                switch decision {
                case .unknown: rows.append(Row(channel: notice.channel, state: .unknown))
                case .untold: rows.append(Row(channel: notice.channel, state: .untold))
                case .send(let deliveries, let notice):
                    try transaction.save(deliveries)
                    try transaction.save(notice)
                    rows.append(
                        Row(
                            channel: notice.channel, state: .queued,
                            deliveries: deliveries.map(\.id.text)))
                }
            }
            return rows
        }
    }
}
