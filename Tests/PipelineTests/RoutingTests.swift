import Pipeline
import TestSupport
import Testing

@Suite struct RoutingTests {
    func channels(_ alert: Alert, _ routes: [Route]) -> [String] {
        Routing.ways(for: alert, routes: routes).map(\.key.channel)
    }

    @Test func theFirstMatchWinsUnlessItContinues() {
        let high = Route(name: "0", severity: .high, notify: ["room", "mail"])
        let all = Route(name: "1", notify: ["log", "room"])
        #expect(channels(Samples.alert(severity: .high), [high, all]) == ["room", "mail"])
        #expect(channels(Samples.alert(severity: .low), [high, all]) == ["log", "room"])
        var going = high
        going.continues = true
        #expect(channels(Samples.alert(severity: .high), [going, all]) == ["room", "mail", "log"])
    }

    @Test func rulesAndLabelsNarrowARoute() {
        let route = Route(name: "0", rules: ["other"], notify: ["room"])
        #expect(channels(Samples.alert("other"), [route]) == ["room"])
        #expect(channels(Samples.alert("complaint-words"), [route]) == [])
        let labelled = Route(name: "0", labels: ["team": "a"], notify: ["room"])
        var alert = Samples.alert()
        #expect(channels(alert, [labelled]) == [])
        alert.labels["team"] = "a"
        #expect(channels(alert, [labelled]) == ["room"])
    }

    @Test func aRulesOwnChannelsReplaceTheRoutes() {
        let route = Route(name: "0", notify: ["room"])
        #expect(channels(Samples.alert(notify: ["mail"]), [route]) == ["mail"])
        #expect(channels(Samples.alert(notify: []), [route]) == [])
    }

    @Test func aShadowGoesNowhere() {
        let route = Route(name: "0", notify: ["room"])
        #expect(channels(Samples.alert(isShadow: true), [route]) == [])
    }
}

@Suite struct GroupingTests {
    let now = Samples.now

    func way(wait: Duration? = nil, every: Duration = .seconds(300)) -> Routing.Way {
        Routing.Way(
            key: Samples.key(), policy: GroupingPolicy(by: ["rule"], wait: wait, every: every))
    }

    @Test func theFirstAlertWaitsAndACriticalOneDoesNot() {
        let high = Grouping.joining(nil, by: way(), alert: Samples.alert(), at: now)
        #expect(high.flushAt == now + .seconds(30))
        let critical = Grouping.joining(
            high, by: way(), alert: Samples.alert(severity: .critical), at: now)
        #expect(critical.flushAt == now)
    }

    @Test func aSettingOfWaitHoldsForCriticalToo() {
        let group = Grouping.joining(
            nil, by: way(wait: .seconds(9)), alert: Samples.alert(severity: .critical), at: now)
        #expect(group.flushAt == now + .seconds(9))
    }

    @Test func twoFlushesAreAtLeastEveryApart() {
        let group = AlertGroup(key: Samples.key(), flushedAt: now - .seconds(10))
        let joined = Grouping.joining(group, by: way(), alert: Samples.alert(), at: now)
        #expect(joined.flushAt == now + .seconds(290))
    }

    @Test func aLaterAlertDoesNotPutTheFlushOff() {
        let first = Grouping.joining(nil, by: way(), alert: Samples.alert(), at: now)
        let second = Grouping.joining(
            first, by: way(), alert: Samples.alert(task: "t-2"), at: now + .seconds(20))
        #expect(second.flushAt == now + .seconds(30))
    }

    @Test func noTwoFlushesShareAnIdEvenWhenTheClockGoesBack() {
        let fresh = AlertGroup(key: Samples.key())
        let first = Grouping.flush(of: fresh, at: now)
        let flushed = AlertGroup(key: Samples.key(), flushedAt: first.at)
        let second = Grouping.flush(of: flushed, at: now - .seconds(3600))
        #expect(first.id != second.id)
        #expect(second.at > first.at)
        #expect(Grouping.flush(of: fresh, at: now) == first)
    }

    @Test func deliveryIdsHoldOnlyWhatAHeaderMay() {
        let key = AlertGroup.Key(
            channel: "质检\r\nroom", route: "r", labels: ["team": String(repeating: "组", count: 999)])
        let group = AlertGroup(key: key)
        let deliveries = Grouping.deliveries(
            [Message(body: "", alerts: [])], of: group, flush: Grouping.flush(of: group, at: now),
            at: now)
        for delivery in deliveries {
            #expect(delivery.id.text.wholeMatch(of: /[A-Za-z0-9_.-]{1,256}/) != nil)
        }
    }

    @Test func differentKeysHaveDifferentTexts() {
        let one = AlertGroup.Key(channel: "a", route: "b1:c", labels: [:])
        let two = AlertGroup.Key(channel: "a1:b", route: "1:c", labels: [:])
        let three = AlertGroup.Key(channel: "a", route: "b", labels: ["1:c": ""])
        #expect(Set([one.text, two.text, three.text]).count == 3)
    }
}
