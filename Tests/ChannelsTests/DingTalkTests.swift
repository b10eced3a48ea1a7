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
            var isEmpty: Bool { atMobiles.isEmpty && atUserIds.isEmpty && !isAtAll }
        }
        let msgtype: String
        let markdown: Markdown
        let at: At
        let msgUuid: String
    }

    static func bodies(
        _ alerts: [Alert], keyword: String = "质检",
        mentions: Mentions = Mentions(),
        context: MessageContext = Sample.chinese, limit: Int = DingTalkFormat.limit
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
        #expect(body.msgtype == "markdown" && body.at.isEmpty)
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
        let bodies = try Self.bodies(
            alerts, mentions: Mentions(People(mobiles: ["13800000001"], all: true)))
        #expect(bodies.count > 2)
        #expect(bodies.allSatisfy { $0.markdown.text.contains("质检") })
        #expect(bodies.allSatisfy { $0.markdown.title.contains("质检") })
        #expect(bodies[1].markdown.text.contains("（2/\(bodies.count)）"))
        #expect(Set(bodies.map(\.msgUuid)).count == bodies.count)
        #expect(bodies.map(\.at.isEmpty) == [false] + bodies.dropFirst().map { _ in true })
        #expect(bodies[0].markdown.text.hasSuffix("\n\n@13800000001"))
        #expect(bodies[0].at.atMobiles == ["13800000001"] && bodies[0].at.isAtAll == true)
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
        let settings = try DingTalk(
            url: "https://oapi.dingtalk.com/robot/send?access_token=TESTTOKEN",
            secret: Secret(Self.secret), keyword: "质检")
        let reply = HTTPResponse(status: 200, body: Array(#"{"errcode":0,"errmsg":"ok"}"#.utf8))
        let transport = ScriptedTransport(http: .success(reply))
        let channel = ServiceChannel(
            name: "room", service: settings, context: Sample.chinese, transport: transport)
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

    @Test("A quote stands between its neighbours, and its place leads into the recording")
    func context() throws {
        let body = try #require(try Self.bodies([Sample.alertWithContext]).first)
        let expected = """
            > ┆ 坐席 03:05：您好，请讲\u{20}\u{20}
            > 客户 [03:12](https://rec.example.com/a?b=%281%29#t=192) 响度 9：我要投诉你们\u{20}\u{20}
            > ┆ 坐席 03:15：非常抱歉
            """
        #expect(body.markdown.text.contains(expected))
        #expect(!body.markdown.text.contains("recording="))
        #expect(!body.markdown.text.contains("听录音"))
        var unquoted = Sample.alertWithContext
        unquoted.evidence = []
        let other = try #require(try Self.bodies([unquoted]).first).markdown.text
        #expect(other.hasSuffix("\n\n[听录音](https://rec.example.com/a?b=%281%29)"))
    }

    @Test("A label chooses whom a message calls, each once, in the first part only")
    func mentionsByLabel() throws {
        let mentions = Mentions(
            People(users: ["lead"]), label: "team",
            byValue: ["一组": People(mobiles: ["13800000001"]), "二组": People(all: true)])
        let one = try #require(try Self.bodies([Sample.alert()], mentions: mentions).first)
        #expect(one.markdown.text.hasSuffix("\n\n@13800000001 @lead"))
        #expect(one.at.atMobiles == ["13800000001"] && one.at.atUserIds == ["lead"])
        #expect(!one.at.isAtAll)
        let both = [Sample.alert(), Sample.alert(2, labels: ["team": "二组"]), Sample.alert(3)]
        let all = try #require(try Self.bodies(both, mentions: mentions).first)
        #expect(all.at.isAtAll && all.at.atMobiles == ["13800000001"])
        let none = [Sample.alert(labels: ["team": "三组"])]
        #expect(try #require(try Self.bodies(none, mentions: mentions).first).at.atMobiles == [])
    }

    @Test("What refuses Markdown gets the same in plain text, under an idempotency key of its own")
    func plainText() async throws {
        struct Text: Decodable {
            struct Content: Decodable { let content: String }
            let msgtype, msgUuid: String
            let text: Content
            let at: Body.At
        }
        let settings = try DingTalk(
            url: "https://oapi.dingtalk.com/robot/send?access_token=TESTTOKEN", keyword: "质检",
            mentions: Mentions(People(mobiles: ["13800000001"])))
        let transport = AnsweringTransport { request in
            let isPlain = String(decoding: request.body, as: UTF8.self).contains("\"text\":{")
            return isPlain ? #"{"errcode":0,"errmsg":"ok"}"# : #"{"errcode":400105,"errmsg":"no"}"#
        }
        let channel = ServiceChannel(
            name: "room", service: settings, context: Sample.chinese, transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alertWithContext], in: Sample.flush).first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome.kind == "delivered" && outcome.text.contains("纯文本"))
        #expect(outcome.text.contains("400105"))
        let requests = await transport.requests
        #expect(requests.count == 2)
        let plain = try JSONDecoder().decode(Text.self, from: Data(requests[1].body))
        let rich = try JSONDecoder().decode(Body.self, from: Data(requests[0].body))
        #expect(plain.msgtype == "text" && plain.msgUuid != rich.msgUuid)
        #expect(plain.at.atMobiles == ["13800000001"])
        let expected = """
            【质检】1 条告警

            🟠 [高] 客户情绪激动
            客户在 03:12 情绪值 9：“我要投诉”
              坐席 03:05：您好，请讲
            > 客户 03:12 响度 9：我要投诉你们
              坐席 03:15：非常抱歉
            任务：calls/T-1
            规则：customer-loud
            时间：2023-11-15 06:13:20
            team=一组
            听录音：https://rec.example.com/a?b=%281%29#t=192

            @13800000001
            """
        #expect(plain.text.content == expected)
    }

    @Test("A refusal of both forms is final and tells both reasons")
    func refusedTwice() async throws {
        let settings = try DingTalk(
            url: "https://oapi.dingtalk.com/robot/send?access_token=TESTTOKEN")
        let transport = AnsweringTransport { request in
            let isPlain = String(decoding: request.body, as: UTF8.self).contains("\"text\":{")
            return "{\"errcode\":\(isPlain ? 430102 : 400105),\"errmsg\":\"no\"}"
        }
        let channel = ServiceChannel(
            name: "room", service: settings, context: Sample.chinese, transport: transport)
        let message = try #require(channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome.kind == "refusedMessage")
        #expect(outcome.text.contains("400105") && outcome.text.contains("430102"))
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

    @Test("Every golden case", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenCases() throws {
        let golden = try GoldenCases("dingtalk")
        for row in golden.cases {
            let calls = row.expectations.contains { "\($0["value"] ?? "")".contains("@138") }
            let settings = try DingTalk(
                url: "https://oapi.dingtalk.com/robot/send?access_token=TESTTOKEN",
                secret: Secret(Self.secret),
                mentions: Mentions(People(mobiles: calls ? ["13800000001"] : [])))
            let channel = ServiceChannel(
                name: "room", service: settings, context: Sample.english,
                transport: ScriptedTransport())
            let messages = channel.messages(for: [row.alert], in: Sample.flush)
            #expect(messages.count == 1)
            let message = try #require(messages.first)
            try golden.judge(channel.request(message.body, at: Sample.now), for: row)
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
