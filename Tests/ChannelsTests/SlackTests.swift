import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct SlackTests {
    static let url = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"

    struct Body: Decodable {
        struct Text: Decodable {
            let type, text: String
            let verbatim: Bool?
        }
        struct Block: Decodable {
            let type: String
            let text: Text?
            let elements: [Text]?
        }
        let text: String
        let blocks: [Block]?
        let threadTs: String?
        let unfurlLinks: Bool

        /// All texts of the blocks.
        var texts: [Text] {
            (blocks ?? []).flatMap { [$0.text].compactMap(\.self) + ($0.elements ?? []) }
        }
    }

    static func body(_ text: String) throws -> Body {
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        if let blocks = json?["blocks"] { #expect(SlackRules.areSound(blocks)) }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Body.self, from: Data(text.utf8))
    }

    static func format(
        mentions: Mentions = Mentions(), thread: String = "",
        context: MessageContext = Sample.chinese
    ) -> SlackFormat {
        SlackFormat(mentions: mentions, context: context, thread: thread)
    }

    static func channel(
        mentions: Mentions = Mentions(), context: MessageContext = Sample.chinese,
        transport: any Transport = ScriptedTransport()
    ) throws -> ServiceChannel {
        ServiceChannel(
            name: "room", service: try Slack(url: url, mentions: mentions),
            context: context, transport: transport)
    }

    @Test("A message is a header, and for each alert its text, its quotes and its facts")
    func message() throws {
        let people = People(users: ["U1"], groups: ["S1"], here: true, all: true)
        let messages = Self.format(mentions: Mentions(people), thread: "1700000000.000100")
            .messages(for: [Sample.alertWithContext], in: Sample.flush)
        let body = try Self.body(try #require(messages.first).body)
        #expect(body.text == "［高］ 客户情绪激动" && body.threadTs == "1700000000.000100")
        #expect(!body.unfurlLinks)
        #expect(body.blocks?.map(\.type) == ["header", "section", "section", "context", "section"])
        #expect(
            body.texts.map(\.text) == [
                "[高] 客户情绪激动", "🟠 *高 · 客户情绪激动*\n客户在 03:12 情绪值 9：“我要投诉”",
                "> ┆ 坐席 03:05：您好，请讲\n"
                    + "> 客户 <https://rec.example.com/a?b=%281%29#t=192|03:12> 响度 9：我要投诉你们\n"
                    + "> ┆ 坐席 03:15：非常抱歉",
                "任务：calls/T-1\n规则：customer-loud\n时间：2023-11-15 06:13:20\n标签：team=一组",
                "<@U1> <!subteam^S1> <!here> <!channel>",
            ])
        #expect(body.texts.allSatisfy { $0.type == "plain_text" || $0.verbatim == true })
        let two = Self.format().messages(for: [Sample.alert(), Sample.alert(2)], in: Sample.flush)
        let types = try Self.body(try #require(two.first).body).blocks?.map(\.type)
        let alert = ["section", "section", "context"]
        #expect(types == ["header"] + alert + ["divider"] + alert)
    }

    @Test("What comes from outside makes no mention, link, quote or emphasis")
    func hostile() throws {
        let hostile = Sample.hostile + " <!here> <@U1> <http://evil.test|x> &lt;!channel&gt; ~s~"
        let alert = Sample.alert(
            title: hostile, message: "> q\n" + hostile,
            evidence: [Quote(words: hostile, roleName: hostile)], labels: [hostile: hostile])
        let message = try #require(Self.format().messages(for: [alert], in: Sample.flush).first)
        let body = try Self.body(message.body)
        let plain = try Self.body(try #require(message.plain))
        #expect(plain.blocks == nil)
        for text in body.texts.filter({ $0.type == "mrkdwn" }).map(\.text) + [body.text] {
            #expect(!text.contains("<") && !text.contains("`") && !text.contains("~"))
            #expect(!text.contains("&lt;!channel&gt;") || !text.contains("&amp;lt;"))
            #expect(!text.contains("\n&gt;") && !text.contains("\u{202E}"))
        }
        #expect(!plain.text.contains("<") && plain.text.contains("&lt;!channel&gt;"))
        let title = try #require(body.blocks?[1].text?.text)
        #expect(title.split(separator: "*", omittingEmptySubsequences: false).count == 3)
        #expect(title.contains("\n＞ q"))
        #expect(body.texts[0].text.utf16.count <= 150)
    }

    @Test(
        "Signs of mrkdwn are escaped or replaced",
        arguments: [
            ("<@U1> & <b>", "&lt;＠U1&gt; &amp; &lt;b&gt;"), ("> q", "＞ q"), ("a > b", "a &gt; b"),
            ("*b* _i_ ~s~ `c`", "＊b＊ ＿i＿ ～s～ ｀c｀"), ("snake_case", "snake_case"),
            ("R&D", "R&amp;D"), ("&lt;", "＆lt;"), ("\u{E000}@U1\u{E001}", "＠U1"), ("a|b", "a｜b"),
        ])
    func escaping(text: String, expected: String) {
        #expect(SlackText.escaped(text) == expected)
    }

    @Test("Texts end between lines, or between characters, never within an entity or a link")
    func chunks() {
        #expect(SlackText.chunks(["ab", "cd", "ef"], limit: 5) == ["ab\ncd", "ef"])
        #expect(SlackText.chunks(["abcdef", "g"], limit: 5) == ["abcde", "f\ng"])
        #expect(SlackText.chunks(["abc&amp;d"], limit: 5) == ["abc", "&amp;", "d"])
        #expect(SlackText.chunks(["a<u|text>b"], limit: 8) == ["a", "<u|text>", "b"])
        #expect(SlackText.chunks(["a👨‍👩‍👧‍👦b"], limit: 11) == ["a", "👨‍👩‍👧‍👦", "b"])
        #expect(SlackText.chunks(["&amp;\u{301}&amp;\u{301}"], limit: 7).count == 2)
        #expect(
            SlackText.chunks([], limit: 5) == [] && SlackText.chunks(["", "a"], limit: 5) == ["a"])
        let absurd = "a" + String(repeating: "\u{301}", count: 5000)
        let parts = SlackText.chunks([absurd], limit: 3000)
        #expect(parts.allSatisfy { $0.utf16.count <= 3000 } && parts.joined() == absurd)
    }

    @Test("A section of 3000 units is one, 3001 are two; more than 12,000 units make two messages")
    func limits() throws {
        for filler in ["话", "👨‍👩‍👧‍👦", "🇨🇳", "&"] {
            let each = SlackText.escaped(filler).utf16.count
            func body(_ units: Int) throws -> Body {
                let head = "🟠 *高 · 客户情绪激动*\n".utf16.count
                let count = (units - head) / each
                let message =
                    String(repeating: filler, count: count)
                    + String(repeating: "b", count: units - head - count * each)
                let alert = Sample.alert(message: message, evidence: [])
                let messages = Self.format().messages(for: [alert], in: Sample.flush)
                #expect(messages.count == 1)
                return try Self.body(try #require(messages.first).body)
            }
            let exact = try body(3000)
            #expect(exact.blocks?.map(\.type) == ["header", "section", "context"])
            #expect(exact.blocks?[1].text?.text.utf16.count == 3000)
            #expect(try body(2999).blocks?.count == 3)
            #expect(
                try body(3001).blocks?.map(\.type) == ["header", "section", "section", "context"])
        }
    }

    @Test("No message has more than 50 blocks")
    func blocks() throws {
        let alerts = (1...40).map { Sample.alert($0, message: "x") }
        let messages = Self.format(mentions: Mentions(People(all: true)))
            .messages(for: alerts, in: Sample.flush)
        #expect(messages.flatMap(\.alerts) == alerts.map(\.id) && messages.count == 4)
        for message in messages { #expect(try Self.body(message.body).blocks?.count ?? 0 <= 50) }
    }

    @Test("Blocks that are refused go out as text, and nobody is called")
    func plainText() async throws {
        let transport = AnsweringTransport { request in
            String(decoding: request.body, as: UTF8.self).contains("\"blocks\"")
                ? "something_new" : "ok"
        }
        let channel = try Self.channel(
            mentions: Mentions(People(users: ["U1"])), transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome.kind == "delivered" && outcome.text.contains("something_new"))
        let requests = await transport.requests
        #expect(requests.count == 2 && requests.allSatisfy { $0.url == Self.url })
        let plain = try Self.body(String(decoding: requests[1].body, as: UTF8.self))
        #expect(plain.text.contains("客户情绪激动") && !plain.text.contains("<@U1>"))
    }

    @Test("Every golden case", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenCases() throws {
        let golden = try GoldenCases("slack")
        for row in golden.cases {
            let here = row.name.contains("@here")
            let channel = try Self.channel(
                mentions: Mentions(People(here: here)), context: Sample.english)
            let messages = channel.messages(for: [row.alert], in: Sample.flush)
            #expect(messages.count == 1, "\(row.name)")
            try golden.judge(channel.request(try #require(messages.first).body), for: row)
        }
    }

    @Test("A webhook's settings name what is wrong")
    func settings() {
        func failure(
            _ url: String = Self.url, people: People = People(), thread: String = ""
        ) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try Slack(url: url, mentions: Mentions(people), thread: thread)
            }
        }
        #expect(failure() == nil && failure(thread: "1700000000.000100") == nil)
        for url in [
            "https://hooks.slack.com/services/T0/B0", "https://hooks.slack.com/services/T0//x",
            "https://hooks.slack.com/workflows/T0/A0/1/x", "https://slack.com/api/chat.postMessage",
        ] {
            #expect(failure(url) == "url", "\(url)")
        }
        #expect(failure(people: People(users: ["U1", "W2"], groups: ["S3"])) == nil)
        #expect(failure(people: People(users: ["alice"])) == "at")
        #expect(failure(people: People(groups: ["U1"])) == "at")
        #expect(failure(people: People(users: ["U1> <!here"])) == "at")
        for thread in ["x", "1700000000", "1.2.3", "１.２", ".1"] {
            #expect(failure(thread: thread) == "thread", "\(thread)")
        }
    }
}
