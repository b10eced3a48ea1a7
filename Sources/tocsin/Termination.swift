import Foundation
import Pipeline
import UnixSignals

/// SIGTERM and SIGINT: the first asks the run to claim no more, gives what is under way a few
/// seconds, then cuts it off; a second ends the process at once.
///
/// All of it is safe: what was not recorded is done again.
enum Termination {
    /// What sends under way get after the first signal.
    static let grace = Duration.seconds(4)
    /// The exit code after a second signal, as a shell would say it of SIGINT.
    static let secondSignalCode: Int32 = 130

    private enum Event<Result: Sendable>: Sendable {
        case ended(Result)
        case graceIsOver
        case nothing
    }

    /// Runs `body` to its end, which the first signal, or the end of the time it has, brings near.
    static func handled<Result: Sendable>(
        stop: StopSignal, bound: Duration? = nil,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        return try await withThrowingTaskGroup(of: Event<Result>.self) { group in
            group.addTask { .ended(try await body()) }
            group.addTask {
                for await _ in signals {
                    if stop.isRequested { exit(secondSignalCode) }
                    stop.request()
                }
                return .nothing
            }
            group.addTask {
                await stop.wait()
                try? await Task.sleep(for: grace)
                return .graceIsOver
            }
            if let bound {
                group.addTask {
                    try? await Task.sleep(for: bound)
                    stop.request()
                    return .nothing
                }
            }
            for try await event in group {
                switch event {
                case .ended(let result):
                    group.cancelAll()
                    return result
                case .graceIsOver: group.cancelAll()
                case .nothing: break
                }
            }
            throw CancellationError()
        }
    }
}
