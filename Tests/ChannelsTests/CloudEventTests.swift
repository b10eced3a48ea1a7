import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct CloudEventTests {
    @Test("An event of structured mode, member by member")
    func structured() throws {
        let request = try Hook.request(
            "format: cloudevents\nsource: /tocsin/prod", for: [Sample.alert(tid: "r-1")])
        #expect(request.header("Content-Type") == "application/cloudevents+json; charset=utf-8")
        #expect(request.headers.count { $0.name.hasPrefix("ce-") } == 0)
        let data =
            #"{"channel":"hook","part":1,"parts":1,"alerts":["#
            + WebhookBody(channel: "hook").json(of: Sample.alert(tid: "r-1"), isCut: false) + "]}"
        let expected =
            #"{"specversion":"1.0","id":"abc123-lq1-1","source":"/tocsin/prod","#
            + #""type":"tocsin.alert","subject":"calls/T-1/r-1","time":"2023-11-14T22:13:20Z","#
            + #""severity":"high","rule":"customer-loud","datacontenttype":"application/json","#
            + #""data":"# + data + "}"
        #expect(String(decoding: request.body, as: UTF8.self) == expected)
    }

    @Test("An event of binary mode has its attributes in headers, and the data alone as its body")
    func binary() throws {
        var alert = Sample.alert()
        alert = Alert(
            id: Alert.ID(rule: "规则", task: TaskID(source: "磁盘 \"a\"", id: "100%"), tid: ""),
            title: alert.title, severity: .critical, labels: [:], message: "",
            evidence: [], raisedAt: Sample.now, ruleSetVersion: "v")
        let request = try Hook.request(
            "format: cloudevents-binary\nevent-type: com.example.alert", for: [alert])
        let names = [
            "ce-specversion", "ce-id", "ce-source", "ce-type", "ce-subject", "ce-time",
            "ce-severity", "ce-rule", "ce-datacontenttype", "Content-Type",
        ]
        #expect(
            names.map { request.header($0) } == [
                "1.0", "abc123-lq1-1", "/tocsin/hook", "com.example.alert",
                "%E7%A3%81%E7%9B%98%20%22a%22/100%25", "2023-11-14T22:13:20Z", "critical",
                "%E8%A7%84%E5%88%99", nil, "application/json",
            ])
        let body = try #require(
            try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
        #expect((body["alerts"] as? [Any])?.count == 1 && body["channel"] as? String == "hook")
    }

    @Test(
        "A header's value is encoded as the HTTP binding says",
        arguments: [
            ("磁盘 disk \"full\" 100%", "%E7%A3%81%E7%9B%98%20disk%20%22full%22%20100%25"),
            ("!#$&'()*+,-./:;<=>?@[\\]^_`{|}~", "!#$&'()*+,-./:;<=>?@[\\]^_`{|}~"),
            ("\u{7F}🔥é", "%7F%F0%9F%94%A5%C3%A9"), ("", ""),
        ])
    func encoding(value: String, encoded: String) { #expect(CloudEvent.encoded(value) == encoded) }

    @Test("Every golden case", .enabled(if: Golden.isThere, "no golden data here"))
    func golden() throws {
        let golden = try GoldenCases("cloudevents")
        for row in golden.cases {
            let isBinary = row.name.hasPrefix("binary")
            let request = try Hook.request(
                "format: \(isBinary ? "cloudevents-binary" : "cloudevents")", for: [row.alert])
            // Its subject is the title there, and ours the task; the encoding is the same.
            var row = row
            row = GoldenCases.Case(
                name: row.name, alert: row.alert, isResolved: row.isResolved,
                expectations: row.expectations.filter {
                    $0["at"] as? String != "/headers/ce-subject"
                })
            try golden.judge(request, for: row)
        }
        let file = try #require(
            try GoldenReplies.object("cloudevents")["cases"] as? [[String: Any]])
        for row in file {
            let alerts = try Golden.alerts()
            let alert = try #require(alerts[row["alert"] as? String ?? ""])
            let expected = (row["expect"] as? [[String: Any]] ?? []).first {
                $0["at"] as? String == "/headers/ce-subject"
            }
            guard let expected else { continue }
            #expect(CloudEvent.encoded(alert.title) == expected["value"] as? String)
        }
    }

    @Test("Every golden reply", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenReplies() throws {
        struct File: Decodable { let responses: [GoldenResponse] }
        let rows = try Golden.channel("cloudevents", as: File.self).responses
        #expect(rows.count >= 6)
        for row in rows {
            let outcome = WebhookVerdict(isEvent: true).outcome(
                status: row.status, retryAfter: row.retryAfter.map { .seconds($0) },
                answer: "", at: Sample.now)
            #expect(outcome.goldenOutcome == row.outcome, "\(row.name)")
        }
    }

    @Test("Each alert is an event of its own, with an id that stays")
    func identity() throws {
        let channel = try Hook.channel("format: cloudevents")
        let alerts = (1...3).map { Sample.alert($0) }
        let messages = channel.messages(for: alerts, in: Sample.flush)
        #expect(messages.map(\.alerts) == alerts.map { [$0.id] })
        for (place, message) in messages.enumerated() {
            let delivery = Sample.delivery(message, id: "f-\(place + 1)")
            let first = channel.request(for: delivery, at: Sample.now)
            let second = channel.request(for: delivery, at: Sample.now + .seconds(60))
            #expect(first.body == second.body)
            let event = try #require(
                try JSONSerialization.jsonObject(with: Data(first.body)) as? [String: Any])
            #expect(event["id"] as? String == "f-\(place + 1)")
            #expect(event["subject"] as? String == "calls/T-\(place + 1)")
        }
    }

    @Test("The longest event has at most 64 KiB with its attributes, in both modes")
    func size() throws {
        let long = String(repeating: "规\"", count: 40_000)
        let alert = Alert(
            id: Alert.ID(rule: long, task: TaskID(source: long, id: long), tid: long), title: long,
            severity: .low, labels: [long: long], message: long,
            evidence: (0..<20).map { _ in Quote(words: String(repeating: "规", count: 500)) },
            raisedAt: Sample.now, ruleSetVersion: "v")
        for format in ["cloudevents", "cloudevents-binary"] {
            let source = "/" + String(repeating: "a", count: CloudEvent.valueLimit - 1)
            let request = try Hook.request("format: \(format)\nsource: \(source)", for: [alert])
            let headers = request.headers.reduce(0) { sum, header in
                header.name.hasPrefix("ce-")
                    ? sum + header.name.utf8.count + header.value.utf8.count + 4 : sum
            }
            #expect(request.body.count + headers <= 65_536)
            #expect(request.body.count > 50_000)
            let json = try JSONSerialization.jsonObject(with: Data(request.body))
            #expect(json is [String: Any])
        }
        let limit = CloudEvent.valueLimit
        func source(_ bytes: Int) -> String { String(repeating: "a", count: bytes) }
        #expect(CloudEvent.isSource(source(limit - 1)) && CloudEvent.isSource(source(limit)))
        #expect(!CloudEvent.isSource(source(limit + 1)) && !CloudEvent.isSource(""))
    }

    @Test("What older programs left in the outbox goes out too")
    func olderMessages() throws {
        let channel = try Hook.channel("format: cloudevents")
        let message = Message(body: #"{"hello":1}"#, alerts: [])
        let request = channel.request(for: Sample.delivery(message), at: Sample.now)
        #expect(request.body == Array(message.body.utf8))
        #expect(request.header("Content-Type") == "application/json")
    }
}
