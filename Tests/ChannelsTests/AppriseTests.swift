import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct AppriseTests {
    struct Body: Decodable {
        let title, body, type, format: String
        let tag, urls: String?
    }

    static func settings(
        _ url: String = "https://apprise.example.com/notify/mykey", urls: [String] = [],
        tag: String? = nil
    ) throws(SettingsError) -> Apprise {
        try Apprise(url: url, urls: urls.map { Secret($0) }, tag: tag)
    }

    static func bodies(
        _ alerts: [Alert], tag: String? = nil, context: MessageContext = Sample.chinese
    ) throws -> [Body] {
        try AppriseFormat(tag: tag, context: context).messages(for: alerts, in: Sample.flush)
            .map { try JSONDecoder().decode(Body.self, from: Data($0.body.utf8)) }
    }

    @Test("A notification is plain text of one of four kinds")
    func message() throws {
        let body = try #require(try Self.bodies([Sample.alert()], tag: "qa").first)
        #expect(body.title == "[高] 客户情绪激动" && body.tag == "qa" && body.urls == nil)
        #expect(body.format == "text" && body.type == "failure")
        #expect(body.body.hasPrefix("🟠 高 · 客户情绪激动\n客户在 03:12 情绪值 9：“我要投诉”\n> 客户"))
        let kinds = try Severity.allCases.map { severity in
            try Self.bodies([Sample.alert(severity: severity)]).first?.type
        }
        #expect(kinds == ["info", "info", "warning", "failure", "failure"])
        let hostile = try #require(
            try Self.bodies([Sample.alert(title: Sample.hostile, message: Sample.hostile)]).first)
        #expect(!hostile.body.contains("@all") && !hostile.title.contains("@everyone"))
    }

    @Test("Its own targets are added when it is sent, and never stored")
    func request() async throws {
        let target = "mailto://user:passw0rd123@example.com"
        let transport = ReplayTransport([
            HTTPResponse(status: 200, body: Array(#"{"error":null,"details":[]}"#.utf8)),
            HTTPResponse(status: 500, body: Array("cannot reach \(target): passw0rd123".utf8)),
        ])
        let settings = try Self.settings(
            "https://apprise.example.com/notify/", urls: [target, "json://10.0.0.1/abc"])
        let channel = ServiceChannel(
            name: "a", service: settings, context: Sample.chinese, transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        #expect(!message.body.contains("mailto"))
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome == .delivered(answer: "HTTP 200"))
        let body = try JSONDecoder().decode(
            Body.self, from: Data(try #require(await transport.requests.first).body))
        #expect(body.urls == target + ",json://10.0.0.1/abc")
        let failed = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(failed.kind == "unavailable" && !failed.text.contains("passw0rd123"))
    }

    @Test(
        "A status means what the verdict table says",
        arguments: [
            (200, #"{"error":null}"#, "delivered"), (200, #"{"error":"x"}"#, "unavailable"),
            (200, "INFO - Sent", "unavailable"), (200, "", "unavailable"),
            (200, "{}", "unavailable"), (200, #"{"code":401}"#, "unavailable"),
            (200, #"{"error":[1]}"#, "unavailable"),
            (204, "", "refusedChannel"), (400, #"{"error":"x"}"#, "refusedMessage"),
            (401, "", "refusedChannel"), (403, "", "refusedChannel"), (404, "", "refusedChannel"),
            (405, "", "refusedChannel"), (406, "", "refusedChannel"), (413, "", "refusedMessage"),
            (424, #"{"error":"x"}"#, "unavailable"), (429, "", "throttled"),
            (431, "", "refusedMessage"), (500, "", "unavailable"), (302, "", "refusedChannel"),
        ])
    func verdict(status: Int, body: String, kind: String) {
        let outcome = AppriseVerdict.outcome(
            status: status, retryAfter: nil, body: Array(body.utf8), answer: body, at: Sample.now)
        #expect(outcome.kind == kind)
    }

    @Test("Settings name what is wrong")
    func settingsErrors() {
        func failure(_ url: String, urls: [String] = [], tag: String? = nil) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try Self.settings(url, urls: urls, tag: tag)
            }
        }
        let host = "https://apprise.example.com"
        #expect(failure(host + "/notify/key", tag: "qa") == nil)
        #expect(failure(host + "/sub/notify/key/") == nil)
        #expect(failure(host + "/notify", urls: ["mailto://a:b@c.d"]) == nil)
        #expect(failure(host + "/notify") == "urls")
        #expect(failure(host + "/notify/key", urls: ["mailto://a:b@c.d"]) == "urls")
        #expect(failure(host) == "url" && failure(host + "/notify/a/b") == "url")
        #expect(failure(host + "/notify", urls: ["no address"]) == "urls")
        #expect(failure(host + "/notify", urls: ["a://b,c://d"]) == "urls")
        #expect(failure(host + "/notify", urls: Array(repeating: "a://b", count: 51)) == "urls")
        #expect(failure(host + "/notify/key", tag: "") == "tag")
    }

    @Test("Every golden reply and case", .enabled(if: Golden.isThere, "no golden data here"))
    func golden() throws {
        try GoldenReplies.check("apprise", least: 7) { row in
            AppriseVerdict.outcome(
                status: row.status, retryAfter: nil, body: row.body,
                answer: String(decoding: row.body, as: UTF8.self), at: Sample.now)
        }
        let channel = ServiceChannel(
            name: "a", service: try Self.settings(), context: Sample.chinese,
            transport: ReplayTransport([]))
        try ServiceCases("apprise").check(least: 6) { alert in
            let message = try #require(channel.messages(for: [alert], in: Sample.flush).first)
            return channel.request(message.body)
        }
    }
}
