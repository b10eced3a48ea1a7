package import Pipeline
import Synchronization

/// Time by hand: it moves to the next sleeper when nothing else can run, and jumps when told.
package final class SimulatedClock: WallClock {
    fileprivate struct Sleeper {
        var deadline: Timestamp
        var continuation: CheckedContinuation<Void, any Error>
    }

    fileprivate struct State {
        var now: Timestamp
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Cancelled before they slept.
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    package init(startingAt now: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)) {
        state = Mutex(State(now: now))
    }

    package var now: Timestamp { state.withLock(\.now) }

    package func sleep(until deadline: Timestamp) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready = state.withLock { state -> Result<Void, any Error>? in
                    if state.cancelled.remove(id) != nil || Task.isCancelled {
                        return .failure(CancellationError())
                    }
                    if deadline <= state.now { return .success(()) }
                    state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    return nil
                }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let sleeper = state.sleepers.removeValue(forKey: id) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves to the next deadline and wakes whoever sleeps until then; false when nobody sleeps.
    func wakeNextSleeper() -> Bool {
        let woken = state.withLock { state -> [Sleeper] in
            guard let next = state.sleepers.values.map(\.deadline).min() else { return [] }
            state.now = max(state.now, next)
            return state.takeDue()
        }
        for sleeper in woken { sleeper.continuation.resume() }
        return !woken.isEmpty
    }

    /// Moves the time of day by `offset`, forward or back, as an operator or a time server does.
    package func jump(by offset: Duration) {
        let woken = state.withLock { state -> [Sleeper] in
            state.now = state.now + offset
            return state.takeDue()
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }
}

extension SimulatedClock.State {
    /// In the order of their sleep, so that a seed repeats.
    fileprivate mutating func takeDue() -> [SimulatedClock.Sleeper] {
        let due = sleepers.filter { $0.value.deadline <= now }.keys.sorted()
        return due.compactMap { sleepers.removeValue(forKey: $0) }
    }
}
