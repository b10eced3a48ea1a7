/// A service on this machine's loopback address that plays a part of the outside world.
///
/// ```swift
/// let cloud = CloudStandIn(tasks: try GeneratedTasks(calls: 32, records: 12, seed: 1).tasks)
/// try await withStandIns([cloud]) {
///     let port = try await cloud.port
/// }
/// ```
package protocol StandIn: Sendable {
    /// The port it listens on, as soon as it does; throws what kept it from listening.
    var port: Int { get async throws }

    /// Serves until the task is cancelled. Runs once.
    func run() async throws
}

/// Runs `body` while all the stand-ins serve, and stops them when it ends, either way.
package func withStandIns<Result>(
    _ standIns: [any StandIn], _ body: () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for standIn in standIns {
            group.addTask { try await standIn.run() }
        }
        do {
            for standIn in standIns { _ = try await standIn.port }
            let result = try await body()
            await group.stop()
            return result
        } catch {
            await group.stop()
            throw error
        }
    }
}

extension ThrowingTaskGroup where ChildTaskResult == Void, Failure == any Error {
    /// Cancels all and waits for the end of each; how a cancelled one ends is of no interest.
    fileprivate mutating func stop() async {
        cancelAll()
        while await nextResult() != nil {}
    }
}

/// Why a stand-in cannot do what it was asked to.
package struct StandInError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was being done, what is wrong, where, and what to do.
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
