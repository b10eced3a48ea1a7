import Pipeline
import TestSupport
import Testing

@Suite struct FlushingTests {
    let now = Samples.now
    let group = AlertGroup(key: Samples.key(), flushAt: Samples.now, every: .seconds(60))

    func message(_ alerts: [Alert]) -> Message {
        Message(body: "\(alerts.count)", alerts: alerts.map(\.id))
    }

    @Test func everyAlertPointsAtTheMessagesThatCarryIt() {
        let alerts = [Samples.alert(task: "t-1"), Samples.alert(task: "t-2")]
        let flushing = Flushing(alerts, of: group, at: now) { alerts, _ in
            [message(alerts), message([alerts[1]])]
        }
        let ids = flushing.deliveries.map(\.id)
        #expect(Set(ids).count == 2)
        #expect(flushing.notices.map(\.deliveries) == [[ids[0]], ids])
        #expect(flushing.deliveries.allSatisfy { $0.state == .waiting(dueAt: now) })
    }

    @Test func aGroupIsDoneUnlessMoreHasJoined() {
        let flushing = Flushing([Samples.alert()], of: group, at: now) { alerts, _ in
            [message(alerts)]
        }
        let done = Grouping.flushed(group, by: flushing, hasMore: false, at: now)
        #expect(done.flushAt == nil && done.flushedAt == flushing.flush.at)
        let joined = Grouping.flushed(group, by: flushing, hasMore: true, at: now)
        #expect(joined.flushAt == now + .seconds(60))
    }

    @Test func theRestOfAFullFlushFollowsAtOnce() {
        let alerts = (0..<Flushing.alertLimit).map { Samples.alert(task: "t-\($0)") }
        let flushing = Flushing(alerts, of: group, at: now) { alerts, _ in [message(alerts)] }
        #expect(Grouping.flushed(group, by: flushing, hasMore: true, at: now).flushAt == now)
    }

    @Test func aDueGroupWithNothingInItComesToRestAndHasNotFlushed() {
        let flushing = Flushing([], of: group, at: now) { _, _ in
            Issue.record("nothing is to be written")
            return []
        }
        #expect(flushing.deliveries.isEmpty)
        let rested = Grouping.flushed(group, by: flushing, hasMore: false, at: now)
        #expect(rested.flushAt == nil && rested.flushedAt == nil)
    }
}
