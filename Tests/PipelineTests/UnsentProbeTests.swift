import Pipeline
import Synchronization
import TestSupport
import Testing

/// A probe that goes back unsent, since a send from before fails while it is claimed.
@Suite struct UnsentProbeTests {
    /// How many of the next transactions fail.
    final class Failures: Sendable {
        private let left = Mutex(0)

        func set(_ count: Int) { left.withLock { $0 = count } }

        func takeOne() -> Bool {
            left.withLock { left in
                guard left > 0 else { return false }
                left -= 1
                return true
            }
        }
    }

    /// A store whose commits take a while.
    struct SlowStore: Store {
        let store: MemoryStore
        let clock: SimulatedClock
        let failures: Failures

        static let commit = Duration.milliseconds(20)

        func transaction<Result: Sendable>(
            _ body: @escaping @Sendable (any StoreTransaction) throws(StoreError) -> Result
        ) async throws(StoreError) -> Result {
            if failures.takeOne() { throw StoreError(.busy, "simulated: busy") }
            let result = try await store.transaction(body)
            try? await clock.sleep(until: clock.now + Self.commit)
            return result
        }

        func read<Result: Sendable>(
            _ body: @escaping @Sendable (any StoreReader) throws(StoreError) -> Result
        ) async throws(StoreError) -> Result {
            try await store.read(body)
        }
    }

    /// Fails with the first, which takes its time, and with the next ones until it is left alone.
    final class Room: Channel {
        let clock: SimulatedClock
        /// What ends with the first.
        private let whenFirstEnds: @Sendable () -> Void
        private let times = Mutex<[Timestamp]>([])

        init(_ clock: SimulatedClock, whenFirstEnds: @escaping @Sendable () -> Void) {
            self.clock = clock
            self.whenFirstEnds = whenFirstEnds
        }

        var attempts: [Timestamp] { times.withLock(\.self) }

        /// The last failure before the pause.
        var last: Timestamp? { attempts.dropFirst(Breaker.threshold).first }

        func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
            alerts.map { Message(body: "\($0.id)", alerts: [$0.id]) }
        }

        func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
            let number = times.withLock { times in
                times.append(clock.now)
                return times.count - 1
            }
            guard number <= Breaker.threshold else { return .delivered(answer: "ok") }
            if number == 0 {
                while last == nil { try? await clock.sleep(until: clock.now + .milliseconds(1)) }
                let claim = (last ?? now) + Breaker.pauses[0]
                try? await clock.sleep(until: claim + SlowStore.commit / 2)
                whenFirstEnds()
            }
            return .unavailable(retryAfter: nil, answer: "HTTP 503")
        }
    }

    /// With a store that fails for so many transactions when the probe is to go back: for none, for
    /// the turn, and for all that is tried of it.
    @Test(
        "The next goes at once, and not when the claim of the first would have ended",
        arguments: [0, 1, 3])
    func next(failing: Int) throws {
        let attempts = try simulate(seed: 21) { clock, _ in
            let failures = Failures()
            let room = Room(clock) { failures.set(failing) }
            let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: room, concurrency: 2)])
            rig.put(TroubledChannelTests.alerts(20), at: clock.now)
            var parts = rig.parts(clock)
            parts.store = SlowStore(store: rig.store, clock: clock, failures: failures)
            #expect(await Watcher(parts).run(until: .whenIdle, stop: StopSignal()) == .idle)
            return room.attempts
        }
        let last = try #require(attempts.dropFirst(Breaker.threshold).first)
        let probe = try #require(attempts.dropFirst(Breaker.threshold + 1).first)
        #expect(probe - last >= Breaker.pauses[0] + SlowStore.commit / 2)
        // After a failure of the store the loop waits for a second.
        #expect(probe - last < Breaker.pauses[0] + .seconds(failing == 0 ? 1 : 3))
    }

    /// Refuses the first and its probe; what comes then takes two seconds and arrives.
    final class SlowRoom: Channel {
        let clock: SimulatedClock
        private let count = Mutex(0)

        init(_ clock: SimulatedClock) { self.clock = clock }

        func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
            alerts.map { Message(body: "\($0.id)", alerts: [$0.id]) }
        }

        func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number > 2 else { return .refusedChannel(reason: "no such hook") }
            try? await clock.sleep(until: clock.now + .seconds(2))
            return .delivered(answer: "ok")
        }
    }

    @Test("An idle run does not end while a probe is under way")
    func underWay() throws {
        let deliveries = try simulate(seed: 22) { clock, _ in
            let room = SlowRoom(clock)
            let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: room, concurrency: 1)])
            rig.put(TroubledChannelTests.alerts(3), at: clock.now)
            #expect(await rig.run(clock) == .channelRefused("hook"))
            rig.store.change { transaction throws(StoreError) in
                try Watcher.takeOver(transaction, at: clock.now)
            }
            var parts = rig.parts(clock)
            // The watch looks while the probe is under way.
            parts.longestSleep = .milliseconds(500)
            #expect(await Watcher(parts).run(until: .whenIdle, stop: StopSignal()) == .idle)
            return try await rig.deliveries()
        }
        #expect(deliveries.count == 3 && deliveries.allSatisfy { $0.state == .delivered })
    }
}
