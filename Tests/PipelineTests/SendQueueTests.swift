import Pipeline
import TestSupport
import Testing

/// What waits for its turn on one channel, and what goes back.
@Suite struct SendQueueTests {
    static let now = SimulatedClock().now
    static let away = Outcome.unavailable(retryAfter: nil, answer: "HTTP 503")

    static func claimed(_ ids: String..., urgent: Bool = false) -> [Delivery] {
        ids.map { id in
            Delivery(
                id: Delivery.ID(id), group: Samples.key(), message: Message(body: id, alerts: []),
                createdAt: now, isUrgent: urgent, state: .waiting(dueAt: now + SendQueue.lease))
        }
    }

    /// Starts all that may go.
    static func start(_ queue: inout SendQueue, at now: Timestamp = now) -> [Delivery] {
        var started: [Delivery] = []
        while let next = queue.start(at: now) { started.append(next) }
        return started
    }

    static func ids(_ deliveries: [Delivery]) -> String {
        deliveries.map(\.id.text).joined()
    }

    @Test func noMoreAreUnderWayThanTheChannelTakes() {
        var queue = SendQueue(width: 2)
        #expect(queue.room == 2)
        queue.add(Self.claimed("a", "b", "c", "d"))
        let first = Self.start(&queue)
        #expect(Self.ids(first) == "ab")
        queue.end(first[0], .delivered(answer: ""), at: Self.now)
        #expect(Self.ids(Self.start(&queue)) == "c")
    }

    @Test func theLineGrowsToTwiceWhatLeftAndShrinksSlowly() {
        var queue = SendQueue(width: 1)
        queue.add(Self.claimed("a", "b", "c"))
        for delivery in Self.claimed("a", "b", "c") {
            #expect(queue.start(at: Self.now) == delivery)
            queue.end(delivery, .delivered(answer: ""), at: Self.now)
        }
        #expect(queue.takeTurn().ended.count == 3)
        #expect(queue.room == 1 + 6)
        var rooms: [Int] = []
        for _ in 0..<4 {
            #expect(queue.takeTurn().isEmpty)
            rooms.append(queue.room)
        }
        #expect(rooms == [4, 2, 1, 1])
    }

    @Test func anOutcomeMayWaitForMoreWhileOthersWaitToBeSent() {
        var queue = SendQueue(width: 2)
        queue.add(Self.claimed("a", "b", "c", "d", "e"))
        let first = Self.start(&queue)
        #expect(!queue.mayHold)
        queue.end(first[0], .delivered(answer: ""), at: Self.now)
        #expect(queue.mayHold)
        #expect(Self.ids(Self.start(&queue)) == "c")
        #expect(queue.mayHold)
        queue.end(first[1], .delivered(answer: ""), at: Self.now)
        #expect(Self.ids(Self.start(&queue)) == "d")
        // One is left for two places: the next claim is due.
        #expect(!queue.mayHold && queue.takeTurn().ended.count == 2)
    }

    @Test func theNextClaimIsDueWhenHalfOfTheLineIsGone() {
        var queue = SendQueue(width: 1)
        queue.add(Self.claimed("a", "b", "c", "d"))
        for delivery in Self.claimed("a", "b", "c", "d") {
            #expect(queue.start(at: Self.now) == delivery)
            queue.end(delivery, .delivered(answer: ""), at: Self.now)
        }
        _ = queue.takeTurn()
        queue.add(Self.claimed("e", "f", "g", "h", "i", "j"))
        var holds: [Bool] = []
        while let next = queue.start(at: Self.now) {
            queue.end(next, .delivered(answer: ""), at: Self.now)
            holds.append(queue.mayHold)
        }
        #expect(holds == [true, true, false, false, false, false])
    }

    @Test func nothingHoldsAnAnswerOtherThanAYes() {
        var queue = SendQueue(width: 1)
        queue.add(Self.claimed("a", "b", "c"))
        queue.end(Self.start(&queue)[0], Self.away, at: Self.now)
        #expect(queue.hasTurn && !queue.mayHold)
        queue = SendQueue(width: 1)
        queue.add(Self.claimed("a", "b", "c"))
        queue.end(Self.start(&queue)[0], .delivered(answer: ""), at: Self.now)
        #expect(queue.mayHold)
        queue.close()
        #expect(!queue.mayHold)
    }

    @Test func urgentOnesGoBeforeThoseThatWait() {
        var queue = SendQueue(width: 1)
        queue.add(Self.claimed("a", "b", "c"))
        #expect(Self.ids(Self.start(&queue)) == "a")
        queue.add(Self.claimed("x", "y", urgent: true))
        var sent = ""
        for _ in 0..<4 {
            queue.end(Self.claimed("a")[0], .delivered(answer: ""), at: Self.now)
            sent += Self.ids(Self.start(&queue))
        }
        #expect(sent == "xybc")
    }

    @Test(arguments: [
        away, .throttled(until: now, answer: ""), .refusedChannel(reason: ""),
    ])
    func anAnswerOtherThanAYesSendsTheOthersBack(outcome: Outcome) {
        var queue = SendQueue(width: 2)
        queue.add(Self.claimed("a", "b", "c", "d"))
        let first = Self.start(&queue)
        queue.end(first[0], outcome, at: Self.now)
        #expect(Self.start(&queue).isEmpty && queue.room == 0)
        // What was claimed before the answer was recorded goes back as well.
        queue.add(Self.claimed("e"))
        #expect(Self.start(&queue).isEmpty)
        let turn = queue.takeTurn()
        #expect(turn.ended.map(\.outcome) == [outcome])
        #expect(Self.ids(turn.returned) == "cde")
        queue.add(Self.claimed("c"))
        #expect(Self.ids(Self.start(&queue)) == "c")
    }

    @Test(arguments: [Outcome.delivered(answer: ""), .refusedMessage(reason: "HTTP 400")])
    func anAnswerToOneMessageAloneHoldsUpNoOther(outcome: Outcome) {
        var queue = SendQueue(width: 1)
        queue.add(Self.claimed("a", "b"))
        queue.end(Self.start(&queue)[0], outcome, at: Self.now)
        #expect(Self.ids(Self.start(&queue)) == "b")
    }

    @Test func aClaimThatEndsBeforeASendCouldGoesBack() {
        var queue = SendQueue(width: 1)
        queue.add(Self.claimed("a", "b"))
        let late = Self.now + SendQueue.lease - SendQueue.longestSend
        #expect(queue.start(at: late)?.id.text == "a")
        queue.end(Self.claimed("a")[0], nil, at: late)
        #expect(queue.start(at: late + .milliseconds(1)) == nil)
        let turn = queue.takeTurn()
        #expect(turn.ended.isEmpty && Self.ids(turn.returned) == "b")
    }

    @Test func aClosedQueueSendsNothingAndGivesEverythingBack() {
        var queue = SendQueue(width: 1)
        queue.add(Self.claimed("a", "b"))
        let first = Self.start(&queue)
        queue.close()
        queue.add(Self.claimed("c"))
        queue.end(first[0], .delivered(answer: ""), at: Self.now)
        #expect(Self.start(&queue).isEmpty && queue.room == 0)
        let turn = queue.takeTurn()
        #expect(turn.ended.count == 1 && Self.ids(turn.returned) == "bc")
    }
}
