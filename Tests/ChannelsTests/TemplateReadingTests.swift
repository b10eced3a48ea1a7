import Pipeline
import Testing

@testable import Channels

/// What is wrong with a webhook's settings is found when they are read, at its place.
struct TemplateReadingTests {
    @Test(
        "Formats and their keys",
        arguments: [
            ("format: json", []), ("format: cloudevents", []), ("format: cloudevents-binary", []),
            ("format: cloudevent", ["1:9 unknown-value"]), ("format: xml", ["1:9 unknown-value"]),
            ("format: custom", ["1:9 bad-setting"]), ("format: custom\nbody: \"1\"", []),
            ("body: \"1\"", ["1:7 bad-setting"]),
            ("format: cloudevents\nbody: \"1\"", ["2:7 bad-setting"]),
            ("format: json\ncontent-type: text/plain", ["2:15 bad-setting"]),
            ("format: custom\nbody: a\ncontent-type: text", ["3:15 bad-setting"]),
            (
                "format: custom\nbody: a\ncontent-type: text/plain; charset=gbk",
                ["3:15 bad-setting"]
            ),
            ("format: custom\nbody: a\ncontent-type: text/plain; charset=UTF-8", []),
            ("source: /a", ["1:9 bad-setting"]), ("event-type: a", ["1:13 bad-setting"]),
            ("format: cloudevents\nsource: /a\nevent-type: com.example.a", []),
            ("format: cloudevents\nsource: 一", ["2:9 bad-setting"]),
            ("format: cloudevents\nsource: a b", ["2:9 bad-setting"]),
            ("format: cloudevents\nevent-type: \"a\\nb\"", ["2:13 bad-setting"]),
        ] as [(String, [String])])
    func keys(text: String, found: [String]) {
        let read = Hook.read(text)
        #expect(read.found == found)
        #expect((read.content != nil) == found.isEmpty)
    }

    /// In `format: custom`, from line 2 on.
    @Test(
        "Bodies of JSON",
        arguments: [
            ("body: |\n  {\"a\": \"{{ alert.title }}\"}", []),
            ("body: |\n  {\"a\": \"{{ alert.titel }}\"}", ["3:19 unknown-field"]),
            ("body: |\n  {\"投\": 1,\n   \"a\": {{ alert.titel }}}", ["4:18 unknown-field"]),
            ("body: '{\"a\": \"{{ alert.titel }}\"}'", ["2:24 unknown-field"]),
            ("body: |\n  {\"a\": \"{{ alert.title\"}", ["3:10 unclosed-template"]),
            ("body: |\n  {\"a\": \"{{ 1 + }}\"}", ["3:16 syntax"]),
            ("body: |\n  {\"a\": {{ alert.title }}", ["3:3 bad-json"]),
            ("body: |\n  {\"投诉\": {{ alert.title }},}", ["3:28 bad-json"]),
            ("body: |\n  { {{ alert.title }}: 1}", ["3:5 bad-json"]),
            ("body: |\n  text {{ alert.title }}", ["3:3 bad-json"]),
            ("body: |\n  {\"a\": 1{{ alert.title }}}", ["3:10 bad-json"]),
            ("body: |\n  {\"a\": \"\\{{ alert.title }}\"}", ["3:11 bad-json"]),
            ("body: |\n  [{{ alert.evidence[9].words }}]", ["3:7 template-fails"]),
            ("body: |\n  {{ alert.evidence[0].words }}", ["3:6 template-fails"]),
            ("body: |\n  {{ alert.labels.nothing }}", []),
            ("body: |\n  {{ alert.labels['nothing'] }}", []),
            ("body: |\n  {{ 1 / alert.labels.size() }}", ["3:6 template-fails"]),
            ("body: { text: a }", ["2:7 yaml-structure"]),
            ("body: [a]", ["2:7 yaml-structure"]), ("body:", ["2:6 wrong-type"]),
            ("body: |\n  {{ sentences }}", ["3:6 unknown-name"]),
        ] as [(String, [String])])
    func bodies(text: String, found: [String]) {
        let read = Hook.read("format: custom\n" + text)
        #expect(read.found == found)
        let hasError = read.findings.contains { $0.severity == .error }
        #expect((read.content?.body != nil) == !hasError)
    }

    @Test("What fails for a bare alert is a warning alone: it would go out as plain JSON")
    func warning() throws {
        let read = Hook.read("format: custom\nbody: |\n  {{ alert.evidence[0].words }}")
        #expect(read.findings.map(\.severity) == [.warning])
        let finding = try #require(read.findings.first)
        #expect(finding.message.chinese.contains("没有证据和标签的告警"))
        #expect(finding.message.english.contains("an alert without evidence"))
        #expect(finding.hint != nil && read.content?.body != nil)
    }

    @Test(
        "Bodies of other types",
        arguments: [
            ("text/plain", "{{ alert.title }", ["4:3 unclosed-template"]),
            ("text/plain", "no JSON {{ alert.title }}", []),
            ("text/xml", "<a b=\"{{ alert.title }}\">{{ alert.message }}</a>", []),
            ("text/xml", "<a b={{ alert.title }}/>", ["4:8 bad-template"]),
            ("text/html", "<{{ alert.title }}/>", ["4:4 bad-template"]),
            ("application/atom+xml", "<a><![CDATA[{{ alert.title }}]]></a>", ["4:15 bad-template"]),
            ("text/xml", "<!-- {{ alert.title }} --><a/>", ["4:8 bad-template"]),
            ("text/xml", "<!-- a > b --><a>{{ alert.title }}</a>", []),
            ("text/xml", "<?xml version='1.0'?><a c='>{{ alert.title }}'></a>", []),
            ("text/xml", "<?pi {{ alert.title }}?><a/>", ["4:8 bad-template"]),
            ("application/x-www-form-urlencoded", "a={{ alert.title }}&b=c", []),
            ("application/problem+json", "{\"a\": {{ alert.title }}", ["4:3 bad-json"]),
        ] as [(String, String, [String])])
    func otherTypes(type: String, body: String, found: [String]) {
        #expect(Hook.read(Hook.settings(body, type: type)).found == found)
    }

    @Test(
        "Headers",
        arguments: [
            ("headers: { X-Id: \"{{ id }}\" }", []), ("headers: { X-Id: abc }", []),
            ("headers: { X-Id: \"{{ di }}\" }", ["1:22 unknown-name"]),
            ("headers: { Content-Type: \"{{ id }}\" }", ["1:12 bad-setting"]),
            ("headers: { webhook-id: \"{{ id }}\" }", ["1:12 bad-setting"]),
            ("headers: { ce-id: \"{{ id }}\" }", ["1:12 bad-setting"]),
            ("headers: { \"X Y\": \"{{ id }}\" }", ["1:12 bad-setting"]),
            ("headers: { X-Id: \"投{{ id }}\" }", ["1:12 bad-setting"]),
            ("headers: { X-Id: \"a\\r\\nHost: b{{ id }}\" }", ["1:12 bad-setting"]),
            ("headers: [a]", ["1:10 wrong-type"]),
            ("headers: { X-Id: { a: b } }", ["1:18 yaml-structure"]),
        ] as [(String, [String])])
    func headers(text: String, found: [String]) {
        let read = Hook.read(text)
        #expect(read.found == found)
        #expect((read.content != nil) == found.isEmpty)
    }

    @Test(
        "Conditions of success",
        arguments: [
            ("success: json.code == 0", []), ("success: status == 200 && body == 'ok'", []),
            ("success: headers['x-ok'] == '1'", []), ("success: status", ["1:10 wrong-type"]),
            ("success: stats == 200", ["1:10 unknown-name"]),
            ("success: [1]", ["1:10 yaml-structure"]),
            ("success: '1 +'", ["1:14 syntax"]),
        ] as [(String, [String])])
    func success(text: String, found: [String]) {
        let read = Hook.read(text)
        #expect(read.found == found)
        #expect((read.success != nil) == found.isEmpty)
    }

    @Test("Every mistake is told in both languages")
    func languages() {
        let texts = [
            "format: custom", "body: a", "format: custom\nbody: \"{\"",
            "format: custom\nbody: |\n  {{ 1 / alert.labels.size() }}", "source: /a",
            "format: custom\nbody: \"{{ {} }}{{ {} }}\"", "headers: { ce-id: \"{{ id }}\" }",
            "format: cloudevents\nsource: 一", "format: custom\nbody: a\ncontent-type: text",
        ]
        for text in texts {
            for finding in Hook.read(text).findings {
                for words in [finding.message, finding.hint].compactMap(\.self) {
                    let isChinese = words.chinese.unicodeScalars.contains { $0.value > 0x2E80 }
                    #expect(isChinese || words.chinese == words.english, "\(words)")
                    #expect(!words.english.unicodeScalars.contains { $0.value > 0x2E80 })
                }
            }
        }
    }

    @Test("The text of a template, its expressions and its trial keep their bounds")
    func bounds() {
        func found(_ body: String) -> [String] {
            Hook.read(Hook.settings(body, type: "text/plain")).found
        }
        func text(_ bytes: Int) -> String { String(repeating: "a", count: bytes) }
        let limit = WebhookFormat.bodyLimit
        #expect(found(text(limit)).isEmpty)
        #expect(found(text(limit + 1)) == ["3:7 template-too-large"])
        #expect(found(text(WebhookTemplate.textLimit)) == ["3:7 template-too-large"])
        #expect(found(text(WebhookTemplate.textLimit + 1)) == ["3:7 template-too-large"])
        func holes(_ count: Int) -> String { String(repeating: "{{1}}", count: count) }
        let most = WebhookTemplate.holeLimit
        #expect(found(holes(most - 1)).isEmpty && found(holes(most)).isEmpty)
        #expect(found(holes(most + 1)) == ["3:7 template-too-large"])
        func headers(_ count: Int) -> [String] {
            Hook.read("headers: { A: \"\(holes(count))\" }").found
        }
        #expect(headers(31).isEmpty && headers(32).isEmpty)
        #expect(headers(33) == ["1:10 bad-setting"])
    }

    @Test("What a setting brings from elsewhere is kept out of the shape of the body")
    func interpolation() throws {
        let value = "a\"b\\c\n{{ alert.title }}"
        let body = try Hook.body(
            #"{"k": "x ${env:KEY}", "n": ${env:NUMBER}, "t": "{{ alert.title }}"}"#,
            for: [Sample.alert(title: "${env:KEY}")], values: ["KEY": value, "NUMBER": "12"])
        #expect(
            body == #"{"k": "x a\"b\\c\n{{ alert.title }}", "n": 12, "t": "${env:KEY}"}"#)
        let broken = Hook.read(
            Hook.settings("{\"n\":\n ${env:NUMBER}}"), values: ["NUMBER": "1, 2"])
        #expect(broken.found == ["5:4 bad-json"] && broken.content == nil)
        #expect(
            try Hook.body(
                "k=${env:KEY}&a=b", type: "application/x-www-form-urlencoded",
                values: ["KEY": "a&b=c"])
                == "k=a%26b%3Dc&a=b")
        #expect(
            try Hook.body("<k>${env:KEY}</k>", type: "text/xml", values: ["KEY": "<&"])
                == "<k>&lt;&amp;</k>")
    }
}
