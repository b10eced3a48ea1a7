/// What `tocsin simulate` may be asked for.
package struct SimulateOptions: Hashable, Sendable {
    /// 0 for any free port.
    package var port = 0
    /// ContactCenterAI tasks to make.
    package var calls = 32
    /// Qualitycheck tasks to make; some hold two or three records.
    package var records = 12
    package var seed: UInt64 = 1
    /// A file of tasks to serve in place of made ones.
    package var tasksFile: String?
    /// The app key that Qualitycheck tasks are asked for with.
    package var appKey = "app-1"
    package var credentials = CloudCredentials.test
    package var faults = Faults.none

    package init() {}

    /// The cloud that was asked for, not running yet.
    ///
    /// Throws a sentence for people: about the task file, or a number out of range.
    package func makeCloud() throws(StandInError) -> CloudStandIn {
        guard (0...65_535).contains(port) else {
            throw StandInError("port \(port): must be 0 (any) to 65535")
        }
        let tasks: CloudTasks
        if let tasksFile {
            tasks = try TaskFile.read(path: tasksFile)
        } else {
            tasks = try GeneratedTasks(
                calls: calls, records: records, seed: seed, appKey: appKey
            ).tasks
        }
        return CloudStandIn(tasks: tasks, port: port, credentials: [credentials], faults: faults)
    }
}

extension CloudStandIn {
    /// One line of JSON for whoever started `tocsin simulate`, once all listen.
    package func readyLine(with receiver: ReceiverStandIn? = nil) async throws -> String {
        let address = "http://127.0.0.1:\(try await port)"
        var line: JSONValue = [
            "ready": true, "http": .text(address),
            "calls": .integer(tasks.count { $0.kind == .call }),
            "records": .integer(tasks.count { $0.kind == .record }),
            "tasks": "\(address)/__tasks", "intake": "\(address)/__tasks.ndjson",
            "stats": "\(address)/__stats",
        ]
        if let receiver {
            line = line.setting("channels", .texts(try await receiver.addresses))
        }
        return line.spelling
    }

    /// How many alerts each shipped rule should raise over tasks that were made here; none from a
    /// file.
    package var expectedAlerts: [String: Int] {
        let rules = tasks.flatMap(\.conversations).compactMap(\.expectedRules).joined()
        return Dictionary(rules.map { ($0, 1) }, uniquingKeysWith: +)
    }
}
