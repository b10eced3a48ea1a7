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
        @Option(help: "Of this task, as SOURCE/ID.") var task: String?
        @Option(help: "At least this severe: info, low, medium, high or critical.")
        var severity: Severity = .info

        func run() async throws {
            let store = try Workspace.load(options, for: .store).openStore()
            var query = AlertQuery(rule: rule, atLeast: severity, limit: page.limit)
            query.task = try task.map(TaskID.init(argument:))
            let alerts = try await store.read { [query] reader throws(StoreError) in
                try reader.alerts(query)
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
                    "\(alert.id.task)" + (alert.id.tid.isEmpty ? "" : "#\(alert.id.tid)"),
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
        @Argument(help: "The task, as SOURCE/ID.") var task: String

        func run() async throws {
            let store = try Workspace.load(options, for: .store).openStore()
            let id = try Alert.ID(rule: rule, task: task, tid: tid)
            let found = try await store.read { reader throws(StoreError) -> TaskReport.Raised? in
                guard let alert = try reader.alert(id) else { return nil }
                return TaskReport.Raised(
                    alert: AlertView(alert), notices: try reader.noticeViews(of: id))
            }
            guard let found else {
                Output.error(Output.words("没有这条告警", "no such alert"))
                throw Exit.findings
            }
            if options.format == .json { return try Output.json(found) }
            let alert = found.alert
            Output.line("[\(alert.severity)] \(alert.title)  (\(alert.rule))")
            Output.line("\(alert.source)/\(alert.taskId)  \(alert.raisedAt)")
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

extension TaskID {
    /// Reads `SOURCE/ID`.
    init(argument: String) throws {
        let parts = argument.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let id = TaskID.trimmedID(String(parts[1])) else {
            throw ValidationError("a task is SOURCE/ID: \(argument)")
        }
        self.init(source: String(parts[0]), id: id)
    }
}
