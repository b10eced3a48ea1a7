import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct DiscordTests {
    static let url = "https://discord.com/api/v10/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"

    struct Body: Decodable {
        struct Field: Decodable { let name, value: String }
        struct Embed: Decodable {
            let title, description, timestamp: String
            let color: Int
            let fields: [Field]
        }
        struct Allowed: Decodable { let parse, users, roles: [String] }
        let content: String
        let embeds: [Embed]?
        let allowedMentions: Allowed
        let threadName: String?
    }

    static func body(_ text: String) throws -> Body {
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(DiscordRules.total(json?["embeds"]) <= 6000)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let body = try decoder.decode(Body.self, from: Data(text.utf8))
        #expect(body.content.utf16.count <= 2000 && body.embeds?.count ?? 0 <= 10)
        for embed in body.embeds ?? [] {
            #expect(embed.title.utf16.count <= 256 && embed.description.utf16.count <= 4096)
            #expect(embed.fields.count <= 25)
            for field in embed.fields {
                #expect((1...256).contains(field.name.utf16.count))
                #expect((1...1024).contains(field.value.utf16.count))
            }
        }
        return body
    }

    static func format(
        mentions: Mentions = Mentions(), thread: Discord.Thread? = nil
    ) -> DiscordFormat {
        DiscordFormat(mentions: mentions, context: Sample.chinese, thread: thread)
    }

    static func channel(
        _ url: String = url, mentions: Mentions = Mentions(), thread: String = "",
        transport: any Transport = ScriptedTransport()
    ) throws -> ServiceChannel {
        let settings = try Discord(url: url, mentions: mentions, thread: thread)
        return ServiceChannel(
            name: "room", service: settings, context: Sample.chinese, transport: transport)
    }

    @Test("A message is a line of content, and an embed with colour, quotes and labels")
    func message() throws {
        let people = People(users: ["56"], groups: ["78"], here: true)
        let messages = Self.format(mentions: Mentions(people), thread: .new)
            .messages(for: [Sample.alertWithContext], in: Sample.flush)
        let body = try Self.body(try #require(messages.first).body)
        #expect(body.content == "\\[高\\] 客户情绪激动\n<@56> <@&78> @here")
        #expect(body.allowedMentions.parse == ["everyone"])
        #expect(body.allowedMentions.users == ["56"] && body.allowedMentions.roles == ["78"])
        #expect(body.threadName == "[高] 客户情绪激动")
        let embed = try #require(body.embeds?.first)
        #expect(embed.title == "🟠 高 · 客户情绪激动" && embed.color == 0xE67E22)
        #expect(
            embed.timestamp == "2023-11-14T22:13:20Z"
                || embed.timestamp.hasPrefix("2023-11-14T22:13:20."))
        let expected = """
            客户在 03:12 情绪值 9：“我要投诉”
            > ┆ 坐席 03:05：您好，请讲
            > 客户 [03:12](https://rec.example.com/a?b=%281%29#t=192) 响度 9：我要投诉你们
            > ┆ 坐席 03:15：非常抱歉
            任务：calls/T-1
            规则：customer-loud
            """
        #expect(embed.description == expected)
        #expect(embed.fields.map { "\($0.name)=\($0.value)" } == ["team=一组"])
        let none = Self.format().messages(for: [Sample.alert()], in: Sample.flush)
        let quiet = try Self.body(try #require(none.first).body)
        #expect(quiet.allowedMentions.parse == [] && quiet.threadName == nil)
    }

    @Test("What comes from outside makes no mention, link, quote or emphasis")
    func hostile() throws {
        let hostile = Sample.hostile + " <@1> <@&2> <t:1:R> @here || s || - x"
        let alert = Sample.alert(
            title: hostile, message: "- x\n> q\n# h\n" + hostile,
            evidence: [Quote(words: hostile, roleName: hostile)], labels: [hostile: hostile])
        let message = try #require(
            Self.format(mentions: Mentions(People(here: true)))
                .messages(for: [alert], in: Sample.flush).first)
        let body = try Self.body(message.body)
        let embed = try #require(body.embeds?.first)
        let plain = try Self.body(try #require(message.plain))
        for text in [embed.title, embed.description, plain.content] + embed.fields.map(\.value) {
            #expect(!text.contains("@everyone") && !text.contains("@all"))
            // Each sign of markup from outside has a backslash before it.
            for sign in ["*", "_", "~", "|", "<", "`", "]("] {
                let bare = text.replacing("\\" + sign, with: "")
                #expect(!bare.replacing("\\\\", with: "").contains(sign), "\(sign)")
            }
        }
        #expect(embed.description.hasPrefix("\\- x\n\\> q\n\\# h\n"))
        // Ours alone.
        #expect(plain.content.components(separatedBy: "@here").count == 2)
        #expect(body.content.components(separatedBy: "@here").count == 2)
    }

    @Test("A title is cut by what Discord counts, and never within an escape")
    func titles() throws {
        for filler in ["*", "话", "👨‍👩‍👧‍👦", "🇨🇳"] {
            for count in [10, 115, 116, 117, 240, 246, 247, 248, 249, 250, 300] {
                let alert = Sample.alert(title: String(repeating: filler, count: count))
                let message = try #require(
                    Self.format().messages(for: [alert], in: Sample.flush).first)
                let title = try #require(try Self.body(message.body).embeds?.first).title
                #expect(!title.hasSuffix("\\") && title.hasPrefix("🟠 高 · "))
            }
        }
        #expect(DiscordText.escaped("ab*", units: 4) == "ab\\*")
        #expect(DiscordText.escaped("ab*c", units: 4) == "a…")
        #expect(DiscordText.escaped("a@b.c @x", units: 20) == "a@b.c ＠x")
    }

    @Test("A description of 4096 is whole, one of 4097 is cut; more than 10 embeds or 6000 are two")
    func limits() throws {
        func descriptions(_ message: String, count: Int = 1) throws -> [[Int]] {
            let alerts = (1...count).map { Sample.alert($0, message: message, evidence: []) }
            return try Self.format().messages(for: alerts, in: Sample.flush).map { message in
                try Self.body(message.body).embeds?.map(\.description.utf16.count) ?? []
            }
        }
        let tail = try descriptions("x")[0][0] - 1
        for filler in ["话", "👨‍👩‍👧‍👦", "🇨🇳"] {
            func text(_ units: Int) -> String {
                let count = (units - tail) / filler.utf16.count
                return String(repeating: filler, count: count)
                    + String(repeating: "b", count: units - tail - count * filler.utf16.count)
            }
            #expect(try descriptions(text(4095)) == [[4095]])
            #expect(try descriptions(text(4096)) == [[4096]])
            let cut = try descriptions(text(4097))
            #expect(cut.count == 1 && cut[0].count == 1 && cut[0][0] > 4070 && cut[0][0] <= 4096)
        }
        #expect(try descriptions("x", count: 10).map(\.count) == [10])
        #expect(try descriptions("x", count: 11).map(\.count) == [10, 1])
    }

    @Test("The request waits for the message, and goes into the thread")
    func requests() throws {
        #expect(try Self.channel().request("{}").url == Self.url + "?wait=true")
        #expect(
            try Self.channel(thread: "77").request("{}").url == Self.url + "?wait=true&thread_id=77"
        )
        #expect(
            try Self.channel(Self.url + "?wait=false").request("{}").url == Self.url + "?wait=false"
        )
        #expect(try Self.channel(thread: "new").request("{}").url == Self.url + "?wait=true")
    }

    @Test("Embeds that are refused go out as content")
    func plainText() async throws {
        let transport = StatusTransport(
            [400, 200], bodies: [#"{"code":50035,"message":"Invalid Form Body"}"#, #"{"id":"9"}"#])
        let channel = try Self.channel(
            mentions: Mentions(People(users: ["56"])), transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome.kind == "delivered" && outcome.text.contains("50035"))
        let requests = await transport.requests
        let plain = try Self.body(String(decoding: requests[1].body, as: UTF8.self))
        #expect(plain.embeds == nil && plain.content.contains("客户情绪激动"))
        #expect(plain.content.hasSuffix("<@56>") && plain.allowedMentions.users == ["56"])
    }

    @Test("Every golden case", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenCases() throws {
        let golden = try GoldenCases("discord")
        for row in golden.cases {
            let users = row.name.contains("mention") ? ["5678"] : []
            let channel = try Self.channel(mentions: Mentions(People(users: users)))
            let messages = channel.messages(for: [row.alert], in: Sample.flush)
            // A long one is cut, or is several embeds' worth.
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
                try Discord(url: url, mentions: Mentions(people), thread: thread)
            }
        }
        #expect(failure() == nil && failure(thread: "new") == nil && failure(thread: "12") == nil)
        for url in [
            Self.url + "/slack", Self.url + "/github", Self.url + "/messages/1",
            "https://discord.com/api/webhooks/x/y", "https://discord.com/api/webhooks/1",
        ] {
            #expect(failure(url) == "url", "\(url)")
        }
        #expect(failure(people: People(users: ["1"], groups: ["2"])) == nil)
        #expect(failure(people: People(users: ["@x"])) == "at")
        #expect(failure(people: People(groups: ["１"])) == "at")
        #expect(failure(thread: "newest") == "thread" && failure(thread: "-1") == "thread")
    }
}

struct DiscordVerdictTests {
    static func outcome(_ status: Int, _ body: String = "", retryAfter: Duration? = nil) -> Outcome
    {
        DiscordVerdict.outcome(
            status: status, retryAfter: retryAfter, body: Array(body.utf8), answer: body,
            at: Sample.now)
    }

    @Test(
        "A code means what the verdict table says",
        arguments: [
            (10015, 404, "refusedChannel"), (50027, 401, "refusedChannel"),
            (220_001, 400, "refusedChannel"), (220_002, 400, "refusedChannel"),
            (220_003, 400, "refusedChannel"), (40005, 413, "refusedMessage"),
            (50006, 400, "refusedMessage"), (50035, 400, "refusedMessage"),
            (50109, 400, "refusedMessage"), (240_000, 400, "refusedMessage"),
            (77, 400, "refusedMessage"), (77, 403, "refusedChannel"), (0, 500, "unavailable"),
        ])
    func code(_ code: Int, status: Int, kind: String) {
        #expect(Self.outcome(status, #"{"code":\#(code),"message":"text"}"#).kind == kind)
    }

    @Test("Success is a message that was kept, or 204 when nobody waits for it")
    func success() {
        #expect(Self.outcome(200, #"{"id":"12","type":0}"#) == .delivered(answer: "message 12"))
        #expect(Self.outcome(204) == .delivered(answer: "HTTP 204"))
        #expect(Self.outcome(200, "<html></html>").kind == "unavailable")
        #expect(Self.outcome(200, "{}").kind == "unavailable")
    }

    @Test("A pause is the longer of body and header, exact to the millisecond")
    func pauses() {
        func wait(_ body: String, _ header: Duration?) -> Duration? {
            Self.outcome(429, body, retryAfter: header).wait(from: Sample.now)
        }
        #expect(wait(#"{"retry_after":64.5701}"#, nil) == .milliseconds(64_571))
        #expect(wait(#"{"retry_after":64.57}"#, .seconds(65)) == .seconds(65))
        #expect(wait("error code: 1015", .seconds(120)) == .seconds(120))
        #expect(wait("error code: 1015", nil) == .seconds(60))
        #expect(wait(#"{"retry_after":-1}"#, nil) == .zero)
        #expect(wait(#"{"retry_after":1e300}"#, nil) == .seconds(3600))
    }

    @Test("Every golden reply", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenReplies() throws {
        struct File: Decodable { let responses: [GoldenResponse] }
        let rows = try Golden.channel("discord", as: File.self).responses
        #expect(rows.count >= 10)
        for row in rows {
            let outcome = DiscordVerdict.outcome(
                status: row.status,
                retryAfter: row.headers["Retry-After"].flatMap { Int($0) }.map { .seconds($0) },
                body: row.body, answer: "", at: Sample.now)
            #expect(outcome.goldenOutcome == row.outcome, "\(row.name)")
            #expect(
                outcome.wait(from: Sample.now) ?? .zero >= .seconds(row.retryAfter ?? 0),
                "\(row.name)")
        }
    }
}
