import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct TelegramTests {
    static let token = "123456789:abcdefg_hijklmnop-ABCDEFGHIJKLMNOPQ"

    struct Body: Decodable {
        let chatId: Int64?
        let text: String
        let parseMode: String?
        let disableNotification: Bool
        let messageThreadId: Int?
    }

    static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    static func bodies(
        _ alerts: [Alert], mentions: Mentions = Mentions(),
        context: MessageContext = Sample.chinese, limit: Int = TelegramFormat.textLimit
    ) throws -> [Body] {
        try TelegramFormat(mentions: mentions, context: context)
            .messages(for: alerts, in: Sample.flush, limit: limit)
            .map { try Self.decoder.decode(Body.self, from: Data($0.body.utf8)) }
    }

    static func channel(_ replies: [HTTPResponse], thread: Int? = nil) throws
        -> (ServiceChannel, ReplayTransport)
    {
        let transport = ReplayTransport(replies)
        let settings = try Telegram(
            token: Secret(token), chat: "-1001234567890", thread: thread)
        let channel = ServiceChannel(
            name: "tg", service: settings, context: Sample.chinese, transport: transport)
        return (channel, transport)
    }

    @Test("A message quotes the sentence, and leads to its place in the recording")
    func message() throws {
        let alert = Sample.alert(labels: [
            "team": "一组", "recording": "https://rec.example.com/1?x=1&y=\"2\"",
        ])
        let body = try #require(try Self.bodies([alert]).first)
        let expected = """
            【Tocsin】1 条告警

            🟠 <b>高 · 客户情绪激动</b>
            客户在 03:12 情绪值 9：“我要投诉”
            <blockquote>客户 03:12 响度 9：我要投诉你们</blockquote>
            任务：calls/T-1
            规则：customer-loud
            时间：2023-11-15 06:13:20
            标签：team=一组
            <a href="https://rec.example.com/1?x=1&amp;y=%222%22#t=192">听录音 03:12</a>
            """
        #expect(body.text == expected)
        #expect(body.parseMode == "HTML" && body.chatId == nil && !body.disableNotification)
    }

    @Test("People are called by name or number in the first part, which alone makes a sound")
    func callees() throws {
        var alerts = (1...30).map { Sample.alert($0, message: String(repeating: "话", count: 300)) }
        alerts[3].labels["owner"] = "bob"
        let bodies = try Self.bodies(
            alerts,
            mentions: Mentions(
                People(users: ["@alice"]), label: "owner",
                byValue: ["bob": People(users: ["@bob_the_agent", "77"])]), context: Sample.english)
        #expect(bodies.count > 2)
        #expect(
            bodies[0].text.hasSuffix(
                "\n\n@alice @bob_the_agent <a href=\"tg://user?id=77\">77</a>"))
        #expect(bodies.dropFirst().allSatisfy { !$0.text.contains("@") })
        #expect(
            bodies.map(\.disableNotification) == [false] + bodies.dropFirst().map { _ in true })
        #expect(bodies[1].text.hasPrefix("【Tocsin】30 alerts (2/\(bodies.count))"))
        let quiet = try #require(try Self.bodies([Sample.alert(severity: .info)]).first)
        #expect(quiet.disableNotification)
    }

    @Test("What comes from outside makes no tag, and calls nobody")
    func hostile() throws {
        let alert = Sample.alert(
            title: Sample.hostile, message: Sample.hostile,
            evidence: [Quote(words: Sample.hostile, roleName: Sample.hostile)],
            labels: [Sample.hostile: Sample.hostile])
        let text = try #require(try Self.bodies([alert]).first).text
        let tags = text.matches(of: /<[^>]*>/).map { String($0.output) }
        #expect(tags == ["<b>", "</b>", "<blockquote>", "</blockquote>"])
        #expect(text.contains("＠all") && !text.contains("@all") && !text.contains("@everyone"))
        #expect(text.contains("victim@example.com"))
        #expect(TelegramText.plain(text).contains("<at user_id=\"all\"></at>"))
    }

    @Test("The chat and its topic are added when it is sent")
    func request() async throws {
        let reply = HTTPResponse(
            status: 200, body: Array(#"{"ok":true,"result":{"message_id":7}}"#.utf8))
        let (channel, transport) = try Self.channel([reply], thread: 12)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome == .delivered(answer: "message 7", opens: "7"))
        let request = try #require(await transport.requests.first)
        #expect(request.url == "https://api.telegram.org/bot\(Self.token)/sendMessage")
        let body = try Self.decoder.decode(Body.self, from: Data(request.body))
        #expect(body.chatId == -1_001_234_567_890 && body.messageThreadId == 12)
        #expect(message.body.contains("chat_id") == false)
    }

    @Test("Tags that the service does not take are left out at once")
    func plainFallback() async throws {
        let refusal =
            #"{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities: x"}"#
        let (channel, transport) = try Self.channel([
            HTTPResponse(status: 400, body: Array(refusal.utf8)),
            HTTPResponse(status: 200, body: Array(#"{"ok":true}"#.utf8)),
        ])
        let message = try #require(
            channel.messages(for: [Sample.alert(message: "a < b & c")], in: Sample.flush).first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(
            outcome.kind == "delivered" && outcome.text.hasPrefix("以纯文本发出（ok），因为"))
        let requests = await transport.requests
        #expect(requests.count == 2)
        let body = try Self.decoder.decode(Body.self, from: Data(requests[1].body))
        #expect(body.parseMode == nil && body.chatId == -1_001_234_567_890)
        #expect(body.text.contains("🟠 高 · 客户情绪激动\na < b & c\n客户 03:12"))
    }

    @Test("A group that moved is followed, once, and the settings' owner is told")
    func migration() async throws {
        let moved =
            #"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a "#
            + #"supergroup chat","parameters":{"migrate_to_chat_id":-1009876543210}}"#
        let (channel, transport) = try Self.channel([
            HTTPResponse(status: 400, body: Array(moved.utf8)),
            HTTPResponse(status: 200, body: Array(#"{"ok":true}"#.utf8)),
        ])
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        let delivered = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(delivered.text.contains("请把 `chat` 改成") && delivered.kind == "delivered")
        let body = try Self.decoder.decode(
            Body.self, from: Data(try #require(await transport.requests.last).body))
        #expect(body.chatId == -1_009_876_543_210)
        let (lost, again) = try Self.channel([
            HTTPResponse(status: 400, body: Array(moved.utf8)),
            HTTPResponse(status: 400, body: Array(moved.utf8)),
        ])
        #expect(await lost.send(Sample.delivery(message), at: Sample.now).kind == "refusedChannel")
        #expect(await again.requests.count == 2)
    }

    @Test("Settings name what is wrong")
    func settings() {
        func failure(
            token: String? = Self.token, chat: String = "-100123", thread: Int? = nil,
            mentions: Mentions = Mentions(), url: String = Telegram.defaultURL
        ) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try Telegram(
                    token: token.map { Secret($0) }, chat: chat, thread: thread, mentions: mentions,
                    url: url)
            }
        }
        #expect(failure() == nil && failure(chat: "@my_channel", thread: 3) == nil)
        #expect(failure(token: nil) == "token" && failure(token: "") == "token")
        #expect(
            failure(token: "123:short") == "token" && failure(token: Self.token + "\n") == "token")
        #expect(failure(chat: "") == "chat" && failure(chat: "ops") == "chat")
        #expect(failure(chat: "0") == "chat" && failure(thread: 0) == "thread")
        #expect(failure(mentions: Mentions(People(all: true))) == "at")
        #expect(failure(mentions: Mentions(People(users: ["@a b"]))) == "at")
        #expect(failure(mentions: Mentions(People(users: ["@alice", "77"]))) == nil)
        #expect(failure(url: "ftp://x") == "url" && failure(url: "https://x/?a=b") == "url")
    }

    @Test("Every golden case", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenCases() throws {
        let (channel, _) = try Self.channel([])
        // The other mode is not ours.
        try ServiceCases("telegram").check(least: 20, named: "HTML") { alert in
            let message = try #require(channel.messages(for: [alert], in: Sample.flush).first)
            return channel.request(message.body)
        }
    }
}
