import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// Bodies that the operator writes.
struct CustomBodyTests {
    static let alert = Sample.alertWithContext

    @Test(
        "Values of JSON, and texts in it",
        arguments: [
            ("{{ alert.title }}", #""客户情绪激动""#), (#""{{ alert.title }}！""#, #""客户情绪激动！""#),
            ("{{ alert.evidence[0].emotionValue }}", "9"),
            (#""{{ alert.evidence[0].emotionValue }}""#, #""9""#), ("{{ 1.5 }}", "1.5"),
            ("{{ 1.0/3.0 }}", "0.3333333333333333"), (#""{{ 1.0/3.0 }}""#, #""0.33""#),
            ("{{ 1.0/0.0 }}", "null"), ("{{ alert.severity == 'high' }}", "true"),
            ("{{ null }}", "null"), (#""{{ null }}""#, #""""#),
            ("{{ alert.labels.nothing }}", "null"), (#""{{ alert.labels.nothing }}""#, #""""#),
            ("{{ alert.labels }}", Self.labels),
            ("{{ alert.evidence.map(q, q.words) }}", #"["我要投诉你们"]"#),
            (
                "{{ alert.evidence[0].before }}",
                #"{"words":"您好，请讲","at":"03:05","speaker":"agent","roleName":"坐席"}"#
            ),
            ("{{ alert.evidence[0].after.roleName }}", #""""#),
            ("{{ [1, 2u, 'a'] }}", #"[1,2,"a"]"#),
            ("{{ {'b': 1, 'a': [true]} }}", #"{"b":1,"a":[true]}"#), ("{{ b'ab' }}", #""YWI=""#),
            ("{{ duration('90s') }}", #""1m30s""#), ("{{ {1: 2} }}", #"{"1":2}"#),
            ("{{ timestamp(alert.raisedAt) }}", #""2023-11-14T22:13:20Z""#),
            ("{{ alerts.size() }}", "1"),
            ("{{ [id, channel, time] }}", #"["abc123-lq1-1","hook","2023-11-14T22:13:20Z"]"#),
            ("[{{ part }},{{ parts }}]", "[1,1]"), ("{{ alert.truncated }}", "false"),
            ("{{ optional.of(1) }}", "1"), ("{{ optional.none() }}", "null"),
            ("{{ 18446744073709551615u }}", "18446744073709551615"), ("{{ type(1) }}", #""int""#),
        ])
    func json(template: String, body: String) throws {
        #expect(try Hook.body(template, for: [Self.alert]) == body)
    }

    private static let labels =
        #"{"recording":"https://rec.example.com/a?b=(1)","rule":"customer-loud","team":"一组"}"#

    @Test(
        "Other types escape in their own way",
        arguments: [
            ("text/plain", "{{ alert.title }}|{{ 1 }}", "<b> & \"q\" 'q' %=\n投🔥|1"),
            (
                "application/xml", "<a b=\"{{ alert.title }}\"/>",
                "<a b=\"&lt;b&gt; &amp; &quot;q&quot; &#39;q&#39; %=\n投🔥\"/>"
            ),
            (
                "application/x-www-form-urlencoded", "a={{ alert.title }}&n={{ 1 }}",
                "a=%3Cb%3E%20%26%20%22q%22%20%27q%27%20%25%3D%0A%E6%8A%95%F0%9F%94%A5&n=1"
            ),
            (
                "application/vnd.a+json; charset=utf-8", "[{{ alert.title }}]",
                #"["<b> & \"q\" 'q' %=\n投🔥"]"#
            ),
        ])
    func types(type: String, template: String, body: String) throws {
        let alert = Sample.alert(title: "<b> & \"q\" 'q' %=\n投🔥")
        #expect(try Hook.body(template, type: type, for: [alert]) == body)
        let sent = try Hook.request(Hook.settings(template, type: type), for: [alert])
        let charset = type == "text/plain" ? "; charset=utf-8" : ""
        #expect(sent.header("Content-Type") == type + charset)
    }

    @Test("XML leaves out what it cannot hold, and keeps a carriage return")
    func forbiddenInXML() {
        #expect(Escaping.xml("a\u{0}\u{1F}\u{FFFE}b\t\r\n投") == "ab\t&#13;\n投")
    }

    @Test("A line end of a form's template is none of the body, nor is the block's own last one")
    func lineEnds() throws {
        let form = "application/x-www-form-urlencoded"
        #expect(try Hook.body("a=1\n&b={{ 2 }}\n", type: form) == "a=1&b=2")
        let block = "format: custom\ncontent-type: text/plain\nbody: |\n  a\n  b {{ 1 }}\n"
        #expect(
            String(decoding: try Hook.request(block, for: [Sample.alert()]).body, as: UTF8.self)
                == "a\nb 1")
    }

    @Test(
        "Whatever an alert holds, JSON stays JSON and gives it back",
        arguments: 0..<60 as Range<UInt64>)
    func property(seed: UInt64) throws {
        struct Body: Decodable {
            let quoted, value, joined: String
            let list: [String]
            let map: [String: String]
        }
        var random = SeededGenerator(seed: seed)
        let title =
            random.text(upTo: 60) + "\u{0}\u{1F}\u{7F}\u{2028}\u{FFFD}".suffix(Int(seed % 6))
        let message = random.text(upTo: 200)
        let quotes = (0..<Int.random(in: 0...5, using: &random)).map { _ in
            Quote(words: random.text(upTo: 40))
        }
        let labels = ["k \"\\\n": random.text(upTo: 10), "投": random.text(upTo: 10)]
        let alert = Sample.alert(title: title, message: message, evidence: quotes, labels: labels)
        let body = try Hook.body(
            """
            {"quoted": "{{ alert.title }}", "value": {{ alert.message }},
             "joined": "<{{ alert.title + alert.message }}>{{ '\\"' }}",
             "list": {{ alert.evidence.map(q, q.words) }}, "map": {{ alert.labels }}}
            """, for: [alert])
        let read = try JSONDecoder().decode(Body.self, from: Data(body.utf8))
        #expect(read.quoted == title && read.value == message)
        #expect(read.joined == "<\(title)\(message)>\"")
        #expect(read.list == quotes.map(\.words) && read.map == labels)
    }

    @Test("A template about `alert` makes a message for each, one about `alerts` one for all")
    func grouping() throws {
        let alerts = (1...5).map { Sample.alert($0) }
        func messages(_ body: String, _ more: String = "") throws -> [Message] {
            try Hook.channel(Hook.settings(body) + more).messages(for: alerts, in: Sample.flush)
        }
        let each = try messages("{{ alert.taskId }}")
        #expect(each.map(\.alerts) == alerts.map { [$0.id] })
        #expect(each.map(\.part) == [1, 2, 3, 4, 5] && each.allSatisfy { $0.parts == 5 })
        let all = try messages("{{ alerts.map(a, a.taskId) }}")
        #expect(all.map(\.alerts) == [alerts.map(\.id)])
        let byHeader = try messages(
            "{{ alerts.size() }}", "\nheaders: { X-Task: \"{{ alert.taskId }}\" }")
        #expect(byHeader.map(\.alerts) == alerts.map { [$0.id] })
        #expect(try messages("1").map(\.alerts) == [alerts.map(\.id)])
        #expect(try Hook.channel(Hook.settings("1")).messages(for: [], in: Sample.flush).isEmpty)
    }

    @Test(
        "A body of exactly the limit is one message, one byte less makes two, one more is as before"
    )
    func exactLimit() throws {
        let content = try #require(
            Hook.read(Hook.settings("{{ alerts.map(a, a.message) }}")).content)
        let format = WebhookFormat(
            channel: "hook", context: Sample.chinese, template: content.body)
        func size(_ message: Message) throws -> Int {
            let activation = try #require(
                TemplateWords.activation(of: message.body, id: "\(Sample.flush.id)-1"))
            return try #require(content.body).rendered(activation).utf8.count
        }
        let alerts = (1...5).map { Sample.alert($0, message: "很长的话🔥\"\\\n" + "x\($0)") }
        let whole = try #require(format.messages(for: alerts, in: Sample.flush).first)
        let exact = try size(whole)
        for limit in [exact, exact + 1] {
            #expect(format.messages(for: alerts, in: Sample.flush, limit: limit) == [whole])
        }
        let split = format.messages(for: alerts, in: Sample.flush, limit: exact - 1)
        #expect(split.count == 2 && split.flatMap(\.alerts) == alerts.map(\.id))
        #expect(split.map(\.part) == [1, 2] && split.allSatisfy { $0.parts == 2 })
        #expect(try split.allSatisfy { try size($0) < exact })
    }

    @Test("One alert of exactly the limit is whole, one byte less cuts it")
    func exactLimitOfOne() throws {
        let content = try #require(Hook.read(Hook.settings("{{ alert.message }}")).content)
        let format = WebhookFormat(
            channel: "hook", context: Sample.chinese, template: content.body, isSingle: true)
        let alert = Sample.alert(message: String(repeating: "投诉🔥", count: 400))
        let exact = alert.message.utf8.count + 2
        let whole = try #require(format.messages(for: [alert], in: Sample.flush).first)
        #expect(format.messages(for: [alert], in: Sample.flush, limit: exact) == [whole])
        #expect(!whole.body.contains("truncated"))
        let cut = try #require(
            format.messages(for: [alert], in: Sample.flush, limit: exact - 1).first)
        #expect(cut.body.contains(#""truncated":true"#) && cut.alerts == [alert.id])
        let activation = try #require(TemplateWords.activation(of: cut.body, id: "x"))
        let text = try #require(content.body).rendered(activation)
        #expect(text.utf8.count < exact && text.utf8.count > exact - 30)
    }

    @Test(
        "A template that fails costs no alert: plain JSON goes out, and it is said",
        arguments: [
            (Sample.chinese, "body 无法生成"), (Sample.english, "sent as plain JSON"),
        ] as [(MessageContext, String)])
    func fallback(context: MessageContext, words: String) async throws {
        let transport = ScriptedTransport(http: .success(HTTPResponse(status: 204)))
        let channel = try Hook.channel(
            Hook.settings(#"{"q": {{ alert.evidence[0].words }}}"#)
                + "\nheaders: { X-Q: \"a {{ alert.evidence[0].words }}\", X-T: \"{{ id }}\" }",
            secrets: [WebhookTests.secret], context: context, transport: transport)
        let alert = Sample.alert(evidence: [])
        let message = try #require(channel.messages(for: [alert], in: Sample.flush).first)
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome.kind == "delivered" && outcome.text.contains("HTTP 204"))
        #expect(outcome.text.contains(words) && outcome.text.contains("X-Q"))
        let request = try #require(await transport.requests.first)
        #expect(request.body == Array(message.body.utf8))
        #expect(request.header("Content-Type") == "application/json")
        #expect(request.header("X-Q") == nil && request.header("X-T") == "abc123-lq1-1")
        let key = try StandardWebhooksKey(Secret(WebhookTests.secret))
        let signature = key.signature(
            id: "abc123-lq1-1", seconds: 1_700_000_000, body: request.body)
        #expect(request.header("webhook-signature") == signature)
    }

    @Test("What grows beyond every bound is not sent as it is")
    func tooLarge() throws {
        let template = "{{ alerts.map(a, alerts.map(b, alerts.map(c, a.message + b.message))) }}"
        let channel = try Hook.channel(Hook.settings(template))
        let alerts = (1...40).map { Sample.alert($0, message: String(repeating: "a", count: 500)) }
        let messages = channel.messages(for: alerts, in: Sample.flush)
        #expect(messages.flatMap(\.alerts) == alerts.map(\.id))
        for message in messages {
            let body = channel.request(for: Sample.delivery(message), at: Sample.now).body
            #expect(body.count <= WebhookFormat.bodyLimit)
        }
    }

    @Test("The bytes that are sent are the same at every attempt, and are signed")
    func attempts() async throws {
        let channel = try Hook.channel(
            Hook.settings(#"{"t": "{{ alert.title }}", "i": "{{ id }}"}"#),
            secrets: ["any"], signature: "hub-sha256")
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        let delivery = Sample.delivery(message)
        let first = channel.request(for: delivery, at: Sample.now)
        let second = channel.request(for: delivery, at: Sample.now + .seconds(60))
        #expect(first.body == second.body)
        #expect(
            first.header(HubSignature.header)
                == HubSignature.text(of: first.body, secret: Secret("any")))
        #expect(String(decoding: first.body, as: UTF8.self).contains("abc123-lq1-1"))
    }

    @Test("The value of a header is one line, whatever it is made of")
    func headers() throws {
        let hostile = "  a\r\nHost: evil\u{0}\u{7F}\u{85}投🔥\t" + String(repeating: "长", count: 400)
        let request = try Hook.request(
            "headers: { X-T: \"{{ alert.title }}\", X-F: \"Bearer ${env:K} {{ alert.severity }}\" }",
            for: [Sample.alert(title: hostile)], values: ["K": "secret-key"])
        let value = try #require(request.header("X-T"))
        #expect(value.hasPrefix("a Host: evil") && value.contains("投🔥"))
        #expect(
            value.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
            })
        #expect(value.utf8.count <= 512 && value.utf8.count > 500)
        #expect(request.header("X-F") == "Bearer secret-key high")
        #expect(request.headers.count { $0.isNamed("Host") } == 0)
    }

    @Test("No secret of a template is stored or shown")
    func secrecy() async throws {
        let answer = Array(#"got Bearer secret-key and {"k": "body\"key\"1"} and body"key"1"#.utf8)
        let transport = ScriptedTransport(http: .success(HTTPResponse(status: 400, body: answer)))
        let channel = try Hook.channel(
            Hook.settings(#"{"k": "${env:BODY}", "t": {{ alert.title }}}"#)
                + "\nheaders: { Authorization: \"Bearer ${env:K}\", X: \"${env:K} {{ id }}\" }",
            values: ["K": "secret-key", "BODY": "body\"key\"1"], transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        #expect(!message.body.contains("key"))
        let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
        #expect(!outcome.text.contains("key") && outcome.text.contains("got"))
        var dumped = ""
        dump(channel, to: &dumped)
        #expect(!dumped.contains("secret-key") && !dumped.contains("body\"key"))
        let request = try #require(await transport.requests.first)
        #expect(request.header("Authorization") == "Bearer secret-key")
        #expect(String(decoding: request.body, as: UTF8.self).contains(#""body\"key\"1""#))
    }
}
