import ArgumentParser
import Foundation
import Logging
import Pipeline
import StandIns
import Storage

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run the whole main job on this machine: no account, no network.",
        discussion: """
            Starts stand-in cloud APIs, a webhook receiver, a DingTalk-shaped robot and a mail sink
            on loopback, registers tasks of both kinds, polls them with signed requests, evaluates
            the shipped rules, delivers, and shows what came of it.
            """)

    @Option(help: "text for people, json for programs.") var format: OutputFormat = .text
    @Option(help: "ContactCenterAI tasks.") var calls = 32
    @Option(help: "Qualitycheck tasks.") var records = 12
    @Option(help: "The same seed makes the same conversations.") var seed: UInt64 = 1

    /// The demo gives up after this time, and says what is left.
    static let bound = Duration.seconds(50)

    func run() async throws {
        let scene = try DemoStandIns(calls: calls, records: records, seed: seed)
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "tocsin-demo-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let report = try await withStandIns(scene.all) {
            try await play(scene, in: folder)
        }
        if format == .json {
            try Output.json(report)
        } else {
            report.print()
        }
        if !report.isClean { throw Exit.findings }
    }

    private static func submissions(of scene: DemoStandIns) -> [Submission] {
        scene.cloud.tasks.map { task in
            let id = TaskID(source: task.kind.source, id: task.taskID)
            return Submission(id: id, labels: task.labels)
        }
    }

    private func play(_ scene: DemoStandIns, in folder: URL) async throws -> DemoReport {
        let settings = try await DemoSettings.text(for: scene)
        let workspace = try Workspace.load(
            settings: settings, named: "demo.yaml", folder: folder.path,
            rules: ShippedRules.files)
        let store = try workspace.openStore()
        let started = SystemClock().now
        let schedules = Dictionary(
            uniqueKeysWithValues: workspace.settings.sources.map { ($0.name, $0.schedule) })
        _ = try await Watcher.accept(
            Self.submissions(of: scene), schedules: schedules, in: store, at: started)
        let assembly = Assembly(workspace, store: store, logger: Log.logger(level: .error))
        let stop = StopSignal()
        let (parts, isQuiet) = (assembly.parts, format == .json)
        let reason = try await Termination.handled(stop: stop, bound: Self.bound) {
            await withTaskGroup(of: Void.self) { group in
                if !isQuiet {
                    group.addTask { await DemoProgress(store: store).show() }
                }
                let reason = await Watcher(parts).run(until: .whenIdle, stop: stop)
                group.cancelAll()
                return reason
            }
        }
        await assembly.shutdown()
        return try await DemoReport(
            store: store, scene: scene, reason: reason, elapsed: SystemClock().now - started)
    }
}

/// One line that changes while the demo runs; on anything but a terminal, a line a second.
struct DemoProgress: Sendable {
    let store: any Store

    func show() async {
        let isTerminal = Output.isErrorTerminal
        while !Task.isCancelled {
            let read = try? await store.read { reader throws(StoreError) in
                try reader.counts()
            }
            guard let counts = read else { break }
            let total = counts.tasks.values.reduce(0, +)
            let line = Output.words(
                "任务 \(total - counts.pendingTasks)/\(total)  告警 \(counts.alerts)  送达 \(counts.delivered)",
                "tasks \(total - counts.pendingTasks)/\(total)  alerts \(counts.alerts)  delivered \(counts.delivered)"
            )
            FileHandle.standardError.write(
                Data((isTerminal ? "\r\(line)\u{1b}[K" : line + "\n").utf8))
            do {
                try await Task.sleep(for: isTerminal ? .milliseconds(200) : .seconds(1))
            } catch {
                break
            }
        }
        if isTerminal { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }
}

/// The settings of the demo: what a user would write, with the stand-ins' ports.
enum DemoSettings {
    static func text(for scene: DemoStandIns) async throws -> String {
        let addresses = try await scene.addresses
        let keys = DemoStandIns.credentials
        let credentials =
            "{ access-key-id: \(keys.accessKeyID), access-key-secret: \(keys.accessKeySecret) }"
        let poll = "{ first: 0s, every: 200ms, deadline: 10m }"
        return """
            store: sqlite:demo.db
            network: { allow-private: [127.0.0.0/8] }
            sources:
              calls:
                type: aliyun-ccai
                endpoint: \(addresses.cloud)
                credentials: \(credentials)
                rate: { qps: 200, qpm: 10000 }
                poll: \(poll)
                roles: { agent: [客服], customer: [客户] }
              records:
                type: aliyun-qualitycheck
                endpoint: \(addresses.cloud)
                app-key: \(DemoStandIns.appKey)
                agent-channel: 0
                credentials: \(credentials)
                rate: { qps: 200, qpm: 10000 }
                poll: \(poll)
            channels:
              hook: { type: webhook, url: "\(addresses.webhook)", secret: "\(DemoStandIns.webhookSecret)" }
              qa-room:
                type: dingtalk
                url: "\(addresses.robot)"
                secret: "\(DemoStandIns.robotSecret)"
                keyword: "\(DemoStandIns.robotKeyword)"
              mail:
                type: email
                server: \(addresses.mail)
                tls: none
                from: "Tocsin <tocsin@example.com>"
                to: [qa@example.com]
            routes:
              - notify: [hook]
                group: { by: [rule], wait: 500ms, every: 1s }
                continue: true
              - severity: high
                notify: [qa-room, mail]
                group: { by: [rule], wait: 500ms, every: 5s }
            """ + "\n"
    }
}
