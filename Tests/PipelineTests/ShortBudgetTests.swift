import Pipeline
import TestSupport
import Testing

/// What a short budget makes of many alerts, end to end.
@Suite struct ShortBudgetTests {
    static let start = SimulatedClock().now

    @Test func manyAlertsBecomeFewMessagesAndNoneIsDropped() throws {
        let hook = ScriptedChannel()
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, messagesPerMinute: 5)
        ])
        let alerts = TroubledChannelTests.alerts(60)
        let deliveries = try simulate(seed: 1) { clock, _ in
            rig.put(alerts, at: clock.now)
            await rig.run(clock)
            return try await rig.deliveries()
        }
        #expect(deliveries.count < 10)
        #expect(Set(deliveries.flatMap(\.message.alerts)) == Set(alerts.map(\.id)))
        #expect(deliveries.allSatisfy { $0.state == .delivered })
    }

    /// A service that knows each alert by itself.
    private struct EventChannel: Channel {
        let scripted = ScriptedChannel()
        var folds: Bool { false }

        func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
            alerts.map { Message(body: $0.title, alerts: [$0.id]) }
        }

        func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
            await scripted.send(delivery, at: now)
        }
    }

    @Test func whatMayNotFoldWaitsForRoomOneByOneAndCriticalGoesFirst() throws {
        let events = EventChannel()
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: events, messagesPerMinute: 5)
        ])
        let plain = TroubledChannelTests.alerts(60)
        let critical = Samples.alert("fire", task: "c-1", severity: .critical)
        let deliveries = try simulate(seed: 3) { clock, _ in
            rig.put(plain + [critical], at: clock.now)
            await rig.run(clock)
            return try await rig.deliveries()
        }
        #expect(deliveries.count == 61 && deliveries.allSatisfy { $0.state == .delivered })
        #expect(deliveries.allSatisfy { $0.message.alerts.count == 1 })
        let attempts = events.scripted.attempts
        #expect(attempts.first?.delivery.message.alerts == [critical.id])
        for (early, late) in zip(attempts, attempts.dropFirst(5)) {
            #expect(late.at - early.at >= .seconds(60))
        }
    }

    @Test func criticalAlertsGoFirstAndByThemselves() throws {
        let hook = ScriptedChannel()
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, messagesPerMinute: 4)
        ])
        let plain = TroubledChannelTests.alerts(30)
        let critical = [
            Samples.alert("fire", task: "c-1", severity: .critical),
            Samples.alert("flood", task: "c-2", severity: .critical),
        ]
        try simulate(seed: 2) { clock, _ in
            rig.put(plain + critical, at: clock.now)
            await rig.run(clock)
        }
        let sent = hook.attempts.map { $0.delivery.message.alerts.map(\.task.id) }
        #expect(Set(sent.prefix(2)) == [["c-1"], ["c-2"]])
        #expect(Set(sent.flatMap(\.self)).count == 32)
        #expect(sent.count <= 6)
    }

    @Test func whatComesWhileAChannelIsParkedLeavesTogetherAfterwards() throws {
        let hook = ScriptedChannel { number, now in
            number == 0
                ? .throttled(until: now + .seconds(600), answer: "130101")
                : .delivered(answer: "ok")
        }
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, messagesPerMinute: 2)
        ])
        try simulate(seed: 3) { clock, _ in
            rig.put([Samples.alert("first")], at: clock.now)
            rig.put(TroubledChannelTests.alerts(20), at: clock.now + .seconds(60))
            let critical = Samples.alert("fire", task: "c-1", severity: .critical)
            rig.put([critical], at: clock.now + .seconds(120))
            await rig.run(clock)
        }
        let sent = hook.attempts
        #expect(sent.dropFirst().allSatisfy { $0.at - Self.start >= .seconds(600) })
        #expect(sent[1].delivery.message.alerts.map(\.rule) == ["fire"])
        #expect(sent.count <= 5, "\(sent.count) messages")
        #expect(Set(sent.flatMap(\.delivery.message.alerts)).count == 22)
    }

    /// Throttles the first message for ten minutes.
    static func throttledAtFirst() -> ScriptedChannel {
        ScriptedChannel { number, now in
            number == 0
                ? .throttled(until: now + .seconds(600), answer: "130101")
                : .delivered(answer: "ok")
        }
    }

    @Test func aCriticalAlertBehindManyOthersOfItsGroupGoesFirst() throws {
        let hook = Self.throttledAtFirst()
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: hook)])
        let many = (0..<Flushing.alertLimit + 50).map { Samples.alert("r", task: "t-\($0)") }
        let fire = Samples.alert(
            "r", task: "fire", severity: .critical, raisedAt: Samples.now + .seconds(1))
        try simulate(seed: 5) { clock, _ in
            rig.put([Samples.alert("first")], at: clock.now)
            rig.put(many + [fire], at: clock.now + .seconds(60))
            await rig.run(clock)
        }
        let sent = hook.attempts.map(\.delivery.message.alerts)
        #expect(sent[1] == [fire.id])
        #expect(Set(sent.flatMap(\.self)).count == many.count + 2)
    }

    @Test func aGroupWhoseCriticalAlertWasTakenBackWaitsLikeOthers() throws {
        let hook = Self.throttledAtFirst()
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: hook)])
        let fire = Samples.alert("r", task: "fire", severity: .critical)
        let state = try simulate(seed: 6) { clock, _ in
            rig.put([Samples.alert("first")], at: clock.now)
            rig.put([fire, Samples.alert("r")], at: clock.now + .seconds(60))
            rig.store.change { transaction throws(StoreError) in
                guard let notice = try transaction.notice(of: fire.id, on: "hook") else { return }
                try transaction.save(
                    Notice(alert: fire.id, group: notice.group, cancelled: "a drill"))
            }
            return await rig.run(clock)
        }
        #expect(state == .idle)
        #expect(hook.attempts.count == 3 && hook.attempts[2].at - Self.start >= .seconds(600))
    }

    @Test func theBudgetHoldsInEveryMinute() throws {
        let hook = ScriptedChannel()
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, messagesPerMinute: 3)
        ])
        try simulate(seed: 4) { clock, _ in
            for number in 0..<40 {
                let alert = Samples.alert("r-\(number % 7)", task: "t-\(number)")
                rig.put([alert], at: clock.now + .seconds(number * 11))
            }
            await rig.run(clock)
        }
        let times = hook.attempts.map(\.at)
        for (early, late) in zip(times, times.dropFirst(3)) {
            #expect(late - early >= .seconds(60))
        }
        #expect(Set(hook.attempts.flatMap(\.delivery.message.alerts)).count == 40)
    }
}
