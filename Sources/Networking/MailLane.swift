import Dispatch
import Synchronization

/// The mails to one server, and the threads that hand them over, one mail each at a time.
///
/// A thread starts when a mail comes and all others are busy, and ends when it has had nothing to
/// do for a while. Of several idle ones the last to work is the next to work: so few mails keep
/// one session busy rather than several half asleep.
final class MailLane: Sendable {
    /// The most threads, and so sessions with the server at once.
    static let mostThreads = 4

    private struct State {
        /// Mails that all threads were too busy for, in their order.
        var waiting: ArraySlice<MailOrder> = []
        /// All threads that take mails, or will.
        var threads: [MailThread] = []
        /// How many threads take none any more and have not ended yet.
        var leaving = 0
        /// Those without a mail; the last to work is the last.
        var idle: [MailThread] = []
        /// Mails given to idle threads that have not woken up yet.
        var given: [ObjectIdentifier: MailOrder] = [:]
        /// Calls not yet answered.
        var underWay = 0
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []

        var hasEnded: Bool { threads.isEmpty && leaving == 0 }
    }

    private let state = Mutex(State())
    let stopping = StopFlag()
    private let mostUnderWay: Int
    private let idleTime: DispatchTimeInterval
    let configuration: CurlTransport.Configuration

    init(_ configuration: CurlTransport.Configuration) {
        self.configuration = configuration
        mostUnderWay = configuration.calls
        idleTime = .milliseconds(configuration.mailIdleTime.wholeMilliseconds)
    }

    // MARK: Called by everybody

    /// Leaves a mail and waits for its answer; the cancellation of the calling task is passed on.
    func send(
        _ mail: MailSubmission, message: [UInt8]
    ) async throws(TransportError) -> MailReply {
        let ticket = Ticket()
        let deadline = ContinuousClock.now + .milliseconds(mail.timeout.wholeMilliseconds)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                post(
                    MailOrder(
                        ticket: ticket, mail: mail, message: message, deadline: deadline,
                        continuation: answer))
            }
        } onCancel: {
            cancel(ticket)
        }
        return try result.get()
    }

    /// Leaves an order, or answers it at once when it cannot be taken.
    ///
    /// The calling task's cancellation is looked at under the same lock that its handler takes: see
    /// ``Inbox/post(_:)``.
    private func post(_ order: MailOrder) {
        let refusal: TransportError? = state.withLock { state in
            if Task.isCancelled { return .cancelled }
            if stopping.isSet { return .stopped }
            guard state.underWay < mostUnderWay else { return .overloaded }
            state.underWay += 1
            if let thread = state.idle.popLast() {
                state.given[ObjectIdentifier(thread)] = order
                thread.wake()
            } else if state.threads.count < min(state.underWay, Self.mostThreads) {
                let thread = MailThread()
                state.threads.append(thread)
                state.given[ObjectIdentifier(thread)] = order
                thread.start(in: self)
            } else {
                // For the next that is free, which one may be already, on its way to ask.
                state.waiting.append(order)
            }
            return nil
        }
        if let refusal { order.answer(.failure(refusal)) }
    }

    /// Ends a call: a mail under way is ended by its thread, from inside libcurl.
    private func cancel(_ ticket: Ticket) {
        ticket.cancel()
        let order = state.withLock { state -> MailOrder? in
            guard let place = state.waiting.firstIndex(where: { $0.ticket === ticket }) else {
                return nil
            }
            state.underWay -= 1
            return state.waiting.remove(at: place)
        }
        order?.answer(.failure(.cancelled))
    }

    /// Tells the threads to end everything and then themselves.
    func stop() {
        let orders = state.withLock { state in
            stopping.set()
            for thread in state.threads { thread.wake() }
            let orders = state.waiting
            state.waiting = []
            state.underWay -= orders.count
            return orders
        }
        for order in orders { order.answer(.failure(.stopped)) }
    }

    /// Returns when all threads have ended.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waitingForEnd.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    // MARK: Called by the threads

    /// The next mail for a thread, which waits for it; nil when the thread is to end.
    func next(for thread: MailThread) -> MailOrder? {
        let id = ObjectIdentifier(thread)
        while true {
            let (order, late) = state.withLock { state in
                let late = Self.takeLate(&state)
                let order = state.given.removeValue(forKey: id) ?? state.waiting.popFirst()
                if order == nil, !stopping.isSet, !state.idle.contains(where: { $0 === thread }) {
                    state.idle.append(thread)
                }
                return (order, late)
            }
            for order in late { order.answer(.failure(.timeIsUp)) }
            if let order { return order }
            let isAwake = !stopping.isSet && thread.sleeps(atMost: idleTime)
            if !isAwake && leaves(thread) { return nil }
        }
    }

    /// Strikes a thread out, unless a mail was left for it in the meantime.
    private func leaves(_ thread: MailThread) -> Bool {
        state.withLock { state in
            guard state.given[ObjectIdentifier(thread)] == nil else { return false }
            state.idle.removeAll { $0 === thread }
            state.threads.removeAll { $0 === thread }
            state.leaving += 1
            return true
        }
    }

    /// Takes out what has waited for longer than its caller does.
    ///
    /// It is asked whenever a thread is free, which a mail before its own deadline brings about.
    private static func takeLate(_ state: inout State) -> [MailOrder] {
        let now = ContinuousClock.now
        guard state.waiting.contains(where: { $0.deadline <= now }) else { return [] }
        let late = state.waiting.filter { $0.deadline <= now }
        state.waiting.removeAll { $0.deadline <= now }
        state.underWay -= late.count
        return Array(late)
    }

    /// Answers the call of a mail that a thread has taken.
    ///
    /// It is counted out first: who sends the next mail at once shall find the thread free.
    func answer(_ order: MailOrder, _ result: Result<MailReply, TransportError>) {
        state.withLock { $0.underWay -= 1 }
        order.answer(result)
    }

    /// A thread that was told to leave has closed its sessions.
    func ended() {
        let waiting = state.withLock { state in
            state.leaving -= 1
            guard state.hasEnded else { return [CheckedContinuation<Void, Never>]() }
            let waiting = state.waitingForEnd
            state.waitingForEnd = []
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
