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

    @Test func whatJoinsWhileMessagesAreMadeLeavesWithTheNextFlush() throws {
        let store = MemoryStore()
        let (first, late) = (Samples.alert(task: "t-1"), Samples.alert(task: "t-2"))
        let start = SimulatedClock().now
        let channel = MeddlingChannel { alerts in
            guard alerts.map(\.id) == [first.id] else { return }
            store.change { transaction throws(StoreError) in
                try DeliveryRig.put(late, at: start, in: transaction)
            }
        }
        try simulate(seed: 1) { clock, _ in
            let rig = DeliveryRig(store: store, outlets: [Outlet(name: "hook", channel: channel)])
            rig.put([first], at: clock.now)
            await rig.run(clock)
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
                try transaction.save([sent])
                try transaction.save(
                    Notice(alert: alert.id, group: group.key, deliveries: [sent.id]))
            }
        }
        let deliveries = try simulate(seed: 1) { clock, _ in
            let rig = DeliveryRig(store: store, outlets: [Outlet(name: "hook", channel: channel)])
            rig.put([alert], at: clock.now)
            await rig.run(clock)
            return try await store.read { reader throws(StoreError) in
                try reader.deliveries(DeliveryQuery())
            }
        }
        #expect(deliveries.map(\.id.text) == ["of-another"])
        #expect(channel.scripted.attempts.isEmpty)
    }
}
