import ArgumentParser
import Foundation
import Pipeline
import Storage

struct TasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks", abstract: "Hand over tasks, and see what became of them.",
        subcommands: [Add.self, List.self, Show.self, Cancel.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Accept tasks: ids as arguments, or lines of a file or of standard input.",
            discussion: """
                A line is an id, or a JSON object: {"source":"calls","taskId":"…","tid":"…",
                "submittedAt":"2026-11-21T12:00:00Z","labels":{"agent":"…"}}. All lines are accepted
                or none. A task that is known already gets its labels merged.
                """)

        @OptionGroup var options: CommonOptions
        @Option(help: "The source of lines that name none; needed when there are several sources.")
        var source: String?
        @Option(
            name: .customLong("label"), help: "A label for every task, as name=value; repeatable.")
        var labels: [String] = []
        @Option(help: "A file of lines; - is standard input.")
        var file: String?
        @Argument(help: "Task ids.")
        var ids: [String] = []

        func run() async throws {
            let workspace = try Workspace.load(options)
            let lines = try SubmissionLines(
                sources: workspace.settings.sources.map(\.name), defaultSource: source,
                labels: labels)
            var submissions = try ids.enumerated().map { place, id in
                try lines.submission(fromID: id, at: "argument \(place + 1)")
            }
            if let file { submissions += try lines.submissions(inFile: file) }
            guard !submissions.isEmpty || file != nil else {
                throw ValidationError(
                    Output.words("没有任务：写出编号，或用 --file", "no task: give ids, or --file"))
            }
            let store = try workspace.openStore()
            let schedules = Dictionary(
                uniqueKeysWithValues: workspace.settings.sources.map { ($0.name, $0.schedule) })
            var added = 0
            for start in stride(from: 0, to: submissions.count, by: Self.batch) {
                let batch = Array(submissions[start..<min(start + Self.batch, submissions.count)])
                added += try await Watcher.accept(
                    batch, schedules: schedules, in: store, at: SystemClock().now)
            }
            let known = submissions.count - added
            if options.format == .json {
                try Output.json(["added": added, "known": known])
            } else {
                Output.line(
                    Output.words(
                        "已登记 \(added) 个任务，\(known) 个此前已登记",
                        "\(added) tasks added, \(known) known before"))
            }
        }

        /// Tasks in one transaction: the daemon beside us must not wait long for the writer.
        static let batch = 1000
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The tasks, newest first.")

        @OptionGroup var options: CommonOptions
        @OptionGroup var page: PageOptions
        @Option(help: "Of this source.") var source: String?
        @Option(help: "In this status: QUEUE, RUNNING, FINISH, ERROR, EXPIRED or REFUSED.")
        var status: TaskStatus?
        @Flag(help: "Only those that have not ended.") var pending = false

        func run() async throws {
            let store = try Workspace.load(options, for: .store).openStore()
            let query = TaskQuery(
                source: source, status: status, hasEnded: pending ? false : nil, limit: page.limit)
            let tasks = try await store.read { reader throws(StoreError) in
                try reader.tasks(query)
            }
            guard options.format == .text else {
                return try Output.json(tasks.map(TaskView.init))
            }
            let rows = tasks.map { task in
                [
                    task.id.source, task.id.id, task.status.rawValue, String(task.attempts),
                    HostZone.text(task.acceptedAt), task.dueAt.map(HostZone.text) ?? "-",
                    task.trouble?.reason ?? task.errorMessage,
                ]
            }
            let header = Output.words(
                "来源 任务 状态 读取 登记 下次 说明", "SOURCE TASK STATUS READS ACCEPTED NEXT NOTE")
            Output.text(TextTable(header: header.words, rows: rows).text)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One task: its state, its alerts, and what became of each notice.")

        @OptionGroup var options: CommonOptions
        @Option(help: "The source, when several have the id.") var source: String?
        @Argument(help: "The task's id.") var id: String

        func run() async throws {
            let workspace = try Workspace.load(options, for: .store)
            let store = try workspace.openStore()
            let names = source.map { [$0] } ?? workspace.settings.sources.map(\.name)
            // As the tables print it too: SOURCE/ID#TID.
            let bare = String(id.split(separator: "#").first ?? "")
            let parts = bare.split(separator: "/", maxSplits: 1).map(String.init)
            let isQualified = parts.count == 2 && names.contains(parts[0])
            let trimmed = TaskID.trimmedID(isQualified ? parts[1] : bare) ?? id
            var found: [TaskReport] = []
            for name in names {
                let id = TaskID(source: name, id: trimmed)
                let report = try await store.read { reader throws(StoreError) -> TaskReport? in
                    guard let task = try reader.task(id) else { return nil }
                    return try TaskReport(task, in: reader)
                }
                if let report { found.append(report) }
            }
            guard !found.isEmpty else {
                Output.error(Output.words("没有这个任务：\(trimmed)", "no such task: \(trimmed)"))
                throw Exit.findings
            }
            if options.format == .json { return try Output.json(found) }
            for report in found { Output.text(report.text) }
        }
    }
}

/// A task with all that came of it.
struct TaskReport: Encodable {
    struct Raised: Encodable {
        var alert: AlertView
        var notices: [NoticeView]
    }

    var task: TaskView
    var alerts: [Raised]

    static let alertLimit = 200

    init(_ task: TaskRecord, in reader: any StoreReader) throws(StoreError) {
        self.task = TaskView(task)
        alerts = []
        for alert in try reader.alerts(AlertQuery(task: task.id, limit: Self.alertLimit)) {
            alerts.append(
                Raised(alert: AlertView(alert), notices: try reader.noticeViews(of: alert.id)))
        }
    }

    var text: String {
        var lines = [
            "\(task.source)/\(task.taskId)  \(task.status)  \(task.errorMessage)",
            Output.words(
                "读取 \(task.attempts) 次，下次 \(task.dueAt ?? "-")",
                "\(task.attempts) reads, next \(task.dueAt ?? "-")"),
        ]
        if let trouble = task.trouble { lines.append(Output.words("读取受阻：", "trouble: ") + trouble) }
        for raised in alerts {
            lines.append(
                "  [\(raised.alert.severity)] \(raised.alert.rule)  \(raised.alert.title)"
                    + (raised.alert.tid.isEmpty ? "" : "  tid \(raised.alert.tid)"))
            lines += raised.alert.evidence.prefix(3).map { "    \($0.at ?? "") “\($0.words)”" }
            lines += raised.notices.map { notice in
                let answer = notice.deliveries.last.map { $0.reason ?? $0.answer } ?? ""
                return "    → \(notice.channel): \(notice.state)  \(answer)"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension StoreReader {
    func noticeViews(of alert: Alert.ID) throws(StoreError) -> [NoticeView] {
        var views: [NoticeView] = []
        for notice in try notices(of: alert) {
            var deliveries: [DeliveryView] = []
            for id in notice.deliveries {
                if let delivery = try delivery(id) { deliveries.append(DeliveryView(delivery)) }
            }
            views.append(NoticeView(notice, deliveries: deliveries))
        }
        return views
    }
}

extension TaskStatus: ExpressibleByArgument {
    /// In any case.
    init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}

extension String {
    /// The words of a table's header.
    var words: [String] { split(separator: " ").map(String.init) }
}
