import Synchronization

/// Wakes one loop that sleeps.
///
/// A ring while nobody waits is kept for the next wait.
package final class Bell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    package func ring() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiter = state.waiter else {
                state.isRung = true
                return nil
            }
            state.waiter = nil
            return waiter
        }?.resume()
    }

    /// Returns when rung, at the deadline, or when the task is cancelled.
    func wait(until deadline: Timestamp?, on clock: any WallClock) async {
        guard let deadline else { return await waitForRing() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await clock.sleep(until: deadline) }
            group.addTask { await self.waitForRing() }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns when rung, or when the task is cancelled.
    package func waitForRing() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state -> Bool in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state -> CheckedContinuation<Void, Never>? in
                defer { state.waiter = nil }
                return state.waiter
            }?.resume()
        }
    }
}

/// Tells the loops to claim no more.
///
/// What is under way may end.
package final class StopSignal: Sendable {
    private struct State {
        var isRequested = false
        var bells: [Bell] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var isRequested: Bool { state.withLock { $0.isRequested } }

    /// Rings every bell that is bound, now and later.
    package func request() {
        let bells = state.withLock { state in
            state.isRequested = true
            return state.bells
        }
        for bell in bells { bell.ring() }
    }

    /// Returns when it is requested, or when the task is cancelled.
    package func wait() async {
        let bell = Bell()
        bind(bell)
        await bell.waitForRing()
    }

    func bind(_ bell: Bell) {
        let isRequested = state.withLock { state in
            state.bells.append(bell)
            return state.isRequested
        }
        if isRequested { bell.ring() }
    }
}
