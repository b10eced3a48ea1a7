import Pipeline
import TestSupport

/// A channel under observation: every attempt is noted, and whether it was one that should not
/// have been made.
struct WatchedChannel: Channel {
    let name: String
    let channel: any Channel
    let world: World
    /// The store itself, without its faults.
    let store: any Store
    let incarnation: Int
    let life: Int

    func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        channel.messages(for: alerts, in: flush)
    }

    func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await check(delivery)
        let attempt = World.Attempt(delivery, at: world.clock.now, life: life)
        let place = world.with { state in
            state.attempts.append(attempt)
            return state.attempts.count - 1
        }
        let outcome = await channel.send(delivery, at: now)
        world.with { $0.attempts[place].outcome = outcome }
        return outcome
    }

    /// Nothing goes to a channel that rests, but its probe.
    ///
    /// Where several are under way at once, others may have left before the rest began; and a
    /// clock that jumps makes a rest of the past one of the future.
    private func check(_ delivery: Delivery) async {
        guard world.plan.concurrency(of: name) == 1, !world.storms.has(.clockJump) else { return }
        let (name, id) = (name, delivery.id)
        let state = try? await store.read { reader throws(StoreError) in
            (trouble: try reader.trouble(of: name), parkings: try reader.parkings())
        }
        // What the former life had claimed is not held back by what another has learned.
        guard let state, world.incarnation == incarnation else { return }
        let now = world.clock.now
        if Breaker.restsUntil(state.trouble, at: now) != nil, state.trouble?.pause?.probe != id {
            world.blame("\(id): sent while \(name) was left alone")
        }
        if state.parkings.contains(where: { $0.subject == .channel(name) && $0.until > now }) {
            world.blame("\(id): sent while \(name) was parked")
        }
    }
}
