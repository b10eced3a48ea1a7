import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct WebhookTests {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test("The body is the one that is documented, member by member")
    func body() throws {
        let format = WebhookFormat(channel: "hook", context: Sample.chinese)
        let value = Quote(words: "interactiveCount = 3")
        var quote = Sample.quote
        quote.before = Quote.Context(words: "您好", at: "03:05", speaker: .agent, roleName: "坐席")
        quote.after = Quote.Context(words: "嗯", at: "03:15", speaker: .other, roleName: "")
        let alert = Sample.alert(evidence: [Sample.quote, quote, value], tid: "r-1")
        let message = try #require(format.messages(for: [alert], in: Sample.flush).first)
        let expected =
            #"{"type":"tocsin.alerts","timestamp":"2023-11-14T22:13:20Z","data":{"channel":"hook","#
            + #""part":1,"parts":1,"alerts":[{"rule":"customer-loud","title":"客户情绪激动","#
            + #""severity":"high","source":"calls","taskId":"T-1","tid":"r-1","#
            + #""labels":{"rule":"customer-loud","team":"一组"},"#
            + #""message":"客户在 03:12 情绪值 9：“我要投诉”","#
            + #""evidence":[{"words":"我要投诉你们","at":"03:12","begin":192000,"end":194000,"#
            + #""speaker":"customer","roleName":"客户","emotionValue":9,"speechRate":260},"#
            + #"{"words":"我要投诉你们","at":"03:12","begin":192000,"end":194000,"#
            + #""speaker":"customer","roleName":"客户","emotionValue":9,"speechRate":260,"#
            + #""before":{"words":"您好","at":"03:05","speaker":"agent","roleName":"坐席"},"#
            + #""after":{"words":"嗯","at":"03:15","speaker":"other"}},"#
            + #"{"words":"interactiveCount = 3"}],"raisedAt":"2023-11-14T22:13:20Z"}]}}"#
        #expect(message.body == expected)
        #expect(message.alerts == [alert.id] && message.recipient.isEmpty)
    }

    @Test("Text from outside comes out of the JSON as it went in")
    func hostileText() throws {
        struct Body: Decodable {
            struct Data: Decodable { let alerts: [Entry] }
            struct Entry: Decodable { let title, message: String }
            let data: Data
        }
        let format = WebhookFormat(channel: "hook", context: Sample.english)
        let alert = Sample.alert(title: Sample.hostile, message: Sample.hostile)
        let message = try #require(format.messages(for: [alert], in: Sample.flush).first)
        let body = try JSONDecoder().decode(Body.self, from: Data(message.body.utf8))
        #expect(body.data.alerts.map(\.title) == [Sample.hostile])
        #expect(body.data.alerts.map(\.message) == [Sample.hostile])
    }

    @Test("Each attempt has the same id and body, and its own time and signature")
    func request() async throws {
        let settings = try WebhookChannel.Settings(
            url: "https://example.com/hook?a=1", secrets: [Secret(Self.secret)],
            headers: ["Authorization": Secret("Bearer abcdefgh")])
        let transport = ScriptedTransport(http: .success(HTTPResponse(status: 204)))
        let channel = WebhookChannel(
            name: "hook", settings: settings, context: Sample.chinese, transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        let delivery = Sample.delivery(message)
        #expect(await channel.send(delivery, at: Sample.now) == .delivered(answer: "HTTP 204"))
        _ = await channel.send(delivery, at: Sample.now + .seconds(5))
        let requests = await transport.requests
        #expect(requests.map(\.url) == Array(repeating: "https://example.com/hook?a=1", count: 2))
        #expect(requests.allSatisfy { $0.body == Array(message.body.utf8) && $0.method == .post })
        #expect(requests.allSatisfy { $0.addressPolicy == .public(allowing: []) })
        let headers = requests.map { request in
            Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        }
        #expect(headers.map { $0["webhook-id"] } == ["abc123-lq1-1", "abc123-lq1-1"])
        #expect(headers.map { $0["webhook-timestamp"] } == ["1700000000", "1700000005"])
        #expect(headers[0]["webhook-signature"] != headers[1]["webhook-signature"])
        #expect(headers.allSatisfy { $0["Content-Type"] == "application/json" })
        #expect(headers.allSatisfy { $0["Authorization"] == "Bearer abcdefgh" })
    }

    @Test("The published example of the specification is signed as published")
    func publishedSignature() throws {
        let key = try StandardWebhooksKey(Secret(Self.secret))
        let signature = key.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("Every signature vector", .enabled(if: Golden.isThere, "no golden data here"))
    func signatureVectors() throws {
        struct File: Decodable {
            struct Group: Decodable {
                let vectors: [Vector]
                let rotation: Vector
            }
            struct Vector: Decodable {
                let secret: String?
                let secrets: [String]?
                let webhookId, webhookTimestamp, bodyUtf8, webhookSignature: String
            }
            let standardWebhooks: Group
        }
        let group = try Golden.channel("signatures", as: File.self).standardWebhooks
        #expect(group.vectors.count >= 4)
        for vector in group.vectors + [group.rotation] {
            let secrets = try vector.secrets ?? [#require(vector.secret)]
            let keys = try secrets.map { try StandardWebhooksKey(Secret($0)) }
            let signatures = keys.signatures(
                id: vector.webhookId, seconds: try #require(Int64(vector.webhookTimestamp)),
                body: Array(vector.bodyUtf8.utf8))
            #expect(signatures == vector.webhookSignature)
        }
    }

    @Test(
        "A status means what the verdict table says",
        arguments: [
            (200, "delivered"), (202, "delivered"), (204, "delivered"), (299, "delivered"),
            (301, "refusedChannel"), (302, "refusedChannel"), (308, "refusedChannel"),
            (304, "refusedChannel"), (400, "unavailable"), (401, "unavailable"),
            (403, "unavailable"), (404, "unavailable"), (408, "unavailable"),
            (410, "refusedChannel"), (413, "refusedMessage"), (422, "unavailable"),
            (429, "throttled"), (500, "unavailable"), (502, "unavailable"),
            (503, "unavailable"), (504, "unavailable"), (100, "unavailable"),
            (999, "unavailable"),
        ])
    func verdict(status: Int, kind: String) {
        let outcome = WebhookVerdict().outcome(
            status: status, retryAfter: nil, answer: "", at: Sample.now)
        #expect(outcome.kind == kind)
    }

    @Test("Retry-After is honoured up to an hour")
    func retryAfter() {
        func wait(_ status: Int, _ seconds: Int?) -> Duration? {
            WebhookVerdict().outcome(
                status: status, retryAfter: seconds.map { .seconds($0) }, answer: "",
                at: Sample.now
            ).wait(from: Sample.now)
        }
        #expect(wait(429, 120) == .seconds(120))
        #expect(wait(429, nil) == .seconds(60))
        #expect(wait(429, 0) == .zero)
        #expect(wait(429, 86_400) == .seconds(3600))
        #expect(wait(503, 120) == .seconds(120))
        #expect(wait(503, 86_400) == .seconds(3600))
        #expect(wait(503, nil) == nil)
    }

    @Test("Every golden reply", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenReplies() throws {
        struct File: Decodable { let responses: [GoldenResponse] }
        let rows = try Golden.channel("standard_webhooks", as: File.self).responses
        #expect(rows.count >= 8)
        for row in rows {
            let outcome = WebhookVerdict().outcome(
                status: row.status, retryAfter: row.retryAfter.map { .seconds($0) },
                answer: "", at: Sample.now)
            #expect(outcome.goldenOutcome == row.outcome, "\(row.name)")
            #expect(
                row.retryAfter == nil
                    || outcome.wait(from: Sample.now) == .seconds(row.retryAfter ?? 0),
                "\(row.name)")
        }
    }
}
