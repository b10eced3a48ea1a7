import Synchronization

/// A budget that several loops look at.
final class SharedBudget: Sendable {
    private let budget: Mutex<RateBudget>

    init(_ budget: RateBudget) { self.budget = Mutex(budget) }

    func available(_ wanted: Int, at now: Timestamp) -> Int {
        budget.withLock { $0.available(wanted, at: now) }
    }

    func take(_ count: Int, at now: Timestamp) { budget.withLock { $0.take(count, at: now) } }

    func nextAvailable(at now: Timestamp) -> Timestamp? {
        budget.withLock { $0.nextAvailable(at: now) }
    }
}
