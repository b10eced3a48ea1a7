import Pipeline
import TestSupport
import Testing

@Suite struct BreakerTests {
    let now = Samples.now
    let away = Outcome.unavailable(retryAfter: nil, answer: "503")

    func delivery(_ id: String = "d-1") -> Delivery { Samples.delivery(id) }

    /// The trouble after so many failures, a second apart.
    func failed(_ count: Int) -> ChannelTrouble? {
        (0..<count).reduce(nil) { known, number in
            Breaker.step(
                after: away, of: delivery(), known: known, at: now + .seconds(number)
            ).trouble
        }
    }

    @Test func aChannelIsLeftAloneAfterFailuresInARow() {
        #expect(failed(Breaker.threshold - 1)?.pause == nil)
        let open = failed(Breaker.threshold)
        let last = now + .seconds(Breaker.threshold - 1)
        #expect(open?.since == now)
        #expect(open?.failures == Breaker.threshold)
        #expect(open?.pause == .init(until: last + Breaker.pauses[0]))
        #expect(Breaker.restsUntil(open, at: last) == last + Breaker.pauses[0])
        #expect(Breaker.restsUntil(open, at: last + Breaker.pauses[0]) == nil)
        #expect(Breaker.restsUntil(nil, at: now) == nil)
    }

    @Test func whatTheServiceAnswersEndsTheTrouble() {
        let known = failed(9)
        let answers: [Outcome] = [
            .delivered(answer: "ok"), .refusedMessage(reason: "too long"),
            .postponed(answer: "450 greylisted"),
        ]
        for good in answers {
            let step = Breaker.step(after: good, of: delivery(), known: known, at: now)
            #expect(step.trouble == nil)
            #expect(step.news == known.map(Breaker.News.works))
            #expect(Breaker.step(after: good, of: delivery(), known: nil, at: now).news == nil)
        }
    }

    @Test func eachProbeThatFailsMakesTheNextPauseLonger() throws {
        var trouble = try #require(failed(Breaker.threshold))
        var moment = now + .seconds(60)
        var pauses: [Duration] = []
        for number in 0..<9 {
            let id = Delivery.ID("p-\(number)")
            trouble = Breaker.probing(trouble, by: id, until: moment + .seconds(60))
            #expect(Breaker.restsUntil(trouble, at: moment) == moment + .seconds(60))
            let step = Breaker.step(
                after: away, of: delivery(id.text), known: trouble, at: moment)
            #expect(step.isFailedProbe)
            trouble = try #require(step.trouble)
            let until = try #require(trouble.pause?.until)
            pauses.append(until - moment)
            moment = until
        }
        let longest = [Breaker.longestPause, Breaker.longestPause, Breaker.longestPause]
        #expect(pauses == Array(Breaker.pauses.dropFirst()) + longest)
    }

    @Test func whatWasUnderWayBeforeTellsNothingNew() throws {
        let open = try #require(failed(Breaker.threshold))
        let probing = Breaker.probing(
            open, by: Delivery.ID("probe"), until: now + .seconds(99))
        for known in [open, probing] {
            let step = Breaker.step(after: away, of: delivery("late"), known: known, at: now)
            #expect(step.trouble?.pause == known.pause)
            #expect(!step.isFailedProbe)
        }
    }

    @Test func aTroubleIsToldWhenItHasLasted() throws {
        let known = try #require(failed(Breaker.threshold))
        func news(_ moment: Timestamp) -> Breaker.News? {
            Breaker.step(after: away, of: delivery(), known: known, at: moment).news
        }
        #expect(news(now + Breaker.noticeAfter - .milliseconds(1)) == nil)
        let few = Breaker.step(
            after: away, of: delivery(), known: failed(2), at: now + Breaker.noticeAfter)
        #expect(few.news == nil)
        guard case .failing(let trouble) = news(now + Breaker.noticeAfter) else {
            Issue.record("nothing was told")
            return
        }
        #expect(trouble.since == now && trouble.reason == "503")
    }

    @Test func oneRefusalIsToldAtOnceAndLeavesTheChannelAlone() throws {
        let refusal = Outcome.refusedChannel(reason: "535 login")
        let first = Breaker.step(after: refusal, of: delivery(), known: nil, at: now)
        let refused = try #require(first.trouble)
        #expect(refused.pause == .init(until: now + Breaker.pauses[0], refusals: 1))
        #expect(refused.isRefusal && first.news == .refused(refused) && !first.isFailedProbe)
        // Others that were under way change nothing.
        let late = Breaker.step(
            after: refusal, of: delivery("late"), known: refused, at: now + .seconds(9))
        #expect(late.trouble?.pause == refused.pause && !late.isFailedProbe)
        // Probes come as seldom at least.
        var trouble = Breaker.probing(
            refused, by: Delivery.ID("p"), until: now + .seconds(60))
        var pauses: [Duration] = []
        for _ in 0..<8 {
            let step = Breaker.step(after: refusal, of: delivery("p"), known: trouble, at: now)
            let known = try #require(step.trouble)
            #expect(step.isFailedProbe && known.since == refused.since)
            pauses.append(try #require(known.pause?.until) - now)
            trouble = Breaker.probing(known, by: Delivery.ID("p"), until: now + .seconds(60))
        }
        #expect(pauses.prefix(5).allSatisfy { $0 == Breaker.refusalPause })
        #expect(pauses.last == Breaker.longestPause)
    }

    @Test func aFailureDoesNotTakeBackAConfirmedRefusal() throws {
        let refusal = Outcome.refusedChannel(reason: "535 login")
        let probe = Delivery.ID("p")
        var trouble = try #require(
            Breaker.step(after: refusal, of: delivery(), known: nil, at: now).trouble)
        // Refused once it may have been the message's fault.
        let once = Breaker.step(after: away, of: delivery("late"), known: trouble, at: now)
        #expect(once.trouble?.isRefusal == false)
        trouble = Breaker.probing(trouble, by: probe, until: now + .seconds(60))
        trouble = try #require(
            Breaker.step(after: refusal, of: delivery("p"), known: trouble, at: now).trouble)
        #expect(trouble.refusesAgain)
        trouble = Breaker.probing(trouble, by: probe, until: now + .seconds(360))
        let step = Breaker.step(
            after: away, of: delivery("p"), known: trouble, at: now + .seconds(300))
        let after = try #require(step.trouble)
        #expect(after.refusesAgain && after.reason == "535 login" && step.isFailedProbe)
        // Its refusal may have been told of too lately to be told again.
        #expect(step.news == .refused(after))
        let works = Breaker.step(
            after: .delivered(answer: "ok"), of: delivery("p"), known: after, at: now)
        #expect(works.trouble == nil && works.news == .works(after))
    }

    @Test func oneRefusalAmongManyFailuresIsNotHeld() throws {
        let refusal = Outcome.refusedChannel(reason: "404")
        var trouble = try #require(failed(Breaker.threshold))
        for (outcome, isRefusal, isHeld) in [
            (away, false, false), (refusal, true, false), (away, false, false),
            (refusal, true, true), (away, true, true),
        ] {
            trouble = Breaker.probing(trouble, by: Delivery.ID("p"), until: now + .seconds(60))
            let step = Breaker.step(after: outcome, of: delivery("p"), known: trouble, at: now)
            trouble = try #require(step.trouble)
            #expect(step.isFailedProbe)
            #expect(trouble.isRefusal == isRefusal)
            #expect(trouble.refusesAgain == isHeld)
        }
        #expect(trouble.reason == "404")
    }

    @Test func whatWasUnderWayConfirmsNoRefusal() throws {
        let refusal = Outcome.refusedChannel(reason: "404")
        var trouble = failed(2)
        for id in ["d-1", "d-2", "d-3"] {
            let step = Breaker.step(after: refusal, of: delivery(id), known: trouble, at: now)
            trouble = step.trouble
            #expect(trouble?.isRefusal == true && trouble?.refusesAgain == false)
        }
    }

    @Test func aThrottledProbeLeavesTheNextMomentToTheService() throws {
        let open = try #require(failed(Breaker.threshold))
        let probing = Breaker.probing(open, by: Delivery.ID("p"), until: now + .seconds(60))
        let throttled = Outcome.throttled(until: now + .seconds(30), answer: "429")
        let step = Breaker.step(after: throttled, of: delivery("p"), known: probing, at: now)
        #expect(step.trouble?.pause == .init(until: now + .seconds(30)))
        #expect(step.news == nil)
        #expect(
            Breaker.step(after: throttled, of: delivery(), known: nil, at: now)
                == Breaker.Step())
    }

    @Test func aPauseSetByAClockThatWasWrongDoesNotLast() throws {
        let open = try #require(failed(Breaker.threshold))
        #expect(Breaker.restsUntil(open, at: now - .seconds(86_400)) == nil)
    }
}
