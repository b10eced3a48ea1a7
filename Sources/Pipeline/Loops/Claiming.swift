import Synchronization

/// The claim half of a loop over due work: how much its budget allows, unless its subject rests;
/// else when to look again.
struct Claiming<Item: Sendable>: Sendable {
    let store: any Store
    let budget: SharedBudget
    /// Until when nothing is to be claimed; nil when something may.
    let restsUntil: @Sendable (any StoreReader, Timestamp) throws(StoreError) -> Timestamp?
    /// The earliest due time.
    let nextDue: @Sendable (any StoreReader) throws(StoreError) -> Timestamp?
    /// Leases what is due, at most so many.
    let take:
        @Sendable (any StoreTransaction, _ wanted: Int, _ now: Timestamp) throws(StoreError)
            -> [Item]

    func claim(_ room: Int, at now: Timestamp) async throws(StoreError) -> Claim<Item> {
        let wanted = budget.available(room, at: now)
        guard wanted > 0 else {
            return Claim(items: [], lookAgainAt: budget.nextAvailable(at: now))
        }
        let (restsUntil, nextDue, take) = (restsUntil, nextDue, take)
        let due = try await store.read { reader throws(StoreError) -> Timestamp? in
            if let until = try restsUntil(reader, now) { return until }
            return try nextDue(reader)
        }
        guard let due, due <= now else { return Claim(items: [], lookAgainAt: due) }
        let claim = try await store.transaction { transaction throws(StoreError) in
            let items = try take(transaction, wanted, now)
            return Claim(items: items, lookAgainAt: items.isEmpty ? try nextDue(transaction) : now)
        }
        budget.take(claim.items.count, at: now)
        return claim
    }
}

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
