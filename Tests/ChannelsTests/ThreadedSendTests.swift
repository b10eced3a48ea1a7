import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// What becomes of a message that answers another, when its service does not take it so.
struct ThreadedSendTests {
    private static func telegram(_ replies: [HTTPResponse]) throws -> (Sending, ReplayTransport) {
        let transport = ReplayTransport(replies)
        let service = try Telegram(
            token: Secret("123456789:" + String(repeating: "A", count: 30)), chat: "-1001")
        return (try Sending(service, transport), transport)
    }

    private static func matrix(_ replies: [HTTPResponse]) throws -> (Sending, ReplayTransport) {
        let transport = ReplayTransport(replies)
        let service = try Matrix(
            url: "https://matrix.example.com", token: Secret("key"), room: "!a:example.com")
        return (try Sending(service, transport), transport)
    }

    private struct Sending {
        let channel: ServiceChannel
        let delivery: Delivery

        init(_ service: any Service, _ transport: any Transport) throws {
            channel = ServiceChannel(
                name: "c", service: service, context: Sample.chinese, transport: transport)
            let messages = channel.messages(for: [Sample.alert()], in: Sample.flush)
            delivery = Sample.delivery(try #require(messages.first))
        }

        func answer(_ message: String) async -> Outcome {
            await channel.send(delivery, answering: message, at: Sample.now)
        }
    }

    private static func reply(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(status: status, body: Array(body.utf8))
    }

    private static func refusal(_ code: Int, _ text: String) -> HTTPResponse {
        reply(code, #"{"ok":false,"error_code":\#(code),"description":"\#(text)"}"#)
    }

    private static let moved = reply(
        400,
        #"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a "#
            + #"supergroup chat","parameters":{"migrate_to_chat_id":-1009}}"#)

    @Test("A channel that refuses is asked once, with a thread or without")
    func refusedChannel() async throws {
        let cases = [
            (try Self.telegram([Self.refusal(403, "Forbidden: bot was kicked")]), "7"),
            (try Self.matrix([Self.reply(403, #"{"errcode":"M_FORBIDDEN"}"#)]), "$e"),
        ]
        for ((sending, transport), message) in cases {
            #expect(await sending.answer(message).kind == "refusedChannel")
            #expect(await transport.requests.count == 1)
        }
    }

    @Test("A message that cannot be an answer stands by itself, and opens the next thread")
    func gone() async throws {
        let taken = Self.reply(200, #"{"event_id":"$new"}"#)
        let (matrix, sent) = try Self.matrix([
            Self.reply(
                400,
                #"{"errcode":"M_UNKNOWN","error":"Can't send relation to unknown event"}"#), taken,
        ])
        guard case .delivered(let answer, let opens) = await matrix.answer("$e") else {
            Issue.record("not delivered")
            return
        }
        #expect(opens == "$new" && answer.contains("未能作为回复发出"))
        let bodies = await sent.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies.map { $0.contains("m.relates_to") } == [true, false])
    }

    @Test("In a group that moved nothing is answered, and what is sent there opens no thread")
    func moved() async throws {
        let (telegram, sent) = try Self.telegram([
            Self.moved, Self.reply(200, #"{"ok":true,"result":{"message_id":5}}"#),
        ])
        guard case .delivered(_, let opens) = await telegram.answer("7") else {
            Issue.record("not delivered")
            return
        }
        #expect(opens == nil)
        let bodies = await sent.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies.map { $0.contains("reply_parameters") } == [true, false])
        #expect(bodies.map { $0.contains("-1009") } == [false, true])
    }

    @Test("All requests of one send end before its claim does")
    func bound() async throws {
        let all = ServiceChannel.timeouts.reduce(.zero, +)
        #expect(all <= SendQueue.longestSend)
        let markup = Self.refusal(400, "Bad Request: can't parse entities: x")
        let (telegram, sent) = try Self.telegram([
            Self.moved, markup, Self.moved, markup, Self.moved, markup, Self.moved, markup,
        ])
        #expect(await telegram.answer("7").kind == "unavailable")
        #expect(await sent.requests.map(\.timeout) == ServiceChannel.timeouts)
        // By itself, which is how it is sent again, it needs no more than there are.
        let (alone, fewer) = try Self.telegram([
            Self.moved, markup, Self.moved, Self.reply(200, #"{"ok":true}"#),
        ])
        let outcome = await alone.channel.send(alone.delivery, at: Sample.now)
        #expect(outcome.kind == "delivered")
        #expect(await fewer.requests.count == ServiceChannel.timeouts.count)
    }
}
