import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct TeamsTests {
    static let url =
        "https://prod-01.westus.logic.azure.com:443/workflows/0123456789abcdef0123456789abcdef"
        + "/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun"
        + "&sv=1.0&sig=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg"

    /// Card and all its texts, by type and in order.
    struct Card {
        let card: [String: Any]
        var texts: [(type: String, text: String)] = []

        init(_ body: String) throws {
            let json = try JSONSerialization.jsonObject(with: Data(body.utf8))
            let pointer = "/attachments/0/content"
            card = try #require(GoldenCases.value(at: pointer, in: json) as? [String: Any])
            collect(card["body"])
        }

        private mutating func collect(_ value: Any?) {
            for element in value as? [Any] ?? [] { collect(element) }
            guard let object = value as? [String: Any] else { return }
            if let text = object["text"] as? String {
                texts.append((object["type"] as? String ?? "", text))
            }
            for key in ["items", "inlines", "facts", "actions"] { collect(object[key]) }
            if let title = object["title"] as? String, let value = object["value"] as? String {
                texts.append(("Fact", "\(title)=\(value)"))
            }
            if let url = object["url"] as? String { texts.append(("url", url)) }
        }
    }

    static func format(
        mentions: Mentions = Mentions(), context: MessageContext = Sample.chinese
    ) -> TeamsFormat {
        TeamsFormat(mentions: mentions, context: context)
    }

    static func channel(
        mentions: Mentions = Mentions(), transport: any Transport = ScriptedTransport()
    ) throws -> ServiceChannel {
        ServiceChannel(
            name: "room", service: try Teams(url: url, mentions: mentions),
            context: Sample.chinese, transport: transport)
    }

    @Test("A card has a coloured title, the quotes among their neighbours, facts and an action")
    func message() throws {
        let people = People(users: ["张三 <zhang@contoso.com>", "li@contoso.com"])
        let messages = Self.format(mentions: Mentions(people))
            .messages(for: [Sample.alertWithContext], in: Sample.flush)
        let card = try Card(try #require(messages.first).body)
        #expect(card.card["version"] as? String == "1.4")
        let expected = [
            "TextBlock 【Tocsin】1 条告警", "TextRun 🟠 高 · 客户情绪激动",
            "TextRun 客户在 03:12 情绪值 9：“我要投诉”", "TextRun 坐席 03:05：您好，请讲",
            "TextRun 客户 03:12 响度 9：", "TextRun 我要投诉你们", "TextRun 坐席 03:15：非常抱歉",
            "Fact 任务=calls/T-1", "Fact 规则=customer-loud", "Fact 时间=2023-11-15 06:13:20",
            "Fact team=一组", "url https://rec.example.com/a?b=%281%29#t=192",
            "TextBlock <at>张三</at> <at>li@contoso.com</at>",
        ]
        #expect(card.texts.map { "\($0.type) \($0.text)" } == expected)
        let entities = GoldenCases.value(at: "/msteams/entities", in: card.card)
        let mentioned = (entities as? [[String: Any]] ?? []).map { entity in
            "\(entity["text"] ?? "") \((entity["mentioned"] as? [String: Any])?["id"] ?? "")"
        }
        #expect(
            mentioned == [
                "<at>张三</at> zhang@contoso.com", "<at>li@contoso.com</at> li@contoso.com",
            ])
    }

    @Test("Colours follow severity")
    func colors() throws {
        let colors: [(Severity, String)] = [
            (.info, "Default"), (.low, "Accent"), (.medium, "Warning"), (.high, "Attention"),
            (.critical, "Attention"),
        ]
        for (severity, color) in colors {
            let messages = Self.format()
                .messages(for: [Sample.alert(severity: severity)], in: Sample.flush)
            let card = try Card(try #require(messages.first).body).card
            #expect(GoldenCases.value(at: "/body/0/color", in: card) as? String == color)
            let title = GoldenCases.value(at: "/body/1/items/0/inlines/0/color", in: card)
            #expect(title as? String == color)
        }
    }

    @Test("What comes from outside makes no mention, and no markup where markup is read")
    func hostile() throws {
        let hostile = Sample.hostile + " <at>All</at> <AT>x</AT>"
        let alert = Sample.alert(
            title: hostile, message: hostile,
            evidence: [Quote(words: hostile, roleName: hostile)], labels: [hostile: hostile])
        let message = try #require(Self.format().messages(for: [alert], in: Sample.flush).first)
        let card = try Card(message.body)
        #expect(card.texts.allSatisfy { !$0.text.contains("<") })
        for fact in card.texts where fact.type == "Fact" {
            #expect(!fact.text.contains("](") && !fact.text.contains("*"))
        }
        let plain = try Card(try #require(message.plain))
        #expect(plain.texts.count == 1 && plain.card["version"] as? String == "1.0")
        for markup in ["<", "*", "`", "](", "\\"] {
            #expect(!plain.texts[0].text.contains(markup), "\(markup)")
        }
    }

    @Test("A refused card goes out as the plainest one, under the very same address")
    func plainText() async throws {
        let replies = [413, 202]
        let transport = StatusTransport(replies)
        let channel = try Self.channel(transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome.kind == "delivered" && outcome.text.contains("413"))
        let requests = await transport.requests
        #expect(requests.map(\.url) == [Self.url, Self.url])
        let plain = try Card(String(decoding: requests[1].body, as: UTF8.self))
        #expect(plain.texts.map(\.type) == ["TextBlock"])
        #expect(plain.texts[0].text.contains("客户情绪激动"))
    }

    @Test("Every golden case", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenCases() throws {
        let golden = try GoldenCases("teams")
        for row in golden.cases {
            let channel = try Self.channel()
            let messages = channel.messages(for: [row.alert], in: Sample.flush)
            #expect(messages.count == 1, "\(row.name)")
            try golden.judge(channel.request(try #require(messages.first).body), for: row)
        }
    }

    @Test("A workflow's settings name what is wrong")
    func settings() {
        func failure(_ url: String = Self.url, people: People = People()) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try Teams(url: url, mentions: Mentions(people))
            }
        }
        #expect(failure() == nil)
        for url in [
            "https://x.webhook.office.com/webhookb2/a@b/IncomingWebhook/c/d",
            Self.url.replacing("&sig=", with: "&xig="), "https://contoso.com/hook?sig=1",
        ] {
            #expect(failure(url) == "url")
        }
        #expect(
            failure(people: People(users: ["a@b.c", "Zhang San <a@b.c>", "王五 <0af1-22>"])) == nil)
        for person in ["", "张三", "a b@c", "A <a@b.c", "<at> <a@b.c>", " <a@b.c>", "A <a@b.c> x"] {
            #expect(failure(people: People(users: [person])) == "at", "\(person)")
        }
    }
}

struct TeamsVerdictTests {
    static func outcome(_ status: Int, _ body: String = "", retryAfter: Duration? = nil) -> Outcome
    {
        TeamsVerdict.outcome(
            status: status, retryAfter: retryAfter, body: Array(body.utf8), answer: body,
            at: Sample.now)
    }

    @Test(
        "A code means what the verdict table says",
        arguments: [
            ("WorkflowTriggerIsNotEnabled", 400, "refusedChannel"),
            ("WorkflowNotFound", 404, "refusedChannel"),
            ("DirectApiAuthorizationRequired", 401, "refusedChannel"),
            ("SignatureMismatch", 401, "refusedChannel"),
            ("InvalidRequestContent", 400, "refusedMessage"),
            ("WorkflowTriggerThrottled", 429, "throttled"), ("NoResponse", 502, "unavailable"),
            ("Other", 400, "refusedMessage"), ("Other", 403, "refusedChannel"),
        ])
    func code(_ code: String, status: Int, kind: String) {
        #expect(
            Self.outcome(status, #"{"error":{"code":"\#(code)","message":"text"}}"#).kind == kind)
    }

    @Test("202 means that the flow was started; a page or half an answer with 200 does not")
    func success() {
        #expect(Self.outcome(202) == .delivered(answer: "HTTP 202: the flow was started"))
        #expect(Self.outcome(200, "{}").kind == "delivered")
        #expect(Self.outcome(200, "done").kind == "delivered")
        #expect(Self.outcome(200, " <html></html>").kind == "unavailable")
        #expect(Self.outcome(200, #"{"errcode":0,"errm"#).kind == "unavailable")
        #expect(Self.outcome(200, "[1,").kind == "unavailable")
        #expect(Self.outcome(200, "\u{0}{").kind == "unavailable")
    }

    @Test(
        "A status without a known code decides by itself",
        arguments: [
            (302, "refusedChannel"), (400, "refusedMessage"), (404, "refusedChannel"),
            (413, "refusedMessage"), (429, "throttled"), (500, "unavailable"),
            (503, "unavailable"),
        ])
    func status(_ status: Int, kind: String) { #expect(Self.outcome(status).kind == kind) }

    @Test("Every golden reply", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenReplies() throws {
        struct File: Decodable { let responses: [GoldenResponse] }
        let rows = try Golden.channel("teams", as: File.self).responses
        #expect(rows.count >= 8)
        for row in rows {
            let outcome = TeamsVerdict.outcome(
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
