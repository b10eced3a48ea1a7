import Channels
import Networking
import Pipeline
import TestSupport
import Testing

@testable import tocsin

/// `alerts resolve`: the end of an alert goes through the outbox like everything else.
struct AlertEndingTests {
    static let now = Timestamp(milliseconds: 1_700_000_000_000)
    static let alert = Alert(
        id: Alert.ID(rule: "r", task: TaskID(source: "calls", id: "T-1")), title: "t",
        severity: .high, labels: [:], message: "m", evidence: [], raisedAt: now,
        ruleSetVersion: "v1")

    struct Silence: Transport {
        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            throw TransportError(.connect, message: "nobody is there")
        }

        func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
            throw TransportError(.connect, message: "nobody is there")
        }
    }

    static func outlet(_ name: String, _ keys: String) throws -> Outlet {
        let (channel, findings) = Reading.channel(keys)
        var settings = try #require(channel, "\(findings)")
        settings.name = name
        return Assembly.outlet(settings, MessageContext(), Silence())
    }

    /// A store in which the alert went to these channels.
    static func store(_ notices: [(channel: String, state: Delivery.State)]) async throws
        -> MemoryStore
    {
        let store = MemoryStore()
        try await store.transaction { transaction throws(StoreError) in
            _ = try transaction.insert(alert)
            for (channel, state) in notices {
                let key = AlertGroup.Key(channel: channel, route: "1", labels: [:])
                let delivery = Delivery(
                    id: Delivery.ID("\(channel)-1"), group: key,
                    message: Message(body: "{}", alerts: [alert.id]), createdAt: now, state: state)
                try transaction.save([delivery])
                try transaction.save(
                    Notice(alert: alert.id, group: key, deliveries: [delivery.id]))
            }
        }
        return store
    }

    @Test("Channels that know an end get it once the alert has arrived there")
    func end() async throws {
        let outlets = [
            try Self.outlet("pager", "type: pagerduty, routing-key: '${env:KEY}'"),
            try Self.outlet("late", "type: pagerduty, routing-key: '${env:KEY}'"),
            try Self.outlet("am", "type: alertmanager, url: 'http://127.0.0.1:9'"),
            try Self.outlet("room", ChannelSettingsTests.robot + ", type: dingtalk"),
        ]
        let store = try await Self.store([
            ("pager", .delivered), ("am", .delivered), ("room", .delivered), ("old", .delivered),
            ("late", .waiting(dueAt: Self.now)),
        ])
        let later = Self.now + .seconds(60)
        let rows = try #require(
            try await AlertEnding.end(Self.alert.id, on: outlets, in: store, at: later))
        let states = Dictionary(uniqueKeysWithValues: rows.map { ($0.channel, $0.state) })
        #expect(
            states == [
                "pager": .queued, "am": .queued, "room": .unknown, "old": .gone, "late": .untold,
            ])
        let waiting = try await store.read { reader throws(StoreError) in
            try reader.deliveries(DeliveryQuery(kind: .waiting))
        }.filter { $0.channel != "late" }
        #expect(Set(waiting.map(\.id.text)) == Set(rows.flatMap(\.deliveries)))
        #expect(waiting.count == 2 && waiting.allSatisfy { $0.state == .waiting(dueAt: later) })
        #expect(waiting.contains { $0.message.body.contains(#""event_action":"resolve""#) })
        #expect(waiting.contains { $0.message.body.contains(#""endsAt":"2023-11-14T22:14:20"#) })
        let notices = try await store.read { reader throws(StoreError) in
            try reader.notices(of: Self.alert.id)
        }
        #expect(notices.first { $0.channel == "pager" }?.deliveries.count == 2)
    }

    @Test("An alert that is not there has no end")
    func unknown() async throws {
        let store = try await Self.store([])
        let name = try TaskName("calls/T-2#x")
        let task = try #require(name.qualified)
        let id = Alert.ID(rule: "r", task: task, tid: name.tid)
        #expect(id.taskName == "calls/T-2#x")
        #expect(try await AlertEnding.end(id, on: [], in: store, at: Self.now) == nil)
        let none = try await AlertEnding.end(Self.alert.id, on: [], in: store, at: Self.now)
        #expect(none == [])
    }
}
