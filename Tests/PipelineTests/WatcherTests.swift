import Logging
import Pipeline
import TestSupport
import Testing

/// The loops, end to end over ports, in simulated time.
@Suite struct WatcherTests {
    struct Rig: Sendable {
        let cloud: ScriptedCloud
        let channel: ScriptedChannel
        let store = MemoryStore()

        func parts(
            _ clock: SimulatedClock, schedule: PollSchedule = PollSchedule(),
            perMinute: Int? = nil
        ) -> WatcherParts {
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            return WatcherParts(
                store: store, clock: clock,
                sources: [Source(name: "calls", cloud: cloud, schedule: schedule)],
                outlets: [
                    Outlet(name: "hook", channel: channel, messagesPerMinute: perMinute)
                ],
                routes: [Route(name: "routes[0]", notify: ["hook"])],
                rules: TestRules.complaint, longestSleep: nil, logger: logger)
        }

        func accept(_ ids: [String], at now: Timestamp) async throws {
            _ = try await Watcher.accept(
                ids.map { Submission(id: TaskID(source: "calls", id: $0)) }, schedules: [:],
                in: store, at: now)
        }
    }

    static func reply(_ status: TaskStatus, words: String = "") -> Result<TaskReply, CloudError> {
        var conversation = Conversation(status: status)
        if !words.isEmpty {
            conversation.sentences = [
                Sentence(begin: 0, end: 900, speaker: .customer, words: words)
            ]
        }
        return .success(
            TaskReply(
                conversations: [conversation], status: status, bytes: [123, 125],
                tape: .empty))
    }

    @Test func aComplaintIsToldAfterThePollsAndTheGroupsWait() throws {
        let rig = Rig(
            cloud: ScriptedCloud([
                Self.reply(.queue), Self.reply(.running), Self.reply(.finish, words: "我要投诉"),
            ]), channel: ScriptedChannel())
        let reason = try simulate(seed: 1) { clock, _ in
            try await rig.accept(["t-1"], at: clock.now)
            return await Watcher(rig.parts(clock)).run(until: .whenIdle, stop: StopSignal())
        }
        #expect(reason == .idle)
        let start = SimulatedClock().now
        #expect(
            rig.cloud.readTimes.map { $0 - start } == [.seconds(30), .seconds(60), .seconds(90)])
        let attempts = rig.channel.attempts
        #expect(attempts.map { $0.at - start } == [.seconds(120)])
        #expect(attempts.first?.delivery.message.body.contains("calls/t-1") == true)
    }

    @Test func throttlingParksTheSourceAndUsesNoAttempt() throws {
        let throttled = Result<TaskReply, CloudError>.failure(
            .throttled(retryAfter: .seconds(7), perMinute: false, reason: "Qps"))
        let rig = Rig(
            cloud: ScriptedCloud([throttled, Self.reply(.finish)]), channel: ScriptedChannel())
        let attempts = try simulate(seed: 2) { clock, _ in
            try await rig.accept(["t-1"], at: clock.now)
            _ = await Watcher(rig.parts(clock)).run(until: .whenIdle, stop: StopSignal())
            return try await rig.store.read { reader throws(StoreError) in
                try reader.task(TaskID(source: "calls", id: "t-1"))?.attempts
            }
        }
        #expect(attempts == 1)
        let times = rig.cloud.readTimes
        #expect(times.count == 2 && times[1] - times[0] == .seconds(7))
    }

    @Test func refusedCredentialsEndAnIdleRunAtOnceAndAreToldAsAnAlert() throws {
        let refused = Result<TaskReply, CloudError>.failure(
            .refusedSource(reason: "InvalidAccessKeyId.NotFound"))
        let rig = Rig(cloud: ScriptedCloud([refused]), channel: ScriptedChannel())
        let (reason, alerts) = try simulate(seed: 3) { clock, _ in
            try await rig.accept(["t-1", "t-2"], at: clock.now)
            let reason = await Watcher(rig.parts(clock)).run(
                until: .whenIdle, stop: StopSignal())
            let alerts = try await rig.store.read { reader throws(StoreError) in
                try reader.alerts(AlertQuery())
            }
            return (reason, alerts)
        }
        #expect(reason == .sourceRefused("calls"))
        #expect(alerts.map(\.id.rule) == ["tocsin/source-refused"])
        #expect(alerts.first?.severity == .critical)
    }

    @Test func aThrottledChannelIsLeftAloneAndNothingIsLost() throws {
        let start = SimulatedClock().now
        let rig = Rig(
            cloud: ScriptedCloud([Self.reply(.finish, words: "投诉")]),
            channel: ScriptedChannel([
                .throttled(until: start + .seconds(900), answer: "130101"),
                .delivered(answer: "ok"),
            ]))
        let counts = try simulate(seed: 4) { clock, _ in
            try await rig.accept(["t-1"], at: clock.now)
            _ = await Watcher(rig.parts(clock)).run(until: .whenIdle, stop: StopSignal())
            return try await rig.store.read { reader throws(StoreError) in try reader.counts() }
        }
        #expect(counts.delivered == 1)
        let attempts = rig.channel.attempts
        #expect(attempts.map { $0.at - start } == [.seconds(60), .seconds(900)])
        #expect(attempts[0].delivery.id == attempts[1].delivery.id)
        #expect(attempts[0].delivery.message == attempts[1].delivery.message)
    }

    @Test func aChannelsBudgetSpreadsItsMessages() throws {
        let rig = Rig(
            cloud: ScriptedCloud([Self.reply(.finish, words: "投诉")]),
            channel: ScriptedChannel())
        try simulate(seed: 5) { clock, _ in
            try await rig.accept((0..<6).map { "t-\($0)" }, at: clock.now)
            var parts = rig.parts(clock, perMinute: 2)
            parts.routes = [
                Route(
                    name: "routes[0]", notify: ["hook"],
                    grouping: GroupingPolicy(by: ["task"], wait: .zero, every: .zero))
            ]
            // Each alert leaves alone: the tasks come one by one.
            _ = await Watcher(parts).run(until: .whenIdle, stop: StopSignal())
        }
        let times = rig.channel.attempts.map(\.at)
        for (early, late) in zip(times, times.dropFirst(2)) {
            #expect(late - early >= .seconds(29), "three messages within half a minute")
        }
    }

    /// What was created first may be delivered last; and a budget may be larger than any page.
    @Test func aNewProcessCountsWhatTheLastMinuteDelivered() throws {
        let channel = ScriptedChannel()
        let rig = DeliveryRig(
            outlets: [Outlet(name: "hook", channel: channel, messagesPerMinute: 400)])
        let start = try simulate(seed: 7) { clock, _ in
            let now = clock.now
            func delivery(
                _ id: String, created: Duration, _ state: Delivery.State, settled: Duration? = nil
            ) -> Delivery {
                Delivery(
                    id: Delivery.ID(id), group: Samples.key(),
                    message: Message(body: "", alerts: []), createdAt: now - created, state: state,
                    settledAt: settled.map { now - $0 })
            }
            let lastMinute = (0..<390).map {
                delivery("a-\($0)", created: .seconds(900), .delivered, settled: .seconds(1))
            }
            let before = (0..<300).map {
                delivery("b-\($0)", created: .seconds(600), .delivered, settled: .seconds(500))
            }
            let waiting = (0..<20).map {
                delivery("c-\($0)", created: .seconds(5), .waiting(dueAt: now))
            }
            rig.store.change { transaction throws(StoreError) in
                try transaction.save(lastMinute + before + waiting)
            }
            await rig.run(clock)
            return now
        }
        let times = channel.attempts.map { $0.at - start }
        #expect(times.count == 20)
        // One may have been under way when the other process ended.
        #expect(times.count { $0 < .seconds(59) } == 9)
        #expect(times.allSatisfy { $0 <= .seconds(60) })
    }

    @Test func aStopSignalEndsTheRunAndLeavesTheWorkInTheStore() throws {
        let rig = Rig(
            cloud: ScriptedCloud([Self.reply(.queue)]), channel: ScriptedChannel())
        let pending = try simulate(seed: 6) { clock, _ in
            try await rig.accept(["t-1"], at: clock.now)
            let stop = StopSignal()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = await Watcher(rig.parts(clock)).run(stop: stop)
                }
                group.addTask {
                    try? await clock.sleep(until: clock.now + .seconds(100))
                    stop.request()
                }
            }
            return try await rig.store.read { reader throws(StoreError) in try reader.counts() }
        }
        #expect(pending.pendingTasks == 1)
        #expect(rig.cloud.readTimes.count == 3)
    }
}
