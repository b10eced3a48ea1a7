import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct DingTalkTests {
    static let secret = "SECc32bb7345c0f73da2b9786f0f7dd5083bd768a29b82e6d460149d730eee51730"

    struct Body: Decodable {
        struct Markdown: Decodable { let title, text: String }
        struct At: Decodable {
            let atMobiles, atUserIds: [String]
            let isAtAll: Bool
        }
        let msgtype: String
        let markdown: Markdown
        let at: At?
        let msgUuid: String
    }

    static func bodies(
        _ alerts: [Alert], keyword: String = "质检",
        mentions: DingTalkChannel.Settings.Mentions = .init(),
        context: MessageContext = Sample.chinese, limit: Int = DingTalkFormat.bodyLimit
    ) throws -> [Body] {
        let format = DingTalkFormat(
            channel: "room", keyword: keyword, mentions: mentions, context: context)
        return try format.messages(for: alerts, in: Sample.flush, limit: limit).map { message in
            #expect(message.body.utf8.count <= limit)
            return try JSONDecoder().decode(Body.self, from: Data(message.body.utf8))
        }
    }

    @Test("A message quotes the sentence with role, place and loudness")
    func message() throws {
        let body = try #require(try Self.bodies([Sample.alert()]).first)
        #expect(body.msgtype == "markdown" && body.at == nil)
        #expect(body.markdown.title == "【质检】[高] 客户情绪激动")
        let expected = """
            #### 【质检】1 条告警

            🟠 **高 · 客户情绪激动**

            客户在 03:12 情绪值 9：“我要投诉”

            > 客户 03:12 响度 9：我要投诉你们

            任务：calls/T-1\u{20}\u{20}
            规则：customer-loud\u{20}\u{20}
            时间：2023-11-15 06:13:20\u{20}\u{20}
            标签：team=一组
            """
        #expect(body.markdown.text == expected)
    }

    @Test("The same in English, without a keyword")
    func english() throws {
        let bodies = try Self.bodies(
            [Sample.alert(title: ""), Sample.alert(2)], keyword: "", context: Sample.english)
        let body = try #require(bodies.first)
        #expect(body.markdown.title == "【Tocsin】[high] customer-loud and 1 more")
        #expect(body.markdown.text.hasPrefix("#### 【Tocsin】2 alerts\n\n🟠 **high · customer-loud**"))
        #expect(body.markdown.text.contains("> 客户 03:12 loudness 9: 我要投诉你们"))
    }

    @Test("Every part has the keyword, its number, and an idempotency key of its own")
    func parts() throws {
        let alerts = (1...60).map { Sample.alert($0, message: String(repeating: "话", count: 300)) }
        let bodies = try Self.bodies(alerts, mentions: .init(mobiles: ["13800000001"], all: true))
        #expect(bodies.count > 2)
        #expect(bodies.allSatisfy { $0.markdown.text.contains("质检") })
        #expect(bodies.allSatisfy { $0.markdown.title.contains("质检") })
        #expect(bodies[1].markdown.text.contains("（2/\(bodies.count)）"))
        #expect(Set(bodies.map(\.msgUuid)).count == bodies.count)
        #expect(bodies.map { $0.at == nil } == [false] + bodies.dropFirst().map { _ in true })
        #expect(bodies[0].markdown.text.hasSuffix("\n\n@13800000001"))
        #expect(bodies[0].at?.atMobiles == ["13800000001"] && bodies[0].at?.isAtAll == true)
    }

    @Test("What comes from outside makes no link, heading, quote, rule or mention")
    func hostile() throws {
        let alert = Sample.alert(
            title: Sample.hostile, message: Sample.hostile,
            evidence: [Quote(words: Sample.hostile, roleName: Sample.hostile)],
            labels: [Sample.hostile: Sample.hostile])
        let body = try #require(try Self.bodies([alert]).first)
        let text = body.markdown.text
        for markup in ["](", "![", "@all", "@everyone", "<", "`", "\\", "\u{0}", "\u{1B}", "\r"] {
            #expect(!text.contains(markup), "\(markup)")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.filter { $0.hasPrefix("#") }.count == 1)
        #expect(lines.filter { $0.hasPrefix("---") || $0.hasPrefix("===") }.isEmpty)
        #expect(lines.filter { $0.hasPrefix(">") }.count == 1)
        // Ours, in the line of the title, and nothing else.
        #expect(text.split(separator: "*").count == 3)
        #expect(!body.markdown.title.contains("\n") && !body.markdown.title.contains("@"))
        #expect(text.contains("victim@example.com") && text.contains("a_b"))
    }

    @Test("The time and signature of each attempt stand in its address, encoded once")
    func signedRequest() async throws {
        let settings = try DingTalkChannel.Settings(
            url: "https://oapi.dingtalk.com/robot/send?access_token=TESTTOKEN",
            secret: Secret(Self.secret), keyword: "质检")
        let reply = HTTPResponse(status: 200, body: Array(#"{"errcode":0,"errmsg":"ok"}"#.utf8))
        let transport = ScriptedTransport(http: .success(reply))
        let channel = DingTalkChannel(
            name: "room", settings: settings, context: Sample.chinese, transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        #expect(
            await channel.send(Sample.delivery(message), at: Sample.now)
                == .delivered(answer: "errcode 0: ok"))
        let request = try #require(await transport.requests.first)
        #expect(
            request.url == "https://oapi.dingtalk.com/robot/send?access_token=TESTTOKEN"
                + "&timestamp=1700000000000&sign=dN8pmUL6k8iWTQx9isQjAXKHlcizFbPYJkekrlNvFsc%3D")
        #expect(request.body == Array(message.body.utf8))
        #expect(request.headers == [HTTPHeader("Content-Type", "application/json; charset=utf-8")])
    }

    @Test("Every signature vector", .enabled(if: Golden.isThere, "no golden data here"))
    func signatureVectors() throws {
        struct File: Decodable {
            struct Group: Decodable { let vectors: [Vector] }
            struct Vector: Decodable {
                let timestampMs: Int64
                let secret, signBase64, signQueryEncoded: String
            }
            let dingtalk: Group
        }
        let vectors = try Golden.channel("signatures", as: File.self).dingtalk.vectors
        #expect(vectors.count >= 12)
        for vector in vectors {
            let sign = DingTalkSignature.base64(
                milliseconds: vector.timestampMs, secret: vector.secret)
            #expect(sign == vector.signBase64)
            #expect(Escaping.query(sign) == vector.signQueryEncoded)
        }
    }

    @Test(
        "The golden alerts fit, with title, keyword and no markup of theirs",
        .enabled(if: Golden.isThere, "no golden data here"))
    func goldenAlerts() throws {
        for (name, alert) in try Golden.alerts() {
            let bodies = try Self.bodies([alert])
            #expect(bodies.count == 1, "\(name)")
            let body = try #require(bodies.first)
            #expect(!body.markdown.title.contains("\n"), "\(name)")
            #expect(body.markdown.text.contains("质检"), "\(name)")
        }
        let basic = try #require(try Golden.alerts()["basic_firing"])
        let title = try #require(try Self.bodies([basic]).first).markdown.title
        #expect(title.contains("Disk almost full on db-1"))
    }
}
