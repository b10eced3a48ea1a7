import Synchronization

/// A channel's ``SendQueue``, shared by its loop and the sends under way; each send takes its share
/// of the budget when it starts.
final class SendLine: Sendable {
    private let queue: Mutex<SendQueue>
    private let budget: SharedBudget

    init(width: Int, budget: SharedBudget) {
        queue = Mutex(SendQueue(width: width))
        self.budget = budget
    }

    var isClosed: Bool { queue.withLock(\.isClosed) }
    var hasTurn: Bool { queue.withLock(\.hasTurn) }

    /// What is to be recorded, and how many may be claimed.
    func takeTurn(at now: Timestamp) -> (turn: SendQueue.Turn, wanted: Int) {
        queue.withLock { queue in
            let turn = queue.takeTurn()
            let waiting = queue.waitingCount
            return (turn, max(0, budget.available(queue.room + waiting, at: now) - waiting))
        }
    }

    func add(_ claimed: [Delivery]) { queue.withLock { $0.add(claimed) } }

    func start(at now: Timestamp) -> Delivery? {
        queue.withLock { queue in start(&queue, at: now) }
    }

    /// Ends a send; what may go next starts in its place.
    func end(_ delivery: Delivery, _ outcome: Outcome?, at now: Timestamp) -> Delivery? {
        queue.withLock { queue in
            queue.end(delivery, outcome, at: now)
            return start(&queue, at: now)
        }
    }

    func close() { queue.withLock { $0.close() } }

    private func start(_ queue: inout SendQueue, at now: Timestamp) -> Delivery? {
        let next = queue.start(at: now)
        if next != nil { budget.take(1, at: now) }
        return next
    }
}
