import Foundation
import Pipeline
import Synchronization
import TestSupport
import Testing

/// Which message each delivery answers, by the real loops.
@Suite struct ThreadsTests {
    /// Names its messages `m-1`, `m-2`, …; what answers another one opens nothing.
    final class Room: Channel {
        struct Sent: Hashable {
            let delivery: Delivery.ID
            let answered: String?
        }

        let threadRoom: String?
        let failsToAnswer: Bool
        /// The message, counted from 1, that meets a channel that refuses.
        let refused: Int?
        private let sent = Mutex<[Sent]>([])

        init(_ threadRoom: String? = "room", failsToAnswer: Bool = false, refused: Int? = nil) {
            self.refused = refused
            self.threadRoom = threadRoom
            self.failsToAnswer = failsToAnswer
        }

        func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
            alerts.map { Message(body: "\($0.id)", alerts: [$0.id]) }
        }

        func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
            await send(delivery, answering: nil, at: now)
        }

        func send(
            _ delivery: Delivery, answering message: String?, at now: Timestamp
        ) async -> Outcome {
            let number = sent.withLock { sent in
                sent.append(Sent(delivery: delivery.id, answered: message))
                return sent.count
            }
            if failsToAnswer, message != nil {
                return .unavailable(retryAfter: nil, answer: "HTTP 500")
            }
            if number == refused { return .refusedChannel(reason: "HTTP 404") }
            return .delivered(answer: "ok", opens: message == nil ? "m-\(number)" : nil)
        }

        var answered: [String?] { sent.withLock { $0.map(\.answered) } }
    }

    static func alert(_ id: String, rule: String = "r") -> Alert {
        Alert(
            id: Alert.ID(rule: rule, task: TaskID(source: "s", id: id)), title: "t",
            severity: .high, labels: ["rule": rule], message: "", evidence: [],
            raisedAt: Samples.now, ruleSetVersion: "v")
    }

    @Test("The parts of a message answer the first, which is not recorded yet")
    func parts() throws {
        let room = Room()
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: room)])
        try simulate(seed: 1) { clock, _ in
            rig.put([Self.alert("1"), Self.alert("2"), Self.alert("3")], at: clock.now)
            await rig.run(clock)
        }
        #expect(room.answered == [nil, "m-1", "m-1"])
    }

    @Test("Another process knows the thread; another group has its own; a day later it is over")
    func lives() throws {
        let room = Room()
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: room)])
        try simulate(seed: 2) { clock, _ in
            rig.put([Self.alert("1")], at: clock.now)
            await rig.run(clock)
            rig.put([Self.alert("2")], at: clock.now)
            await rig.run(clock)
            rig.put([Self.alert("3", rule: "other")], at: clock.now)
            await rig.run(clock)
            try await clock.sleep(until: clock.now + AlertGroup.Thread.life)
            rig.put([Self.alert("4")], at: clock.now)
            await rig.run(clock)
            rig.put([Self.alert("5")], at: clock.now)
            await rig.run(clock)
        }
        #expect(room.answered == [nil, "m-1", nil, nil, "m-4"])
    }

    @Test("After a failure a message stands by itself")
    func failing() throws {
        let room = Room(failsToAnswer: true)
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: room)])
        try simulate(seed: 4) { clock, _ in
            rig.put([Self.alert("1")], at: clock.now)
            await rig.run(clock)
            rig.put([Self.alert("2")], at: clock.now)
            await rig.run(clock)
        }
        #expect(room.answered == [nil, "m-1", nil])
    }

    @Test("A probe stands by itself: a refusal may be the thread's, and not the channel's")
    func probe() throws {
        let room = Room(refused: 2)
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: room, concurrency: 1)])
        try simulate(seed: 6) { clock, _ in
            rig.put([Self.alert("1")], at: clock.now)
            await rig.run(clock)
            rig.put([Self.alert("2"), Self.alert("3")], at: clock.now)
            await rig.run(clock)
            rig.put([Self.alert("4")], at: clock.now)
            await rig.run(clock)
        }
        // The third is the probe, the fourth the one that was refused.
        #expect(room.answered == [nil, "m-1", nil, nil, "m-4"])
    }

    @Test("A thread of a clock that was wrong is over")
    func future() {
        let now = Samples.now
        let thread = AlertGroup.Thread(message: "m", room: "r", openedAt: now)
        #expect(thread.isOpen(in: "r", at: now))
        #expect(!thread.isOpen(in: "r", at: now - .milliseconds(1)))
        #expect(!thread.isOpen(in: "r", at: now + AlertGroup.Thread.life))
    }

    @Test("A thread of another room is over, and so is one of a record without a room")
    func otherRoom() throws {
        let (old, new) = (Room("old"), Room("new"))
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: old)])
        try simulate(seed: 5) { clock, _ in
            rig.put([Self.alert("1")], at: clock.now)
            await rig.run(clock)
            let moved = DeliveryRig(
                store: rig.store, outlets: [Outlet(name: "hook", channel: new)])
            moved.put([Self.alert("2")], at: clock.now)
            await moved.run(clock)
            moved.put([Self.alert("3")], at: clock.now)
            await moved.run(clock)
        }
        #expect(old.answered == [nil])
        #expect(new.answered == [nil, "m-1"])
        let record = try JSONDecoder().decode(
            AlertGroup.Thread.self, from: Data(#"{"message":"m","openedAt":1700000000000}"#.utf8))
        #expect(!record.isOpen(in: "new", at: record.openedAt))
    }

    @Test("A channel without threads answers nothing")
    func none() throws {
        let room = Room(nil)
        let rig = DeliveryRig(outlets: [Outlet(name: "hook", channel: room)])
        try simulate(seed: 3) { clock, _ in
            rig.put([Self.alert("1"), Self.alert("2")], at: clock.now)
            await rig.run(clock)
        }
        #expect(room.answered == [nil, nil])
    }
}
