import ArgumentParser
import Channels
import Clouds
import Networking
import Pipeline

struct SourcesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "The clouds that are watched.", subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send one signed request to each source, and say what the answer means.")

        @OptionGroup var options: CommonOptions
        @Argument(help: "Sources; default: all.") var names: [String] = []

        private struct Row: Encodable {
            var source: String
            var works: Bool
            var explanation: String
        }

        func run() async throws {
            let settings = try Workspace.load(options, for: .connections).settings
            let sources = try settings.sources.chosen(names, by: \.name)
            let transport = Assembly.transport(settings.network)
            var rows: [Row] = []
            for source in sources {
                let probe = await Assembly.cloud(source, transport).probe(at: SystemClock().now)
                var works = false
                if case .works = probe { works = true }
                rows.append(
                    Row(source: source.name, works: works, explanation: probe.explanation))
            }
            await transport.shutdown()
            if options.format == .json {
                try Output.json(rows)
            } else {
                for row in rows {
                    Output.line("\(row.works ? "✓" : "✗") \(row.source): \(row.explanation)")
                }
            }
            if rows.contains(where: { !$0.works }) { throw Exit.findings }
        }
    }
}

struct ChannelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channels", abstract: "Where alerts go.", subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send one test alert the way of real ones, and show the verdict.")

        @OptionGroup var options: CommonOptions
        @Argument(help: "Channels; default: all.") var names: [String] = []

        private struct Row: Encodable {
            var channel, recipient, verdict, answer: String
            var delivered: Bool
        }

        func run() async throws {
            let settings = try Workspace.load(options, for: .connections).settings
            let channels = try settings.channels.chosen(names, by: \.name)
            let transport = Assembly.transport(settings.network)
            let context = MessageContext(language: settings.language, zone: HostZone.offset)
            var rows: [Row] = []
            for channel in channels {
                let outlet = Assembly.outlet(channel, context, transport)
                rows += await Self.test(outlet, at: SystemClock().now)
            }
            await transport.shutdown()
            if options.format == .json {
                try Output.json(rows)
            } else {
                for row in rows {
                    let to = row.recipient.isEmpty ? "" : " \(row.recipient)"
                    let mark = row.delivered ? "✓" : "✗"
                    Output.line("\(mark) \(row.channel)\(to): \(row.verdict)  \(row.answer)")
                }
            }
            if rows.contains(where: { !$0.delivered }) { throw Exit.findings }
        }

        private static func test(_ outlet: Outlet, at now: Timestamp) async -> [Row] {
            let id = Alert.ID(
                rule: OwnAlert.prefix + "test", task: TaskID(source: "tocsin", id: now.rfc3339))
            let alert = Alert(
                id: id, title: Output.words("测试消息", "test message"), severity: .info,
                labels: ["rule": id.rule, "severity": "info", "source": "tocsin"],
                message: Output.words(
                    "通道 \(outlet.name) 可以收到告警。", "The channel \(outlet.name) gets alerts."),
                evidence: [], raisedAt: now, ruleSetVersion: "test")
            let key = AlertGroup.Key(
                channel: outlet.name, route: "test", labels: ["at": now.rfc3339])
            let group = AlertGroup(key: key)
            let flush = Grouping.flush(of: group, at: now)
            let messages = outlet.channel.messages(for: [alert], in: flush)
            var rows: [Row] = []
            for delivery in Grouping.deliveries(messages, of: group, flush: flush, at: now) {
                let outcome = await outlet.channel.send(delivery, at: SystemClock().now)
                let (verdict, answer, delivered) = outcome.summary
                rows.append(
                    Row(
                        channel: outlet.name, recipient: delivery.message.recipient,
                        verdict: verdict, answer: answer, delivered: delivered))
            }
            return rows
        }
    }
}

extension Outcome {
    /// The verdict's name, the service's answer, and whether it is good news.
    fileprivate var summary: (verdict: String, answer: String, delivered: Bool) {
        switch self {
        case .delivered(let answer): ("delivered", answer, true)
        case .throttled(let until, let answer): ("throttled until \(until.rfc3339)", answer, false)
        case .unavailable(_, let answer): ("unavailable", answer, false)
        case .refusedMessage(let reason): ("refused message", reason, false)
        case .refusedChannel(let reason): ("refused channel", reason, false)
        }
    }
}

extension Array {
    /// Those of the names, in their order; all when none is named.
    fileprivate func chosen(_ names: [String], by name: (Element) -> String) throws -> [Element] {
        guard !names.isEmpty else { return self }
        return try names.map { wanted in
            guard let found = first(where: { name($0) == wanted }) else {
                let known = map(name).joined(separator: ", ")
                throw ValidationError("`\(wanted)` is not in the settings; there are: \(known)")
            }
            return found
        }
    }
}
