import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct NtfyTests {
    struct Body: Decodable {
        let topic, title, message: String
        let priority: Int
        let tags: [String]
        let click: String?
    }

    static func bodies(
        _ alerts: [Alert], context: MessageContext = Sample.chinese,
        limit: Int = NtfyFormat.messageLimit
    ) throws -> [Body] {
        let format = NtfyFormat(topic: "alerts", context: context)
        return try format.messages(for: alerts, in: Sample.flush, limit: limit).map { message in
            #expect(message.body.utf8.count <= NtfyFormat.bodyLimit)
            return try JSONDecoder().decode(Body.self, from: Data(message.body.utf8))
        }
    }

    @Test("A message is plain text with title, priority, tags and a link")
    func message() throws {
        let alert = Sample.alert(labels: ["recording": "https://rec.example.com/1"])
        let body = try #require(try Self.bodies([alert]).first)
        #expect(body.topic == "alerts" && body.title == "[高] 客户情绪激动")
        #expect(body.priority == 4 && body.tags == ["orange_circle", "high"])
        #expect(body.click == "https://rec.example.com/1#t=192")
        let expected = """
            🟠 高 · 客户情绪激动
            客户在 03:12 情绪值 9：“我要投诉”
            > 客户 03:12 响度 9：我要投诉你们
            任务：calls/T-1
            规则：customer-loud
            时间：2023-11-15 06:13:20
            听录音 03:12：https://rec.example.com/1#t=192
            """
        #expect(body.message == expected)
        let plain = try #require(try Self.bodies([Sample.alert(severity: .critical)]).first)
        #expect(plain.click == nil && plain.priority == 5)
    }

    @Test("Every severity has a priority and a tag of its own")
    func severities() throws {
        let bodies = try Severity.allCases.map { severity in
            try #require(try Self.bodies([Sample.alert(severity: severity)]).first)
        }
        #expect(bodies.map(\.priority) == [2, 2, 3, 4, 5])
        #expect(Set(bodies.map { $0.tags[0] }).count == 5)
    }

    @Test("Only the first part makes a sound")
    func parts() throws {
        let alerts = (1...30).map { Sample.alert($0, message: String(repeating: "话", count: 300)) }
        let bodies = try Self.bodies(alerts)
        #expect(bodies.count > 2 && bodies.allSatisfy { $0.message.utf8.count <= 4096 })
        #expect(bodies.map(\.priority) == [4] + bodies.dropFirst().map { _ in 2 })
        #expect(bodies[1].title.hasSuffix("（2/\(bodies.count)）"))
    }

    @Test("Text that must be escaped is not over the limit of the whole body, nor is a long title")
    func bodyLimit() throws {
        let title = String(repeating: "e" + String(repeating: "\u{301}", count: 400), count: 80)
        for text in ["\"", "\\", "\"\n"] {
            let alerts = (1...3).map {
                Sample.alert($0, title: title, message: String(repeating: text, count: 5000))
            }
            let bodies = try Self.bodies(alerts)
            #expect(bodies.count == 3)
            #expect(bodies.allSatisfy { $0.message.contains("已截断") })
            #expect(bodies.allSatisfy { $0.title.utf8.count <= FlushText.subjectLimit })
        }
    }

    @Test("A token or a name with a password shows who sends")
    func request() async throws {
        func headers(_ settings: Ntfy) throws -> [HTTPHeader] {
            let channel = ServiceChannel(
                name: "n", service: settings, context: Sample.chinese,
                transport: ReplayTransport([]))
            let message = try #require(
                channel.messages(for: [Sample.alert()], in: Sample.flush).first)
            let request = channel.request(message.body)
            #expect(request.url == "https://ntfy.sh/")
            return request.headers
        }
        #expect(
            try headers(.init(topic: "a", token: Secret("tk_0123456789"))).last
                == HTTPHeader("Authorization", "Bearer tk_0123456789"))
        #expect(
            try headers(.init(topic: "a", username: "me", password: Secret("pass word"))).last
                == HTTPHeader("Authorization", "Basic bWU6cGFzcyB3b3Jk"))
        #expect(try headers(.init(topic: "a")).count == 1)
    }

    @Test("Settings name what is wrong")
    func settings() {
        func failure(
            topic: String = "alerts", url: String = "https://ntfy.sh", token: String? = nil,
            username: String? = nil, password: String? = nil
        ) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try Ntfy(
                    topic: topic, url: url, token: token.map { Secret($0) }, username: username,
                    password: password.map { Secret($0) })
            }
        }
        #expect(failure() == nil && failure(url: "https://h.cn/sub/") == nil)
        for topic in ["", "a b", "主题", "a/b", String(repeating: "a", count: 65)] {
            #expect(failure(topic: topic) == "topic")
        }
        #expect(failure(token: "") == "token" && failure(token: "a\r\nX: y") == "token")
        #expect(failure(token: "tk", username: "me", password: "p") == "token")
        #expect(failure(username: "me") == "password" && failure(password: "p") == "username")
        #expect(failure(username: "a:b", password: "p") == "username")
        #expect(failure(url: "https://h.cn/?auth=x") == "url")
    }

    static func outcome(_ status: Int, _ body: String, retryAfter: Duration? = nil) -> Outcome {
        NtfyVerdict.outcome(
            status: status, retryAfter: retryAfter, body: Array(body.utf8), answer: body,
            at: Sample.now)
    }

    @Test(
        "A code means what the verdict table says",
        arguments: [
            (42901, "throttled"), (42905, "throttled"), (42908, "throttled"),
            (42909, "refusedChannel"), (40009, "refusedChannel"), (40010, "refusedChannel"),
            (40101, "refusedChannel"), (40301, "refusedChannel"), (40401, "refusedChannel"),
            (40007, "refusedMessage"), (40018, "refusedMessage"), (40024, "refusedMessage"),
            (41301, "refusedMessage"), (41303, "refusedMessage"), (50001, "unavailable"),
            (50701, "unavailable"), (42999, "throttled"), (40099, "refusedMessage"),
        ])
    func code(code: Int, kind: String) {
        let body = #"{"code":\#(code),"http":\#(code / 100),"error":"why"}"#
        #expect(Self.outcome(code / 100, body).kind == kind)
    }

    @Test("Requests come back soon, the day's quota does not")
    func pauses() {
        func wait(_ code: Int, _ retryAfter: Duration? = nil) -> Duration? {
            Self.outcome(429, #"{"code":\#(code)}"#, retryAfter: retryAfter).wait(from: Sample.now)
        }
        #expect(wait(42901) == .seconds(5) && wait(42908) == .seconds(3600))
        #expect(wait(42901, .seconds(9)) == .seconds(9) && wait(42900) == .seconds(60))
    }

    @Test(
        "Only a message's id is a success",
        arguments: ["", "ok", "{}", #"{"id":"x"}"#, #"{"event":"open","id":"x"}"#, "<html>"])
    func garbage(_ body: String) {
        #expect(Self.outcome(200, body).kind == "unavailable")
        #expect(
            Self.outcome(200, #"{"id":"x","event":"message"}"#) == .delivered(answer: "message x"))
    }

    @Test("Every golden reply and case", .enabled(if: Golden.isThere, "no golden data here"))
    func golden() throws {
        try GoldenReplies.check("ntfy", least: 10) { row in
            NtfyVerdict.outcome(
                status: row.status, retryAfter: row.header, body: row.body, answer: "",
                at: Sample.now)
        }
        let channel = ServiceChannel(
            name: "n", service: try Ntfy(topic: "alerts"), context: Sample.chinese,
            transport: ReplayTransport([]))
        try ServiceCases("ntfy").check(least: 20) { alert in
            let message = try #require(channel.messages(for: [alert], in: Sample.flush).first)
            return channel.request(message.body)
        }
    }
}
