import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// A Prometheus Alertmanager on loopback, where Debian's package is installed.
@Suite(.serialized)
struct RealAlertmanagerTests {
    static let program = "/usr/bin/prometheus-alertmanager"

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    struct Entry: Decodable {
        let labels, annotations: [String: String]
        let generatorURL: String?
    }

    /// Runs `body` beside an Alertmanager, and ends it.
    static func beside(_ body: (String, CurlTransport) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tocsin-alertmanager-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let settings = folder.appendingPathComponent("alertmanager.yml")
        try "route: { receiver: nobody }\nreceivers: [ { name: nobody } ]\n"
            .write(to: settings, atomically: true, encoding: .utf8)
        let transport = CurlTransport()
        for _ in 0..<3 {
            let port = Int.random(in: 20_000...29_000)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = [
                "--config.file=\(settings.path)", "--storage.path=\(folder.path)",
                "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=",
            ]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            defer {
                process.terminate()
                process.waitUntilExit()
            }
            let url = "http://127.0.0.1:\(port)"
            guard try await isReady(url, transport, process) else { continue }
            let result: Result<Void, any Error>
            do { result = .success(try await body(url, transport)) } catch {
                result = .failure(error)
            }
            await transport.shutdown()
            return try result.get()
        }
        Issue.record("Alertmanager did not start")
    }

    private static func isReady(
        _ url: String, _ transport: CurlTransport, _ process: Process
    ) async throws -> Bool {
        for _ in 0..<100 where process.isRunning {
            let request = HTTPRequest(.get, url: url + "/-/ready")
            if let reply = try? await transport.send(request), reply.status == 200 { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    static func alerts(_ url: String, _ transport: CurlTransport) async throws -> [Entry] {
        let reply = try await transport.send(HTTPRequest(.get, url: url + "/api/v2/alerts"))
        return try JSONDecoder().decode([Entry].self, from: Data(reply.body))
    }

    @Test(
        "A real Alertmanager takes every alert once, fires it, and ends it",
        .enabled(if: isInstalled, "prometheus-alertmanager is not installed"),
        .timeLimit(.minutes(2)))
    func delivery() async throws {
        try await Self.beside { url, transport in
            let loopback = [try #require(AddressRange("127.0.0.0/8"))]
            let channel = ServiceChannel(
                name: "am", service: try Alertmanager(url: url, allowing: loopback),
                context: Sample.chinese, transport: transport)
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970) * 1000)
            var alerts = (1...40).map { number in
                Sample.alert(
                    number, title: Sample.hostile, message: Sample.hostile,
                    labels: ["团队": "一组", "a.b": Sample.hostile, "empty": ""])
            }
            alerts[0].labels["recording"] = "https://rec.example.com/1?x=1"
            for place in alerts.indices { alerts[place].raisedAt = now }
            let messages = channel.messages(for: alerts, in: Flush(id: "f", at: now))
            for message in messages + messages {
                let outcome = await channel.send(Sample.delivery(message), at: now)
                #expect(outcome == .delivered(answer: "HTTP 200"))
            }
            let taken = try await Self.alerts(url, transport)
            #expect(Set(taken.compactMap { $0.labels["task"] }).count == 40 && taken.count == 40)
            #expect(taken.allSatisfy { $0.labels["U___56e2__961f_"] == "一组" })
            let linked = taken.compactMap(\.generatorURL).filter { !$0.isEmpty }
            #expect(
                linked
                    == ["https://rec.example.com/1?x=1#t=192"])
            for alert in alerts {
                for ending in channel.endings(of: alert, at: now) {
                    let outcome = await channel.send(Sample.delivery(ending), at: now)
                    #expect(outcome == .delivered(answer: "HTTP 200"))
                }
            }
            #expect(try await Self.alerts(url, transport).isEmpty)
        }
    }

    @Test(
        "What a real Alertmanager refuses is final, and says why",
        .enabled(if: isInstalled, "prometheus-alertmanager is not installed"),
        .timeLimit(.minutes(2)))
    func refusal() async throws {
        try await Self.beside { url, transport in
            let loopback = [try #require(AddressRange("127.0.0.0/8"))]
            let channel = ServiceChannel(
                name: "am", service: try Alertmanager(url: url, hold: .zero, allowing: loopback),
                context: Sample.chinese, transport: transport)
            for body in [#"[{"labels":{}}]"#, "{}", "["] {
                let message = Message(body: body, alerts: [])
                let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
                #expect(outcome.kind == "refusedMessage", "\(outcome)")
            }
            let elsewhere = ServiceChannel(
                name: "am", service: try Alertmanager(url: url + "/no", allowing: loopback),
                context: Sample.chinese, transport: transport)
            let message = try #require(
                elsewhere.messages(for: [Sample.alert()], in: Sample.flush).first)
            let outcome = await elsewhere.send(Sample.delivery(message), at: Sample.now)
            #expect(outcome.kind == "refusedChannel", "\(outcome)")
        }
    }
}
