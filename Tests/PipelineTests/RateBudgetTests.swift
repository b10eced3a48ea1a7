import Pipeline
import TestSupport
import Testing

@Suite struct RateBudgetTests {
    let now = Samples.now

    @Test func aBudgetHoldsForEverySpan() {
        var budget = RateBudget(limits: [(10, .seconds(1)), (15, .seconds(60))])
        #expect(budget.available(100, at: now) == 10)
        budget.take(10, at: now)
        #expect(budget.available(100, at: now) == 0)
        #expect(budget.available(100, at: now + .seconds(1)) == 5)
        budget.take(5, at: now + .seconds(1))
        let next = budget.nextAvailable(at: now + .seconds(1))
        #expect(next.map { $0 > now + .seconds(1) } == true)
        #expect(budget.available(1, at: next ?? now) == 1)
    }

    @Test func aClockThatGoesBackStopsNothingForLong() {
        var budget = RateBudget(limits: [(1, .seconds(1))])
        budget.take(budget.available(1, at: now), at: now)
        let back = now - .seconds(3600)
        #expect(budget.available(1, at: back) == 0)
        #expect(budget.available(1, at: back + .seconds(1)) == 1)
    }

    @Test func noLimitIsNoLimit() {
        var budget = RateBudget(limits: [])
        #expect(budget.available(7, at: now) == 7)
        #expect(budget.nextAvailable(at: now) == nil)
    }

    /// One window, all of whose entries are looked through each time.
    struct Plain {
        let limit: Int
        let span: Duration
        var taken: [(at: Timestamp, count: Int)] = []

        var room: Int { max(0, limit - taken.reduce(0) { $0 + $1.count }) }

        mutating func look(at now: Timestamp) {
            taken = taken.map { (min($0.at, now), $0.count) }
            taken.removeAll { now - $0.at >= span }
        }

        /// As of the last look; nil while there is room.
        var next: Timestamp? { room > 0 ? nil : taken.map { $0.at + span }.min() }
    }

    @Test("What it answers is what a look through all entries would", arguments: 0..<60 as Range)
    func plain(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        let limits = (0...draw(0...2)).map { _ in
            (limit: draw(1...30), span: Duration.milliseconds(draw(1...4000)))
        }
        var budget = RateBudget(limits: limits)
        var plain = limits.map { Plain(limit: $0.limit, span: $0.span) }
        var time = Samples.now
        for step in 0..<400 {
            // Forward as a rule; back by a moment or by much at times.
            let jump = draw(0...19) == 0 ? -draw(0...5000) : draw(0...9) == 0 ? -3 : draw(0...300)
            time = time + .milliseconds(jump)
            let wanted = draw(0...40)
            let found = budget.available(wanted, at: time)
            for place in plain.indices { plain[place].look(at: time) }
            #expect(found == plain.map(\.room).reduce(wanted, min), "\(seed), step \(step)")
            #expect(budget.nextAvailable(at: time) == plain.compactMap(\.next).max())
            // More than was available, and a moment before the look, as loops that share it do.
            let count = min(found + draw(0...1), draw(0...40))
            let moment = draw(0...3) == 0 ? time - .milliseconds(draw(0...9)) : time
            budget.take(count, at: moment)
            for place in plain.indices where count > 0 {
                plain[place].taken.append((moment, count))
            }
        }
    }

    @Test("A look costs no more with a large limit that is used up", .timeLimit(.minutes(1)))
    func large() {
        var budget = RateBudget(limits: [(1_000_000, .seconds(60))])
        var time = now
        // With a look through all of them it would take hours.
        for _ in 0..<1_000_000 {
            time = time + .milliseconds(1)
            if budget.available(1, at: time) > 0 { budget.take(1, at: time) }
        }
        #expect(budget.available(2_000_000, at: time) == 1_000_000 - 60_000)
    }
}
