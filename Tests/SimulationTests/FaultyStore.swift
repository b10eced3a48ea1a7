import Pipeline
import TestSupport

/// A store that fails, and in whose transactions the program crashes, as the seed says.
struct FaultyStore: Store {
    let store: any Store
    let world: World
    /// The life of the program that holds it; after its crash it does nothing any more.
    let incarnation: Int

    func transaction<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        try checkAlive()
        if world.strikes(.storeError) { throw StoreError(.busy, "simulated: busy") }
        if world.strikes(.crashBefore) {
            world.crash(incarnation)
            throw StoreError(.unavailable, "simulated: crashed before the transaction")
        }
        let result = try await store.transaction(body)
        if world.strikes(.crashAfter) { world.crash(incarnation) }
        try checkAlive()
        return result
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreReader) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        try checkAlive()
        return try await store.read(body)
    }

    private func checkAlive() throws(StoreError) {
        guard world.incarnation == incarnation else {
            throw StoreError(.unavailable, "simulated: crashed")
        }
    }
}
