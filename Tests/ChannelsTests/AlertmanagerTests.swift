import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct AlertmanagerTests {
    struct Entry: Decodable {
        let labels, annotations: [String: String]
        let startsAt: String
        let endsAt, generatorURL: String?
    }

    static func entries(_ body: some Sequence<UInt8>) throws -> [Entry] {
        try JSONDecoder().decode([Entry].self, from: Data(body))
    }

    static func entries(
        _ alerts: [Alert], limit: Int = AlertmanagerFormat.bodyLimit
    ) throws -> [[Entry]] {
        try AlertmanagerFormat(context: Sample.chinese)
            .messages(for: alerts, in: Sample.flush, limit: limit)
            .map { try entries($0.body.utf8) }
    }

    static func channel(
        hold: Duration = Alertmanager.defaultHold,
        _ transport: any Transport = ReplayTransport([])
    ) throws -> ServiceChannel {
        ServiceChannel(
            name: "am",
            service: try Alertmanager(url: "https://am.example.com/prefix/", hold: hold),
            context: Sample.chinese, transport: transport)
    }

    @Test("An alert's labels are its identity, and its annotations all the rest")
    func entry() throws {
        let alert = Sample.alert(
            labels: [
                "team": "一组", "团队": "x", "empty": "", "alertname": "mine",
                "recording": "https://rec.example.com/1",
            ], tid: "r-1")
        let entry = try #require(try Self.entries([alert]).first?.first)
        #expect(
            entry.labels == [
                "alertname": "customer-loud", "severity": "high", "source": "calls",
                "task": "T-1", "tid": "r-1", "team": "一组", "U___56e2__961f_": "x",
            ])
        #expect(entry.annotations["summary"] == "客户情绪激动")
        #expect(entry.annotations["recording"] == "https://rec.example.com/1#t=192")
        #expect(entry.generatorURL == "https://rec.example.com/1#t=192")
        #expect(
            entry.annotations["description"]?.hasPrefix(
                "客户在 03:12 情绪值 9：“我要投诉”\n> 客户 03:12 响度 9：我要投诉你们\n任务：") == true)
        #expect(entry.startsAt == "2023-11-14T22:13:20Z" && entry.endsAt == nil)
    }

    @Test(
        "Every name becomes one that every release takes, and no two the same",
        arguments: [
            ("team", "team"), ("_x9", "_x9"), ("a.b", "U__a_2e_b"), ("a_b.c", "U__a__b_2e_c"),
            ("9a", "U__9a"), ("U__a", "U__U____a"), ("", "U__"), ("团", "U___56e2_"),
            ("a-b", "U__a_2d_b"), ("🔥", "U___1f525_"),
        ])
    func labelName(name: String, written: String) {
        #expect(AlertmanagerFormat.labelName(name) == written)
        #expect(written.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil)
    }

    @Test("An alert fires for a while from when it is sent, not from when it was raised")
    func hold() throws {
        let channel = try Self.channel()
        let message = try #require(
            channel.messages(for: [Sample.alert(), Sample.alert(2)], in: Sample.flush).first)
        let later = Sample.now + .seconds(6 * 3600)
        let request = channel.request(message.body, at: later)
        let sent = try Self.entries(request.body)
        #expect(sent.map(\.endsAt) == Array(repeating: "2023-11-15T05:13:20Z", count: 2))
        let stored = try Self.entries(message.body.utf8)
        #expect(sent.map(\.labels) == stored.map(\.labels))
        #expect(sent.map(\.annotations) == stored.map(\.annotations))
        #expect(request.url == "https://am.example.com/prefix/api/v2/alerts")
        // Zero: the service's own time.
        let untouched = try Self.channel(hold: .zero).request(
            message.body, at: later)
        #expect(untouched.body == Array(message.body.utf8))
    }

    @Test("An end that has passed resolves, under the same labels")
    func resolution() throws {
        let message = try #require(
            try Self.channel().messages(for: [Sample.alert()], in: Sample.flush).first)
        let end = Sample.now + .seconds(60)
        let body = try #require(AlertmanagerFormat.body(message.body, endingAt: end))
        let entry = try #require(try Self.entries(body.utf8).first)
        #expect(entry.endsAt == "2023-11-14T22:14:20Z")
        #expect(AlertmanagerFormat.body("{}", endingAt: end) == nil)
    }

    @Test("A request keeps its limit with the ends, −1, 0, +1", arguments: -1...1)
    func limit(difference: Int) throws {
        let alerts = (1...6).map { Sample.alert($0, message: "很长的话🔥\"\\\n\($0)") }
        let format = AlertmanagerFormat(context: Sample.chinese)
        let whole = try #require(format.messages(for: alerts, in: Sample.flush).first)
        let size = whole.body.utf8.count + alerts.count * AlertmanagerFormat.endBytes
        let messages = format.messages(for: alerts, in: Sample.flush, limit: size + difference)
        #expect(messages.count == (difference < 0 ? 2 : 1))
        #expect(messages.flatMap(\.alerts) == alerts.map(\.id))
        for message in messages {
            let end = Timestamp(milliseconds: 1_700_000_000_123)
            let body = try #require(AlertmanagerFormat.body(message.body, endingAt: end))
            #expect(body.utf8.count <= size + difference)
        }
    }

    @Test("Whatever an alert holds, its texts come out as they went in, or cut")
    func property() throws {
        for seed in 0..<20 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let alerts = (1...Int.random(in: 1...10, using: &random)).map { number in
                Sample.alert(
                    number, title: random.text(upTo: 30), message: random.text(upTo: 900),
                    labels: [random.text(upTo: 5): random.text(upTo: 20), "team": "t"])
            }
            let parts = try Self.entries(alerts, limit: 5000)
            #expect(parts.flatMap { $0 }.count == alerts.count, "seed \(seed)")
            for entry in parts.flatMap({ $0 }) {
                #expect(entry.labels.values.allSatisfy { !$0.isEmpty }, "seed \(seed)")
                #expect(
                    entry.labels.keys.allSatisfy {
                        $0.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
                    }, "seed \(seed)")
            }
        }
    }

    @Test(
        "A status means what the verdict table says",
        arguments: [
            (200, "", "delivered"), (200, "<html></html>", "unavailable"),
            (400, "\"at least one label pair required\"", "refusedMessage"),
            (415, "{}", "refusedMessage"), (422, "{}", "refusedMessage"),
            (413, "", "refusedMessage"), (401, "", "refusedChannel"), (403, "", "refusedChannel"),
            (404, "", "refusedChannel"), (405, "", "refusedChannel"), (429, "", "throttled"),
            (302, "", "refusedChannel"), (500, "\"x\"", "unavailable"), (503, "", "unavailable"),
        ])
    func verdict(status: Int, body: String, kind: String) {
        let outcome = AlertmanagerVerdict.outcome(
            status: status, retryAfter: nil, answer: body, at: Sample.now)
        #expect(outcome.kind == kind)
    }

    @Test("Settings name what is wrong")
    func settings() {
        func failure(
            _ url: String = "https://am.example.com", hold: Duration = .seconds(60),
            token: String? = nil
        ) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try Alertmanager(
                    url: url, hold: hold, token: token.map { Secret($0) })
            }
        }
        #expect(failure() == nil && failure(hold: .zero) == nil && failure(token: "abc") == nil)
        #expect(failure("https://am.example.com/api/v2/alerts") == "url")
        #expect(failure("am:9093") == "url" && failure("https://x/?a=b") == "url")
        #expect(failure(hold: .seconds(-1)) == "hold" && failure(hold: .seconds(700_000)) == "hold")
    }

    @Test("Every golden reply and case", .enabled(if: Golden.isThere, "no golden data here"))
    func golden() throws {
        try GoldenReplies.check("alertmanager", least: 5) { row in
            AlertmanagerVerdict.outcome(
                status: row.status, retryAfter: nil,
                answer: String(decoding: row.body, as: UTF8.self), at: Sample.now)
        }
        for hold in [Duration.zero, Alertmanager.defaultHold] {
            let channel = try Self.channel(hold: hold)
            // Alerts about calls have an end from the start, unless it is left to the service.
            let except: Set = hold == .zero ? [] : ["/body/0/endsAt"]
            try ServiceCases("alertmanager").check(least: 9, except: except) { alert in
                let message = try #require(channel.messages(for: [alert], in: Sample.flush).first)
                return channel.request(message.body, at: Sample.now)
            }
        }
    }
}
