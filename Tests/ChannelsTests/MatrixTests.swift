import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct MatrixTests {
    static func settings(
        url: String = "https://matrix.example.com/", token: String? = "syt_token0123456789",
        room: String = "!room:localhost", thread: String? = nil, mentions: Mentions = Mentions()
    ) throws(SettingsError) -> Matrix {
        try Matrix(
            url: url, token: token.map { Secret($0) }, room: room, thread: thread,
            mentions: mentions)
    }

    static func bodies(
        _ alerts: [Alert], mentions: Mentions = Mentions(), thread: String? = nil,
        context: MessageContext = Sample.chinese, limit: Int = MatrixFormat.contentLimit
    ) throws -> [[String: Any]] {
        let format = MatrixFormat(mentions: mentions, thread: thread, context: context)
        return try format.messages(for: alerts, in: Sample.flush, limit: limit).map { message in
            let json = try JSONSerialization.jsonObject(with: Data(message.body.utf8))
            return try #require(json as? [String: Any])
        }
    }

    @Test("A message is the same in HTML and in plain text, and calls nobody unasked")
    func message() throws {
        let alert = Sample.alert(labels: ["recording": "https://rec.example.com/1?a=1&b=2"])
        let body = try #require(try Self.bodies([alert]).first)
        #expect(body["msgtype"] as? String == "m.text")
        #expect((body["m.mentions"] as? [String: Any])?.isEmpty == true)
        let plain = """
            【Tocsin】1 条告警

            🟠 高 · 客户情绪激动
            客户在 03:12 情绪值 9：“我要投诉”
            > 客户 03:12 响度 9：我要投诉你们
            任务：calls/T-1
            规则：customer-loud
            时间：2023-11-15 06:13:20
            听录音 03:12：https://rec.example.com/1?a=1&b=2#t=192
            """
        #expect(body["body"] as? String == plain)
        let html =
            "<p><strong>【Tocsin】1 条告警</strong></p><p>🟠 <strong>"
            + "<span data-mx-color=\"#fa541c\">高 · 客户情绪激动</span></strong>"
            + "<br>客户在 03:12 情绪值 9：“我要投诉”</p>"
            + "<blockquote>客户 03:12 响度 9：我要投诉你们</blockquote>"
            + "<p>任务：calls/T-1<br>规则：customer-loud<br>时间：2023-11-15 06:13:20"
            + "<br><a href=\"https://rec.example.com/1?a=1&amp;b=2#t=192\">听录音 03:12</a></p>"
        #expect(body["formatted_body"] as? String == html)
    }

    @Test("People and the room are called in the first part; threads hold all parts")
    func calleesAndThread() throws {
        var alerts = (1...90).map { Sample.alert($0, message: String(repeating: "话", count: 300)) }
        alerts[5].labels["owner"] = "bob"
        let bodies = try Self.bodies(
            alerts,
            mentions: Mentions(
                People(users: ["@alice:localhost"], all: true), label: "owner",
                byValue: ["bob": People(users: ["@bob:example.org"])]),
            thread: "$abc")
        #expect(bodies.count > 1)
        let mentions = bodies.map { $0["m.mentions"] as? [String: Any] }
        #expect(mentions[0]?["user_ids"] as? [String] == ["@alice:localhost", "@bob:example.org"])
        #expect(mentions[0]?["room"] as? Bool == true)
        #expect(mentions.dropFirst().allSatisfy { $0?.isEmpty == true })
        let text = try #require(bodies[0]["body"] as? String)
        #expect(text.hasSuffix("\n\n@room @alice:localhost @bob:example.org"))
        let relations = bodies.map { $0["m.relates_to"] as? [String: Any] }
        #expect(relations.allSatisfy { $0?["rel_type"] as? String == "m.thread" })
        #expect(relations.allSatisfy { $0?["event_id"] as? String == "$abc" })
        let quiet = try #require(try Self.bodies([Sample.alert(severity: .info)]).first)
        #expect(quiet["msgtype"] as? String == "m.notice")
    }

    @Test("What comes from outside makes no tag and calls nobody")
    func hostile() throws {
        let hostile = Sample.hostile + " @room @alice:localhost"
        let alert = Sample.alert(
            title: hostile, message: hostile,
            evidence: [Quote(words: hostile, roleName: hostile)], labels: [hostile: hostile])
        let body = try #require(try Self.bodies([alert]).first)
        let html = try #require(body["formatted_body"] as? String)
        let tags = Set(html.matches(of: /<\/?([a-z]+)/).map { String($0.output.1) })
        #expect(tags == ["p", "strong", "span", "br", "blockquote"])
        for text in [html, try #require(body["body"] as? String)] {
            #expect(!text.contains("@room") && !text.contains("@alice") && !text.contains("@all"))
        }
        #expect((body["m.mentions"] as? [String: Any])?.isEmpty == true)
    }

    @Test("The delivery's id is the transaction's, and the token stands in the head alone")
    func request() async throws {
        let transport = ReplayTransport([
            HTTPResponse(status: 200, body: Array(#"{"event_id":"$x"}"#.utf8))
        ])
        let channel = ServiceChannel(
            name: "m", service: try Self.settings(), context: Sample.chinese, transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        let delivery = Sample.delivery(message)
        #expect(
            await channel.send(delivery, at: Sample.now)
                == .delivered(answer: "event $x", opens: "$x"))
        _ = await channel.send(delivery, at: Sample.now + .seconds(60))
        let requests = await transport.requests
        #expect(requests[0] == requests[1] && requests[0].method == .put)
        #expect(
            requests[0].url == "https://matrix.example.com/_matrix/client/v3/rooms/"
                + "%21room%3Alocalhost/send/m.room.message/abc123-lq1-1")
        #expect(
            requests[0].headers.last
                == HTTPHeader("Authorization", "Bearer syt_token0123456789"))
    }

    @Test("A form that the server refuses is sent again without HTML, under the same id")
    func plainFallback() async throws {
        let transport = ReplayTransport([
            HTTPResponse(status: 400, body: Array(#"{"errcode":"M_BAD_JSON","error":"x"}"#.utf8)),
            HTTPResponse(status: 200, body: Array(#"{"event_id":"$x"}"#.utf8)),
        ])
        let channel = ServiceChannel(
            name: "m", service: try Self.settings(), context: Sample.chinese, transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alertWithContext], in: Sample.flush).first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome.kind == "delivered" && outcome.text.hasPrefix("以纯文本发出"))
        let requests = await transport.requests
        #expect(requests.count == 2 && requests[0].url == requests[1].url)
        let body = String(decoding: requests[1].body, as: UTF8.self)
        #expect(!body.contains("formatted_body") && body.contains("┆ 坐席 03:05：您好，请讲"))
    }

    @Test(
        "A code means what the verdict table says",
        arguments: [
            (429, "M_LIMIT_EXCEEDED", "throttled"), (401, "M_UNKNOWN_TOKEN", "refusedChannel"),
            (401, "M_MISSING_TOKEN", "refusedChannel"), (403, "M_FORBIDDEN", "refusedChannel"),
            (403, "M_USER_DEACTIVATED", "refusedChannel"), (401, "M_USER_LOCKED", "refusedChannel"),
            (403, "M_GUEST_ACCESS_FORBIDDEN", "refusedChannel"),
            (403, "M_RESOURCE_LIMIT_EXCEEDED", "refusedChannel"),
            (400, "M_INVALID_PARAM", "refusedChannel"), (404, "M_NOT_FOUND", "refusedChannel"),
            (404, "M_UNRECOGNIZED", "refusedChannel"), (413, "M_TOO_LARGE", "refusedMessage"),
            (400, "M_BAD_JSON", "refusedMessage"), (400, "M_NOT_JSON", "refusedMessage"),
            (500, "M_UNKNOWN", "unavailable"), (400, "M_SOMETHING", "refusedMessage"),
            (502, "", "unavailable"), (429, "", "throttled"), (302, "", "refusedChannel"),
        ])
    func code(status: Int, code: String, kind: String) {
        let body = code.isEmpty ? "" : #"{"errcode":"\#(code)","error":"why"}"#
        let outcome = MatrixVerdict.outcome(
            status: status, retryAfter: nil, body: Array(body.utf8), answer: body, at: Sample.now)
        #expect(outcome.kind == kind)
    }

    @Test(
        "An answer without an event is no success",
        arguments: ["", "{}", "ok", #"{"event_id":null}"#, "<html>", "[]", #"{"event_id":5}"#])
    func garbage(_ body: String) {
        let outcome = MatrixVerdict.outcome(
            status: 200, retryAfter: nil, body: Array(body.utf8), answer: body, at: Sample.now)
        #expect(outcome.kind == "unavailable")
    }

    @Test("Settings name what is wrong")
    func settingsErrors() {
        func failure(_ make: () throws(SettingsError) -> Matrix) -> String? {
            SettingsTests.failure(make)
        }
        #expect(failure { () throws(SettingsError) in try Self.settings() } == nil)
        #expect(
            failure { () throws(SettingsError) in
                try Self.settings(
                    thread: "$a", mentions: Mentions(People(users: ["@a:b.c"], all: true)))
            } == nil)
        #expect(
            failure { () throws(SettingsError) in try Self.settings(token: nil) }
                == "token")
        #expect(
            failure { () throws(SettingsError) in try Self.settings(token: "a b") }
                == "token")
        for room in [
            "", "#ops:localhost", "!", "!a b", "!房", "!" + String(repeating: "a", count: 255),
        ] {
            #expect(
                failure { () throws(SettingsError) in try Self.settings(room: room) }
                    == "room")
        }
        #expect(
            failure { () throws(SettingsError) in try Self.settings(thread: "abc") }
                == "thread")
        #expect(
            failure { () throws(SettingsError) in
                try Self.settings(mentions: Mentions(People(users: ["alice"])))
            } == "at")
        #expect(
            failure { () throws(SettingsError) in
                try Self.settings(url: "https://x/?access_token=1")
            } == "url")
    }

    @Test("Every golden reply and case", .enabled(if: Golden.isThere, "no golden data here"))
    func golden() throws {
        try GoldenReplies.check("matrix", least: 10) { row in
            MatrixVerdict.outcome(
                status: row.status, retryAfter: row.header, body: row.body, answer: "",
                at: Sample.now)
        }
        let settings = try Self.settings(
            token: "syt_token", mentions: Mentions(People(users: ["@alice:localhost"])))
        let channel = ServiceChannel(
            name: "m", service: settings, context: Sample.chinese,
            transport: ReplayTransport([]))
        try ServiceCases("matrix").check(least: 25) { alert in
            let message = try #require(channel.messages(for: [alert], in: Sample.flush).first)
            return channel.request(message.body)
        }
    }
}
