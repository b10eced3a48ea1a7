import Synchronization

/// The port of a server that is starting: whoever asks for it waits until it is known.
final class BoundPort: Sendable {
    private enum State {
        /// Who waits, each under a number of its own.
        case unknown(waiting: [Int: CheckedContinuation<Int, any Error>], next: Int)
        case known(Result<Int, any Error>)
    }

    private let state = Mutex(State.unknown(waiting: [:], next: 0))

    /// The port, or what kept the server from listening.
    var value: Int {
        get async throws {
            let number = state.withLock { state in
                guard case .unknown(let waiting, let next) = state else { return 0 }
                state = .unknown(waiting: waiting, next: next + 1)
                return next
            }
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { wait($0, number: number) }
            } onCancel: {
                takeContinuation(number)?.resume(throwing: CancellationError())
            }
        }
    }

    /// Tells everyone; only the first call counts.
    func settle(_ result: Result<Int, any Error>) {
        let waiting = state.withLock { state -> [Int: CheckedContinuation<Int, any Error>] in
            guard case .unknown(let waiting, _) = state else { return [:] }
            state = .known(result)
            return waiting
        }
        for continuation in waiting.values { continuation.resume(with: result) }
    }

    private func wait(_ continuation: CheckedContinuation<Int, any Error>, number: Int) {
        let result = state.withLock { state -> Result<Int, any Error>? in
            switch state {
            case .known(let result): return result
            case .unknown(var waiting, let next):
                // The handler for cancellation may have run before there was anything to take.
                if Task.isCancelled { return .failure(CancellationError()) }
                waiting[number] = continuation
                state = .unknown(waiting: waiting, next: next)
                return nil
            }
        }
        if let result { continuation.resume(with: result) }
    }

    private func takeContinuation(_ number: Int) -> CheckedContinuation<Int, any Error>? {
        state.withLock { state in
            guard case .unknown(var waiting, let next) = state else { return nil }
            let continuation = waiting.removeValue(forKey: number)
            state = .unknown(waiting: waiting, next: next)
            return continuation
        }
    }
}
