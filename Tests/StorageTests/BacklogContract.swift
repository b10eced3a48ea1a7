import Pipeline
import TestSupport
import Testing

/// What every store promises about what waits, what is urgent, and channels in trouble.
@Suite("Every store: backlogs")
struct BacklogContract {
    private static func delivery(
        _ id: String, channel: String = "hook", isUrgent: Bool = false, created: Int64 = 0,
        revived: Int64? = nil, rule: String = "r", state: Delivery.State = .waiting(dueAt: at(0))
    ) -> Delivery {
        Delivery(
            id: Delivery.ID(id), group: Samples.key(channel: channel),
            message: Message(body: "", alerts: [Samples.alert("x").id, Samples.alert(rule).id]),
            createdAt: at(created), isUrgent: isUrgent, revivedAt: revived.map(at), state: state)
    }

    @Test("What is urgent is claimed first, whenever it is due", arguments: StoreRig.all)
    func urgentDeliveries(rig: StoreRig) async throws {
        let deliveries = [
            Self.delivery("old"),
            Self.delivery("critical", isUrgent: true, state: .waiting(dueAt: at(5))),
            Self.delivery("later", isUrgent: true, state: .waiting(dueAt: at(50))),
            Self.delivery("other", state: .waiting(dueAt: at(1))),
        ]
        try await rig.run { store in
            try await store.save(deliveries: deliveries)
            let claimed = try await store.claimDeliveries(by: at(9), until: at(69), limit: 2)
            #expect(claimed.map(\.id.text) == ["critical", "old"])
            #expect(claimed.map(\.isUrgent) == [true, false])
            let rest = try await store.claimDeliveries(by: at(9), until: at(69))
            #expect(rest.map(\.id.text) == ["other"])
            let (next, due) = try await store.read { reader throws(StoreError) in
                (
                    try reader.nextDeliveryDue(to: "hook"),
                    [
                        try reader.dueDeliveries(to: "hook", by: at(49)),
                        try reader.dueDeliveries(to: "hook", by: at(50)),
                        try reader.dueDeliveries(to: "hook", by: at(69)),
                        try reader.dueDeliveries(to: "mail", by: at(69)),
                    ]
                )
            }
            #expect(next == at(50))
            #expect(due == [0, 1, 4, 0])
        }
    }

    @Test("The moments of what was delivered are those asked for", arguments: StoreRig.all)
    func deliveryMoments(rig: StoreRig) async throws {
        func sent(
            _ id: String, created: Int64, settled: Int64?, channel: String = "hook",
            state: Delivery.State = .delivered
        ) -> Delivery {
            var delivery = Self.delivery(id, channel: channel, created: created, state: state)
            delivery.settledAt = settled.map(at)
            return delivery
        }
        let deliveries = [
            // The one that was created first was delivered last.
            sent("a", created: 0, settled: 90), sent("b", created: 5, settled: 70),
            sent("c", created: 9, settled: 40), sent("d", created: 8, settled: 70),
            sent("mail", created: 0, settled: 80, channel: "mail"),
            sent("dead", created: 0, settled: 80, state: .dead(reason: "x")),
            sent("waits", created: 0, settled: nil, state: .waiting(dueAt: at(1))),
        ]
        let cases: [(after: Int64, by: Int64, limit: Int, expected: [Int64])] = [
            (30, 90, 10, [90, 70, 70, 40]), (40, 99, 10, [90, 70, 70]), (30, 90, 2, [90, 70]),
            (90, 99, 10, []), (0, 90, 0, []), (0, 90, -1, []),
            // What a clock that was ahead has left does not fill the limit.
            (30, 89, 2, [70, 70]), (30, 70, 1, [70]), (30, 69, 3, [40]), (50, 40, 9, []),
        ]
        try await rig.run { store in
            try await store.save(deliveries: deliveries)
            for (after, now, limit, expected) in cases {
                let moments = try await store.read { reader throws(StoreError) in
                    try reader.deliveryMoments(
                        to: "hook", after: at(after), by: at(now), limit: limit)
                }
                #expect(moments == expected.map(at), "after \(after), by \(now), \(limit)")
            }
        }
    }

    @Test("Urgent groups come first", arguments: StoreRig.all)
    func urgentGroups(rig: StoreRig) async throws {
        @Sendable func group(_ rule: String, _ flushAt: Int64, isUrgent: Bool) -> AlertGroup {
            AlertGroup(
                key: Samples.key(labels: ["rule": rule]), flushAt: at(flushAt), every: .seconds(7),
                isUrgent: isUrgent)
        }
        let groups = [
            group("a", 1, isUrgent: false), group("b", 2, isUrgent: true),
            group("c", 0, isUrgent: true),
        ]
        try await rig.run { store in
            let found = try await store.write { transaction throws(StoreError) in
                for group in groups { try transaction.save(group) }
                return (
                    try transaction.dueGroups(to: "hook", by: at(2), limit: 9),
                    try transaction.dueGroups(to: "hook", by: at(2), limit: 1),
                    try transaction.nextFlushDue(to: "hook")
                )
            }
            #expect(found.0 == [groups[2], groups[1], groups[0]])
            #expect(found.1 == [groups[2]])
            #expect(found.2 == at(0))
        }
    }

    @Test("Deliveries are listed by rule, by time and from a place on", arguments: StoreRig.all)
    func listing(rig: StoreRig) async throws {
        let deliveries = [
            Self.delivery("a", created: 1, rule: "投诉"), Self.delivery("b", created: 2),
            Self.delivery("c", created: 2, rule: "投诉", state: .dead(reason: "x")),
            Self.delivery("d", channel: "mail", created: 3), Self.delivery("e", created: 4),
        ]
        let cases: [(query: DeliveryQuery, expected: String)] = [
            (DeliveryQuery(rule: "投诉"), "ca"), (DeliveryQuery(rule: "x"), "edbca"),
            (DeliveryQuery(rule: "none"), ""), (DeliveryQuery(since: at(2)), "edbc"),
            (DeliveryQuery(until: at(2)), "a"), (DeliveryQuery(since: at(2), until: at(4)), "dbc"),
            (DeliveryQuery(channel: "hook", rule: "x", since: at(2), until: at(4)), "bc"),
            (DeliveryQuery(kind: .dead, rule: "投诉"), "c"),
            (DeliveryQuery(after: .init(of: deliveries[4])), "dbca"),
            (DeliveryQuery(after: .init(of: deliveries[1])), "ca"),
            (DeliveryQuery(after: .init(of: deliveries[0])), ""),
        ]
        try await rig.run { store in
            try await store.save(deliveries: deliveries)
            for (query, expected) in cases {
                var first = query
                first.limit = 1
                let (found, count) = try await store.read { [first] reader throws(StoreError) in
                    (try reader.deliveries(query), try reader.count(first))
                }
                #expect(found.map(\.id.text).joined() == expected, "\(query)")
                #expect(count == expected.count, "\(query)")
            }
        }
    }

    @Test("What has waited long is told by its start, or its second one", arguments: StoreRig.all)
    func waitingLong(rig: StoreRig) async throws {
        let deliveries = [
            Self.delivery("b", created: 2), Self.delivery("a", created: 1),
            Self.delivery("revived", created: 0, revived: 9), Self.delivery("new", created: 5),
            Self.delivery("sent", created: 0, state: .delivered),
            Self.delivery("mail", channel: "mail", created: 0),
        ]
        try await rig.run { store in
            try await store.save(deliveries: deliveries)
            // A lease changes nothing of it.
            _ = try await store.claimDeliveries(by: at(0), until: at(60))
            let found = try await store.read { reader throws(StoreError) in
                (
                    try reader.waitingDeliveries(to: "hook", startedBy: at(2), limit: 9),
                    try reader.waitingDeliveries(to: "hook", startedBy: at(9), limit: 3),
                    try reader.waitingDeliveries(to: "hook", startedBy: at(0), limit: 9)
                )
            }
            #expect(found.0.map(\.id.text) == ["a", "b"])
            #expect(found.1.map(\.id.text) == ["a", "b", "new"])
            #expect(found.2.isEmpty)
        }
    }

    @Test("What waits is counted by group and by channel", arguments: StoreRig.all)
    func waiting(rig: StoreRig) async throws {
        let (hook, mail) = (Samples.key(), Samples.key(channel: "mail"))
        let deliveries = [
            Self.delivery("w-1"), Self.delivery("w-2"),
            Self.delivery("dead", channel: "old", state: .dead(reason: "x")),
            Self.delivery("sent", channel: "quiet", state: .delivered),
        ]
        try await rig.run { store in
            try await store.save(deliveries: deliveries)
            let found = try await store.write { transaction throws(StoreError) in
                for (task, raised) in [("t-1", 5), ("t-2", 3), ("t-3", 4)] {
                    let alert = Samples.alert(task: task, raisedAt: at(Int64(raised)))
                    _ = try transaction.insert(alert)
                    try transaction.save(
                        Notice(
                            alert: alert.id, group: hook,
                            cancelled: task == "t-2" ? "the room is gone" : nil))
                    try transaction.save(
                        Notice(
                            alert: alert.id, group: mail,
                            deliveries: task == "t-1" ? [] : [Delivery.ID("w-1")]))
                }
                try transaction.save(AlertGroup(key: hook, flushAt: at(9)))
                try transaction.save(AlertGroup(key: mail, flushAt: at(8)))
                try transaction.save(AlertGroup(key: Samples.key(channel: "idle")))
                return (
                    all: try transaction.waitingGroups(to: nil, limit: 9),
                    mail: try transaction.waitingGroups(to: "mail", limit: 9),
                    one: try transaction.waitingGroups(to: nil, limit: 1),
                    backlogs: try transaction.backlogs(),
                    cancelled: try transaction.notice(
                        of: Samples.alert(task: "t-2").id, on: "hook"),
                    alerts: try transaction.waitingAlerts(in: hook, limit: 9)
                )
            }
            let expected = [
                WaitingGroup(
                    group: AlertGroup(key: hook, flushAt: at(9)), alerts: 2, oldest: at(4)),
                WaitingGroup(
                    group: AlertGroup(key: mail, flushAt: at(8)), alerts: 1, oldest: at(5)),
            ]
            #expect(found.all == expected)
            #expect(found.mail == [expected[1]])
            #expect(found.one == [expected[0]])
            #expect(
                found.backlogs == [
                    ChannelBacklog(channel: "hook", waitingAlerts: 2, waitingDeliveries: 2),
                    ChannelBacklog(channel: "mail", waitingAlerts: 1),
                    ChannelBacklog(channel: "old", dead: 1),
                ])
            #expect(found.cancelled?.isWaiting == false)
            #expect(found.alerts.map(\.id.task.id) == ["t-3", "t-1"])
        }
    }

    @Test("A channel's trouble is kept until it is removed", arguments: StoreRig.all)
    func troubles(rig: StoreRig) async throws {
        let probing = ChannelTrouble(
            channel: "mail", since: at(1), failures: 7, reason: "451 后来再试", isRefusal: true,
            pause: .init(until: at(60), probes: 2, probe: Delivery.ID("d-1"), refusals: 1))
        let young = ChannelTrouble(channel: "hook", since: at(2), failures: 1, reason: "503")
        try await rig.run { store in
            let found = try await store.write { transaction throws(StoreError) in
                try transaction.save(ChannelTrouble(channel: "mail", since: at(0)))
                for trouble in [probing, young] { try transaction.save(trouble) }
                return (
                    try transaction.troubles(), try transaction.trouble(of: "mail"),
                    try transaction.trouble(of: "nobody")
                )
            }
            #expect(found.0 == [young, probing])
            #expect(found.1 == probing)
            #expect(found.2 == nil)
            try await store.write { transaction throws(StoreError) in
                try transaction.removeTrouble(of: "mail")
                try transaction.removeTrouble(of: "nobody")
            }
            let left = try await store.read { reader throws(StoreError) in try reader.troubles() }
            #expect(left == [young])
        }
    }
}
