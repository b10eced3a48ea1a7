import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct PagerDutyTests {
    static let key = "0123456789abcdef0123456789abcdef"

    struct Event: Decodable {
        struct Payload: Decodable {
            struct Details: Decodable {
                let message: String
                let evidence: [String]
                let labels: [String: String]
            }
            let summary, source, severity, timestamp: String
            let component, group, `class`: String?
            let customDetails: Details
        }
        struct Link: Decodable { let href, text: String }
        let eventAction, dedupKey: String
        let routingKey: String?
        let payload: Payload?
        let links: [Link]?
    }

    static func event(_ body: some Sequence<UInt8>) throws -> Event {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Event.self, from: Data(body))
    }

    static func events(
        _ alerts: [Alert], context: MessageContext = Sample.chinese,
        limit: Int = PagerDutyFormat.eventLimit
    ) throws -> [Event] {
        try PagerDutyFormat(context: context)
            .messages(for: alerts, in: Sample.flush, limit: limit).map { try event($0.body.utf8) }
    }

    static func channel(_ transport: ReplayTransport) throws -> ServiceChannel {
        ServiceChannel(
            name: "p", service: try PagerDuty(routingKey: Secret(key)), context: Sample.chinese,
            transport: transport)
    }

    @Test("An event has summary, severity, details and a link to the recording")
    func event() throws {
        let alert = Sample.alert(
            message: "客户\n很生气", labels: ["team": "一组", "recording": "https://rec.example.com/1"])
        let event = try #require(try Self.events([alert]).first)
        #expect(event.eventAction == "trigger" && event.routingKey == nil)
        let payload = try #require(event.payload)
        #expect(payload.summary == "客户情绪激动: 客户 很生气")
        #expect(payload.source == "calls" && payload.severity == "error")
        #expect(payload.timestamp == "2023-11-14T22:13:20Z")
        #expect(payload.component == "calls/T-1" && payload.class == "customer-loud")
        #expect(payload.customDetails.message == "客户\n很生气")
        #expect(payload.customDetails.evidence == ["客户 03:12 响度 9：我要投诉你们"])
        #expect(payload.customDetails.labels["team"] == "一组")
        #expect(event.links?.map(\.href) == ["https://rec.example.com/1#t=192"])
        let severities = try Severity.allCases.map { severity in
            try #require(try Self.events([Sample.alert(severity: severity)]).first?.payload)
        }
        #expect(severities.map(\.severity) == ["info", "info", "warning", "error", "critical"])
    }

    @Test("Each alert is an event of its own, under a key that only rule and conversation make")
    func keys() throws {
        let alerts = [Sample.alert(1), Sample.alert(2), Sample.alert(1, tid: "r")]
        let messages = PagerDutyFormat(context: Sample.chinese)
            .messages(for: alerts, in: Sample.flush)
        #expect(messages.map(\.part) == [1, 2, 3] && messages.allSatisfy { $0.parts == 3 })
        #expect(messages.map(\.alerts) == alerts.map { [$0.id] })
        let keys = try messages.map { try Self.event($0.body.utf8).dedupKey }
        #expect(Set(keys).count == 3)
        let later = try Self.events([Sample.alert(1, title: "other", severity: .low)])
        #expect(later.map(\.dedupKey) == [keys[0]])
        #expect(keys.allSatisfy { $0.unicodeScalars.count <= PagerDutyFormat.keyLimit })
        // What joined would be the same is told apart.
        func id(_ source: String, _ task: String) -> Alert.ID {
            Alert.ID(rule: "r", task: TaskID(source: source, id: task))
        }
        #expect(PagerDutyFormat.key(of: id("a", "bc")) != PagerDutyFormat.key(of: id("ab", "c")))
    }

    @Test("What ends an incident carries the key that began it")
    func resolution() throws {
        let alert = Sample.alert()
        let began = try #require(try Self.events([alert]).first)
        let channel = try Self.channel(ReplayTransport([]))
        let message = try #require(channel.endings(of: alert, at: Sample.now).first)
        let ended = try Self.event(channel.request(message.body).body)
        #expect(ended.routingKey == Self.key && message.alerts == [alert.id])
        #expect(ended.eventAction == "resolve" && ended.dedupKey == began.dedupKey)
        #expect(ended.payload == nil)
    }

    @Test("A summary keeps its limit of 1024 characters exactly", arguments: -1...1)
    func summary(difference: Int) throws {
        for text in ["a", "投", "🔥", "e\u{301}", "👨‍👩‍👧‍👦"] {
            let width = text.unicodeScalars.count
            let wanted = PagerDutyFormat.summaryLimit + difference
            let title = String(repeating: text, count: wanted / width)
            let padding = String(repeating: "x", count: wanted - title.unicodeScalars.count)
            let alert = Sample.alert(title: title + padding, message: "")
            let payload = try #require(try Self.events([alert]).first?.payload)
            let count = payload.summary.unicodeScalars.count
            #expect(count <= PagerDutyFormat.summaryLimit)
            #expect(payload.summary.hasSuffix("…") == (difference > 0), "\(text)")
            if difference <= 0 { #expect(payload.summary == title + padding) }
            #expect(count > PagerDutyFormat.summaryLimit - 9)
        }
    }

    @Test("An event keeps the limit of its bytes with the key, whatever the alert holds")
    func limit() throws {
        let channel = try Self.channel(ReplayTransport([]))
        let long = String(repeating: "规", count: 2000)
        let text = String(repeating: "\"投诉🔥\n", count: 40_000)
        let alert = Alert(
            id: Alert.ID(rule: long, task: TaskID(source: long, id: long), tid: long), title: long,
            severity: .low, labels: [long: long], message: text, evidence: [Quote(words: long)],
            raisedAt: Sample.now, ruleSetVersion: "v")
        let messages = channel.messages(for: [alert, Sample.alert()], in: Sample.flush)
        #expect(messages.count == 2)
        for message in messages {
            let request = channel.request(message.body)
            #expect(request.body.count <= PagerDutyFormat.eventLimit)
            let event = try Self.event(request.body)
            #expect(event.routingKey == Self.key && !message.body.contains(Self.key))
        }
        #expect(try Self.event(messages[0].body.utf8).dedupKey == PagerDutyFormat.key(of: alert.id))
        for limit in [8000, 8001] {
            let small = PagerDutyFormat(context: Sample.chinese)
                .messages(for: [alert], in: Sample.flush, limit: limit)
            #expect(small.allSatisfy { $0.body.utf8.count + 49 <= limit })
        }
    }

    @Test("An event is sent with its key")
    func send() async throws {
        let reply = #"{"status":"success","message":"Event processed","dedup_key":"k"}"#
        let transport = ReplayTransport([HTTPResponse(status: 202, body: Array(reply.utf8))])
        let channel = try Self.channel(transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        #expect(
            await channel.send(Sample.delivery(message), at: Sample.now)
                == .delivered(answer: "event k"))
        #expect(await transport.requests.first?.url == "https://events.pagerduty.com/v2/enqueue")
    }

    @Test("Settings name what is wrong")
    func settings() {
        func failure(_ key: String?, url: String = "https://events.eu.pagerduty.com") -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try PagerDuty(routingKey: key.map { Secret($0) }, url: url)
            }
        }
        #expect(failure(Self.key) == nil)
        for key in [nil, "", "short", Self.key + "0", Self.key + "\n"] {
            #expect(failure(key) == "routing-key")
        }
        #expect(failure(Self.key, url: "events.pagerduty.com") == "url")
    }

    @Test(
        "A status and its errors mean what the verdict table says",
        arguments: [
            (202, #"{"status":"success"}"#, "delivered"), (202, "", "unavailable"),
            (200, "<html>", "unavailable"), (202, #"{"status":"x"}"#, "unavailable"),
            (400, #"{"errors":["'payload.severity' is invalid"]}"#, "refusedMessage"),
            (400, #"{"errors":["Invalid routing key"]}"#, "refusedChannel"),
            (400, #"{"errors":["Length of 'routing_key' is incorrect"]}"#, "refusedChannel"),
            (400, "", "refusedMessage"), (413, "", "refusedMessage"), (429, "", "throttled"),
            (403, "", "refusedChannel"), (404, "", "refusedChannel"), (500, "", "unavailable"),
            (503, "", "unavailable"), (302, "", "refusedChannel"),
        ])
    func verdict(status: Int, body: String, kind: String) {
        let outcome = PagerDutyVerdict.outcome(
            status: status, retryAfter: nil, body: Array(body.utf8), answer: body, at: Sample.now)
        #expect(outcome.kind == kind)
    }

    @Test("Every golden reply and case", .enabled(if: Golden.isThere, "no golden data here"))
    func golden() throws {
        try GoldenReplies.check("pagerduty", least: 6) { row in
            PagerDutyVerdict.outcome(
                status: row.status, retryAfter: row.header, body: row.body, answer: "",
                at: Sample.now)
        }
        let channel = try Self.channel(ReplayTransport([]))
        // Our key comes from rule and conversation, not from the data's own field.
        try ServiceCases("pagerduty").check(least: 20, except: ["/body/dedup_key equals"]) {
            alert in
            let message = try #require(channel.messages(for: [alert], in: Sample.flush).first)
            return channel.request(message.body)
        }
    }
}
