import Logging

/// The program, apart from its command line: reads tasks, evaluates rules, delivers alerts.
///
/// Three kinds of loop share one shape, *claim what is due → act → record in one transaction*:
/// a ``ReadLoop`` for each source (T1), a ``FlushLoop`` (T2) and a ``SendLoop`` (T3) for each
/// channel. The store is the truth and the loops are disposable: starting after a crash is starting.
/// What a crash does: before T1 the task is read again; after T1 the group is still due; after T2
/// the delivery is still in the outbox; between sending and T3 it is sent again with the same id.
package struct Watcher: Sendable {
    private let parts: WatcherParts
    private let bells: Bells

    package init(_ parts: WatcherParts) {
        self.parts = parts
        bells = Bells(parts)
    }

    /// How a run ends by itself.
    package enum Ending: Hashable, Sendable {
        /// By the stop signal alone.
        case never
        /// When nothing is pending but what waits for a channel that refuses, or when a source is
        /// refused.
        case whenIdle
    }

    /// Why a run ended.
    package enum Reason: Hashable, Sendable {
        case stopped
        case idle
        case sourceRefused(String)
        /// All that is left waits for a channel that refuses it.
        case channelRefused(String)
    }

    /// Runs until told to stop, cancelled, or idle.
    ///
    /// What is under way when `stop` is requested is finished; cancel the task to cut it off. Both
    /// are safe.
    package func run(until ending: Ending = .never, stop: StopSignal) async -> Reason {
        let recording = Recording(rules: parts.rules, routes: parts.routes)
        await reportIdleBacklogs()
        var reason = Reason.stopped
        await withDiscardingTaskGroup { group in
            for source in parts.sources.values.sorted(by: { $0.name < $1.name }) {
                let loop = ReadLoop(
                    source: source, parts: parts, bells: bells, recording: recording)
                group.addTask { await loop.run(stop: stop) }
            }
            for outlet in parts.outlets.values.sorted(by: { $0.name < $1.name }) {
                let budget = await remainingBudget(of: outlet)
                let flushes = FlushLoop(outlet: outlet, parts: parts, bells: bells, budget: budget)
                group.addTask { await flushes.run(stop: stop) }
                let sends = SendLoop(
                    outlet: outlet, parts: parts, bells: bells, budget: budget,
                    recording: recording)
                group.addTask { await sends.run(stop: stop) }
            }
            group.addTask { await PruneLoop(parts: parts, bell: bells.prune).run(stop: stop) }
            guard ending == .whenIdle else { return }
            if let found = await IdleWatch(parts: parts, bell: bells.idle).run(stop: stop) {
                reason = found
                stop.request()
            }
        }
        return reason
    }

    /// The channel's budget, less what went out in the last minute: the service goes on counting
    /// when a process ends.
    private func remainingBudget(of outlet: Outlet) async -> SharedBudget {
        var budget = outlet.budget
        // No window holds more than its limit, so no more of them matter.
        guard let limit = outlet.messagesPerMinute else { return SharedBudget(budget) }
        let now = parts.clock.now
        let sent = try? await parts.store.read { reader throws(StoreError) in
            try reader.deliveryMoments(
                to: outlet.name, after: now - Self.minute, by: now, limit: limit)
        }
        let moments = sent ?? []
        for moment in moments.reversed() { budget.take(1, at: moment) }
        // What was under way at the end may have arrived, too.
        if !moments.isEmpty { budget.take(outlet.concurrency, at: now) }
        return SharedBudget(budget)
    }

    private static let minute = Duration.seconds(60)

    /// What waits for a channel that is off, or not in the settings any more, is not forgotten.
    private func reportIdleBacklogs() async {
        let backlogs = try? await parts.store.read { reader throws(StoreError) in
            try reader.backlogs()
        }
        for backlog in backlogs ?? [] where parts.outlets[backlog.channel] == nil {
            guard backlog.waitingAlerts + backlog.waitingDeliveries > 0 else { continue }
            parts.logger.warning(
                "alerts wait for a channel that is off, or not in the settings",
                metadata: [
                    "channel": "\(backlog.channel)", "alerts": "\(backlog.waitingAlerts)",
                    "deliveries": "\(backlog.waitingDeliveries)",
                ])
        }
    }

    /// What a process does first when it is alone on its store: work that was under way when
    /// another ended is due again, and what was left alone is tried at once.
    package static func takeOver(
        _ transaction: any StoreTransaction, at now: Timestamp
    ) throws(StoreError) {
        try transaction.releaseLeases()
        // Whoever starts it again may have mended what was refused.
        for parking in try transaction.parkings() where parking.isRefusal {
            try transaction.removeParking(of: parking.subject)
        }
        for trouble in try transaction.troubles() {
            try transaction.probeNow(trouble.channel, at: now)
        }
    }

    /// Says that tasks were accepted in this process, so that no loop sleeps over them.
    package func wake() { bells.ringReads() }

    /// Accepts tasks, all or none.
    ///
    /// Tasks of a source that the settings do not name are refused by the caller. Returns how many
    /// were new.
    package static func accept(
        _ submissions: [Submission], schedules: [String: PollSchedule], in store: any Store,
        at now: Timestamp
    ) async throws(StoreError) -> Int {
        try await store.transaction { transaction throws(StoreError) in
            var count = 0
            for submission in submissions {
                let known = try transaction.task(submission.id)
                if known == nil { count += 1 }
                let schedule = schedules[submission.id.source] ?? PollSchedule()
                let record = Intake.accept(submission, known: known, schedule: schedule, at: now)
                if record != known { try transaction.save(record) }
            }
            return count
        }
    }
}
