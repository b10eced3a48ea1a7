import CEL
import Pipeline
import TestSupport
import Testing

@Suite struct FlushingTests {
    let now = Samples.now
    let group = AlertGroup(key: Samples.key(), flushAt: Samples.now, every: .seconds(60))

    func flushing(
        _ alerts: [Alert], of all: [Alert]? = nil,
        writing: @escaping Flushing.Writing = { alerts, _ in
            [Message(body: "\(alerts.count)", alerts: alerts.map(\.id))]
        }
    ) -> Flushing {
        Flushing(
            alerts, of: Flushing.Due(group: group, alerts: all ?? alerts), at: now,
            language: .chinese, writing: writing)
    }

    func left(_ flushing: Flushing, rest: [Alert]) -> AlertGroup {
        Grouping.left(group, by: flushing.leaving[0], in: flushing.flush, rest: rest, at: now)
    }

    @Test func everyAlertPointsAtTheMessagesThatCarryIt() {
        let alerts = [Samples.alert(task: "t-1"), Samples.alert(task: "t-2")]
        let flushing = flushing(alerts) { alerts, _ in
            [
                Message(body: "both", alerts: alerts.map(\.id)),
                Message(body: "second", alerts: [alerts[1].id]),
            ]
        }
        let ids = flushing.deliveries.map(\.id)
        #expect(Set(ids).count == 2)
        #expect(flushing.notices.map(\.deliveries) == [[ids[0]], ids])
        #expect(flushing.deliveries.allSatisfy { $0.state == .waiting(dueAt: now) })
    }

    @Test func aMessageWithACriticalAlertIsUrgent() {
        let alerts = [Samples.alert(task: "t-1"), Samples.alert(task: "t-2", severity: .critical)]
        let flushing = flushing(alerts) { alerts, _ in
            alerts.map { Message(body: "", alerts: [$0.id]) }
        }
        #expect(flushing.deliveries.map(\.isUrgent) == [false, true])
    }

    @Test func aGroupIsDoneUnlessMoreHasJoined() {
        let flushing = flushing([Samples.alert()])
        let done = left(flushing, rest: [])
        #expect(done.flushAt == nil && done.flushedAt == flushing.flush.at)
        #expect(left(flushing, rest: [Samples.alert(task: "t-2")]).flushAt == now + .seconds(60))
    }

    @Test func theRestOfAFullFlushFollowsAtOnce() {
        let alerts = (0..<Flushing.alertLimit).map { Samples.alert(task: "t-\($0)") }
        #expect(left(flushing(alerts), rest: [Samples.alert()]).flushAt == now)
    }

    @Test func whatCriticalAlertsLeaveBehindIsDueStillAndUrgentNoMore() {
        let (plain, critical) = (Samples.alert(), Samples.alert("c", severity: .critical))
        let flushing = flushing([critical], of: [plain, critical])
        let after = left(flushing, rest: [plain])
        #expect(after.flushAt == now && !after.isUrgent)
        #expect(left(flushing, rest: [critical]).isUrgent)
    }

    @Test func aFlushNeverTakesAGroupsClockBack() {
        var ahead = group
        ahead.flushedAt = now + .seconds(99)
        let after = Grouping.left(
            ahead, by: Leaving(group: ahead, isWhole: true), in: Flush(id: "x", at: now), rest: [],
            at: now)
        #expect(after.flushedAt == now + .seconds(99))
    }

    @Test func aDueGroupWithNothingInItComesToRestAndHasNotFlushed() {
        let flushing = flushing([]) { _, _ in
            Issue.record("nothing is to be written")
            return []
        }
        #expect(flushing.deliveries.isEmpty)
        let rested = Grouping.left(group, by: flushing.leaving[0], in: nil, rest: [], at: now)
        #expect(rested.flushAt == nil && rested.flushedAt == nil)
    }

    @Test func whatAnotherChannelCouldNotDeliverIsMarked() throws {
        let way = Routing.fallback(from: "qa-room", to: "mail")
        let due = Flushing.Due(group: AlertGroup(key: way.key), alerts: [Samples.alert()])
        var seen: [Alert] = []
        _ = Flushing(due.alerts, of: due, at: now, language: .english) { alerts, _ in
            seen = alerts
            return [Message(body: "", alerts: alerts.map(\.id))]
        }
        let alert = try #require(seen.first)
        #expect(alert.labels["undelivered-to"] == "qa-room")
        #expect(alert.message.hasPrefix("(channel qa-room could not deliver this)\n"))
        #expect(alert.id == due.alerts[0].id)
    }
}
