import Pipeline
import Synchronization
import TestSupport
import Testing

/// Channels that fail, refuse and come back, end to end over ports in simulated time.
@Suite struct TroubledChannelTests {
    static let start = SimulatedClock().now
    static let away = Outcome.unavailable(retryAfter: nil, answer: "HTTP 503")

    /// Away from the start for so long.
    static func away(for time: Duration) -> ScriptedChannel {
        ScriptedChannel { _, now in
            now - start < time ? away : .delivered(answer: "ok")
        }
    }

    /// Alerts that leave as a message each.
    static func alerts(_ count: Int, severity: Severity = .high) -> [Alert] {
        (0..<count).map { Samples.alert("rule-\($0)", task: "t-\($0)", severity: severity) }
    }

    /// The own alerts that a channel was sent, in order.
    static func ownAlerts(_ channel: ScriptedChannel) -> [String] {
        channel.attempts.flatMap(\.delivery.message.alerts).map(\.rule)
            .filter { $0.hasPrefix(OwnAlert.prefix) }
    }

    @Test func aDeadServiceIsProbedAndNotHammeredAndAllArrivesWhenItIsBack() throws {
        let (hook, mail) = (Self.away(for: .seconds(3000)), ScriptedChannel())
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, concurrency: 3, fallback: "mail"),
            Outlet(name: "mail", channel: mail),
        ])
        let deliveries = try simulate(seed: 1) { clock, _ in
            rig.put(Self.alerts(40), at: clock.now)
            await rig.run(clock)
            return try await rig.deliveries(to: "hook")
        }
        #expect(deliveries.count == 40 && deliveries.allSatisfy { $0.state == .delivered })
        let failed = hook.attempts.filter { $0.at - Self.start < .seconds(3000) }
        // A few at once, then one a pause: 5, 15, 30, 60, 120, 300, 600 s.
        #expect(failed.count <= Breaker.threshold + 2 + 12, "\(failed.count) attempts")
        let probes = failed.map(\.at).filter { $0 - Self.start > .seconds(1) }
        for (early, late) in zip(probes, probes.dropFirst()) {
            #expect(late - early >= .seconds(5), "two probes at once")
        }
        #expect(
            Self.ownAlerts(mail) == ["tocsin/channel-failing", "tocsin/channel-works"])
        #expect(Self.ownAlerts(hook).isEmpty)
        #expect(mail.attempts.count == 2, "what arrived in the end is not told elsewhere")
    }

    @Test func aShortTroubleIsNobodysNews() throws {
        let (hook, mail) = (Self.away(for: .seconds(30)), ScriptedChannel())
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, fallback: "mail"),
            Outlet(name: "mail", channel: mail),
        ])
        try simulate(seed: 2) { clock, _ in
            rig.put(Self.alerts(9), at: clock.now)
            await rig.run(clock)
        }
        #expect(mail.attempts.isEmpty)
    }

    @Test func messagesThatAreToComeLaterStopNoOthers() throws {
        // Every mail is greylisted at its first attempt.
        let seen = Mutex<Set<Delivery.ID>>([])
        let mail = ScriptedChannel.choosing { delivery in
            seen.withLock { $0.insert(delivery.id).inserted }
                ? .postponed(answer: "450 4.7.1 greylisted") : .delivered(answer: "ok")
        }
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: mail)])
        let deliveries = try simulate(seed: 21) { clock, _ in
            rig.put(Self.alerts(20), at: clock.now)
            await rig.run(clock)
            return try await rig.deliveries(to: "hook")
        }
        #expect(deliveries.allSatisfy { $0.state == .delivered && $0.attempts == 2 })
        #expect(mail.attempts.prefix(20).allSatisfy { $0.at - Self.start < .seconds(2) })
        #expect(mail.attempts.allSatisfy { $0.at - Self.start < .seconds(10) })
    }

    @Test func restartsTellNothingTwice() throws {
        let (hook, mail) = (Self.away(for: .seconds(5000)), ScriptedChannel())
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, fallback: "mail"),
            Outlet(name: "mail", channel: mail),
        ])
        try simulate(seed: 3) { clock, _ in
            rig.put(Self.alerts(9), at: clock.now)
            for _ in 0..<12 { await rig.run(clock, for: .seconds(300)) }
            await rig.run(clock)
        }
        #expect(
            Self.ownAlerts(mail) == ["tocsin/channel-failing", "tocsin/channel-works"])
    }

    @Test func withoutAFallbackTheRoutesAreToldButNotTheChannelItself() throws {
        let (hook, mail) = (Self.away(for: .seconds(900)), ScriptedChannel())
        let rig = DeliveryRig(
            outlets: [
                Outlet(name: "hook", channel: hook), Outlet(name: "mail", channel: mail),
            ], routes: [DeliveryRig.route(to: ["hook", "mail"])])
        try simulate(seed: 4) { clock, _ in
            rig.put(Self.alerts(9), at: clock.now)
            await rig.run(clock)
        }
        #expect(
            Self.ownAlerts(mail) == ["tocsin/channel-failing", "tocsin/channel-works"])
        #expect(Self.ownAlerts(hook).isEmpty)
    }

    @Test func deadLettersGoToTheFallbackOnceAndMarked() throws {
        let hook = ScriptedChannel([.refusedMessage(reason: "HTTP 400")])
        let mail = ScriptedChannel()
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, fallback: "mail"),
            Outlet(name: "mail", channel: mail, fallback: "hook"),
        ])
        let alerts = Self.alerts(3)
        let notices = try simulate(seed: 5) { clock, _ in
            rig.put(alerts, at: clock.now)
            // One of them goes to the mail anyway.
            rig.put([alerts[2]], to: "mail", at: clock.now)
            await rig.run(clock)
            return try await rig.store.read { reader throws(StoreError) in
                try reader.notices(of: alerts[0].id)
            }
        }
        let carried = mail.attempts.flatMap(\.delivery.message.alerts).map(\.task.id)
        #expect(carried.sorted() == ["t-0", "t-1", "t-2"])
        #expect(notices.map(\.channel) == ["hook", "mail"])
        let origin = Routing.origin(of: try #require(notices.last).group)
        #expect(origin == "hook")
    }

    @Test func anIdleRunDoesNotWaitForARefusingChannelThatFailsOnceMore() throws {
        // It refuses, also the first probe; what else it meets is a connection that breaks.
        let hook = ScriptedChannel { number, _ in
            number <= 2 ? .refusedChannel(reason: "no such hook") : Self.away
        }
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: hook)])
        let elapsed = try simulate(seed: 12) { clock, _ in
            rig.put(Self.alerts(40), at: clock.now)
            #expect(await rig.run(clock) == .channelRefused("hook"))
            let begin = clock.now
            for _ in 0..<5 {
                rig.store.change { transaction throws(StoreError) in
                    try Watcher.takeOver(transaction, at: clock.now)
                }
                #expect(await rig.run(clock) == .channelRefused("hook"))
            }
            return clock.now - begin
        }
        #expect(elapsed < .seconds(1) && hook.attempts.count >= 7)
    }

    @Test func aRefusedChannelIsToldOnceAndKeepsWhatWaits() throws {
        let hook = ScriptedChannel { _, now in
            now - Self.start < .seconds(3000)
                ? .refusedChannel(reason: "535 login") : .delivered(answer: "ok")
        }
        let mail = ScriptedChannel()
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, concurrency: 3, fallback: "mail"),
            Outlet(name: "mail", channel: mail),
        ])
        let deliveries = try simulate(seed: 6) { clock, _ in
            rig.put(Self.alerts(40), at: clock.now)
            #expect(await rig.run(clock) == .channelRefused("hook"))
            await rig.run(clock, for: .seconds(3600))
            #expect(await rig.run(clock) == .idle)
            return try await rig.deliveries(to: "hook")
        }
        #expect(deliveries.count == 40 && deliveries.allSatisfy { $0.state == .delivered })
        let refused = hook.attempts.filter { $0.at - Self.start < .seconds(3000) }
        #expect(refused.count <= 3 + 1 + 3000 / 300, "\(refused.count) attempts")
        #expect(Self.ownAlerts(mail) == ["tocsin/channel-refused", "tocsin/channel-works"])
        #expect(mail.attempts.count == 2)
    }

    @Test func aRefusalLongerThanAllRetriesEndsAtTheFallback() throws {
        let hook = ScriptedChannel([.refusedChannel(reason: "535 login")])
        let mail = ScriptedChannel()
        let rig = DeliveryRig(outlets: [
            Outlet(
                name: "hook", channel: hook, retrying: Retrying(schedule: [.zero, .seconds(60)]),
                fallback: "mail"),
            Outlet(name: "mail", channel: mail),
        ])
        let deliveries = try simulate(seed: 9) { clock, _ in
            rig.put(Self.alerts(30), at: clock.now)
            await rig.run(clock, for: .seconds(900))
            #expect(await rig.run(clock) == .idle)
            return try await rig.deliveries(to: "hook")
        }
        #expect(hook.attempts.count <= 3)
        for delivery in deliveries {
            guard case .dead(let reason) = delivery.state else {
                Issue.record("\(delivery.state)")
                continue
            }
            #expect(reason.hasSuffix(": 535 login"))
        }
        #expect(Self.ownAlerts(mail) == ["tocsin/channel-refused"])
        #expect(Set(mail.attempts.flatMap(\.delivery.message.alerts)).count == 30 + 1)
    }

    @Test func oneMessageThatIsMistakenForARefusedChannelDoesNotHoldTheOthers() throws {
        let hook = ScriptedChannel.choosing { delivery in
            delivery.message.alerts[0].task.id == "t-0"
                ? .refusedChannel(reason: "keyword") : .delivered(answer: "ok")
        }
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: hook)])
        let deliveries = try simulate(seed: 10) { clock, _ in
            rig.put(Self.alerts(9), at: clock.now)
            await rig.run(clock, for: .seconds(1800))
            return try await rig.deliveries(to: "hook")
        }
        #expect(deliveries.count { $0.state == .delivered } == 8)
        let delivered = hook.attempts.filter { $0.delivery.message.alerts[0].task.id != "t-0" }
        #expect(delivered.allSatisfy { $0.at - Self.start < .seconds(10) })
    }

    @Test func aChannelThatRefusesEverySecondMessageIsToldOnceInAWhile() throws {
        let hook = ScriptedChannel.choosing { delivery in
            let number = delivery.message.alerts[0].task.id.dropFirst(2)
            return Int(number)?.isMultiple(of: 2) == true
                ? .refusedChannel(reason: "not on the list") : .delivered(answer: "ok")
        }
        let mail = ScriptedChannel()
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, fallback: "mail"),
            Outlet(name: "mail", channel: mail),
        ])
        let told = try simulate(seed: 8) { clock, _ in
            for round in 0..<60 {
                let alert = Samples.alert("rule-\(round)", task: "t-\(round)")
                rig.put([alert], at: clock.now)
                await rig.run(clock, for: .seconds(60))
            }
            await rig.run(clock, for: .seconds(48 * 3600))
            return try await rig.store.read { reader throws(StoreError) in
                try reader.alerts(AlertQuery(rule: "tocsin/channel-refused")).map(\.raisedAt)
            }
        }
        #expect(!told.isEmpty)
        for (late, early) in zip(told, told.dropFirst()) {
            #expect(late - early >= Breaker.refusalToldAgainAfter)
        }
        // What was refused arrived elsewhere all the same, and nothing else did.
        let rules = mail.attempts.flatMap(\.delivery.message.alerts).map(\.rule)
        let expected = stride(from: 0, to: 60, by: 2).map { "rule-\($0)" }
        #expect(rules.filter { $0.hasPrefix("rule-") }.sorted() == expected.sorted())
    }

    @Test func aSecondRefusalIsToldLaterEvenWhenOnlyFailuresFollow() throws {
        // It refuses, works after five minutes, refuses again, and then only fails.
        let hook = ScriptedChannel { _, now in
            switch now - Self.start {
            case ..<Duration.seconds(300): .refusedChannel(reason: "no such hook")
            case ..<Duration.seconds(360): .delivered(answer: "ok")
            case ..<Duration.seconds(370): .refusedChannel(reason: "no such hook")
            case ..<Duration.seconds(3 * 3600): Self.away
            default: .delivered(answer: "ok")
            }
        }
        let mail = ScriptedChannel()
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, fallback: "mail"),
            Outlet(name: "mail", channel: mail),
        ])
        let told = try simulate(seed: 13) { clock, _ in
            let alerts = Self.alerts(40)
            rig.put(Array(alerts.prefix(3)), at: clock.now)
            rig.put(Array(alerts.dropFirst(3)), at: clock.now + .seconds(360))
            await rig.run(clock, for: .seconds(4 * 3600))
            return try await rig.store.read { reader throws(StoreError) in
                try reader.alerts(AlertQuery(rule: "tocsin/channel-refused")).map(\.raisedAt)
            }
        }
        let news = ["tocsin/channel-refused", "tocsin/channel-works"]
        #expect(Self.ownAlerts(mail) == news + news)
        let (late, early) = (try #require(told.first), try #require(told.last))
        let apart = late - early
        #expect(apart >= Breaker.refusalToldAgainAfter)
        #expect(apart <= Breaker.refusalToldAgainAfter + Breaker.longestPause)
    }

    @Test func aRestartDoesNotSpendTheMinuteTwice() throws {
        let hook = ScriptedChannel()
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, messagesPerMinute: 20)
        ])
        try simulate(seed: 9) { clock, _ in
            // Critical ones are not folded.
            rig.put(Self.alerts(70, severity: .critical), at: clock.now)
            for _ in 0..<30 { await rig.run(clock, for: .seconds(7)) }
            await rig.run(clock)
        }
        let moments = hook.attempts.map(\.at).sorted()
        #expect(moments.count == 70)
        for (early, late) in zip(moments, moments.dropFirst(20)) {
            #expect(late - early >= .seconds(60), "21 messages in \(late - early)")
        }
    }

    @Test func aTroubleLongerThanAllRetriesEndsInDeadLettersTogether() throws {
        let (hook, mail) = (Self.away(for: .seconds(999_999)), ScriptedChannel())
        let retrying = Retrying(schedule: [.zero, .seconds(5), .seconds(30)])
        let rig = DeliveryRig(outlets: [
            Outlet(name: "hook", channel: hook, retrying: retrying, fallback: "mail"),
            Outlet(name: "mail", channel: mail),
        ])
        let (deliveries, end) = try simulate(seed: 7) { clock, _ in
            rig.put(Self.alerts(250), at: clock.now)
            await rig.run(clock)
            return (try await rig.deliveries(to: "hook"), clock.now)
        }
        #expect(deliveries.count == 250)
        for delivery in deliveries {
            guard case .dead(let reason) = delivery.state else {
                Issue.record("\(delivery.state)")
                continue
            }
            #expect(reason.contains("HTTP 503"))
        }
        #expect(hook.attempts.count < 20)
        #expect(end - Self.start < .seconds(600))
        #expect(Set(mail.attempts.flatMap(\.delivery.message.alerts).map(\.task.id)).count >= 250)
    }

    @Test func theServicesOwnPauseKeepsTheWholeChannelQuiet() throws {
        let hook = ScriptedChannel([
            .unavailable(retryAfter: .seconds(120), answer: "HTTP 503"), .delivered(answer: "ok"),
        ])
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: hook)])
        try simulate(seed: 8) { clock, _ in
            rig.put(Self.alerts(3), at: clock.now)
            await rig.run(clock)
        }
        let times = hook.attempts.map { $0.at - Self.start }
        #expect(times.count == 4)
        #expect(times.dropFirst().allSatisfy { $0 >= .seconds(120) })
    }
}
