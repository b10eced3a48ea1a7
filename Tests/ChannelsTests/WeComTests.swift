import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct WeComTests {
    static let url =
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4-97a0-0ec2000aaaaa"

    struct Body: Decodable {
        struct Content: Decodable {
            let content: String
            let mentionedList, mentionedMobileList: [String]?
        }
        let msgtype: String
        let markdown, text: Content?
    }

    static func body(_ text: String) throws -> Body {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Body.self, from: Data(text.utf8))
    }

    /// The contents of the messages, whose sizes are judged on the way.
    static func contents(
        _ alerts: [Alert], mentions: Mentions = Mentions(),
        context: MessageContext = Sample.chinese
    ) throws -> [String] {
        try WeComFormat(mentions: mentions, context: context)
            .messages(for: alerts, in: Sample.flush).map { message in
                let body = try body(message.body)
                let content = try #require((body.markdown ?? body.text)?.content)
                #expect(content.utf8.count <= (body.msgtype == "text" ? 2048 : 4096))
                if let plain = message.plain {
                    let text = try #require(try Self.body(plain).text)
                    #expect(text.content.utf8.count <= 2048)
                }
                return content
            }
    }

    static func channel(
        mentions: Mentions = Mentions(), transport: any Transport = ScriptedTransport()
    ) throws -> ServiceChannel {
        ServiceChannel(
            name: "room", service: try WeCom(url: url, mentions: mentions),
            context: Sample.chinese, transport: transport)
    }

    @Test("A message has a coloured title, the quotes among their neighbours, and members called")
    func message() throws {
        let mentions = Mentions(
            label: "team", byValue: ["一组": People(users: ["zhangsan", "li.si"])])
        let content = try #require(
            try Self.contents([Sample.alertWithContext], mentions: mentions).first)
        let expected = """
            #### 【Tocsin】1 条告警
            🟠 **<font color="warning">高 · 客户情绪激动</font>**
            客户在 03:12 情绪值 9：“我要投诉”
            > ┆ 坐席 03:05：您好，请讲
            > 客户 [03:12](https://rec.example.com/a?b=%281%29#t=192) 响度 9：我要投诉你们
            > ┆ 坐席 03:15：非常抱歉

            任务：calls/T-1
            规则：customer-loud
            时间：2023-11-15 06:13:20
            标签：team=一组

            <@zhangsan> <@li.si>
            """
        #expect(content == expected)
    }

    @Test("Colours follow severity")
    func colors() throws {
        let colors: [(Severity, String)] = [
            (.info, "comment"), (.low, "info"), (.medium, "info"), (.high, "warning"),
            (.critical, "warning"),
        ]
        for (severity, color) in colors {
            let content = try #require(
                try Self.contents([Sample.alert(severity: severity)]).first)
            #expect(content.contains("<font color=\"\(color)\">"))
        }
    }

    @Test("What only a text message can call is called by one of its own, the last part")
    func callingByText() throws {
        let people = People(users: ["zhangsan"], mobiles: ["13800000001"], all: true)
        let format = WeComFormat(mentions: Mentions(people), context: Sample.chinese)
        let messages = format.messages(for: [Sample.alert(), Sample.alert(2)], in: Sample.flush)
        #expect(messages.map(\.part) == [1, 2] && messages.map(\.parts) == [2, 2])
        let bodies = try messages.map { try Self.body($0.body) }
        #expect(bodies[0].markdown?.content.contains("<@") == false)
        #expect(bodies[0].markdown?.content.contains("（1/") == false)
        let call = try #require(bodies[1].text)
        #expect(call.content == "【Tocsin】[高] 客户情绪激动 等 2 条")
        #expect(call.mentionedList == ["zhangsan", "@all"])
        #expect(call.mentionedMobileList == ["13800000001"])
        #expect(messages[1].plain == nil && messages[1].alerts.count == 1)
        // The plain form of the first one leaves the call to the last one.
        let plain = try #require(try Self.body(messages[0].plain ?? "").text)
        #expect(plain.mentionedList == nil && plain.mentionedMobileList == nil)
        let users = WeComFormat(
            mentions: Mentions(People(users: ["zhangsan"])), context: Sample.chinese)
        let only = users.messages(for: [Sample.alert()], in: Sample.flush)
        #expect(only.count == 1)
        #expect(try Self.body(only[0].plain ?? "").text?.mentionedList == ["zhangsan"])
    }

    @Test("What comes from outside makes no mention, colour, link, heading or quote")
    func hostile() throws {
        let hostile = Sample.hostile + " <@all> <font color=\"info\">x</font> &lt;@all&gt; &#60;"
        let alert = Sample.alert(
            title: hostile, message: hostile,
            evidence: [Quote(words: hostile, roleName: hostile)], labels: [hostile: hostile])
        let content = try #require(
            try Self.contents([alert], mentions: Mentions(People(users: ["zhangsan"]))).first)
        // Ours, and nothing else.
        #expect(content.split(separator: "<", omittingEmptySubsequences: false).count == 4)
        #expect(content.contains("<font color=\"warning\">") && content.contains("<@zhangsan>"))
        #expect(content.split(separator: "*", omittingEmptySubsequences: false).count == 5)
        for markup in ["](", "![", "@all", "&lt;", "&#60;", "`", "\\", "\u{0}", "\r"] {
            #expect(!content.contains(markup), "\(markup)")
        }
        let lines = content.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("#") }.count == 1)
        #expect(lines.filter { $0.hasPrefix(">") }.count == 1)
        let message = WeComFormat(mentions: Mentions(), context: Sample.chinese)
            .messages(for: [alert], in: Sample.flush)
        let plain = try #require(message.first?.plain)
        #expect(!plain.contains("<"))
    }

    @Test("Content of 4096 bytes is one message, 4097 are two")
    func limits() throws {
        let format = WeComFormat(mentions: Mentions(), context: Sample.chinese)
        for filler in ["话", "👨‍👩‍👧‍👦", "🇨🇳", "a"] {
            func size(_ count: Int, _ tail: Int) -> [Int] {
                let message =
                    String(repeating: filler, count: count)
                    + String(repeating: "b", count: tail)
                let alerts = [Sample.alert(message: message), Sample.alert(2)]
                return format.messages(for: alerts, in: Sample.flush)
                    .map { SplittingTests.Format.weCom.size($0) }
            }
            let count = 2800 / filler.utf8.count
            let whole = size(count, 0)
            let room = 4096 - (whole.first ?? 0)
            #expect(size(count, room - 1) == [4095] && size(count, room) == [4096])
            #expect(size(count, room + 1).count == 2)
        }
    }

    @Test("Every identifier and the longest address fit a cut message")
    func longEverything() throws {
        let long = String(repeating: "*规_", count: 3000)
        let people = People(users: (10..<30).map { String(repeating: "u", count: 62) + "\($0)" })
        let alert = Alert(
            id: Alert.ID(rule: long, task: TaskID(source: long, id: long), tid: long), title: long,
            severity: .low,
            labels: [
                "recording": "https://h.cn/" + String(repeating: "a", count: 1000), long: long,
            ],
            message: long, evidence: [Quote(words: long, at: "00:01", begin: 1000)],
            raisedAt: Sample.now, ruleSetVersion: "v")
        let contents = try Self.contents([alert, alert], mentions: Mentions(people))
        #expect(contents.count == 2 && contents.allSatisfy { $0.contains("已截断") })
        #expect(contents.allSatisfy { $0.contains("(https://h.cn/aaa") })
    }

    @Test("Markdown that is refused goes out as text")
    func plainText() async throws {
        let transport = AnsweringTransport { request in
            String(decoding: request.body, as: UTF8.self).contains("\"markdown\"")
                ? #"{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}"#
                : #"{"errcode":0,"errmsg":"ok"}"#
        }
        let channel = try Self.channel(transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome.kind == "delivered" && outcome.text.contains("40058"))
        let requests = await transport.requests
        #expect(requests.count == 2 && requests.allSatisfy { $0.url == Self.url })
        #expect(try Self.body(String(decoding: requests[1].body, as: UTF8.self)).msgtype == "text")
    }

    @Test("Every golden case", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenCases() throws {
        let golden = try GoldenCases("wecom")
        for row in golden.cases {
            let isText = row.name.contains("text")
            let mentions = Mentions(People(users: row.name.contains("mention") ? ["wangqing"] : []))
            let channel = try Self.channel(mentions: mentions)
            let messages = channel.messages(for: [row.alert], in: Sample.flush)
            let message = try #require(messages.first)
            // A case about text is about the plain form.
            let body = isText ? try #require(message.plain) : message.body
            try golden.judge(channel.request(body), for: row)
        }
    }

    @Test("A robot's settings name what is wrong")
    func settings() {
        func failure(_ url: String = Self.url, _ people: People = People()) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try WeCom(url: url, mentions: Mentions(people))
            }
        }
        #expect(failure() == nil)
        for url in [
            "", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
            "https://qyapi.weixin.qq.com/cgi-bin/message/send?key=x",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?debug=key=x",
        ] {
            #expect(failure(url) == "url", "\(url)")
        }
        #expect(failure(Self.url, People(users: ["zhang_san-1.b@c"], mobiles: ["+86138"])) == nil)
        #expect(failure(Self.url, People(users: ["a>"])) == "at")
        #expect(failure(Self.url, People(mobiles: ["138 0"])) == "at")
        #expect(failure(Self.url, People(users: Array(repeating: "a", count: 21))) == "at")
    }
}
