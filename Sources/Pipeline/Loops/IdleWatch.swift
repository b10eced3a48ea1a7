import Logging

/// Says when nothing is pending that can move: for `run --until-idle`.
struct IdleWatch: Sendable {
    let parts: WatcherParts
    let bell: Bell

    /// Nil when stopped before.
    func run(stop: StopSignal) async -> Watcher.Reason? {
        stop.bind(bell)
        while !stop.isRequested, !Task.isCancelled {
            let now = parts.clock.now
            do throws(StoreError) {
                if let reason = try await look(at: now) { return reason }
            } catch {
                parts.logger.error(
                    "store failed", metadata: ["loop": "idle", "reason": "\(error.message)"])
            }
            await bell.wait(until: parts.longestSleep.map { now + $0 }, on: parts.clock)
        }
        return nil
    }

    private func look(at now: Timestamp) async throws(StoreError) -> Watcher.Reason? {
        let (sources, channels) = (parts.sources.keys.sorted(), parts.outlets.keys.sorted())
        return try await parts.store.read { reader throws(StoreError) in
            var isTold = true
            for channel in channels where try reader.rest(of: channel, at: now) == nil {
                // What is due now leaves first: the refusal itself is told by an alert.
                let due = [
                    try reader.nextFlushDue(to: channel),
                    try reader.nextDeliveryDue(to: channel),
                ]
                if due.contains(where: { $0.map { $0 <= now } ?? false }) { isTold = false }
            }
            for source in sources where isTold {
                let parking = try reader.parking(of: .source(source), at: now)
                if parking?.isRefusal == true { return .sourceRefused(source) }
            }
            for source in sources where try reader.nextTaskDue(of: source) != nil { return nil }
            var refused: String?
            for channel in channels {
                let due = [
                    try reader.nextDeliveryDue(to: channel),
                    try reader.nextFlushDue(to: channel),
                ]
                guard due.contains(where: { $0 != nil }) else { continue }
                let trouble = try reader.trouble(of: channel)
                // A probe that is under way may end it.
                guard trouble?.refusesAgain == true, trouble?.pause?.probe == nil,
                    Breaker.restsUntil(trouble, at: now) != nil
                else { return nil }
                refused = refused ?? channel
            }
            return refused.map(Watcher.Reason.channelRefused) ?? .idle
        }
    }
}

/// Deletes what is older than `keep`, at the start and then every hour, in small steps.
struct PruneLoop: Sendable {
    let parts: WatcherParts
    let bell: Bell

    static let interval = Duration.seconds(3600)
    static let stepLimit = 500

    func run(stop: StopSignal) async {
        stop.bind(bell)
        while !stop.isRequested, !Task.isCancelled {
            let now = parts.clock.now
            let retention = Retention(
                resultsBefore: now - parts.keep.results,
                alertsBefore: now - parts.keep.alerts)
            do throws(StoreError) {
                var deleted = Self.stepLimit
                while deleted >= Self.stepLimit, !stop.isRequested {
                    deleted = try await parts.store.transaction { transaction throws(StoreError) in
                        try transaction.prune(retention, limit: Self.stepLimit)
                    }
                }
            } catch {
                parts.logger.error(
                    "store failed", metadata: ["loop": "prune", "reason": "\(error.message)"])
            }
            await bell.wait(until: parts.clock.now + Self.interval, on: parts.clock)
        }
    }
}
