import Logging
import Pipeline
import TestSupport
import Testing

/// The loop that writes the outbox, against a store that changes while messages are made.
@Suite struct FlushLoopTests {
    /// A channel that does something to the store while it makes messages.
    struct MeddlingChannel: Channel {
        let scripted = ScriptedChannel()
        let meddle: @Sendable (_ alerts: [Alert]) -> Void

        func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
            meddle(alerts)
            return scripted.messages(for: alerts, in: flush)
        }

        func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
            await scripted.send(delivery, at: now)
        }
    }

    static let route = Route(
        name: "routes[0]", notify: ["hook"], grouping: GroupingPolicy(wait: .zero))

    static func put(_ alert: Alert, at now: Timestamp, in state: any StoreTransaction)
        throws(StoreError)
    {
        _ = try state.insert(alert)
        for way in Routing.ways(for: alert, routes: [route]) {
            let group = try state.group(way.key)
            try state.save(Grouping.joining(group, by: way, alert: alert, at: now))
            try state.save(Notice(alert: alert.id, group: way.key))
        }
    }

    static func run(
        _ store: MemoryStore, _ channel: any Channel, _ clock: SimulatedClock
    ) async {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let parts = WatcherParts(
            store: store, clock: clock, sources: [],
            outlets: [Outlet(name: "hook", channel: channel)], routes: [route],
            rules: TestRules.complaint, longestSleep: nil, logger: logger)
        _ = await Watcher(parts).run(until: .whenIdle, stop: StopSignal())
    }

    @Test func whatJoinsWhileMessagesAreMadeLeavesWithTheNextFlush() throws {
        let store = MemoryStore()
        let (first, late) = (Samples.alert(task: "t-1"), Samples.alert(task: "t-2"))
        let start = SimulatedClock().now
        let channel = MeddlingChannel { alerts in
            guard alerts.map(\.id) == [first.id] else { return }
            store.change { transaction throws(StoreError) in
                try Self.put(late, at: start, in: transaction)
            }
        }
        try simulate(seed: 1) { clock, _ in
            store.change { transaction throws(StoreError) in
                try Self.put(first, at: clock.now, in: transaction)
            }
            await Self.run(store, channel, clock)
        }
        let attempts = channel.scripted.attempts
        #expect(attempts.map(\.delivery.message.alerts) == [[first.id], [late.id]])
        #expect(attempts.map { $0.at - start } == [.zero, GroupingPolicy.defaultEvery])
    }

    @Test func messagesOfAGroupThatAnotherFlushedAreThrownAway() throws {
        let store = MemoryStore()
        let alert = Samples.alert()
        let channel = MeddlingChannel { alerts in
            store.change { transaction throws(StoreError) in
                guard var group = try transaction.group(Samples.key()), group.flushAt != nil
                else { return }
                group.flushAt = nil
                group.flushedAt = Samples.now
                try transaction.save(group)
                var sent = Samples.delivery("of-another")
                sent.state = .delivered
                try transaction.save(sent)
                try transaction.save(
                    Notice(alert: alert.id, group: group.key, deliveries: [sent.id]))
            }
        }
        let deliveries = try simulate(seed: 1) { clock, _ in
            store.change { transaction throws(StoreError) in
                try Self.put(alert, at: clock.now, in: transaction)
            }
            await Self.run(store, channel, clock)
            return try await store.read { reader throws(StoreError) in
                try reader.deliveries(DeliveryQuery())
            }
        }
        #expect(deliveries.map(\.id.text) == ["of-another"])
        #expect(channel.scripted.attempts.isEmpty)
    }
}
