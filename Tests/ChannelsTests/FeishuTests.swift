import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct FeishuTests {
    static let url =
        "https://open.feishu.cn/open-apis/bot/v2/hook/b3b2c1d0-a9f8-4e7f-9a12-34567890abcd"

    struct Body: Decodable {
        struct Text: Decodable { let tag, content: String }
        struct Header: Decodable {
            let template: String
            let title: Text
        }
        struct Button: Decodable {
            let tag, url, type: String
            let text: Text
        }
        struct Element: Decodable {
            let tag: String
            let text: Text?
            let elements: [Text]?
            let actions: [Button]?
        }
        struct Card: Decodable {
            let header: Header
            let elements: [Element]
        }
        let timestamp, sign: String?
        let msgType: String
        let card: Card

        /// All that is written as markup.
        var markup: [String] {
            card.elements.compactMap(\.text).filter { $0.tag == "lark_md" }.map(\.content)
        }
    }

    static func format(
        keyword: String = "质检", mentions: Mentions = Mentions(),
        context: MessageContext = Sample.chinese
    ) -> FeishuFormat {
        FeishuFormat(keyword: keyword, mentions: mentions, context: context, isSigned: true)
    }

    static func bodies(_ messages: [Message]) throws -> [Body] {
        try messages.map { message in
            #expect(message.body.utf8.count + FeishuSignature.size <= FeishuFormat.limit)
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Body.self, from: Data(message.body.utf8))
        }
    }

    static func channel(
        secret: String? = "demo", keyword: String = "", mentions: Mentions = Mentions(),
        transport: any Transport = ScriptedTransport()
    ) throws -> ServiceChannel {
        let settings = try Feishu(
            url: url, secret: secret.map { Secret($0) }, keyword: keyword, mentions: mentions)
        return ServiceChannel(
            name: "room", service: settings, context: Sample.chinese, transport: transport)
    }

    @Test("A card has a coloured header, the quotes among their neighbours, facts and a button")
    func card() throws {
        let mentions = Mentions(
            People(users: ["ou_lead"]), label: "team", byValue: ["一组": People(all: true)])
        let messages = Self.format(mentions: mentions)
            .messages(for: [Sample.alertWithContext], in: Sample.flush)
        let body = try #require(try Self.bodies(messages).first)
        #expect(body.msgType == "interactive" && body.timestamp == nil)
        #expect(body.card.header.template == "orange")
        #expect(body.card.header.title.tag == "plain_text")
        #expect(body.card.header.title.content == "【质检】[高] 客户情绪激动")
        #expect(body.card.elements.map(\.tag) == ["div", "div", "note", "action", "div"])
        #expect(
            body.markup == [
                "🟠 **高 · 客户情绪激动**\n客户在 03:12 情绪值 9：“我要投诉”",
                "┆ 坐席 03:05：您好，请讲\n"
                    + "客户 [03:12](https://rec.example.com/a?b=%281%29#t=192) 响度 9：我要投诉你们\n"
                    + "┆ 坐席 03:15：非常抱歉",
                "<at id=ou_lead></at> <at id=all></at>",
            ])
        let note = try #require(body.card.elements[2].elements?.first)
        #expect(note.tag == "plain_text")
        #expect(
            note.content == "任务：calls/T-1\n规则：customer-loud\n时间：2023-11-15 06:13:20\n标签：team=一组")
        let button = try #require(body.card.elements[3].actions?.first)
        #expect(button.text.content == "听录音 03:12" && button.text.tag == "plain_text")
        #expect(button.url == "https://rec.example.com/a?b=%281%29#t=192")
    }

    @Test("The header has the colour of the worst alert")
    func colors() throws {
        let colors: [(Severity, String)] = [
            (.info, "grey"), (.low, "blue"), (.medium, "yellow"), (.high, "orange"),
            (.critical, "red"),
        ]
        for (severity, color) in colors {
            let alerts = [Sample.alert(severity: .info), Sample.alert(2, severity: severity)]
            let messages = Self.format().messages(for: alerts, in: Sample.flush)
            #expect(try Self.bodies(messages).map(\.card.header.template) == [color])
        }
    }

    @Test("What comes from outside makes no mention, link, heading or emphasis")
    func hostile() throws {
        let alert = Sample.alert(
            title: Sample.hostile, message: Sample.hostile,
            evidence: [Quote(words: Sample.hostile, roleName: Sample.hostile)],
            labels: [Sample.hostile: Sample.hostile])
        let message = try #require(
            Self.format().messages(for: [alert], in: Sample.flush).first)
        let body = try #require(try Self.bodies([message]).first)
        for (place, text) in body.markup.enumerated() {
            for markup in ["<", ">", "[", "]", "`", "~", "_", "\\", "\u{0}", "\u{1B}", "\r"] {
                #expect(!text.contains(markup), "\(markup) in \(place)")
            }
            // The emphasis of our own title, and nothing else.
            #expect(
                text.split(separator: "*", omittingEmptySubsequences: false).count
                    == (place == 0 ? 5 : 1))
            #expect(!text.replacingOccurrences(of: "&#", with: "").contains("#"))
        }
        #expect(body.markup[0].contains("&#60;at user&#95;id=\"all\"&#62;"))
        #expect(!body.card.header.title.content.contains("\n"))
        let plain = try #require(message.plain)
        #expect(!plain.contains("<"))
    }

    @Test("Many alerts make several cards, each with the keyword, called people in the first only")
    func parts() throws {
        let alerts = (1...60).map { Sample.alert($0, message: String(repeating: "话", count: 200)) }
        let messages = Self.format(mentions: Mentions(People(all: true)))
            .messages(for: alerts, in: Sample.flush)
        let bodies = try Self.bodies(messages)
        #expect(bodies.count > 2 && messages.flatMap(\.alerts) == alerts.map(\.id))
        #expect(bodies.allSatisfy { $0.card.header.title.content.hasPrefix("【质检】") })
        #expect(bodies.allSatisfy { $0.card.elements.count <= FeishuFormat.weightLimit })
        #expect(bodies[1].card.header.title.content.hasSuffix("（2/\(bodies.count)）"))
        let calling = bodies.map { $0.markup.contains("<at id=all></at>") }
        #expect(calling == [true] + bodies.dropFirst().map { _ in false })
        #expect(messages.allSatisfy { $0.plain?.contains("质检") == true })
        let short = (1...60).map { Sample.alert($0, message: "x", evidence: []) }
        let few = Self.format().messages(for: short, in: Sample.flush)
        #expect(try Self.bodies(few).allSatisfy { $0.card.elements.count <= 60 } && few.count > 2)
    }

    @Test("Each attempt is signed with its own time, in seconds")
    func signed() async throws {
        let reply = HTTPResponse(status: 200, body: Array(#"{"code":0,"msg":"success"}"#.utf8))
        let transport = ScriptedTransport(http: .success(reply))
        let channel = try Self.channel(transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        #expect(
            await channel.send(Sample.delivery(message), at: Sample.now)
                == .delivered(answer: "code 0: success"))
        let request = try #require(await transport.requests.first)
        #expect(request.url == Self.url)
        let text = String(decoding: request.body, as: UTF8.self)
        let head =
            "{\"timestamp\":\"1700000000\","
            + "\"sign\":\"8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo=\","
        #expect(text.hasPrefix(head) && text.hasSuffix(message.body.dropFirst()))
        #expect(request.body.count == message.body.utf8.count + FeishuSignature.size)
        let unsigned = try Self.channel(secret: nil).request(message.body, at: Sample.now)
        #expect(unsigned.body == Array(message.body.utf8))
    }

    @Test("Every signature vector", .enabled(if: Golden.isThere, "no golden data here"))
    func signatureVectors() throws {
        struct File: Decodable {
            struct Group: Decodable { let vectors: [Vector] }
            struct Vector: Decodable {
                let timestampS: Int64
                let secret, sign: String
            }
            let feishu: Group
        }
        let vectors = try Golden.channel("signatures", as: File.self).feishu.vectors
        #expect(vectors.count >= 3)
        for vector in vectors {
            #expect(
                FeishuSignature.base64(seconds: vector.timestampS, secret: vector.secret)
                    == vector.sign)
        }
    }

    @Test("A card that is refused goes out as text, with the people called")
    func plainText() async throws {
        let transport = AnsweringTransport { request in
            String(decoding: request.body, as: UTF8.self).contains("\"interactive\"")
                ? #"{"code":11246,"msg":"card content invalid"}"# : #"{"code":0,"msg":"success"}"#
        }
        let channel = try Self.channel(
            keyword: "质检", mentions: Mentions(People(users: ["ou_1"], all: true)),
            transport: transport)
        let message = try #require(
            channel.messages(
                for: [Sample.alert(title: "<at user_id=\"x\"></at>")], in: Sample.flush
            )
            .first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome.kind == "delivered" && outcome.text.contains("11246"))
        let requests = await transport.requests
        #expect(requests.count == 2)
        let text = String(decoding: requests[1].body, as: UTF8.self)
        #expect(text.hasPrefix(#"{"timestamp":"1700000000","sign":""#))
        #expect(text.contains(#""msg_type":"text","content":{"text":"【质检】1 条告警"#))
        #expect(text.contains("＜at user_id="))
        #expect(text.hasSuffix(#"<at user_id=\"ou_1\"></at> <at user_id=\"all\"></at>"}}"#))
    }

    @Test("Every golden case", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenCases() throws {
        let golden = try GoldenCases("feishu")
        for row in golden.cases {
            let all = row.name.contains("everyone")
            let channel = try Self.channel(mentions: Mentions(People(all: all)))
            let messages = channel.messages(for: [row.alert], in: Sample.flush)
            #expect(messages.count == 1, "\(row.name)")
            let message = try #require(messages.first)
            try golden.judge(channel.request(message.body, at: Sample.now), for: row)
        }
    }

    @Test("A bot's settings name what is wrong")
    func settings() {
        func failure(
            _ url: String = Self.url, secret: String? = "demo", keyword: String = "质检",
            mentions: Mentions = Mentions()
        ) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try Feishu(
                    url: url, secret: secret.map { Secret($0) }, keyword: keyword,
                    mentions: mentions)
            }
        }
        #expect(failure() == nil && failure(secret: nil, keyword: "") == nil)
        #expect(failure("https://open.larksuite.com/open-apis/bot/v2/hook/x/") == nil)
        #expect(failure("https://open.feishu.cn/open-apis/bot/v2/hook/") == "url")
        #expect(failure("https://open.feishu.cn/open-apis/bot/hook/x") == "url")
        #expect(failure("") == "url" && failure(secret: "") == "secret")
        #expect(failure(keyword: "质\n检") == "keyword")
        func at(_ people: People) -> String? { failure(mentions: Mentions(people)) }
        #expect(at(People(users: ["ou_7d8a6e", "abc123"])) == nil)
        for name in ["", "a@b.cn", "ou 1", "x\"></at><at id=all", "张三"] {
            #expect(at(People(users: [name])) == "at", "\(name)")
        }
        #expect(at(People(users: Array(repeating: "a", count: 51))) == "at")
        #expect(
            failure(mentions: Mentions(label: "team", byValue: ["x": People(users: ["<"])])) == "at"
        )
        #expect(failure(mentions: Mentions(label: "team")) == "at")
        #expect(failure(mentions: Mentions(byValue: ["x": People(all: true)])) == "at")
    }
}
