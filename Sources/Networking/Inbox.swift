import Synchronization

/// What callers leave for a curl thread, and how they wake it.
///
/// A cancellation never overtakes its order: see ``post(_:)``.
final class Inbox: Sendable {
    /// What has come in since the last look.
    struct Mail {
        var orders: [Order] = []
        var cancelled: [Ticket] = []
        /// Steps of tasks that run on the thread.
        var jobs: [UnownedJob] = []

        var isEmpty: Bool { orders.isEmpty && cancelled.isEmpty && jobs.isEmpty }
    }

    private struct State {
        var mail = Mail()
        /// Orders posted and not yet answered.
        var underWay = 0
        var isAsleep = false
        /// Whether the thread runs no more steps of tasks.
        var isClosed = false
        var hasEnded = false
        var waker: WakePipe?
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    let stopping = StopFlag()
    private let mostUnderWay: Int

    init(mostUnderWay: Int) { self.mostUnderWay = mostUnderWay }

    var isStopping: Bool { stopping.isSet }

    // MARK: Called by everybody

    /// Leaves an order, or answers it at once when it cannot be taken.
    ///
    /// The calling task's cancellation is looked at under the same lock that its handler takes in
    /// ``cancel(_:)``: if the handler came first, the flag is set by now and the order is not left
    /// at all; if not, the cancellation lies behind the order.
    func post(_ order: Order) {
        let refusal: TransportError? = state.withLock { state in
            if Task.isCancelled { return .cancelled }
            if isStopping { return .stopped }
            guard state.underWay < mostUnderWay else { return .overloaded }
            state.underWay += 1
            state.mail.orders.append(order)
            wake(&state)
            return nil
        }
        if let refusal { order.refuse(refusal) }
    }

    func cancel(_ ticket: Ticket) {
        ticket.cancel()
        state.withLock { state in
            state.mail.cancelled.append(ticket)
            wake(&state)
        }
    }

    /// Leaves a step of a task; false when the thread runs no more of them.
    func post(_ job: UnownedJob) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.mail.jobs.append(job)
            wake(&state)
            return true
        }
    }

    /// Tells the thread to end everything and then itself.
    func stop() {
        state.withLock { state in
            stopping.set()
            wake(&state)
        }
    }

    /// Returns when the thread has ended.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waitingForEnd.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func wake(_ state: inout State) {
        guard state.isAsleep else { return }
        state.isAsleep = false
        state.waker?.ring()
    }

    // MARK: Called by the thread

    func opens(_ waker: WakePipe) {
        state.withLock { $0.waker = waker }
    }

    func take() -> Mail {
        state.withLock { state in
            let mail = state.mail
            state.mail = Mail()
            return mail
        }
    }

    /// As ``take()``, but for the steps of tasks: they take turns with the transfers.
    func takeOrders() -> Mail {
        state.withLock { state in
            var mail = state.mail
            state.mail = Mail()
            swap(&mail.jobs, &state.mail.jobs)
            return mail
        }
    }

    /// Whether the thread may wait now: nothing has come in.
    ///
    /// The next post then wakes it.
    func fallAsleep() -> Bool {
        state.withLock { state in
            state.isAsleep = state.mail.isEmpty && !isStopping
            return state.isAsleep
        }
    }

    func wokeUp() {
        state.withLock { $0.isAsleep = false }
    }

    func answered() {
        state.withLock { $0.underWay -= 1 }
    }

    /// No more orders, steps and wake-ups; returns what is left.
    ///
    /// Steps that come later go elsewhere at once: libcurl may take seconds to end.
    func closes() -> Mail {
        state.withLock { state in
            stopping.set()
            state.waker = nil
            state.isClosed = true
            defer { state.mail = Mail() }
            return state.mail
        }
    }

    func ended() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }
}

extension TransportError {
    static let cancelled = TransportError(.cancelled, message: "the call was cancelled")
    static let stopped = TransportError(.stopped, message: "the transport has been shut down")
    static let overloaded = TransportError(
        .overloaded, message: "too many calls are under way at once")
}
