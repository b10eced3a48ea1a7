import ArgumentParser
import Pipeline
import Storage

struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "What rules found.",
        subcommands: [List.self, Show.self, Resolve.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The alerts, newest first.")

        @OptionGroup var options: CommonOptions
        @OptionGroup var page: PageOptions
        @Option(help: "Of this rule.") var rule: String?
        @Option(help: "Of this task: SOURCE/ID, or its id.") var task: String?
        @Option(help: "At least this severe: info, low, medium, high or critical.")
        var severity: Severity = .info

        func run() async throws {
            let workspace = try Workspace.load(options, for: .store)
            let sources = workspace.settings.sources.map(\.name)
            let names = try task.map { try TaskName($0) }
            let (rule, severity, limit) = (rule, severity, page.limit)
            let alerts = try await workspace.openStore().read { reader throws(StoreError) in
                var query = AlertQuery(rule: rule, atLeast: severity, limit: limit)
                guard let names else { return try reader.alerts(query) }
                var alerts: [Alert] = []
                for task in names.tasks(of: sources) {
                    query.task = task
                    alerts += try reader.alerts(query)
                }
                return Array(alerts.prefix(limit))
            }
            guard options.format == .text else {
                return try Output.json(alerts.map(AlertView.init))
            }
            Output.text(Self.table(alerts).text)
        }

        static func table(_ alerts: [Alert]) -> TextTable {
            let rows = alerts.map { alert in
                [
                    HostZone.text(alert.raisedAt), alert.severity.rawValue, alert.id.rule,
                    alert.id.taskName,
                    alert.title, alert.evidence.first?.quoted ?? "",
                ]
            }
            let header = Output.words(
                "时间 级别 规则 任务 标题 证据", "TIME SEVERITY RULE TASK TITLE EVIDENCE")
            return TextTable(header: header.words, rows: rows)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One alert: message, evidence, and what became of each notice.")

        @OptionGroup var options: CommonOptions
        @Option(help: "The record, where the task has several.") var tid = ""
        @Argument(help: "The rule.") var rule: String
        @Argument(help: "The task: SOURCE/ID, or its id.") var task: String

        func run() async throws {
            let workspace = try Workspace.load(options, for: .store)
            let store = try workspace.openStore()
            let id = try await Alert.ID.found(
                rule: rule, task: try TaskName(task, tid: tid), in: store, by: workspace.settings)
            let found = try await store.read { reader throws(StoreError) -> TaskReport.Raised? in
                guard let alert = try reader.alert(id) else { return nil }
                return TaskReport.Raised(
                    alert: AlertView(alert), notices: try reader.noticeViews(of: id))
            }
            guard let found else { throw Alert.ID.unknown() }
            if options.format == .json { return try Output.json(found) }
            let alert = found.alert
            Output.line("[\(alert.severity)] \(alert.title)  (\(alert.rule))")
            Output.line("\(alert.task)  \(alert.raisedAt)")
            Output.line(alert.message)
            for quote in alert.evidence { Output.line("  " + quote.quoted) }
            for notice in found.notices {
                Output.line("→ \(notice.channel): \(notice.state)")
                for delivery in notice.deliveries {
                    Output.line(
                        "    \(delivery.id)  \(delivery.state)  \(delivery.reason ?? delivery.answer)"
                    )
                }
            }
        }
    }
}

extension Severity: ExpressibleByArgument {}

extension Quote {
    /// `00:12 客户（8）“我要投诉”`.
    var quoted: String {
        let loudness = emotionValue.map { "（\($0)）" } ?? ""
        let who = roleName ?? ""
        let seconds = late.map { Double($0.magnitude / 100) / 10 } ?? 0
        let distance = late.map {
            $0 < 0
                ? Output.words("早 \(seconds) 秒", "\(seconds) s early")
                : Output.words("晚 \(seconds) 秒", "\(seconds) s late")
        }
        return [at, who.isEmpty ? nil : who + loudness, distance, "“\(words)”"].compactMap(\.self)
            .joined(separator: " ")
    }
}
