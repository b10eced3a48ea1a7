import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// Mattermost and Rocket.Chat.
struct AttachmentTests {
    static let mattermostURL = "https://chat.example.com/hooks/3ccdd113474722377935511fc8"
    static let rocketURL = "https://chat.example.com/hooks/AbCdEfGhIjKlMnOpQ/AbCdEfGhIjKlMnOpQrStU"

    struct Body: Decodable {
        struct Attachment: Decodable {
            struct Field: Decodable { let title, value: String }
            let fallback, color, title, text: String
            let titleLink: String?
            let fields: [Field]
        }
        let text: String
        let attachments: [Attachment]

        /// All that is read.
        var texts: [String] {
            [text] + attachments.flatMap { [$0.title, $0.text] }
                + attachments.flatMap(\.fields).flatMap { [$0.title, $0.value] }
        }
    }

    static func body(_ message: Message) throws -> Body {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Body.self, from: Data(message.body.utf8))
    }

    static func bodies(
        _ alerts: [Alert], dialect: ChatHook.Dialect = .mattermost,
        mentions: Mentions = Mentions(), context: MessageContext = Sample.chinese, limit: Int? = nil
    ) throws -> [Body] {
        try AttachmentFormat(dialect: dialect, mentions: mentions, context: context)
            .messages(for: alerts, in: Sample.flush, limit: limit ?? dialect.limit).map(body)
    }

    @Test("An alert is one attachment with its colour, its quotes and a link")
    func message() throws {
        let alert = Sample.alert(labels: ["team": "一组", "recording": "https://rec.example.com/1"])
        let body = try #require(try Self.bodies([alert]).first)
        #expect(body.text == "**【Tocsin】1 条告警**")
        let attachment = try #require(body.attachments.first)
        #expect(attachment.color == "#fa541c" && attachment.title == "🟠 高 · 客户情绪激动")
        #expect(attachment.titleLink == "https://rec.example.com/1#t=192")
        #expect(
            attachment.text == "客户在 03:12 情绪值 9：“我要投诉”\n\n> 客户 03:12 响度 9：我要投诉你们")
        #expect(attachment.fields.map(\.title) == ["任务", "规则", "时间", "标签"])
        #expect(
            attachment.fields.map(\.value)
                == ["calls/T-1", "customer-loud", "2023-11-15 06:13:20", "team=一组"])
        let english = try #require(
            try Self.bodies(
                [alert, Sample.alert(2)], dialect: .rocketChat, context: Sample.english
            ).first)
        #expect(english.text == "*【Tocsin】2 alerts*" && english.attachments.count == 2)
    }

    @Test("People are called in the heading of the first part and nowhere else")
    func callees() throws {
        var alerts = (1...60).map { Sample.alert($0, message: String(repeating: "话", count: 300)) }
        alerts[2].labels["owner"] = "bob"
        let mentions = Mentions(
            People(users: ["@alice"], all: true), label: "owner",
            byValue: ["bob": People(users: ["bob"])])
        let bodies = try Self.bodies(alerts, mentions: mentions)
        #expect(bodies.count == 2)
        #expect(bodies[0].text == "**【Tocsin】60 条告警（1/2）**\n@channel @alice @bob")
        #expect(bodies[1].text == "**【Tocsin】60 条告警（2/2）**")
        let rocket = try Self.bodies([alerts[2]], dialect: .rocketChat, mentions: mentions)
        #expect(rocket.first?.text.hasSuffix("\n@all @alice @bob") == true)
    }

    @Test(
        "What comes from outside makes no markup and calls nobody",
        arguments: [ChatHook.Dialect.mattermost, .rocketChat])
    func hostile(_ dialect: ChatHook.Dialect) throws {
        let hostile = Sample.hostile + " x@all @here _@channel 中@all .@channel"
        let alert = Sample.alert(
            title: hostile, message: hostile,
            evidence: [Quote(words: hostile, roleName: hostile)], labels: [hostile: hostile])
        let body = try #require(try Self.bodies([alert], dialect: dialect).first)
        for text in body.texts.dropFirst() {
            for markup in ["](", "![", "<", "`", "**", "~~", "\\", "\u{0}", "\u{1B}", "\r"] {
                #expect(!text.contains(markup), "\(markup)")
            }
            #expect(!text.contains(/@(all|channel|here|everyone)\b/))
            let lines = text.split(separator: "\n")
            #expect(!lines.contains { $0.hasPrefix("#") || $0.hasPrefix("---") })
        }
        #expect(body.attachments[0].text.contains("victim@example.com"))
        #expect(body.attachments[0].text.split(separator: "\n").count { $0.hasPrefix(">") } == 1)
    }

    @Test("Both send to the address they were given, and hear what is said")
    func send() async throws {
        let mattermost = ReplayTransport([HTTPResponse(status: 200, body: Array("ok".utf8))])
        let rocket = ReplayTransport([
            HTTPResponse(status: 200, body: Array(#"{"success":true}"#.utf8))
        ])
        let channels: [(any Channel, ReplayTransport, String, String)] = [
            (
                try ChatHook(.mattermost, url: Self.mattermostURL).channel(
                    named: "m", context: Sample.chinese, transport: mattermost), mattermost,
                Self.mattermostURL, "ok"
            ),
            (
                try ChatHook(.rocketChat, url: Self.rocketURL).channel(
                    named: "r", context: Sample.chinese, transport: rocket), rocket,
                Self.rocketURL, "success"
            ),
        ]
        for (channel, transport, url, answer) in channels {
            let message = try #require(
                channel.messages(for: [Sample.alert()], in: Sample.flush).first)
            let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
            #expect(outcome == .delivered(answer: answer))
            let request = try #require(await transport.requests.first)
            #expect(request.url == url && request.body == Array(message.body.utf8))
            let plain = try #require(message.plain.map { Array($0.utf8) })
            let json = try JSONSerialization.jsonObject(with: Data(plain))
            let text = try #require((json as? [String: String])?["text"])
            #expect(text.contains("客户情绪激动") && text.contains("我要投诉你们"))
        }
    }

    @Test("Settings name what is wrong")
    func settings() {
        func failure(_ url: String, _ mentions: Mentions = Mentions()) -> [String?] {
            [
                SettingsTests.failure { () throws(SettingsError) in
                    try ChatHook(.mattermost, url: url, mentions: mentions)
                },
                SettingsTests.failure { () throws(SettingsError) in
                    try ChatHook(.rocketChat, url: url, mentions: mentions)
                },
            ]
        }
        #expect(
            failure(Self.rocketURL, Mentions(People(users: ["alice", "@bob"], all: true))) == [
                nil, nil,
            ])
        #expect(failure("") == ["url", "url"])
        #expect(failure("https://chat.example.com/api/v4/posts") == ["url", "url"])
        #expect(failure(Self.rocketURL + "?a=b") == ["url", "url"])
        for name in ["a b", "@all", "channel", "", "@"] {
            #expect(
                failure(Self.rocketURL, Mentions(People(users: [name]))) == ["at", "at"], "\(name)")
        }
    }

    static func mattermost(
        _ status: Int, _ body: String, headers: [HTTPHeader] = [], retryAfter: Duration? = nil
    ) -> Outcome {
        MattermostVerdict.outcome(
            HTTPResponse(
                status: status, headers: headers, body: Array(body.utf8), retryAfter: retryAfter),
            answer: body, at: Sample.now)
    }

    @Test(
        "Mattermost: an id means what the verdict table says",
        arguments: [
            (400, "web.incoming_webhook.invalid.app_error", "refusedChannel"),
            (501, "web.incoming_webhook.disabled.app_error", "refusedChannel"),
            (403, "web.incoming_webhook.user.app_error", "refusedChannel"),
            (404, "web.incoming_webhook.channel.app_error", "refusedChannel"),
            (403, "web.incoming_webhook.channel_locked.app_error", "refusedChannel"),
            (403, "web.incoming_webhook.permissions.app_error", "refusedChannel"),
            (400, "web.incoming_webhook.parse.app_error", "refusedMessage"),
            (400, "web.incoming_webhook.text.app_error", "refusedMessage"),
            (413, "api.context.request_body_too_large.app_error", "refusedMessage"),
            (400, "something.else", "refusedMessage"), (403, "something.else", "refusedChannel"),
            (500, "app.post.save.app_error", "unavailable"), (503, "", "unavailable"),
            (429, "", "throttled"), (302, "", "refusedChannel"),
        ])
    func mattermostCode(status: Int, id: String, kind: String) {
        let body = #"{"id":"\#(id)","message":"why","status_code":\#(status)}"#
        #expect(Self.mattermost(status, id.isEmpty ? "" : body).kind == kind)
    }

    @Test("Mattermost: only `ok` is a success, and the limiter says when it starts anew")
    func mattermostOthers() {
        #expect(Self.mattermost(200, "ok") == .delivered(answer: "ok"))
        for body in ["", "{}", "<html></html>", "okay"] {
            #expect(Self.mattermost(200, body).kind == "unavailable")
        }
        let header = HTTPHeader("X-Ratelimit-Reset", "7")
        let outcome = Self.mattermost(429, "limit exceeded", headers: [header])
        #expect(outcome.wait(from: Sample.now) == .seconds(7))
        let both = Self.mattermost(429, "x", headers: [header], retryAfter: .seconds(3))
        #expect(both.wait(from: Sample.now) == .seconds(3))
    }

    @Test(
        "Rocket.Chat: `success` decides",
        arguments: [
            (200, #"{"success":true}"#, "delivered"),
            (200, #"{"success":false,"error":"x"}"#, "refusedMessage"),
            (200, "{}", "unavailable"), (200, "ok", "unavailable"), (204, "", "unavailable"),
            (400, #"{"success":false,"error":"unknown-error"}"#, "refusedMessage"),
            (
                400, #"{"success":false,"error":"overriding destination channel is disabled"}"#,
                "refusedChannel"
            ),
            (401, #"{"success":false,"error":"Invalid integration id"}"#, "refusedChannel"),
            (404, "", "refusedChannel"), (503, #"{"success":false}"#, "unavailable"),
            (429, #"{"success":false,"error":"wait a while"}"#, "throttled"),
            (500, "{}", "unavailable"), (301, "", "refusedChannel"),
        ])
    func rocketChat(status: Int, body: String, kind: String) {
        let outcome = RocketChatVerdict.outcome(
            HTTPResponse(status: status, body: Array(body.utf8)), answer: body, at: Sample.now)
        #expect(outcome.kind == kind)
    }

    @Test("Every golden reply and case", .enabled(if: Golden.isThere, "no golden data here"))
    func golden() throws {
        func response(_ row: GoldenReplies.Row) -> HTTPResponse {
            HTTPResponse(
                status: row.status, headers: row.headers.map { HTTPHeader($0.key, $0.value) },
                body: row.body, retryAfter: row.header)
        }
        try GoldenReplies.check("mattermost", least: 8) { row in
            MattermostVerdict.outcome(
                response(row), answer: String(decoding: row.body, as: UTF8.self), at: Sample.now)
        }
        try GoldenReplies.check("rocketchat", least: 6) { row in
            RocketChatVerdict.outcome(response(row), answer: "", at: Sample.now)
        }
        let mattermost = ServiceChannel(
            name: "m", service: try ChatHook(.mattermost, url: Self.mattermostURL),
            context: Sample.chinese,
            transport: ReplayTransport([]))
        try ServiceCases("mattermost").check(least: 9) { alert in
            let message = try #require(mattermost.messages(for: [alert], in: Sample.flush).first)
            return mattermost.request(message.body)
        }
        let rocket = ServiceChannel(
            name: "r", service: try ChatHook(.rocketChat, url: Self.rocketURL),
            context: Sample.chinese,
            transport: ReplayTransport([]))
        try ServiceCases("rocketchat").check(least: 6) { alert in
            let message = try #require(rocket.messages(for: [alert], in: Sample.flush).first)
            return rocket.request(message.body)
        }
    }
}
