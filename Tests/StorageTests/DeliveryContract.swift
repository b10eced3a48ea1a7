import Pipeline
import TestSupport
import Testing

/// What every store promises about the outbox, parkings, counts and retention.
@Suite("Every store: deliveries and upkeep")
struct DeliveryContract {
    @Test("A delivery comes back as it was saved, in every state", arguments: StoreRig.all)
    func roundTrip(rig: StoreRig) async throws {
        let states: [Delivery.State] = [
            .waiting(dueAt: at(3)), .delivered, .dead(reason: "不行 \"300001\"\u{0}"),
        ]
        try await rig.run { store in
            for (number, state) in states.enumerated() {
                let delivery = Delivery(
                    id: Delivery.ID("d_\(number).x-y"), group: Samples.key(),
                    message: Message(
                        part: 2, parts: 3, recipient: "a@b.c", body: "{\"text\":\"告警\u{0}\"}\r\n",
                        alerts: [Samples.alert().id]),
                    createdAt: at(1), attempts: 4, state: state, answer: "errcode 0",
                    settledAt: number == 0 ? nil : at(2))
                try await store.save(deliveries: [delivery])
                #expect(try await store.delivery(delivery.id) == delivery)
            }
            #expect(try await store.delivery(Delivery.ID("none")) == nil)
        }
    }

    @Test("Deliveries are listed by what is asked, newest created first", arguments: StoreRig.all)
    func listing(rig: StoreRig) async throws {
        func delivery(
            _ id: String, _ created: Int64, _ state: Delivery.State, channel: String = "hook"
        ) -> Delivery {
            Delivery(
                id: Delivery.ID(id), group: Samples.key(channel: channel),
                message: Message(body: "", alerts: []), createdAt: at(created), state: state)
        }
        let deliveries = [
            delivery("b", 1, .delivered), delivery("a", 1, .dead(reason: "x")),
            delivery("c", 2, .waiting(dueAt: at(0))), delivery("m", 3, .delivered, channel: "mail"),
        ]
        let cases: [(query: DeliveryQuery, expected: String)] = [
            (DeliveryQuery(), "mcab"), (DeliveryQuery(limit: 2), "mc"),
            (DeliveryQuery(limit: 0), ""),
            (DeliveryQuery(channel: "hook"), "cab"), (DeliveryQuery(kind: .delivered), "mb"),
            (DeliveryQuery(kind: .waiting), "c"), (DeliveryQuery(kind: .dead), "a"),
            (DeliveryQuery(channel: "mail", kind: .dead), ""),
        ]
        try await rig.run { store in
            try await store.save(deliveries: deliveries)
            for (query, expected) in cases {
                let found = try await store.read { reader throws(StoreError) in
                    try reader.deliveries(query)
                }
                #expect(found.map(\.id.text).joined() == expected, "\(query)")
            }
        }
    }

    @Test("Claims lease what waits for a channel, the longest due first", arguments: StoreRig.all)
    func claims(rig: StoreRig) async throws {
        var sent = Samples.delivery("sent", dueAt: at(0))
        sent.state = .delivered
        let deliveries = [
            Samples.delivery("b", dueAt: at(2)), Samples.delivery("a", dueAt: at(2)),
            Samples.delivery("first", dueAt: at(1)), Samples.delivery("later", dueAt: at(50)),
            Samples.delivery("mail", channel: "mail", dueAt: at(0)), sent,
        ]
        try await rig.run { store in
            try await store.save(deliveries: deliveries)
            let claimed = try await store.claimDeliveries(by: at(2), until: at(62), limit: 2)
            #expect(claimed.map(\.id.text) == ["first", "a"])
            #expect(claimed.map(\.state) == [.waiting(dueAt: at(62)), .waiting(dueAt: at(62))])
            let rest = try await store.claimDeliveries(by: at(2), until: at(62))
            #expect(rest.map(\.id.text) == ["b"])
            #expect(try await nextDue(store) == at(50))

            var settled = claimed[0]
            settled.state = .delivered
            try await store.save(deliveries: [settled])
            try await store.write { transaction throws(StoreError) in
                try transaction.releaseLeases()
            }
            #expect(try await nextDue(store) == at(2))
            #expect(try await store.delivery(settled.id) == settled)
            let again = try await store.claimDeliveries(by: at(2), until: at(62))
            #expect(again.map(\.id.text) == ["a", "b"])
        }
    }

    @Test("What was claimed and not sent goes back to its due time", arguments: StoreRig.all)
    func release(rig: StoreRig) async throws {
        try await rig.run { store in
            try await store.save(deliveries: [
                Samples.delivery("a", dueAt: at(1)), Samples.delivery("b", dueAt: at(1)),
                Samples.delivery("c", dueAt: at(1)),
            ])
            let claimed = try await store.claimDeliveries(by: at(2), until: at(62))
            var settled = claimed[1]
            settled.state = .delivered
            let (ended, stale) = (settled, claimed[2])
            _ = try await store.claimDeliveries(by: at(62), until: at(122), limit: 2)
            try await store.write { transaction throws(StoreError) in
                try transaction.save([ended])
                try transaction.release([claimed[0], ended, claimed[1], stale])
            }
            #expect(try await nextDue(store) == at(1))
            let again = try await store.claimDeliveries(by: at(2), until: at(70))
            #expect(again.map(\.id.text) == ["c"], "a has another's lease, b is delivered")
        }
    }

    @Test("What changes of a delivery is read anew", arguments: StoreRig.all)
    func current(rig: StoreRig) async throws {
        try await rig.run { store in
            let sent = Samples.delivery("d", dueAt: at(1))
            var known = sent
            known.state = .dead(reason: "gone")
            (known.attempts, known.answer) = (3, "503")
            (known.revivedAt, known.settledAt) = (at(2), at(3))
            let saved = known
            try await store.save(deliveries: [sent])
            try await store.save(deliveries: [saved])
            let found = try await store.read { reader throws(StoreError) in
                try reader.current([Samples.delivery("none"), sent, sent])
            }
            #expect(found == [nil, saved, saved])
        }
    }

    @Test("Deliveries saved together are as those saved one by one", arguments: StoreRig.all)
    func savedTogether(rig: StoreRig) async throws {
        try await rig.run { store in
            let names = ["a", "b", "c", "d\u{0}\u{1A}\"\\客"]
            let sent = names.map { Samples.delivery($0, dueAt: at(1)) }
            try await store.save(deliveries: [sent[0], sent[2]])
            _ = try await store.claimDeliveries(by: at(2), until: at(62))
            // Two alike of which one is new, one of its own, and one that comes twice.
            var settled = sent
            for index in [0, 1, 3] {
                settled[index].state = .delivered
                (settled[index].attempts, settled[index].answer) = (1, "200")
                settled[index].settledAt = at(3)
            }
            settled[2].state = .dead(reason: "gone")
            var last = settled[0]
            last.answer = "202"
            let saved = settled + [last]
            try await store.write { transaction throws(StoreError) in try transaction.save(saved) }
            let found = try await store.read { reader throws(StoreError) in
                (
                    try reader.deliveries(DeliveryQuery(limit: 10)), try reader.current(sent),
                    try reader.count(DeliveryQuery(kind: .delivered))
                )
            }
            let expected = [last] + settled.dropFirst()
            #expect(Set(found.0) == Set(expected))
            #expect(found.1 == expected)
            #expect(found.2 == 3)
            #expect(try await nextDue(store) == nil, "no lease is left")
        }
    }

    private func nextDue(_ store: any Store) async throws -> Timestamp? {
        try await store.read { reader throws(StoreError) in
            try reader.nextDeliveryDue(to: "hook")
        }
    }

    @Test("Parkings are kept by subject until they are removed", arguments: StoreRig.all)
    func parkings(rig: StoreRig) async throws {
        @Sendable func parking(_ subject: Parking.Subject, _ count: Int) -> Parking {
            Parking(
                subject: subject, until: at(Int64(count)), reason: "Throttling.User",
                count: count, isRefusal: count == 3)
        }
        try await rig.run { store in
            try await store.write { transaction throws(StoreError) in
                try transaction.save(parking(.source("x"), 1))
                try transaction.save(parking(.channel("x"), 2))
                try transaction.save(parking(.source("x"), 3))
                try transaction.save(parking(.source("y"), 1))
                try transaction.removeParking(of: .source("y"))
                try transaction.removeParking(of: .channel("never"))
            }
            let found = try await store.read { reader throws(StoreError) in try reader.parkings() }
            #expect(found == [parking(.channel("x"), 2), parking(.source("x"), 3)])
        }
    }

    @Test("Counts count everything there is", arguments: StoreRig.all)
    func counts(rig: StoreRig) async throws {
        var ended = Samples.task("t-3", dueAt: nil)
        ended.status = .error
        let finished = ended
        var (sent, dead) = (Samples.delivery("s"), Samples.delivery("x"))
        sent.state = .delivered
        dead.state = .dead(reason: "gone")
        let deliveries = [sent, dead, Samples.delivery("a"), Samples.delivery("b")]
        try await rig.run { store in
            let empty = try await store.read { reader throws(StoreError) in try reader.counts() }
            #expect(empty == StoreCounts())
            try await store.save(tasks: [Samples.task("t-1"), Samples.task("t-2"), finished])
            _ = try await store.claim(by: at(0), until: at(30), limit: 1)
            try await store.save(deliveries: deliveries)
            try await store.write { transaction throws(StoreError) in
                _ = try transaction.insert(Samples.alert())
                _ = try transaction.insert(
                    RuleFault(id: Samples.alert().id, reason: "", raisedAt: at(0)))
                try transaction.save(AlertGroup(key: Samples.key(), flushAt: at(3)))
                try transaction.save(AlertGroup(key: Samples.key(channel: "mail")))
            }
            let counts = try await store.read { reader throws(StoreError) in try reader.counts() }
            #expect(
                counts
                    == StoreCounts(
                        tasks: [.queue: 2, .error: 1], pending: [finished.id.source: 2],
                        alerts: 1,
                        waitingGroups: 1, waitingDeliveries: 2, delivered: 1, dead: 1, faults: 1))
        }
    }
}
