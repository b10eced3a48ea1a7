import Logging
import Synchronization

/// What a loop found to do, and when it should look again.
struct Claim<Item: Sendable>: Sendable {
    var items: [Item]
    /// Nil: when rung.
    var lookAgainAt: Timestamp?
    /// The item that probes a channel that is left alone.
    var probe: Delivery.ID?
}

/// The shape of the loops: claim what is due, act on each (several at once), look again when one
/// has ended, when something is due, or when rung.
///
/// ``SendLoop`` has one of its own, since it claims more than it acts on at once.
///
/// A store that fails is asked again, later and later; a loop ends only by the stop signal or by
/// cancellation.
struct WorkLoop: Sendable {
    let name: String
    let bell: Bell
    let stop: StopSignal
    let clock: any WallClock
    /// The most items under way at once.
    let limit: Int
    /// How long it sleeps at most, where others change the store as well.
    let longestSleep: Duration?
    let logger: Logger

    static let longestStoreRetry = Duration.seconds(30)

    func run<Item: Sendable>(
        claim: (_ room: Int, _ now: Timestamp) async throws(StoreError) -> Claim<Item>,
        act: @escaping @Sendable (Item) async -> Void
    ) async {
        stop.bind(bell)
        let underWay = Counter()
        await withDiscardingTaskGroup { group in
            var failures = 0
            while !stop.isRequested, !Task.isCancelled {
                let room = limit - underWay.value
                guard room > 0 else {
                    await bell.wait(until: nil, on: clock)
                    continue
                }
                let now = clock.now
                do throws(StoreError) {
                    let claimed = try await claim(room, now)
                    failures = 0
                    for item in claimed.items {
                        underWay.add(1)
                        group.addTask {
                            await act(item)
                            underWay.add(-1)
                            bell.ring()
                        }
                    }
                    await bell.rest(
                        until: claimed.lookAgainAt, since: now, longest: longestSleep, on: clock)
                } catch {
                    failures += 1
                    logger.error(
                        "store failed",
                        metadata: ["loop": "\(name)", "reason": "\(error.message)"])
                    await bell.wait(until: now + Self.pause(after: failures), on: clock)
                }
            }
        }
    }

    /// After so many failures of the store in a row.
    static func pause(after failures: Int) -> Duration {
        min(.seconds(1 << min(failures - 1, 5)), longestStoreRetry)
    }
}

extension Bell {
    /// Waits for a ring, until what is due, and no longer than `longest`.
    func rest(
        until due: Timestamp?, since now: Timestamp, longest: Duration?, on clock: any WallClock
    ) async {
        if let due, due <= now { return await Task.yield() }
        let cap = longest.map { now + $0 }
        await wait(until: [due, cap].compactMap(\.self).min(), on: clock)
    }
}

/// A count shared by a loop and its children.
private final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock(\.self) }

    func add(_ difference: Int) { count.withLock { $0 += difference } }
}
