import Pipeline
import Synchronization

/// A transaction's body on its way through a group commit.
protocol Turn: Sendable {
    /// Runs the body; false when it threw, so that what it did is undone.
    func run(in session: SQLSession) -> Bool
    /// The commit failed: nothing was kept.
    func fail(_ error: StoreError)
}

/// A body and what came of it.
final class BodyTurn<Result: Sendable>: Turn {
    typealias Body = @Sendable (any StoreTransaction) throws(StoreError) -> Result

    private let body: Body
    private let outcome = Mutex<Swift.Result<Result, StoreError>?>(nil)

    init(_ body: @escaping Body) { self.body = body }

    func run(in session: SQLSession) -> Bool {
        do {
            let value = try body(session)
            outcome.withLock { $0 = .success(value) }
            return true
        } catch {
            outcome.withLock { $0 = .failure(error) }
            return false
        }
    }

    func fail(_ error: StoreError) { outcome.withLock { $0 = .failure(error) } }

    /// What came of it, after the commit.
    func result() throws(StoreError) -> Result {
        guard let outcome = outcome.withLock({ $0 }) else {
            preconditionFailure("a turn was settled before it ran")
        }
        return try outcome.get()
    }
}

/// The turns that wait for the next commit.
///
/// While one commit waits for the disk, others gather; the first of them then leads them into the
/// next.
///
/// There is no timer and no task of its own: the leader's task commits for all, once. So nobody
/// leads for longer than its own commit takes, and under a simulator every step is a step of a
/// task that the simulator runs.
final class CommitLine: Sendable {
    /// The most bodies in one transaction.
    static let largestGroup = 256

    /// What somebody in the line is woken for.
    enum Role: Sendable {
        /// Commits the group that begins with its own turn, then calls ``settle(_:)``.
        case leader
        /// Its turn is over.
        case settled
    }

    struct Place: Sendable {
        let turn: any Turn
        /// Nil once the leader has been woken.
        var continuation: CheckedContinuation<Role, Never>?
    }

    private struct State {
        var places: [Place] = []
        var hasLeader = false
    }

    private let state = Mutex(State())

    /// Stands in the line until the turn is settled, or leads.
    func enter(_ turn: any Turn) async -> Role {
        await withCheckedContinuation { continuation in
            let leads = state.withLock { state in
                defer { state.hasLeader = true }
                let leads = !state.hasLeader
                state.places.append(Place(turn: turn, continuation: leads ? nil : continuation))
                return leads
            }
            if leads { continuation.resume(returning: .leader) }
        }
    }

    /// How many stand in the line.
    var count: Int { state.withLock { $0.places.count } }

    /// Takes the next group: the leader's turn, and those behind it.
    func nextGroup() -> [Place] {
        state.withLock { state in
            let group = Array(state.places.prefix(Self.largestGroup))
            state.places.removeFirst(group.count)
            return group
        }
    }

    /// Wakes the next leader, then everyone in the group but its own leader, who is awake.
    func settle(_ group: [Place]) {
        let next = state.withLock { state -> CheckedContinuation<Role, Never>? in
            guard !state.places.isEmpty else {
                state.hasLeader = false
                return nil
            }
            return state.places[0].continuation.take()
        }
        next?.resume(returning: .leader)
        for place in group { place.continuation?.resume(returning: .settled) }
    }
}
