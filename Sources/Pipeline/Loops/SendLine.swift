import Synchronization

/// A channel's ``SendQueue``, shared by its loop and the sends under way; each send takes its share
/// of the budget when it starts.
final class SendLine: Sendable {
    /// What the loop does, and so what it is to be woken for.
    private enum Loop { case works, holds, rests }

    private struct State {
        var queue: SendQueue
        var loop = Loop.works
        /// The last one that was claimed to probe the channel.
        var probe: Delivery.ID?
    }

    private let state: Mutex<State>
    private let budget: SharedBudget

    init(width: Int, budget: SharedBudget) {
        state = Mutex(State(queue: SendQueue(width: width)))
        self.budget = budget
    }

    var isClosed: Bool { state.withLock { $0.queue.isClosed } }

    /// Whether the loop may wait for more before it records; if so, it is woken when it may no
    /// longer.
    func holds() -> Bool {
        state.withLock { state in
            guard state.queue.mayHold else { return false }
            state.loop = .holds
            return true
        }
    }

    /// Whether there is nothing to record; if so, the loop is woken when there is.
    func rests() -> Bool {
        state.withLock { state in
            guard !state.queue.hasTurn else { return false }
            state.loop = .rests
            return true
        }
    }

    /// What is to be recorded, and how many may be claimed.
    func takeTurn(at now: Timestamp) -> (turn: SendQueue.Turn, wanted: Int) {
        state.withLock { state in
            state.loop = .works
            let turn = state.queue.takeTurn()
            let (room, waiting) = (state.queue.room, state.queue.waitingCount)
            return (turn, max(0, budget.available(room + waiting, at: now) - waiting))
        }
    }

    func add(_ claimed: [Delivery], probe: Delivery.ID? = nil) {
        state.withLock { state in
            state.queue.add(claimed)
            if let probe { state.probe = probe }
        }
    }

    func isProbe(_ delivery: Delivery) -> Bool { state.withLock { $0.probe == delivery.id } }

    /// Has these go back unsent with the next turn: they could not with theirs.
    func keep(_ returned: [Delivery]) { state.withLock { $0.queue.keep(returned) } }

    func start(at now: Timestamp) -> Delivery? {
        state.withLock { state in start(&state.queue, at: now) }
    }

    /// Ends a send; what may go next starts in its place, and the loop is to be woken if it waits
    /// for this.
    func end(
        _ delivery: Delivery, _ outcome: Outcome?, at now: Timestamp
    ) -> (next: Delivery?, wakes: Bool) {
        state.withLock { state in
            state.queue.end(delivery, outcome, at: now)
            let next = start(&state.queue, at: now)
            let wakes =
                switch state.loop {
                case .works: false
                case .holds: !state.queue.mayHold
                case .rests: state.queue.hasTurn
                }
            if wakes { state.loop = .works }
            return (next, wakes)
        }
    }

    func close() { state.withLock { $0.queue.close() } }

    private func start(_ queue: inout SendQueue, at now: Timestamp) -> Delivery? {
        let next = queue.start(at: now)
        if next != nil { budget.take(1, at: now) }
        return next
    }
}
