import Foundation
import StandIns
import Testing

@testable import tocsin

/// The program itself, killed again and again while every service throttles, fails, resets and
/// loses its answers.
///
/// `make soak` runs it longer, with `TOCSIN_SOAK` tasks.
@Suite("The program, killed", .serialized, .timeLimit(.minutes(10)))
struct KillTests {
    static let soak = ProcessInfo.processInfo.environment["TOCSIN_SOAK"].flatMap { Int($0) }

    /// What `run --until-idle --format json` ends with.
    struct Summary: Decodable {
        let reason: String
        let dead, pendingTasks: Int
    }

    struct Listed: Decodable {
        let channel: String
    }

    @Test("kill -9 loses no alert on any channel, and doubles have the id of the first")
    func killed() async throws {
        let tasks = Self.soak ?? 30
        let kills = Self.soak == nil ? 5 : 20
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tocsin-kill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scene = try KillScene(tasks: tasks, seed: 7, folder: folder.path)
        try await withStandIns(scene.standIns) {
            try await scene.prepare()
            for round in 0..<kills {
                let process = try scene.start(["run"])
                // From before the first request to the middle of the work.
                try await Task.sleep(for: .milliseconds(150 + (round * 617) % 1400))
                #expect(process.isRunning)
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
            let (status, output) = try scene.run(
                ["run", "--until-idle", "--for", "120s", "--format", "json"])
            let summary = try JSONDecoder().decode(Summary.self, from: output)
            // What the refusing channel has not taken waits there, and nothing else.
            #expect(summary.reason == "channel refused: \(KillScene.refused)")
            #expect(status == 1 && summary.pendingTasks + summary.dead == 0)
            try Self.checkWaiting(of: scene, tasks: tasks)
            for (name, service) in KillScene.channels {
                Self.check(name, scene.receiver(of: service), service, tasks: tasks)
            }
            Self.checkMails(of: scene, tasks: tasks)
        }
        let log = try String(contentsOfFile: folder.path + "/run.log", encoding: .utf8)
        for secret in [
            Reading.environment["TOKEN"], Reading.environment["KEY"], Reading.environment["SECRET"],
            "/unknown", "access_token=",
        ].compactMap(\.self) { #expect(!log.contains(secret), "\(secret) is in the log") }
    }

    /// Every alert is at the service, and what came twice is what came first.
    static func check(
        _ channel: String, _ receiver: ReceiverStandIn, _ service: Receipt.Service, tasks: Int
    ) {
        let receipts = receiver.receipts.filter { $0.service == service && $0.verdict != .refused }
        for number in 0..<tasks {
            let mark = KillScene.mark(number)
            let found = receipts.filter { $0.body.contains(mark) }
            #expect(!found.isEmpty, "\(channel) lost \(mark)")
            #expect(Set(found.map(\.id)).count <= 1, "\(channel) has \(mark) under two ids")
        }
        let refused = receiver.receipts.filter {
            $0.service == service && $0.verdict == .refused && !$0.reason.hasPrefix("fault:")
                && !$0.path.hasSuffix("/unknown")
        }
        #expect(refused.isEmpty, "\(channel): \(refused.first?.reason ?? "")")
        #expect(!receipts.contains { $0.reason == "changed" }, "\(channel): one id, two bodies")
    }

    static func checkMails(of scene: KillScene, tasks: Int) {
        let mails = scene.mail.mails.filter { $0.subject.contains("任务结束") }
        #expect(Set(mails.map(\.messageID)).count == tasks)
        #expect(mails.allSatisfy { $0.recipients == [KillScene.mailTo] && $0.defects.isEmpty })
    }

    /// Every alert waits for the channel that refuses, and for no other.
    static func checkWaiting(of scene: KillScene, tasks: Int) throws {
        let (_, output) = try scene.run([
            "deliveries", "list", "--state", "waiting", "--limit", "10000", "--format", "json",
        ])
        let waiting = try JSONDecoder().decode([Listed].self, from: output)
        #expect(waiting.allSatisfy { $0.channel == KillScene.refused })
        // Each alert is a group of its own, or has left it.
        #expect(waiting.count == tasks)
    }
}
