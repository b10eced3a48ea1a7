import Foundation
import Pipeline
import Testing

@testable import StandIns

/// The stand-ins of the services: what they take, what they refuse, and in which words.
struct ServiceDeskTests {
    static let now = Timestamp(milliseconds: 1_700_000_000_000)

    static func receiver(
        _ rules: [Receipt.Service: ReceiverOptions.Rules] = [:], faults: Faults = .none
    ) throws -> ReceiverStandIn {
        var options = ReceiverOptions()
        options.rules = rules
        options.faults = faults
        return try ReceiverStandIn(options: options, now: { now })
    }

    static func request(
        _ service: Receipt.Service, _ body: String, path: String? = nil, method: String? = nil,
        type: String = "application/json"
    ) -> LoopbackRequest {
        let paths: [Receipt.Service: String] = [
            .telegram: "/bot1:demo/sendMessage", .pagerduty: "/v2/enqueue",
            .matrix: "/_matrix/client/v3/rooms/!a:b/send/m.room.message/t1",
            .alertmanager: "/api/v2/alerts",
        ]
        return LoopbackRequest(
            method: method ?? (service == .matrix ? "PUT" : "POST"),
            target: path ?? paths[service] ?? service.samplePath,
            headers: ["content-type": [type], "authorization": ["Bearer demo"]],
            body: Array(body.utf8))
    }

    /// A message that each service takes.
    static let good: [Receipt.Service: String] = [
        .feishu: #"{"msg_type":"text","content":{"text":"质检"}}"#,
        .wecom: #"{"msgtype":"markdown","markdown":{"content":"质检"}}"#,
        .slack: #"{"text":"质检"}"#,
        .teams: #"{"type":"message","attachments":[{"contentType":"#
            + #""application/vnd.microsoft.card.adaptive","content":{"type":"AdaptiveCard","#
            + #""version":"1.4","body":[{"type":"TextBlock","text":"质检"}]}}]}"#,
        .discord: #"{"content":"质检","allowed_mentions":{"parse":[]}}"#,
        .telegram: #"{"chat_id":-1,"text":"<b>质检</b> &lt;","parse_mode":"HTML"}"#,
        .matrix: #"{"msgtype":"m.text","body":"质检","m.mentions":{}}"#,
        .mattermost: #"{"text":"质检"}"#, .rocketchat: #"{"text":"质检"}"#,
        .ntfy: #"{"topic":"a","message":"质检"}"#,
        .pagerduty: #"{"routing_key":"0123456789abcdef0123456789abcdef","event_action":"trigger","#
            + #""dedup_key":"k","payload":{"summary":"质检","source":"s","severity":"info"}}"#,
        .alertmanager: #"[{"labels":{"alertname":"质检"}}]"#, .apprise: #"{"body":"质检"}"#,
    ]

    static let services = ServiceDesk.all.map(\.service)

    @Test("A good message is taken; a wrong method, type, key or JSON is not", arguments: services)
    func envelope(_ service: Receipt.Service) throws {
        let good = try #require(Self.good[service])
        let receiver = try Self.receiver()
        let answer = receiver.answer(Self.request(service, good))
        #expect((200..<300).contains(answer.status))
        #expect(receiver.count(.accepted, of: service) == 1)
        let others = [
            Self.request(service, good, method: "DELETE"),
            Self.request(service, good, type: "text/plain"), Self.request(service, "{"),
            Self.request(service, "{}"), Self.request(service, "[1]"), Self.request(service, ""),
        ]
        for request in others { _ = receiver.answer(request) }
        #expect(receiver.count(.refused, of: service) == others.count)
        let strict = try Self.receiver([service: ReceiverOptions.Rules(key: "another")])
        _ = strict.answer(Self.request(service, good))
        #expect(strict.receipts.map(\.reason) == ["key"])
    }

    @Test(
        "What is wrong with a message is answered in the service's own words",
        arguments: [
            (.feishu, #"{"msg_type":"text"}"#, 200, "19002"),
            (.feishu, #"{"msg_type":"interactive","card":{"elements":[]}}"#, 200, "19002"),
            (
                .feishu,
                #"{"msg_type":"interactive","card":{"header":{"title":{"content":"a"},"#
                    + ##""template":"#ff0000"},"elements":[{"tag":"hr"}]}}"##, 200, "19002"
            ),
            (.feishu, "{", 400, "9499"),
            (.wecom, #"{"msgtype":"voice"}"#, 200, "40008"),
            (.wecom, #"{"msgtype":"text","text":{"content":" "}}"#, 200, "44004"),
            (.slack, "{}", 400, "no_text"), (.slack, "[", 400, "invalid_payload"),
            (.slack, #"{"blocks":[{"type":"poem"}]}"#, 400, "invalid_blocks"),
            (
                .slack, #"{"blocks":[{"type":"header","text":{"type":"mrkdwn","text":"a"}}]}"#,
                400, "invalid_blocks"
            ),
            (.teams, "{}", 202, ""), (.teams, "[", 400, "InvalidRequestContent"),
            (.discord, "{}", 400, "50006"), (.discord, #"{"content":"a"}"#, 400, "50035"),
            (
                .telegram, #"{"chat_id":1,"text":"<b>a","parse_mode":"HTML"}"#, 400,
                "can't parse entities"
            ),
            (
                .telegram, #"{"chat_id":1,"text":"<x>a</x>","parse_mode":"HTML"}"#, 400,
                "can't parse entities"
            ),
            (.telegram, #"{"text":"a"}"#, 400, "chat not found"),
            (.matrix, #"{"msgtype":"m.text","body":"a"}"#, 400, "M_BAD_JSON"),
            (.mattermost, "{}", 400, "web.incoming_webhook.text"),
            (.rocketchat, #"{"text":"a","channel":"b"}"#, 400, "overriding destination"),
            (.ntfy, #"{"topic":"a b","message":"a"}"#, 400, "40009"),
            (.ntfy, #"{"topic":"a","message":"a","priority":6}"#, 400, "40007"),
            (
                .pagerduty, #"{"routing_key":"short","event_action":"trigger"}"#, 400,
                "'routing_key' is invalid"
            ),
            (
                .pagerduty,
                #"{"routing_key":"0123456789abcdef0123456789abcdef","event_action":"resolve"}"#,
                400, "dedup_key is missing"
            ),
            (.alertmanager, #"[{"labels":{}}]"#, 400, "at least one label pair"),
            (.alertmanager, #"[{"labels":{"a-b":"c"}}]"#, 400, "invalid label set"),
            (.alertmanager, #"[{"labels":{"a":"b"},"endsAt":"soon"}]"#, 400, "endsAt"),
            (.apprise, #"{"body":"a","type":"bad"}"#, 400, "type"),
        ] as [(Receipt.Service, String, Int, String)])
    func messages(service: Receipt.Service, body: String, status: Int, words: String) throws {
        let receiver = try Self.receiver()
        let answer = receiver.answer(Self.request(service, body))
        #expect(answer.status == status)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(words.isEmpty ? text.isEmpty : text.contains(words), "\(text)")
        #expect(receiver.count(.refused, of: service) == 1)
    }

    @Test(
        "The longest text is taken and the next is not",
        arguments: [
            (.wecom, 4096 / 3), (.mattermost, 16_383), (.rocketchat, 5000), (.discord, 2000),
            (.ntfy, 4096 / 3), (.telegram, 4096 - 2),
        ] as [(Receipt.Service, Int)])
    func lengths(service: Receipt.Service, limit: Int) throws {
        let good = try #require(Self.good[service])
        for (length, verdict) in [(limit, Receipt.Verdict.accepted), (limit + 1, .refused)] {
            let receiver = try Self.receiver()
            let text = String(repeating: "质", count: length)
            _ = receiver.answer(Self.request(service, good.replacing("质检", with: text)))
            #expect(receiver.receipts.map(\.verdict) == [verdict])
        }
    }

    @Test("Feishu's signature is looked at, and its keyword")
    func feishu() throws {
        let rules = ReceiverOptions.Rules(secret: "demo", keyword: "质检")
        let sign = "8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo="
        func body(_ time: String, _ sign: String, _ text: String = "质检") -> String {
            #"{"timestamp":"\#(time)","sign":"\#(sign)","msg_type":"text","#
                + #""content":{"text":"\#(text)"}}"#
        }
        for (body, code) in [
            (body("1700000000", sign), 0), (body("1700000001", sign), 19021),
            (body("1700003601", sign), 19021), (body("1700000000", ""), 19021),
            (body("1700000000", sign, "投诉"), 19024),
        ] {
            let answer = try Self.receiver([.feishu: rules]).answer(Self.request(.feishu, body))
            #expect(answer.json["code"] == .integer(code))
        }
    }

    @Test("What a service knows doubles by is a duplicate the second time", arguments: services)
    func duplicates(_ service: Receipt.Service) throws {
        let receiver = try Self.receiver()
        let good = try #require(Self.good[service])
        for _ in 1...2 { _ = receiver.answer(Self.request(service, good)) }
        let knows = service == .matrix || service == .pagerduty
        #expect(receiver.receipts.map(\.verdict) == [.accepted, knows ? .duplicate : .accepted])
    }

    @Test(
        "Throttled and failed in the service's own way; a lost answer was taken",
        arguments: services)
    func faults(_ service: Receipt.Service) throws {
        let good = try #require(Self.good[service])
        func answer(_ faults: Faults) throws -> (LoopbackAnswer, Receipt.Verdict?) {
            let receiver = try Self.receiver(faults: faults)
            let answer = receiver.answer(Self.request(service, good))
            return (answer, receiver.receipts.first?.verdict)
        }
        let (throttled, verdict) = try answer(Faults(throttled: 1, retryAfterMilliseconds: 1500))
        let words = String(decoding: throttled.body, as: UTF8.self)
        #expect(verdict == .refused)
        #expect(throttled.status == 429 || words.contains("11232") || words.contains("45009"))
        let (failed, second) = try answer(Faults(failed: 1))
        let text = String(decoding: failed.body, as: UTF8.self)
        #expect(second == .refused)
        #expect(failed.status >= 424 || text.contains("2200") || text.contains("-1"))
        let (lost, third) = try answer(Faults(reset: 1))
        #expect(lost.ending == .reset && third == .accepted)
    }

    @Test("A message can answer one that was taken, and no other")
    func answers() throws {
        let receiver = try Self.receiver()
        func status(_ service: Receipt.Service, _ body: String) -> Int {
            receiver.answer(Self.request(service, body)).status
        }
        func name(_ service: Receipt.Service) throws -> JSONValue {
            let good = try #require(Self.good[service])
            let body = try JSONReader.read(receiver.answer(Self.request(service, good)).body)
            return try #require(body["event_id"] ?? body["result"]?["message_id"])
        }
        func event(_ name: String) -> String {
            #"{"msgtype":"m.text","body":"质检","m.mentions":{},"#
                + #""m.relates_to":{"rel_type":"m.thread","event_id":\#(name)}}"#
        }
        func reply(_ name: String, alone: Bool = false) -> String {
            #"{"chat_id":-1,"text":"质检","reply_parameters":{"message_id":\#(name),"#
                + #""allow_sending_without_reply":\#(alone)}}"#
        }
        #expect(status(.matrix, event(#""$none""#)) == 400)
        #expect(status(.matrix, event(try name(.matrix).spelling)) == 200)
        #expect(status(.telegram, reply("7")) == 400)
        #expect(status(.telegram, reply("7", alone: true)) == 200)
        #expect(status(.telegram, reply("0", alone: true)) == 400)
        #expect(status(.telegram, reply(try name(.telegram).spelling)) == 200)
    }

    @Test(
        "The reference requests are taken",
        .enabled(
            if: GoldenData.isThere("channels/feishu.json"),
            "the golden requests are not beside the repository"), arguments: services)
    func references(_ service: Receipt.Service) throws {
        let file = try GoldenData.read("channels/\(service.rawValue).json")
        var count = 0
        for entry in try #require(file["cases"]?.list) {
            guard let reference = entry["reference_request"], let body = reference["body"],
                entry["receiver_verdict"] == "accepted", let path = reference["path"]?.text
            else { continue }
            let query = (reference["query"]?.members ?? []).map {
                "\($0.name)=\($0.value.text ?? "")"
            }
            let target = ([path] + (query.isEmpty ? [] : [query.joined(separator: "&")]))
                .joined(separator: "?")
            // The message that one of them answers was there before.
            let answered = body["m.relates_to"]?["event_id"]?.text.map { [$0] } ?? []
            let rules = ReceiverOptions.Rules(
                secret: body["sign"] == nil ? nil : "demo", messages: Set(answered))
            let receiver = try Self.receiver([service: rules])
            _ = receiver.answer(Self.request(service, body.spelling, path: target))
            let name = entry["name"]?.text ?? ""
            // Debian's Alertmanager (0.25) takes no other names of labels than the classic ones.
            let isClassic = service != .alertmanager || name != "hostile_markup"
            #expect(
                receiver.receipts.map(\.reason) == [isClassic ? "" : "invalid label set: k*e_y"],
                "\(name)")
            count += 1
        }
        #expect(count >= 3)
    }
}
