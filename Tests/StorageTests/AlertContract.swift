import Pipeline
import TestSupport
import Testing

/// What every store promises about alerts, faults, notices and groups.
@Suite("Every store: alerts")
struct AlertContract {
    @Test("An alert is inserted once, and stays as it was", arguments: StoreRig.all)
    func insertOnce(rig: StoreRig) async throws {
        var alert = Samples.alert(notify: ["qa-room"], isShadow: true)
        alert.message = "客户在 00:03：“我要投诉”\u{0}"
        alert.evidence.append(
            Quote(
                words: "b", at: "00:05", begin: 1, end: .max, speaker: .agent, roleName: "客服",
                emotionValue: 9, speechRate: 300))
        let first = alert
        var second = Samples.alert()
        second.title = "another"
        let changed = second
        try await rig.run { store in
            let wasNew = try await store.write { transaction throws(StoreError) in
                let before = try transaction.alert(first.id)
                return (
                    before == nil, try transaction.insert(first), try transaction.insert(changed)
                )
            }
            #expect(wasNew == (true, true, false))
            let found = try await store.read { reader throws(StoreError) in
                try reader.alert(first.id)
            }
            #expect(found == first)
        }
    }

    @Test("Texts that differ in control characters only are different", arguments: StoreRig.all)
    func controlCharacters(rig: StoreRig) async throws {
        let tids = ["a", "a\u{0}", "a\u{0}b", "a\u{1A}", "a\u{1A}0", "a\u{1A}\u{1A}", "\u{0}"]
        let alerts = tids.map { tid in
            Alert(
                id: Alert.ID(rule: "r\u{0}", task: Samples.task().id, tid: tid), title: tid,
                severity: .low, labels: [tid: tid], message: "", evidence: [], raisedAt: at(0),
                ruleSetVersion: "")
        }
        try await rig.run { store in
            let found = try await store.write { transaction throws(StoreError) in
                for alert in alerts { _ = try transaction.insert(alert) }
                return try transaction.alerts(AlertQuery(rule: "r\u{0}"))
            }
            #expect(Set(found) == Set(alerts))
        }
    }

    @Test("Alerts are listed by what is asked, newest raised first", arguments: StoreRig.all)
    func listing(rig: StoreRig) async throws {
        var second = Samples.alert("a", task: "t-2", severity: .critical, raisedAt: at(2))
        second = Alert(
            id: Alert.ID(rule: "a", task: second.id.task, tid: "r-1"), title: "", severity: .low,
            labels: [:], message: "", evidence: [], raisedAt: at(2), ruleSetVersion: "")
        let alerts = [
            Samples.alert("b", task: "t-1", severity: .high, raisedAt: at(1)),
            Samples.alert("a", task: "t-1", severity: .medium, raisedAt: at(1)),
            Samples.alert("a", task: "t-2", severity: .critical, raisedAt: at(2)), second,
            Samples.alert("c", task: "t-3", severity: .info, raisedAt: at(0)),
        ]
        let task = TaskID(source: "calls", id: "t-2")
        let cases: [(query: AlertQuery, expected: [String])] = [
            (AlertQuery(), ["t-2//a", "t-2/r-1/a", "t-1//a", "t-1//b", "t-3//c"]),
            (AlertQuery(limit: 2), ["t-2//a", "t-2/r-1/a"]),
            (AlertQuery(limit: 0), []),
            (AlertQuery(rule: "a"), ["t-2//a", "t-2/r-1/a", "t-1//a"]),
            (AlertQuery(task: task), ["t-2//a", "t-2/r-1/a"]),
            (AlertQuery(rule: "b", task: task), []),
            (AlertQuery(atLeast: .medium), ["t-2//a", "t-1//a", "t-1//b"]),
            (AlertQuery(rule: "a", atLeast: .critical), ["t-2//a"]),
            (AlertQuery(rule: "nothing"), []),
        ]
        try await rig.run { store in
            try await store.write { transaction throws(StoreError) in
                for alert in alerts { _ = try transaction.insert(alert) }
            }
            for (query, expected) in cases {
                let found = try await store.read { reader throws(StoreError) in
                    try reader.alerts(query)
                }
                let names = found.map { "\($0.id.task.id)/\($0.id.tid)/\($0.id.rule)" }
                #expect(names == expected, "\(query)")
            }
        }
    }

    @Test("A fault is inserted once; faults come newest first", arguments: StoreRig.all)
    func faults(rig: StoreRig) async throws {
        @Sendable func fault(
            _ rule: String, _ seconds: Int64, _ reason: String = "no such key"
        ) -> RuleFault {
            RuleFault(id: Samples.alert(rule).id, reason: reason, raisedAt: at(seconds))
        }
        try await rig.run { store in
            let inserted = try await store.write { transaction throws(StoreError) in
                [
                    try transaction.insert(fault("a", 1)), try transaction.insert(fault("b", 2)),
                    try transaction.insert(fault("c", 2)),
                    try transaction.insert(fault("a", 9, "else")),
                ]
            }
            #expect(inserted == [true, true, true, false])
            let found = try await store.read { reader throws(StoreError) in
                (try reader.faults(limit: 10), try reader.faults(limit: 1))
            }
            #expect(found.0 == [fault("b", 2), fault("c", 2), fault("a", 1)])
            #expect(found.1 == [fault("b", 2)])
        }
    }

    @Test("Notices are kept by alert and channel", arguments: StoreRig.all)
    func notices(rig: StoreRig) async throws {
        let alert = Samples.alert()
        let waiting = Notice(alert: alert.id, group: Samples.key(channel: "mail"))
        let hook = Notice(
            alert: alert.id, group: Samples.key(channel: "hook"),
            deliveries: [Delivery.ID("d-1"), Delivery.ID("d-2")])
        var sent = waiting
        sent.deliveries = [Delivery.ID("d-3")]
        let (replaced, expected) = (sent, [hook, sent])
        try await rig.run { store in
            try await store.write { transaction throws(StoreError) in
                _ = try transaction.insert(alert)
                for notice in [waiting, hook, replaced] { try transaction.save(notice) }
            }
            let found = try await store.read { reader throws(StoreError) in
                (
                    try reader.notices(of: alert.id),
                    try reader.notices(of: Samples.alert("other").id),
                    [
                        try reader.notice(of: alert.id, on: "hook"),
                        try reader.notice(of: alert.id, on: "nobody"),
                        try reader.notice(of: Samples.alert("other").id, on: "hook"),
                    ]
                )
            }
            #expect(found.0 == expected)
            #expect(found.1.isEmpty)
            #expect(found.2 == [hook, nil, nil])
        }
    }

    @Test("What waits in a group comes by moment, then id, and leaves", arguments: StoreRig.all)
    func waiting(rig: StoreRig) async throws {
        let key = Samples.key(labels: ["rule": "a\u{0}", "队": "甲"])
        let other = Samples.key(labels: ["rule": "a", "队": "甲"])
        let alerts = [
            Samples.alert("r", task: "t-3", raisedAt: at(1)),
            Samples.alert("r", task: "t-1", raisedAt: at(2)),
            Samples.alert("r", task: "t-2", raisedAt: at(1)),
            Samples.alert("q", task: "t-2", raisedAt: at(1)),
        ]
        let elsewhere = Samples.alert("r", task: "t-9", raisedAt: at(0))
        try await rig.run { store in
            try await store.write { transaction throws(StoreError) in
                for alert in alerts {
                    _ = try transaction.insert(alert)
                    try transaction.save(Notice(alert: alert.id, group: key))
                }
                _ = try transaction.insert(elsewhere)
                try transaction.save(Notice(alert: elsewhere.id, group: other))
            }
            let order = ["t-2 q", "t-2 r", "t-3 r", "t-1 r"]
            #expect(try await waiting(store, key, 10) == order)
            #expect(try await waiting(store, key, 2) == Array(order.prefix(2)))
            #expect(try await waiting(store, other, 10) == ["t-9 r"])
            let fire = Samples.alert("fire", task: "t-4", severity: .critical, raisedAt: at(99))
            try await store.write { transaction throws(StoreError) in
                _ = try transaction.insert(fire)
                try transaction.save(Notice(alert: fire.id, group: key))
            }
            #expect(try await waiting(store, key, 10) == order + ["t-4 fire"])
            #expect(
                try await waiting(store, key, 3, criticalFirst: true)
                    == ["t-4 fire"] + order.prefix(2))
            try await store.write { transaction throws(StoreError) in
                try transaction.save(
                    Notice(alert: alerts[2].id, group: key, deliveries: [Delivery.ID("d-1")]))
            }
            #expect(
                try await waiting(store, key, 10) == ["t-2 q", "t-3 r", "t-1 r", "t-4 fire"])
        }
    }

    private func waiting(
        _ store: any Store, _ key: AlertGroup.Key, _ limit: Int, criticalFirst: Bool = false
    ) async throws -> [String] {
        try await store.read { reader throws(StoreError) in
            try reader.waitingAlerts(in: key, criticalFirst: criticalFirst, limit: limit)
        }.map { "\($0.id.task.id) \($0.id.rule)" }
    }

    @Test("Groups are due by their moment, the longest due first", arguments: StoreRig.all)
    func groups(rig: StoreRig) async throws {
        @Sendable func group(
            _ rule: String, _ flushAt: Int64?, channel: String = "hook"
        ) -> AlertGroup {
            AlertGroup(
                key: Samples.key(channel: channel, labels: ["rule": rule]),
                flushAt: flushAt.map(at), flushedAt: at(-100),
                thread: AlertGroup.Thread(
                    message: "$\"\(rule)\"", room: "r\(rule)", openedAt: at(-9)))
        }
        let groups = [
            group("b", 2), group("a", 2), group("late", 9), group("idle", nil), group("first", 1),
            group("mail", 3, channel: "mail"),
        ]
        try await rig.run { store in
            try await store.write { transaction throws(StoreError) in
                for group in groups { try transaction.save(group) }
            }
            let found = try await store.write { transaction throws(StoreError) in
                (
                    try transaction.dueGroups(to: "hook", by: at(3), limit: 10),
                    try transaction.dueGroups(to: "hook", by: at(3), limit: 2),
                    try transaction.dueGroups(to: "hook", by: at(0), limit: 10),
                    try transaction.dueGroups(to: "mail", by: at(9), limit: 10)
                )
            }
            #expect(found.0 == [groups[4], groups[1], groups[0]])
            #expect(found.1 == [groups[4], groups[1]])
            #expect(found.2.isEmpty)
            #expect(found.3 == [groups[5]])
            try await store.write { transaction throws(StoreError) in
                try transaction.save(group("first", nil))
            }
            let next = try await store.read { reader throws(StoreError) in
                [
                    try reader.nextFlushDue(to: "hook"), try reader.nextFlushDue(to: "mail"),
                    try reader.nextFlushDue(to: "nobody"),
                    try reader.nextFlushDue(to: "hook", after: at(2)),
                    try reader.nextFlushDue(to: "hook", after: at(9)),
                ]
            }
            #expect(next == [at(2), at(3), nil, at(9), nil])
            let idle = try await store.read { reader throws(StoreError) in
                (try reader.group(groups[3].key), try reader.group(Samples.key(channel: "x")))
            }
            #expect(idle.0 == groups[3])
            #expect(idle.1 == nil)
        }
    }
}
