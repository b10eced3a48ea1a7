import Synchronization

/// Why a simulation gave no result.
package enum SimulationError: Error {
    /// Nothing can run and nobody sleeps: a lost wake-up, or a task outside the structure.
    case stuck
    /// More steps than any sound run takes: something spins.
    case spinning
}

/// Runs `body` to its end in simulated time.
///
/// The same seed gives the same run.
///
/// It blocks its thread: jobs run in an order drawn from the seed; when none can run, time moves
/// to the next sleeper.
package func simulate<Result: Sendable>(
    seed: UInt64, stepLimit: Int = 2_000_000,
    _ body: @escaping @Sendable (SimulatedClock, SimulatedExecutor) async throws -> Result
) throws -> Result {
    let executor = SimulatedExecutor(seed: seed)
    let clock = SimulatedClock()
    let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
    // The root of the simulation's structure: the one unstructured task, on the executor.
    let root = Task(executorPreference: executor) {
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(clock, executor))
        } catch {
            result = .failure(error)
        }
        outcome.withLock { $0 = result }
    }
    defer { root.cancel() }
    for _ in 0..<stepLimit {
        if let result = outcome.withLock(\.self) { return try result.get() }
        if executor.runNextJob() || clock.wakeNextSleeper() { continue }
        throw SimulationError.stuck
    }
    throw SimulationError.spinning
}
