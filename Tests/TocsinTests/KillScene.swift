import Foundation
import StandIns

@testable import tocsin

/// The whole program on a folder of its own, before the stand-ins of every service: for tests that
/// kill it.
struct KillScene: Sendable {
    /// Services that say how long to wait, and those that say nothing or ask for minutes: the
    /// second are not throttled, so that a test ends.
    let patient, hasty: ReceiverStandIn
    let cloud: CloudStandIn
    let mail: MailStandIn
    let folder: String

    /// What an alert is found by in every message: letters and digits, which no dialect escapes.
    static func mark(_ number: Int) -> String { "M\(100_000 + number)X" }

    /// A channel whose key is unknown to its service: what goes there waits.
    static let refused = "gone"
    static let mailTo = "qa@example.com"
    private static let throttling: Set<Receipt.Service> = [
        .webhook, .slack, .teams, .discord, .telegram, .matrix, .mattermost, .rocketchat, .ntfy,
        .alertmanager, .apprise,
    ]

    init(tasks: Int, seed: UInt64, folder: String) throws {
        cloud = CloudStandIn(
            tasks: try GeneratedTasks(calls: tasks, records: 0, seed: seed).tasks,
            faults: Faults(seed: seed, throttled: 0.01, failed: 0.02, reset: 0.02, cut: 0.02))
        func receiver(throttled: Double) throws -> ReceiverStandIn {
            var options = ReceiverOptions()
            options.faults = Faults(
                seed: seed, throttled: throttled, failed: 0.04, reset: 0.05, cut: 0.05,
                retryAfterMilliseconds: 1000)
            options.logLimit = 100_000
            options.rules[.dingtalk] = ReceiverOptions.Rules(
                secret: Reading.environment["SECRET"], keyword: "质检")
            options.rules[.slack] = ReceiverOptions.Rules(key: "demo")
            options.rules[.matrix] = ReceiverOptions.Rules(messages: ["$e"])
            return try ReceiverStandIn(options: options)
        }
        patient = try receiver(throttled: 0.02)
        hasty = try receiver(throttled: 0)
        mail = MailStandIn()
        self.folder = folder
    }

    var standIns: [any StandIn] { [cloud, patient, hasty, mail] }

    /// The channels by name, each with the service that judges it.
    static var channels: [(name: String, service: Receipt.Service)] {
        ChannelContractTests.kinds.filter { $0.kind != "lark" }.map { ($0.kind, $0.service) }
    }

    func receiver(of service: Receipt.Service) -> ReceiverStandIn {
        Self.throttling.contains(service) ? patient : hasty
    }

    /// Writes settings and rules, and hands the tasks over.
    func prepare() async throws {
        var channels = ""
        let rows = ChannelContractTests.kinds.filter { $0.kind != "lark" }
        let shared =
            "rate: { per-minute: 100000 }, retry: [0s, 200ms, 300ms, 500ms, 500ms, 1s, 1s, 1s, 1s, "
            + "1s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s]"
        for row in rows {
            let address = try await receiver(of: row.service).addresses[row.service.rawValue] ?? ""
            let keys = row.keys.replacing("'$'", with: "'\(address)'")
            channels += "  \(row.kind): { type: \(row.kind), \(keys), \(shared) }\n"
        }
        let slack = try await receiver(of: .slack).addresses["slack"] ?? ""
        let unknown = slack.replacing("/demo", with: "/unknown")
        channels += "  \(Self.refused): { type: slack, url: '\(unknown)', \(shared) }\n"
        channels +=
            "  mail: { type: email, server: 'smtp://127.0.0.1:\(try await mail.port)', tls: none, "
            + "from: 'Tocsin <tocsin@example.com>', to: ['\(Self.mailTo)'], \(shared) }\n"
        let names = (rows.map(\.kind) + [Self.refused, "mail"]).joined(separator: ", ")
        try write(
            """
            store: sqlite:tocsin.db
            rules: rules.yaml
            network: { allow-private: [127.0.0.0/8] }
            sources:
              calls:
                type: aliyun-ccai
                endpoint: http://127.0.0.1:\(try await cloud.port)
                credentials: { access-key-id: \(CloudCredentials.test.accessKeyID), \
            access-key-secret: \(CloudCredentials.test.accessKeySecret) }
                rate: { qps: 200, qpm: 10000 }
                poll: { first: 0s, every: 200ms, deadline: 10m }
            channels:
            \(channels)routes:
              - notify: [\(names)]
                group: { by: [mark], wait: 100ms, every: 500ms }
            """, to: "tocsin.yaml")
        try write(
            """
            rules:
              - rule: ended
                title: 任务结束
                severity: high
                on: [FINISH, ERROR]
                when: "true"
                message: "{{ task.labels.mark }} <b>我要投诉</b> @all *_`[x](y) 🔥"
            """, to: "rules.yaml")
        let lines = cloud.tasks.enumerated().map { number, task in
            #"{"taskId":"\#(task.taskID)","labels":{"mark":"\#(Self.mark(number))"}}"#
        }
        try write(lines.joined(separator: "\n") + "\n", to: "tasks.ndjson")
        _ = try run(["tasks", "add", "--file", folder + "/tasks.ndjson"])
    }

    private func write(_ text: String, to name: String) throws {
        try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }

    /// A process of the program; what it logs goes to `run.log`.
    func start(_ arguments: [String], output: Any? = FileHandle.nullDevice) throws -> Process {
        let process = Process()
        // The program is built beside the tests.
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
            .deletingLastPathComponent().appendingPathComponent("tocsin")
        process.arguments = arguments + ["--config", folder + "/tocsin.yaml"]
        process.environment = Reading.environment
        process.standardOutput = output
        let log = folder + "/run.log"
        if !FileManager.default.fileExists(atPath: log) {
            _ = FileManager.default.createFile(atPath: log, contents: nil)
        }
        let handle = FileHandle(forWritingAtPath: log)
        try handle?.seekToEnd()
        process.standardError = handle ?? FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs a command to its end.
    @discardableResult
    func run(_ arguments: [String]) throws -> (status: Int32, output: Data) {
        let pipe = Pipe()
        let process = try start(arguments, output: pipe)
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
