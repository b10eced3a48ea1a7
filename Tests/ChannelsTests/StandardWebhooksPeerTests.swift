import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// A real library of the Standard Webhooks specification judges our requests; `make test` fetches
/// it.
struct StandardWebhooksPeerTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(".build/python")

    static var isThere: Bool {
        FileManager.default.fileExists(
            atPath: folder.appendingPathComponent("standardwebhooks").path)
    }

    /// Prints what the library makes of each request.
    private static let program = """
        import json, sys
        from standardwebhooks import Webhook, WebhookVerificationError
        for line in sys.stdin:
            case = json.loads(line)
            try:
                Webhook(case["secret"]).verify(case["body"], case["headers"])
                print("taken")
            except WebhookVerificationError as error:
                print(error)
        """

    /// What the library says of each case.
    private static func verdicts(of cases: [[String: Any]]) throws -> [String] {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("tocsin-peer-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = try cases.map {
            String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["PYTHONPATH": folder.path]) { _, new in new }
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test(
        "The library takes each format, with the old secret and the new one, and nothing forged",
        .enabled(if: isThere, "the library standardwebhooks is not there"))
    func peer() throws {
        let old = WebhookTests.secret
        let new = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
        let stranger = "whsec_BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
        let formats = [
            "format: json", "format: cloudevents", "format: cloudevents-binary",
            Hook.settings(#"{"t": "{{ alert.title }}", "q": {{ alert.evidence }}}"#),
        ]
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        var cases: [[String: Any]] = []
        var expected: [String] = []
        func add(_ secret: String, _ request: HTTPRequest, _ body: String, _ verdict: String) {
            let headers = Dictionary(
                uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
            cases.append(["secret": secret, "headers": headers, "body": body])
            expected.append(verdict)
        }
        for format in formats {
            let channel = try Hook.channel(format, secrets: [new, old])
            let alert = Sample.alert(title: Sample.hostile, message: Sample.hostile)
            let message = try #require(channel.messages(for: [alert], in: Sample.flush).first)
            let delivery = Sample.delivery(message)
            let request = channel.request(for: delivery, at: now)
            let body = String(decoding: request.body, as: UTF8.self)
            add(old, request, body, "taken")
            add(new, request, body, "taken")
            add(stranger, request, body, "No matching signature found")
            add(new, request, body + " ", "No matching signature found")
            let late = channel.request(for: delivery, at: now + .seconds(-301))
            add(new, late, body, "Message timestamp too old")
        }
        #expect(try Self.verdicts(of: cases) == expected)
    }
}
