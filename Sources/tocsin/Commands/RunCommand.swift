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
        // First the lock: no other run works on a file that this one migrates.
        let lock = try RunLock(
            storePath: workspace.settings.storePath, patience: RunLock.patience)
        let store = try workspace.openStore(holding: lock)
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
        let (ended, settings) = (SystemClock().now, workspace.settings)
        let summary = try await store.read { reader throws(StoreError) in
            try RunSummary(
                before: before, in: reader, reason: reason, by: settings, from: started, to: ended)
        }
        if untilIdle {
            try summary.print(as: options.format)
            if !summary.isClean { throw Exit.findings }
        }
        logger.notice("ended", metadata: ["reason": "\(reason)"])
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
