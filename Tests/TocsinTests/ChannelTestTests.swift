import CEL
import Channels
import Foundation
import Networking
import Pipeline
import Testing

@testable import tocsin

/// `channels test`: the way of real deliveries, shown without a secret.
struct ChannelTestTests {
    /// Answers every request with what a function makes of it, and every mail as refused.
    actor AnsweringTransport: Transport {
        private let answer: @Sendable (HTTPRequest) -> HTTPResponse
        private(set) var requests: [HTTPRequest] = []

        init(_ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse) { self.answer = answer }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            requests.append(request)
            return answer(request)
        }

        func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
            throw TransportError(.connect, message: "no mail here")
        }
    }

    /// Stands still, and jumps where it is to sleep.
    final class JumpingClock: WallClock, @unchecked Sendable {
        // Because one test alone uses it, from one task.
        private(set) var now = Pipeline.Timestamp(milliseconds: 1_700_000_000_000)

        func sleep(until deadline: Pipeline.Timestamp) async throws { now = deadline }
    }

    static func run(
        _ row: ChannelSettingsTests.Row, _ transport: any Transport,
        language: MessageContext.Language = .chinese
    ) async throws -> [ChannelTest.Result] {
        let (channel, findings) = Reading.channel("type: \(row.kind), \(row.full)")
        let settings = try #require(channel, "\(findings)")
        let test = ChannelTest(
            settings, context: MessageContext(language: language), transport: transport)
        return await test.run(clock: JumpingClock())
    }

    /// What no output may have: keys, tokens, passwords, and what addresses end with.
    static let secrets =
        Reading.environment.filter { !["BLANK", "LINES", "COLON"].contains($0.key) }.map(\.value)
        + ["access_token=abc", "hook/abc", "key=abc", "B0/abc", "sig=abc", "123/abc", "hooks/abc"]
        + [Data("me:pass123456".utf8).base64EncodedString()]

    @Test("The message is in the language of messages, whatever the command line speaks")
    func language() async throws {
        let taking = AnsweringTransport { _ in HTTPResponse(status: 204, body: []) }
        let row = try #require(ChannelSettingsTests.rows.first { $0.kind == "webhook" })
        for (language, title) in [
            (MessageContext.Language.english, "test message"), (.chinese, "测试消息"),
        ] {
            _ = try await Self.run(row, taking, language: language)
            let body = await taking.requests.last?.body ?? []
            #expect(String(decoding: body, as: UTF8.self).contains(title))
        }
    }

    @Test(
        "Every kind shows request, answer and verdict, and no secret, whatever the answer says back",
        arguments: ChannelSettingsTests.rows)
    func secrecy(_ row: ChannelSettingsTests.Row) async throws {
        let echo = AnsweringTransport { request in
            let headers = request.headers.map { "\($0.name): \($0.value)" }.joined(separator: " ")
            let body = String(decoding: request.body.prefix(3000), as: UTF8.self)
            return HTTPResponse(status: 500, body: Array("\(request.url) \(headers) \(body)".utf8))
        }
        let results = try await Self.run(row, echo)
        #expect(!results.isEmpty)
        for result in results {
            #expect(!result.delivered && result.verdict == "unavailable")
            let exchange = try #require(result.exchanges.first)
            let isMail = row.kind == "email"
            #expect(
                exchange.request.hasPrefix(
                    isMail ? "MAIL smtp://" : row.kind == "matrix" ? "PUT " : "POST "))
            #expect(isMail || exchange.request.hasSuffix("/…"))
            #expect(isMail || exchange.body.contains("测试消息"))
            #expect(isMail || exchange.answer.hasPrefix("HTTP 500 "))
            let json = String(decoding: try JSONEncoder().encode(result), as: UTF8.self)
            for text in [result.text(in: .chinese), result.text(in: .english), json] {
                for secret in Self.secrets { #expect(!text.contains(secret), "\(secret)") }
            }
        }
    }

    @Test("What is shown is what was sent, and the verdict is the channel's own")
    func robot() async throws {
        let row = try #require(ChannelSettingsTests.rows.first { $0.kind == "feishu" })
        let transport = AnsweringTransport { _ in
            HTTPResponse(
                status: 200, body: Array(#"{"code":19024,"msg":"Key Words Not Found"}"#.utf8))
        }
        let result = try #require(try await Self.run(row, transport).first)
        #expect(result.verdict == "refused-channel")
        let exchange = try #require(result.exchanges.first)
        let request = try #require(await transport.requests.first)
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(body.contains(#""sign":""#))
        #expect(exchange.body == body.replacing(/"sign":"[^"]*"/, with: #""sign":"***""#))
        #expect(exchange.headers == ["Content-Type: application/json; charset=utf-8"])
        let english = result.text(in: .english)
        #expect(english.contains("✗ c: the channel was refused: its settings need a change"))
        #expect(english.contains("← HTTP 200 {\"code\":19024"))
        #expect(result.text(in: .chinese).contains("✗ c: 通道被拒绝，须改设置"))
    }

    @Test("A form that is refused shows both attempts, and the plain one's success")
    func plain() async throws {
        let row = try #require(ChannelSettingsTests.rows.first { $0.kind == "dingtalk" })
        let transport = AnsweringTransport { request in
            let isRich = String(decoding: request.body, as: UTF8.self).contains("markdown")
            let body = isRich ? #"{"errcode":430104}"# : #"{"errcode":0,"errmsg":"ok"}"#
            return HTTPResponse(status: 200, body: Array(body.utf8))
        }
        let result = try #require(
            try await Self.run(row, transport, language: .english).first)
        #expect(result.delivered && result.exchanges.count == 2)
        #expect(result.text(in: .english).contains("✓ c: delivered  sent as plain text"))
    }

    @Test("Messages keep to the channel's rate")
    func rate() async throws {
        let (channel, _) = Reading.channel(
            "type: email, server: 'smtp://h.cn', from: a@b.cn, to: [c@d.cn, e@d.cn, f@d.cn], "
                + "rate: { per-minute: 1 }")
        let clock = JumpingClock()
        let start = clock.now
        let test = ChannelTest(
            try #require(channel), context: MessageContext(),
            transport: AnsweringTransport { _ in HTTPResponse(status: 200) })
        let results = await test.run(clock: clock)
        #expect(results.map(\.recipient) == ["c@d.cn", "e@d.cn", "f@d.cn"])
        #expect(clock.now - start == .seconds(120))
    }

    @Test("A long body is shown in part")
    func bounds() async throws {
        let (channel, _) = Reading.channel("type: webhook, url: 'https://example.com/x'")
        let plan = try #require(channel?.plan)
        let transport = RecordingTransport(
            AnsweringTransport { _ in
                HTTPResponse(status: 200, body: Array(repeating: 0x61, count: 100_000))
            }, for: plan)
        let body = Array(String(repeating: "话", count: 100_000).utf8)
        _ = try await transport.send(HTTPRequest(url: "https://example.com/x", body: body))
        let exchange = try #require(await transport.take().first)
        #expect(exchange.body.utf8.count < Exchange.bodyLimit + 40)
        #expect(exchange.body.hasSuffix("… (300000 bytes)"))
        #expect(exchange.answer.count <= Outcome.answerLimit + 20)
        for _ in 0...RecordingTransport.exchangeLimit {
            _ = try await transport.send(HTTPRequest(url: "https://example.com/x"))
        }
        #expect(await transport.take().count == RecordingTransport.exchangeLimit)
        #expect(await transport.take().isEmpty)
    }
}
