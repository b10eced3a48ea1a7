/// The time of day, and waiting for it.
///
/// Only the loops hold one; stages are given `now`.
package protocol WallClock: Sendable {
    var now: Timestamp { get }

    /// Returns at or after `deadline`, or throws when the task is cancelled.
    func sleep(until deadline: Timestamp) async throws
}
