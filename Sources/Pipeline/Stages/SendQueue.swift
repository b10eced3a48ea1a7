/// One channel's claimed deliveries: those that wait for their turn, those under way, and what is
/// to be recorded of the others.
///
/// Pure. More are claimed than are sent at once, so that no send waits for a commit. But an answer
/// other than a yes is acted on only when it is recorded: what waits then goes back unsent.
package struct SendQueue: Sendable {
    /// An attempt that has ended.
    package struct Ended: Hashable, Sendable {
        package let delivery: Delivery
        package let outcome: Outcome
        package let at: Timestamp
    }

    /// What the next transaction records.
    package struct Turn: Hashable, Sendable {
        package var ended: [Ended] = []
        /// Claimed and not sent.
        package var returned: [Delivery] = []

        package var isEmpty: Bool { ended.isEmpty && returned.isEmpty }
    }

    /// A claim's life.
    package static let lease = Duration.seconds(60)
    /// How much of it a send may take: one with less left goes back unsent.
    package static let longestSend = Duration.seconds(50)
    /// The most that wait for their turn.
    package static let longestLine = 256
    /// How long what has ended may wait for more, to be recorded together.
    package static let longestHold = Duration.milliseconds(10)

    /// The most sends under way.
    private let width: Int
    private var waiting: ArraySlice<Delivery> = []
    private var underWay = 0
    /// How many left since the last turn.
    private var started = 0
    /// How many are to wait for their turn.
    private var line = 0
    /// Whether nothing goes until what has ended is recorded.
    private var isHalted = false
    private var turn = Turn()

    /// Whether nothing goes any more.
    package private(set) var isClosed = false

    package init(width: Int) { self.width = max(1, width) }

    package var waitingCount: Int { waiting.count }
    package var hasTurn: Bool { !turn.isEmpty }

    /// Whether what has ended may wait for more: all is well, and the line lasts until the next
    /// claim is on disk.
    package var mayHold: Bool {
        hasTurn && !isHalted && !isClosed && waiting.count >= max(width, line / 2)
    }

    /// How many may be claimed: what keeps all sends busy, and a line that lasts until the next
    /// claim is on disk.
    package var room: Int {
        isHalted || isClosed ? 0 : max(0, width + line - underWay - waiting.count)
    }

    /// Takes in what was claimed: urgent ones go before the others.
    package mutating func add(_ claimed: [Delivery]) {
        guard !isHalted, !isClosed else {
            turn.returned += claimed
            return
        }
        waiting += claimed
        guard claimed.contains(where: \.isUrgent) else { return }
        waiting = waiting.filter(\.isUrgent) + waiting.filter { !$0.isUrgent }
    }

    /// The next one to send; nil when none waits or enough are under way.
    package mutating func start(at now: Timestamp) -> Delivery? {
        while underWay < width, let next = waiting.popFirst() {
            guard case .waiting(let leaseEnd) = next.state, leaseEnd - now >= Self.longestSend
            else {
                turn.returned.append(next)
                continue
            }
            underWay += 1
            started += 1
            return next
        }
        return nil
    }

    /// A send has ended; nil for an outcome that says nothing.
    package mutating func end(_ delivery: Delivery, _ outcome: Outcome?, at now: Timestamp) {
        underWay -= 1
        guard let outcome else { return }
        turn.ended.append(Ended(delivery: delivery, outcome: outcome, at: now))
        switch outcome {
        case .delivered, .refusedMessage, .postponed: break
        case .throttled, .unavailable, .refusedChannel:
            isHalted = true
            giveBack()
        }
    }

    /// What is to be recorded now.
    ///
    /// The line grows to twice what left since the last turn, and shrinks slowly.
    package mutating func takeTurn() -> Turn {
        defer { turn = Turn() }
        line = min(max(2 * started, line / 2), Self.longestLine)
        started = 0
        isHalted = false
        return turn
    }

    /// Has these go back with the next turn.
    package mutating func keep(_ returned: [Delivery]) { turn.returned += returned }

    /// Nothing more goes: for an orderly end.
    package mutating func close() {
        isClosed = true
        giveBack()
    }

    private mutating func giveBack() {
        turn.returned += waiting
        waiting = []
    }
}
