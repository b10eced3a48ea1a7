import CEL
import Foundation
import Pipeline
import TestSupport
import Testing

@Suite struct DigestTests {
    static func alert(
        _ rule: String, _ task: Int, _ severity: Severity = .medium, team: String = "a"
    ) -> Alert {
        var alert = Samples.alert(rule, task: "t-\(task)", severity: severity)
        alert.labels["team"] = team
        alert.message = "\(rule) \(task)"
        return alert
    }

    @Test func eachRuleIsCountedAndItsWorstIsQuoted() {
        let alerts = [
            Self.alert("b", 1, .low), Self.alert("a", 2), Self.alert("b", 3, .high, team: "x"),
            Self.alert("b", 4, .high),
        ]
        let digest = Digest(alerts, language: .english)
        #expect(digest.folded.map(\.id) == [alerts[2].id, alerts[1].id])
        let folded = digest.folded[0]
        #expect(folded.title == "投诉风险 (3 alerts)")
        #expect(folded.severity == .high)
        #expect(
            folded.message.hasPrefix("3 alerts (high 2, low 1); also tasks t-1, t-4; the worst:"))
        #expect(folded.message.hasSuffix("\nb 3"))
        #expect(folded.labels["digest"] == "3")
        #expect(folded.labels["team"] == nil, "what differs is not said of all")
        #expect(folded.labels["rule"] == "b")
        #expect(
            folded.foldedLabels.map { $0["team"] } == ["a", "x", "a"], "they choose who is called")
        #expect(digest.folded[1] == alerts[1], "a single alert stays as it is")
    }

    @Test func whatIsFoldedIsNotStored() throws {
        let alerts = [Self.alert("a", 1), Self.alert("a", 2, team: "x")]
        var folded = Digest(alerts, language: .english).folded[0]
        let stored = try JSONEncoder().encode(folded)
        folded.foldedLabels = []
        #expect(try JSONDecoder().decode(Alert.self, from: stored) == folded)
    }

    @Test func bothLanguagesCountAndNamesAreBounded() {
        let alerts = (0..<30).map { Self.alert("r", $0) }
        let chinese = Digest(alerts, language: .chinese).folded[0]
        #expect(chinese.title.hasSuffix("（共 30 条）"))
        #expect(chinese.message.contains("共 30 条（medium 30），另涉任务 t-1、t-2、t-3、t-4、t-5 等 29 个；"))
        let english = Digest(alerts, language: .english).folded[0]
        #expect(english.message.contains("also tasks t-1, t-2, t-3, t-4, t-5 and 24 more;"))
    }

    @Test func aMessageStandsForAllThatItFolds() {
        let alerts = (0..<9).map { Self.alert($0 % 3 == 0 ? "a" : "b", $0) }
        let digest = Digest(alerts, language: .chinese)
        let flush = Flush(id: "f", at: Samples.now)
        let messages = digest.messages(in: flush) { alerts, _ in
            alerts.map { Message(body: $0.title, alerts: [$0.id]) }
        }
        #expect(messages.map { Set($0.alerts.map(\.rule)) } == [["a"], ["b"]])
        #expect(Set(messages.flatMap(\.alerts)) == Set(alerts.map(\.id)))
    }
}

@Suite struct FlushPlanTests {
    let now = Samples.now
    static let digest = AlertGroup(key: .digest(of: "hook"))

    static func due(
        _ rule: String, _ alerts: [Alert], flushAt: Pipeline.Timestamp = Samples.now
    ) -> Flushing.Due {
        Flushing.Due(
            group: AlertGroup(
                key: Samples.key(labels: ["rule": rule]), flushAt: flushAt,
                isUrgent: alerts.contains { $0.severity == .critical }), alerts: alerts)
    }

    /// One message for every three alerts.
    static func write(_ alerts: [Alert], _ flush: Flush) -> [Message] {
        stride(from: 0, to: alerts.count, by: 3).map { start in
            Message(
                body: "", alerts: alerts[start..<min(start + 3, alerts.count)].map(\.id))
        }
    }

    func plan(_ due: [Flushing.Due], _ allowance: Allowance) -> FlushPlan {
        FlushPlan(
            due, digest: Self.digest, allowance: allowance, at: now, language: .chinese,
            writing: Self.write)
    }

    /// `a`: one group by itself; `[ab]`: a digest; `!a` the critical ones of a group.
    func names(_ plan: FlushPlan) -> [String] {
        plan.flushings.map { flushing in
            let rules = flushing.leaving.map { $0.group.key.labels["rule"] ?? "" }.joined()
            if flushing.carrier.key == Self.digest.key { return "[\(rules)]" }
            return (flushing.leaving[0].isWhole ? "" : "!") + rules
        }
    }

    @Test func withinTheBudgetEachGroupLeavesByItself() {
        let groups = [
            Self.due("a", [DigestTests.alert("a", 1)]), Self.due("b", [DigestTests.alert("b", 2)]),
        ]
        #expect(names(plan(groups, Allowance())) == ["a", "b"])
        #expect(names(plan(groups, Allowance(room: 2))) == ["a", "b"])
    }

    @Test func aShortBudgetFoldsTheGroupsAndTheirParts() {
        let groups = [
            Self.due("a", [DigestTests.alert("a", 1)]), Self.due("b", [DigestTests.alert("b", 2)]),
        ]
        #expect(names(plan(groups, Allowance(room: 1))) == ["[ab]"])
        // One group, but more parts than there is room.
        let large = [Self.due("a", (0..<9).map { DigestTests.alert("a", $0) })]
        #expect(names(plan(large, Allowance(room: 3))) == ["a"])
        let folded = plan(large, Allowance(room: 2))
        #expect(names(folded) == ["[a]"])
        #expect(folded.flushings[0].notices.count == 9)
        #expect(folded.flushings[0].deliveries.count == 1)
        #expect(folded.lookAgainAt == nil)
    }

    @Test func criticalAlertsAreNotFoldedAndGoFirst() {
        let groups = [
            Self.due("a", [DigestTests.alert("a", 1)]),
            Self.due("c", [DigestTests.alert("c", 2, .critical), DigestTests.alert("c", 3)]),
            Self.due("b", [DigestTests.alert("b", 4)]),
        ]
        let short = plan(groups, Allowance(room: 2))
        #expect(names(short) == ["!c", "[ab]"])
        #expect(short.flushings[0].notices.map(\.alert.task.id) == ["t-2"])
        #expect(short.flushings[0].deliveries.allSatisfy { $0.isUrgent })
        #expect(short.flushings[1].deliveries.allSatisfy { !$0.isUrgent })
        // With room for them alone, the others wait.
        let roomAt = now + .seconds(7)
        let full = plan(groups, Allowance(room: 1, roomAt: roomAt))
        #expect(names(full) == ["!c"])
        #expect(full.lookAgainAt == roomAt)
    }

    @Test func aSingleAlertOfManyPartsIsNotHeldForEver() {
        let groups = [Self.due("a", [DigestTests.alert("a", 1)])]
        let plan = FlushPlan(
            groups, digest: Self.digest, allowance: Allowance(room: 1), at: now,
            language: .chinese
        ) { alerts, _ in
            (0..<5).map { _ in Message(body: "", alerts: alerts.map(\.id)) }
        }
        #expect(names(plan) == ["a"])
    }

    @Test func aDigestIsBoundedAndTheRestIsDueStill() {
        let groups = (0..<30).map { number in
            Self.due(
                "\(number)",
                (0..<100).map { DigestTests.alert("r", number * 100 + $0) })
        }
        let folded = plan(groups, Allowance(room: 5)).flushings
        #expect(folded.count == 1)
        #expect(folded[0].notices.count == Digest.alertLimit)
        #expect(folded[0].leaving.count == Digest.alertLimit / 100)
        #expect(folded[0].leaving.allSatisfy { $0.isWhole })
    }

    @Test func whatIsAdmittedDependsOnRestRoomAndUrgency() {
        func group(heldFor: Duration = .zero, isUrgent: Bool = false) -> AlertGroup {
            AlertGroup(key: Samples.key(), flushAt: now - heldFor, isUrgent: isUrgent)
        }
        let resting = Allowance(restsUntil: now + .seconds(600))
        let cases: [(Allowance, AlertGroup, Allowance.Admission)] = [
            (Allowance(), group(), .all), (Allowance(room: 1), group(), .all),
            (Allowance(room: 0), group(), .nothing), (Allowance(room: -3), group(), .nothing),
            (Allowance(room: 0), group(isUrgent: true), .critical), (resting, group(), .nothing),
            (resting, group(isUrgent: true), .critical),
            (resting, group(heldFor: Allowance.longestHold), .all),
        ]
        for (allowance, group, expected) in cases {
            #expect(allowance.admits(group, at: now) == expected)
        }
    }

    @Test func whatIsHeldIsLookedAtAgainInTime() {
        let held = AlertGroup(key: Samples.key(), flushAt: now - .seconds(3000))
        let until = now + .seconds(900)
        #expect(Allowance(restsUntil: until).nextLook(at: [], after: now) == nil)
        let fresh = AlertGroup(key: Samples.key(), flushAt: now)
        #expect(Allowance(restsUntil: until).nextLook(at: [fresh], after: now) == until)
        #expect(
            Allowance(restsUntil: until).nextLook(at: [fresh, held], after: now)
                == now + .seconds(600))
        let roomAt = now + .seconds(20)
        #expect(Allowance(room: 0, roomAt: roomAt).nextLook(at: [held], after: now) == roomAt)
        #expect(
            Allowance(room: 0).nextLook(at: [held], after: now) == now + Allowance.heldPause)
    }
}
