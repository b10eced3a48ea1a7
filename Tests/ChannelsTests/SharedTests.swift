import Foundation
import Pipeline
import Testing

@testable import Channels

struct SharedTests {
    @Test(
        "A recording is linked when its address is https and harmless",
        arguments: [
            ("https://rec.example.com/a.mp3", "https://rec.example.com/a.mp3#t=192"),
            ("HTTPS://rec.example.com", "https://rec.example.com#t=192"),
            (
                "https://h.cn/a?x=(1)&y=*|<>'\"",
                "https://h.cn/a?x=%281%29&y=%2A%7C%3C%3E%27%22#t=192"
            ),
            ("https://h.cn/app#/call/7", "https://h.cn/app#/call/7"),
            ("https://h.cn:8443/a%20b", "https://h.cn:8443/a%20b#t=192"),
        ])
    func recording(text: String, url: String) throws {
        let link = try #require(RecordingLink(text))
        #expect(link.url(at: 192_999) == url)
        #expect(link.url(at: nil) == url.replacingOccurrences(of: "#t=192", with: ""))
    }

    @Test(
        "Nothing else is linked",
        arguments: [
            "", "http://rec.example.com/a", "javascript:alert(1)", "https://", "https:///a",
            "https://user@h.cn/", "https://h.cn/a b", "https://h.cn/\n", "https://h.cn/警",
            "https://h.cn\\a", "https://h)(.cn/", "data:text/html,x", "//h.cn/a",
            "https://h.cn/" + String(repeating: "a", count: 1024),
            "https://h.cn/" + String(repeating: "(", count: 400),
        ])
    func noRecording(_ text: String) {
        #expect(RecordingLink(text) == nil)
        // It is still told, as the label that it is.
        var alert = Sample.alert()
        alert.labels["recording"] = text
        let labels = AlertText(alert: alert, context: Sample.chinese).labels
        #expect(labels.contains { $0.name == "recording" } == !text.isEmpty)
    }

    @Test("People are called once, in order, and not more than the service takes")
    func people() {
        let mentions = Mentions(
            People(users: ["a", "b"]), label: "team",
            byValue: [
                "x": People(users: ["b", "c"], here: true), "y": People(groups: ["g"], all: true),
            ])
        func people(_ teams: [String], most: Int = 10) -> People {
            mentions.people(
                for: teams.map { Sample.alert(labels: ["team": $0]) }, most: most)
        }
        #expect(people([]) == People(users: ["a", "b"]))
        #expect(people(["x", "x"]) == People(users: ["a", "b", "c"], here: true))
        #expect(
            people(["y", "x"])
                == People(users: ["a", "b", "c"], groups: ["g"], here: true, all: true))
        #expect(people(["x", "y"], most: 3).groups == [] && people(["x"], most: 1).users == ["a"])
        #expect(people(["z"]) == People(users: ["a", "b"]) && People().isEmpty)
    }

    @Test("Plain text loses details in steps, and never an alert")
    func plainForm() {
        let alerts = (1...6).map { number -> Alert in
            var alert = Sample.alertWithContext
            alert.title = "第\(number)条👨‍👩‍👧‍👦"
            alert.message = String(repeating: "话", count: 200)
            return alert
        }
        let form = PlainForm(context: Sample.chinese, escape: { $0 }, size: { $0.utf8.count })
        let whole = form.text(alerts, heading: "标题", limit: .max)
        var seen: Set<String> = []
        for limit in stride(from: whole.utf8.count + 20, to: 60, by: -29) {
            let text = form.text(alerts, heading: "标题", ending: "@a", limit: limit)
            #expect(text.utf8.count <= limit && text.hasPrefix("标题\n") && text.hasSuffix("@a"))
            let named = (1...6).count { text.contains("第\($0)条👨‍👩‍👧‍👦") }
            #expect(named == 6 || text.contains("另有 \(6 - named) 条告警"), "limit \(limit)")
            seen.insert(
                "\(text.contains("坐席")) \(text.contains("我要投诉你们")) \(text.contains("话"))"
                    + " \(named == 6)")
        }
        #expect(
            seen.isSuperset(of: [
                "true true true true", "false true true true", "false false true true",
                "false false false true", "false false false false",
            ]))
        #expect(form.text(alerts, heading: "标题", limit: whole.utf8.count) == whole)
    }

    @Test("A settings error speaks both languages")
    func errors() {
        let errors = [
            SettingsError("url", .missing), SettingsError("at", .tooMany(limit: 3)),
            SettingsError("at", wrong: Bilingual("错", "wrong"), hint: Bilingual("改", "do")),
        ]
        #expect(errors.map(\.message.chinese) == ["缺少 `url`", "`at` 超过 3 项", "`at`：错"])
        #expect(
            errors.map(\.description) == [
                "`url` is missing", "`at` has more than 3 entries", "`at`: wrong; do",
            ])
        #expect(errors.map(\.hint?.chinese) == [nil, nil, "改"])
    }

    @Test("A cut alert keeps the way into the recording, and loses the neighbours of its quotes")
    func cut() throws {
        let cut = Sample.alertWithContext.cut(to: 30, note: "…")
        #expect(cut.labels["recording"] == "https://rec.example.com/a?b=(1)")
        #expect(cut.labels["team"] == nil)
        #expect(cut.evidence.allSatisfy { $0.before == nil && $0.after == nil })
        var other = Sample.alertWithContext
        other.labels["recording"] = "file:///etc/passwd"
        #expect(other.cut(to: 3, note: "…").labels.isEmpty)
    }
}
