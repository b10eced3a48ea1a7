import ArgumentParser
import Pipeline
import Storage

struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "What was sent, waits, or lies in the dead letters.",
        subcommands: [List.self, Show.self, Retry.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The deliveries, newest first.")

        @OptionGroup var options: CommonOptions
        @OptionGroup var page: PageOptions
        @Option(help: "To this channel.") var channel: String?
        @Option(help: "waiting, delivered or dead.") var state: DeliveryQuery.Kind?

        func run() async throws {
            let store = try Workspace.load(options, for: .store).openStore()
            let query = DeliveryQuery(channel: channel, kind: state, limit: page.limit)
            let deliveries = try await store.read { reader throws(StoreError) in
                try reader.deliveries(query)
            }
            guard options.format == .text else {
                return try Output.json(deliveries.map(DeliveryView.init))
            }
            Output.text(Self.table(deliveries).text)
        }

        static func table(_ deliveries: [Delivery]) -> TextTable {
            let rows = deliveries.map { delivery in
                let view = DeliveryView(delivery)
                return [
                    HostZone.text(delivery.createdAt), view.id, view.channel, view.state,
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
            let store = try Workspace.load(options, for: .store).openStore()
            let id = Delivery.ID(id)
            let found = try await store.read { reader throws(StoreError) in
                try reader.delivery(id)
            }
            guard let found else {
                Output.error(Output.words("没有这次投递：\(id)", "no such delivery: \(id)"))
                throw Exit.findings
            }
            if options.format == .json {
                return try Output.json(
                    Whole(delivery: DeliveryView(found), body: found.message.body))
            }
            Output.text(List.table([found]).text)
            Output.line("")
            Output.line(found.message.body)
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make dead letters due again, with all attempts before them.",
            discussion: "A running daemon sends them within a second; else the next run does.")

        @OptionGroup var options: CommonOptions
        @Option(help: "All dead letters to this channel.") var channel: String?
        @Flag(help: "All dead letters.") var all = false
        @Argument(help: "Ids of dead letters.") var ids: [String] = []

        static let batch = 500

        func validate() throws {
            guard all || channel != nil || !ids.isEmpty else {
                throw ValidationError("say which: ids, --channel NAME, or --all")
            }
        }

        func run() async throws {
            let store = try Workspace.load(options, for: .store).openStore()
            var revived: [String] = []
            let started = SystemClock().now
            if ids.isEmpty {
                // A letter that dies again meanwhile is not sent a third time.
                var batch: [String]
                repeat {
                    batch = try await revive(nil, settledBefore: started, in: store)
                    revived += batch
                } while batch.count == Self.batch
            } else {
                revived = try await revive(ids, settledBefore: started, in: store)
            }
            if options.format == .json {
                try Output.json(["retried": revived])
            } else {
                Output.line(
                    Output.words(
                        "重新投递 \(revived.count) 条", "\(revived.count) deliveries will be sent again")
                )
            }
            if !ids.isEmpty, revived.count < ids.count {
                Output.error(
                    Output.words(
                        "其余的编号不存在，或不是死信", "the other ids do not exist, or are not dead letters"))
                throw Exit.findings
            }
        }

        private func revive(
            _ ids: [String]?, settledBefore started: Timestamp, in store: any Store
        ) async throws -> [String] {
            let (channel, now) = (channel, SystemClock().now)
            return try await store.transaction { transaction throws(StoreError) in
                var dead: [Delivery] = []
                if let ids {
                    for id in ids {
                        if let delivery = try transaction.delivery(Delivery.ID(id)) {
                            dead.append(delivery)
                        }
                    }
                } else {
                    let query = DeliveryQuery(channel: channel, kind: .dead, limit: Self.batch)
                    dead = try transaction.deliveries(query)
                }
                var revived: [String] = []
                for delivery in dead {
                    guard case .dead = delivery.state, (delivery.settledAt ?? started) <= started
                    else { continue }
                    try transaction.save(Retrying.revived(delivery, at: now))
                    revived.append(delivery.id.text)
                }
                return revived
            }
        }
    }
}

extension DeliveryQuery.Kind: ExpressibleByArgument {}
