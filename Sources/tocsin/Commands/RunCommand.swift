import ArgumentParser
import Foundation
import Logging
import Pipeline
import Storage

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Read tasks, evaluate rules, deliver alerts: the daemon.",
        discussion: """
            SIGTERM ends it within seconds, losing nothing; so does kill -9. With --until-idle it
            ends when every task has ended, every group was flushed and every delivery is settled,
            with exit code 1 when anything is dead, expired, refused or left.
            """)

    @OptionGroup var options: CommonOptions
    @Flag(help: "End when nothing is pending.") var untilIdle = false
    @Option(name: .customLong("for"), help: "End after this time: 90s, 10m, 2h.")
    var bound: DurationArgument?
    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: LogLevel = .notice

    func run() async throws {
        let workspace = try Workspace.load(options)
        let store = try workspace.openStore()
        let lock = try RunLock(storePath: workspace.settings.storePath)
        defer { withExtendedLifetime(lock) {} }
        let started = SystemClock().now
        let logger = Log.logger(level: logLevel.level)
        let before = try await store.transaction { transaction throws(StoreError) in
            try Watcher.takeOver(transaction, at: started)
            return try transaction.counts()
        }
        let assembly = Assembly(workspace, store: store, logger: logger)
        let (stop, bound, ending) = (
            StopSignal(), bound?.duration, untilIdle ? Watcher.Ending.whenIdle : .never
        )
        logger.notice(
            "started",
            metadata: [
                "version": "\(Version.text)", "rules": "\(workspace.rules.rules.count)",
                "ruleSet": "\(workspace.rules.version)",
                "pendingTasks": "\(before.pendingTasks)",
                "waitingDeliveries": "\(before.waitingDeliveries)",
            ])
        let reason = try await Termination.handled(stop: stop, bound: bound) {
            await Watcher(assembly.parts).run(until: ending, stop: stop)
        }
        await assembly.shutdown()
        let after = try await store.read { reader throws(StoreError) in try reader.counts() }
        let summary = RunSummary(
            before: before, after: after, reason: reason, elapsed: SystemClock().now - started)
        if untilIdle {
            try summary.print(as: options.format)
            if !summary.isClean { throw Exit.findings }
        }
        logger.notice("ended", metadata: ["reason": "\(reason)"])
    }
}

/// How a bounded run went.
struct RunSummary: Encodable {
    /// `idle`, `stopped`, or the source or channel that was refused.
    var reason: String
    var elapsedMilliseconds: Int64
    var finished, failed, expired, refused: Int
    var alerts, delivered, dead, faults: Int
    var pendingTasks, waitingGroups, waitingDeliveries: Int

    init(
        before: StoreCounts, after: StoreCounts, reason: Watcher.Reason, elapsed: Duration
    ) {
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
        elapsedMilliseconds = elapsed.wholeMilliseconds
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
        if reason != "idle" { Output.line(Output.words("结束原因：\(reason)", "ended: \(reason)")) }
    }
}

/// `90s`, `10m`, `2h`: a duration as the settings write it.
struct DurationArgument: ExpressibleByArgument {
    var duration: Duration

    init?(argument: String) {
        guard let duration = Duration(settingsText: argument) else { return nil }
        self.duration = duration
    }
}

/// How much the log says.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .notice }
}
