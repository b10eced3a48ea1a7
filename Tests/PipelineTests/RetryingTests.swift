import CEL
import Pipeline
import TestSupport
import Testing

@Suite struct RetryingTests {
    let now = Samples.now

    @Test func anUnavailableServiceIsTriedTenTimesAndThenDead() {
        let retrying = Retrying()
        var delivery = Samples.delivery()
        var pauses: [Duration] = []
        var moment = now
        for _ in 0..<20 {
            let outcome = Outcome.unavailable(retryAfter: nil, answer: "503")
            delivery = retrying.step(after: outcome, of: delivery, at: moment).delivery
            guard case .waiting(let dueAt) = delivery.state else { break }
            pauses.append(dueAt - moment)
            moment = dueAt
        }
        #expect(delivery.attempts == 10)
        #expect(pauses.count == 9)
        for (pause, planned) in zip(pauses, Retrying.defaultSchedule.dropFirst()) {
            #expect(pause >= planned * 80 / 100 && pause <= planned * 120 / 100)
        }
        guard case .dead(let reason) = delivery.state else {
            Issue.record("still \(delivery.state)")
            return
        }
        #expect(reason.contains("10 attempts") && reason.contains("503"))
    }

    @Test func jitterIsTheSameForTheSameAttemptAndDiffersBetweenDeliveries() {
        let outcome = Outcome.unavailable(retryAfter: nil, answer: "")
        func due(_ id: String) -> Delivery.State {
            Retrying().step(after: outcome, of: Samples.delivery(id), at: now).delivery.state
        }
        #expect(due("a") == due("a"))
        #expect(Set((0..<20).map { due("d-\($0)") }).count > 5)
    }

    @Test func theServicesWishIsHonouredUpToAnHour() {
        func due(_ wish: Duration) -> Delivery.State {
            let outcome = Outcome.unavailable(retryAfter: wish, answer: "")
            return Retrying().step(after: outcome, of: Samples.delivery(), at: now).delivery.state
        }
        #expect(due(.seconds(90)) == .waiting(dueAt: now + .seconds(90)))
        #expect(due(.seconds(86_400)) == .waiting(dueAt: now + .seconds(3600)))
    }

    @Test(
        "What is postponed, or refused with the whole channel, is tried as often",
        arguments: [
            Outcome.postponed(answer: "450 greylisted"), .refusedChannel(reason: "450 login"),
        ])
    func triedAsOften(outcome: Outcome) {
        var delivery = Samples.delivery()
        for attempt in 1...Retrying.defaultSchedule.count {
            let step = Retrying().step(after: outcome, of: delivery, at: now)
            delivery = step.delivery
            #expect(delivery.attempts == attempt && step.parkedUntil == nil)
        }
        guard case .dead(let reason) = delivery.state else {
            Issue.record("still \(delivery.state)")
            return
        }
        #expect(reason.contains("10 attempts: 450 "))
    }

    @Test func throttlingParksTheChannelAndUsesNoAttempt() {
        let until = now + .seconds(600)
        let step = Retrying().step(
            after: .throttled(until: until, answer: "130101"), of: Samples.delivery(), at: now)
        #expect(step.parkedUntil == until)
        #expect(step.delivery.attempts == 0)
        #expect(step.delivery.state == .waiting(dueAt: until))
    }

    @Test func aRefusalIsADeadLetterWithItsReasonAndCanBeRevived() {
        let step = Retrying().step(
            after: .refusedMessage(reason: "too long"), of: Samples.delivery(), at: now)
        #expect(step.delivery.state == .dead(reason: "too long"))
        #expect(step.delivery.settledAt == now)
        let revived = Retrying.revived(step.delivery, at: now + .seconds(1))
        #expect(revived.state == .waiting(dueAt: now + .seconds(1)))
        #expect(revived.attempts == 0)
        #expect(revived.id == step.delivery.id)
        #expect(revived.message == step.delivery.message)
    }

    @Test func aDeadLettersReasonIsInTheLanguageOfMessages() {
        let trouble = ChannelTrouble(channel: "hook", since: now, reason: "HTTP 503")
        var refusal = trouble
        refusal.isRefusal = true
        refusal.pause = .init(until: now, probes: 1, refusals: 2)
        for (language, words) in [
            (Language.chinese, ["尝试 1 次仍未送达：HTTP 500", "发送失败", "拒绝接收"]),
            (.english, ["not delivered after 1 attempts: HTTP 500", "has failed", "has refused"]),
        ] {
            let retrying = Retrying(schedule: [.zero], language: language)
            let ended = [
                retrying.step(
                    after: .unavailable(retryAfter: nil, answer: "HTTP 500"),
                    of: Samples.delivery(), at: now
                ).delivery,
                retrying.expired(Samples.delivery(), by: trouble, at: now),
                retrying.expired(Samples.delivery(), by: refusal, at: now),
            ]
            for (delivery, words) in zip(ended, words) {
                guard case .dead(let reason) = delivery.state else {
                    Issue.record("\(delivery.state)")
                    continue
                }
                #expect(reason.contains(words), "\(reason)")
            }
        }
    }

    @Test func answersAreBounded() {
        let long = String(repeating: "错", count: 9999)
        let step = Retrying().step(
            after: .delivered(answer: long), of: Samples.delivery(), at: now)
        #expect(step.delivery.answer.count == Outcome.answerLimit)
    }
}

@Suite struct ThrottlingTests {
    let now = Pipeline.Timestamp(milliseconds: 1_700_000_010_000)

    func park(
        _ known: Parking?, after: Duration? = nil, perMinute: Bool = false,
        at moment: Pipeline.Timestamp
    ) -> Parking {
        Throttling.throttled(
            "calls", known: known, retryAfter: after, perMinute: perMinute, reason: "qps",
            at: moment)
    }

    @Test func withoutAHintItDoublesInARowUpToAMinute() {
        var parking: Parking?
        var moment = now
        var pauses: [Duration] = []
        for _ in 0..<8 {
            let next = park(parking, at: moment)
            pauses.append(next.until - moment)
            moment = next.until
            parking = next
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
    }

    @Test func answersToRequestsThatWereUnderWayDoNotCount() {
        let first = park(nil, at: now)
        #expect(park(first, at: now + .milliseconds(5)) == first)
    }

    @Test func aLimitPerMinuteWaitsForTheNextMinute() {
        let parking = park(nil, perMinute: true, at: now)
        #expect(parking.until.milliseconds % 60_000 == 0)
        #expect(parking.until - now <= .seconds(60))
    }

    @Test func aHintIsHonouredAndCapped() {
        #expect(park(nil, after: .milliseconds(1500), at: now).until == now + .milliseconds(1500))
        #expect(park(nil, after: .seconds(999), at: now).until == now + .seconds(60))
    }
}
