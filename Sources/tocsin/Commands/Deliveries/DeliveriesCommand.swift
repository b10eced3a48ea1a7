import ArgumentParser
import Pipeline
import Storage

struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "What was sent, waits, or lies in the dead letters.",
        subcommands: [List.self, Show.self, Status.self, Retry.self, Cancel.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The deliveries, newest first, and before them the groups that still wait.")

        @OptionGroup var options: CommonOptions
        @OptionGroup var page: PageOptions
        @OptionGroup var filter: DeliveryFilter
        @Option(help: "waiting, delivered or dead.") var state: DeliveryQuery.Kind?

        func run() async throws {
            let workspace = try Workspace.load(options, for: .store)
            let store = try workspace.openStore()
            try await filter.checkChannel(workspace.settings, in: store)
            let query = filter.query(kind: state, limit: page.limit)
            let (filter, limit) = (filter, page.limit)
            let showsGroups = state == nil || state == .waiting
            let found = try await store.read { reader throws(StoreError) in
                (
                    groups: showsGroups
                        ? try reader.waitingGroups(to: filter.channel, limit: limit) : [],
                    deliveries: try reader.deliveries(query)
                )
            }
            let groups = found.groups.filter(filter.matches).map(DeliveryView.init)
            let views = (groups + found.deliveries.map(DeliveryView.init)).prefix(limit).map {
                $0.held(by: workspace.settings)
            }
            if options.format == .json { return try Output.json(views) }
            Output.text(Self.table(views).text)
        }

        static func table(_ views: [DeliveryView]) -> TextTable {
            let rows = views.map { view in
                [
                    Timestamp(rfc3339: view.createdAt).map(HostZone.text) ?? view.createdAt,
                    view.id, view.channel, view.held.map { "\(view.state) (\($0))" } ?? view.state,
                    String(view.attempts),
                    view.parts > 1 ? "\(view.part)/\(view.parts)" : "", view.recipient,
                    view.alerts.first ?? "", view.reason ?? view.answer,
                ]
            }
            let header = Output.words(
                "时间 投递 通道 状态 尝试 分段 收件人 首条告警 回应",
                "TIME DELIVERY CHANNEL STATE TRIES PART TO FIRST-ALERT ANSWER")
            return TextTable(header: header.words, rows: rows)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One delivery with its message as it is stored.")

        @OptionGroup var options: CommonOptions
        @Argument(help: "The delivery's id.") var id: String

        private struct Whole: Encodable {
            var delivery: DeliveryView
            var body: String
        }

        func run() async throws {
            let workspace = try Workspace.load(options, for: .store)
            let id = Delivery.ID(id)
            let found = try await workspace.openStore().read { reader throws(StoreError) in
                try reader.delivery(id)
            }
            guard let found else {
                Output.error(Output.words("没有这次投递：\(id)", "no such delivery: \(id)"))
                throw Exit.findings
            }
            let view = DeliveryView(found).held(by: workspace.settings)
            if options.format == .json {
                return try Output.json(Whole(delivery: view, body: found.message.body))
            }
            Output.text(List.table([view]).text)
            Output.line("")
            if let reason = view.reason { Output.line(reason) }
            if view.alerts.count > 1 { for alert in view.alerts { Output.line("  \(alert)") } }
            Output.line(found.message.body)
        }
    }
}

extension DeliveryView {
    /// The same, with why nothing moves it.
    func held(by settings: Settings) -> DeliveryView {
        guard state == "waiting" || state == "grouped" else { return self }
        var view = self
        view.held = settings.absence(of: channel)
        return view
    }
}

extension Settings {
    /// Why nothing is sent to a channel; nil when it is on.
    func absence(of channel: String) -> String? {
        switch switches[channel] {
        case true?: nil
        case false?: "disabled"
        case nil: "not in the settings"
        }
    }
}

extension DeliveryQuery.Kind: ExpressibleByArgument {}
