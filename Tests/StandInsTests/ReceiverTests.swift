import Crypto
import Foundation
import Pipeline
import Testing

@testable import StandIns

@Suite("The webhook receiver") struct WebhookReceiverTests {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let sentAt = Timestamp(milliseconds: 1_614_265_330_000)

    /// The published example of Standard Webhooks.
    static func request(
        headers changes: [String: String?] = [:], method: String = "POST",
        body: String = #"{"test": 2432232314}"#
    ) -> LoopbackRequest {
        var headers: [String: [String]] = [
            "content-type": ["application/json; charset=utf-8"],
            "webhook-id": ["msg_p5jXN8AQM9LWM0D4loKWxJek"],
            "webhook-timestamp": ["1614265330"],
            "webhook-signature": ["v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
        ]
        for (name, value) in changes { headers[name] = value.map { [$0] } }
        return LoopbackRequest(
            method: method, target: "/webhook/test", headers: headers, body: Array(body.utf8))
    }

    private func receiver(at now: Timestamp = sentAt) throws -> ReceiverStandIn {
        var options = ReceiverOptions()
        options.webhookSecret = Self.secret
        return try ReceiverStandIn(options: options, now: { now })
    }

    @Test("The published example is taken, also among signatures of other keys") func good() throws
    {
        let receiver = try receiver()
        #expect(receiver.answer(Self.request()).status == 200)
        let several = "v1,AAAA v2,x v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        let again = Self.request(headers: ["webhook-signature": several])
        #expect(receiver.answer(again).status == 200)
        #expect(receiver.receipts.map(\.verdict) == [.accepted, .duplicate])
        #expect(
            receiver.receipts.map(\.id)
                == Array(repeating: "msg_p5jXN8AQM9LWM0D4loKWxJek", count: 2))
        #expect(receiver.receipts[1].reason == "")
    }

    @Test(
        "What is wrong is refused by name",
        arguments: [
            ("webhook-signature", "v1,AAAA", 401, "webhook-signature"),
            ("webhook-signature", nil, 401, "webhook-signature"),
            ("webhook-timestamp", "1614265331", 401, "webhook-signature"),
            ("webhook-timestamp", "1614264000", 401, "webhook-timestamp too far"),
            ("webhook-timestamp", "99999999999999999999", 400, "webhook-timestamp"),
            ("webhook-timestamp", "9999999999999999", 401, "webhook-timestamp too far"),
            ("webhook-timestamp", nil, 400, "webhook-timestamp"),
            ("webhook-id", nil, 400, "webhook-id"), ("webhook-id", "a b", 400, "webhook-id"),
            ("webhook-id", String(repeating: "a", count: 257), 400, "webhook-id"),
            ("webhook-id", "another", 401, "webhook-signature"),
            ("content-type", "text/plain", 415, "content-type"),
        ] as [(String, String?, Int, String)])
    func refusals(header: String, value: String?, status: Int, reason: String) throws {
        let receiver = try receiver()
        #expect(receiver.answer(Self.request(headers: [header: value])).status == status)
        #expect(receiver.receipts.map(\.reason) == [reason])
        #expect(receiver.count(.refused, of: .webhook) == 1)
    }

    @Test("Another body under the same id is a duplicate that has changed") func changed() throws {
        let receiver = try ReceiverStandIn(now: { Self.sentAt })
        _ = receiver.answer(Self.request())
        _ = receiver.answer(Self.request(body: "{}"))
        #expect(receiver.receipts.map(\.reason) == ["", "changed"])
        #expect(receiver.statistics["reasons"]?["changed"] == 1)
        #expect(receiver.answer(Self.request(body: "{")).status == 400)
        #expect(receiver.answer(Self.request(method: "GET")).status == 405)
    }

    @Test("A secret that is none is said so, without showing it") func badSecret() throws {
        var options = ReceiverOptions()
        options.webhookSecret = "whsec_short"
        let error = try #require(throws: StandInError.self) {
            try ReceiverStandIn(options: options)
        }
        #expect(!error.message.contains("short"))
    }

    @Test("The log is bounded, listed by service and place, and the counters go on") func log()
        throws
    {
        var options = ReceiverOptions()
        options.logLimit = 10
        let receiver = try ReceiverStandIn(options: options, now: { Self.sentAt })
        for number in 1...100 {
            _ = receiver.answer(Self.request(headers: ["webhook-id": "\(number)"]))
        }
        #expect(receiver.receipts.count <= 10)
        #expect(receiver.receipts.last?.number == 100)
        #expect(receiver.count(.accepted, of: .webhook) == 100)
        let page = LoopbackRequest(
            method: "GET", target: "/__log?service=webhook&since=98&limit=1")
        #expect(receiver.answer(page).json["receipts"]?.list?.map { $0["id"] } == ["99"])
        let none = LoopbackRequest(method: "GET", target: "/__log?service=dingtalk&limit=-5")
        #expect(receiver.answer(none).json["receipts"] == [])
    }

    @Test("Faults: throttled and failed are refusals, a lost answer is not")
    func faults() throws {
        func receiver(_ faults: Faults) throws -> ReceiverStandIn {
            var options = ReceiverOptions()
            options.faults = faults
            return try ReceiverStandIn(options: options, now: { Self.sentAt })
        }
        let throttled = try receiver(Faults(throttled: 1, retryAfterMilliseconds: 1500))
        let answer = throttled.answer(Self.request())
        #expect(answer.status == 429)
        #expect(answer.headers.contains { $0 == ("retry-after", "2") })
        #expect(try receiver(Faults(failed: 1)).answer(Self.request()).status == 500)
        let losing = try receiver(Faults(reset: 1))
        #expect(losing.answer(Self.request()).ending == .reset)
        #expect(losing.count(.accepted, of: .webhook) == 1)
    }
}

@Suite("The DingTalk robot") struct DingTalkRobotTests {
    static let secret = "SECc32bb7345c0f73da2b9786f0f7dd5083bd768a29b82e6d460149d730eee51730"
    static let now = Timestamp(milliseconds: 1_700_000_000_000)
    static let sign = "dN8pmUL6k8iWTQx9isQjAXKHlcizFbPYJkekrlNvFsc%3D"
    static let good = "access_token=T&timestamp=1700000000000&sign=\(sign)"
    static let text = #"{"msgtype":"text","text":{"content":"质检：你好"}}"#

    private func robot(at now: Timestamp = now) throws -> ReceiverStandIn {
        var options = ReceiverOptions()
        options.rules[.dingtalk] = ReceiverOptions.Rules(
            key: "T", secret: Self.secret, keyword: "质检")
        return try ReceiverStandIn(options: options, now: { now })
    }

    private func send(
        _ robot: ReceiverStandIn, query: String = good, body: String = text,
        method: String = "POST", type: String = "application/json"
    ) -> JSONValue {
        let request = LoopbackRequest(
            method: method, target: "/robot/send?\(query)", headers: ["content-type": [type]],
            body: Array(body.utf8))
        let answer = robot.answer(request)
        #expect(answer.status == 200)
        return answer.json
    }

    @Test("The published signature is taken") func good() throws {
        let robot = try robot()
        #expect(send(robot).spelling == #"{"errcode":0,"errmsg":"ok"}"#)
        #expect(robot.count(.accepted, of: .dingtalk) == 1)
    }

    @Test(
        "What is wrong with the envelope is answered with the robot's own words",
        arguments: [
            ("timestamp=1700000000000&sign=x", 40035, "缺少参数 access_token"),
            ("access_token=U", 300005, "token is not exist"),
            ("access_token=T", 310000, "invalid timestamp"),
            ("access_token=T&timestamp=1700000000&sign=\(sign)", 310000, "invalid timestamp"),
            ("access_token=T&timestamp=1700003600001&sign=\(sign)", 310000, "invalid timestamp"),
            ("access_token=T&timestamp=1700000000000", 310000, nil),
            ("access_token=T&timestamp=1700000000001&sign=\(sign)", 310000, nil),
            // Encoded twice, as one library does.
            (
                "access_token=T&timestamp=1700000000000&sign="
                    + "dN8pmUL6k8iWTQx9isQjAXKHlcizFbPYJkekrlNvFsc%253D",
                310000, nil
            ),
        ] as [(String, Int, String?)])
    func envelope(query: String, code: Int, message: String?) throws {
        let answer = send(try robot(), query: query)
        #expect(answer["errcode"] == .integer(code))
        let text = "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中;"
        #expect(answer["errmsg"]?.text == message ?? text)
    }

    @Test(
        "What is wrong with the message is named",
        arguments: [
            ("{", 40035, "缺少参数 json"), ("{}", 40035, "缺少参数 msgtype"),
            (#"{"msgtype":"voice"}"#, 400105, "不支持的消息类型"),
            (#"{"msgtype":"text"}"#, 40035, "缺少参数 text"),
            (#"{"msgtype":"text","text":{"content":" "}}"#, 40035, "缺少参数 text.content"),
            (
                #"{"msgtype":"markdown","markdown":{"title":"质检"}}"#, 40035,
                "缺少参数 markdown.text"
            ),
            (
                #"{"msgtype":"actionCard","actionCard":{"title":"质检","text":"x"}}"#, 40035,
                "缺少参数 actionCard.singleTitle"
            ),
            (
                #"{"msgtype":"actionCard","actionCard":{"title":"质检","text":"x","btns":[]}}"#,
                40035, "缺少参数 actionCard.btns"
            ),
            (
                #"{"msgtype":"feedCard","feedCard":{"links":[{"title":"质检"}]}}"#, 40035,
                "缺少参数 feedCard.links"
            ),
            (
                #"{"msgtype":"text","text":{"content":"质检"},"at":{"atMobiles":[138]}}"#, 40035,
                "不合法的参数 at.atMobiles"
            ),
            (
                #"{"msgtype":"text","text":{"content":"质检"},"at":{"isAtAll":"true"}}"#, 40035,
                "不合法的参数 at.isAtAll"
            ),
            (
                #"{"msgtype":"text","text":{"content":"投诉"}}"#, 310000,
                "description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词;"
            ),
        ])
    func messages(body: String, code: Int, message: String) throws {
        let answer = send(try robot(), body: body)
        #expect(answer["errcode"] == .integer(code))
        #expect(answer["errmsg"]?.text == message)
    }

    @Test(
        "Every kind of message is taken",
        arguments: [
            #"{"msgtype":"markdown","markdown":{"title":"t","text":"质检"},"#
                + #""at":{"atMobiles":["1"],"isAtAll":false}}"#,
            #"{"msgtype":"link","link":{"title":"质检","text":"x","messageUrl":"u"}}"#,
            #"{"msgtype":"actionCard","actionCard":{"title":"质检","text":"x","#
                + #""singleTitle":"a","singleURL":"b"}}"#,
            #"{"msgtype":"actionCard","actionCard":{"title":"质检","text":"x","#
                + #""btns":[{"title":"a","actionURL":"b"}]}}"#,
            #"{"msgtype":"feedCard","feedCard":{"links":"#
                + #"[{"title":"质检","messageURL":"a","picURL":"b"}]}}"#,
        ])
    func kinds(body: String) throws {
        #expect(send(try robot(), body: body)["errcode"] == 0)
    }

    @Test("Method, type and size count; 20,000 bytes are the last to be taken") func sizes() throws
    {
        let robot = try robot()
        #expect(send(robot, method: "GET")["errcode"] == 43002)
        #expect(send(robot, type: "text/plain")["errcode"] == 43004)
        let frame = #"{"msgtype":"text","text":{"content":"质检"}}"#.utf8.count
        for (bytes, code) in [(20_000, 0), (20_001, 460_101)] {
            let filling = String(repeating: "a", count: bytes - frame)
            let body = #"{"msgtype":"text","text":{"content":"质检\#(filling)"}}"#
            #expect(send(robot, body: body)["errcode"] == .integer(code))
        }
    }

    @Test("The same msgUuid again is answered ok and counted as a duplicate") func duplicates()
        throws
    {
        let robot = try robot()
        let body = #"{"msgtype":"text","text":{"content":"质检"},"msgUuid":"u-1"}"#
        #expect(send(robot, body: body)["errcode"] == 0)
        #expect(send(robot, body: body)["errcode"] == 0)
        #expect(robot.receipts.map(\.verdict) == [.accepted, .duplicate])
    }

    private static let golden = "channels/dingtalk.json"

    @Test(
        "The reference requests are taken and altered ones are not",
        .enabled(
            if: GoldenData.isThere(golden), "the golden requests are not beside the repository")
    )
    func references() throws {
        var options = ReceiverOptions()
        let file = try GoldenData.read(Self.golden)
        var count = 0
        for entry in try #require(file["cases"]?.list) {
            guard let reference = entry["reference_request"], let body = reference["body"],
                entry["receiver_verdict"] == "accepted", let query = reference["query"]?.members
            else { continue }
            let isSigned = query.contains { $0.name == "sign" }
            options.rules[.dingtalk] = ReceiverOptions.Rules(secret: isSigned ? Self.secret : nil)
            let robot = try ReceiverStandIn(options: options, now: { Self.now })
            let pairs = query.map { pair in
                let value = (pair.value.text ?? "").replacingOccurrences(of: "+", with: "%2B")
                return "\(pair.name)=\(value)"
            }
            let answer = send(
                robot, query: pairs.joined(separator: "&"), body: body.spelling)
            #expect(answer["errcode"] == 0, "\(entry["name"]?.text ?? "")")
            let broken = send(robot, query: pairs.joined(separator: "&"), body: "[]")
            #expect(broken["errcode"] == 40035)
            count += 1
        }
        #expect(count >= 4)
    }
}
