import Logging

/// One source's tasks: claims what is due within the budget, reads it, records T1.
struct ReadLoop: Sendable {
    let source: Source
    let parts: WatcherParts
    let bells: Bells
    let recording: Recording

    /// A claim's life.
    ///
    /// A read takes half of it at most.
    static let lease = Duration.seconds(30)

    func run(stop: StopSignal) async {
        let loop = WorkLoop(
            name: "read \(source.name)", bell: bells.read(source.name), stop: stop,
            clock: parts.clock, limit: source.concurrency, longestSleep: parts.longestSleep,
            logger: parts.logger)
        var budget = source.budget
        await loop.run { room, now throws(StoreError) in
            let wanted = budget.available(room, at: now)
            guard wanted > 0 else {
                return Claim(items: [], lookAgainAt: budget.nextAvailable(at: now))
            }
            let claim = try await claim(wanted, at: now)
            budget.take(claim.items.count, at: now)
            return claim
        } act: { task in
            await readAndRecord(task)
        }
    }

    private func claim(
        _ wanted: Int, at now: Timestamp
    ) async throws(StoreError) -> Claim<TaskRecord> {
        let name = source.name
        let due = try await parts.store.read { reader throws(StoreError) -> Timestamp? in
            if let parking = try reader.parking(of: .source(name), at: now) { return parking.until }
            return try reader.nextTaskDue(of: name)
        }
        guard let due, due <= now else { return Claim(items: [], lookAgainAt: due) }
        return try await parts.store.transaction { transaction throws(StoreError) in
            let items = try transaction.claimTasks(
                of: name, dueBy: now, leaseUntil: now + Self.lease, limit: wanted)
            return Claim(
                items: items,
                lookAgainAt: items.isEmpty ? try transaction.nextTaskDue(of: name) : now)
        }
    }

    private func readAndRecord(_ task: TaskRecord) async {
        let answer: Result<TaskReply, CloudError>
        do throws(CloudError) {
            answer = .success(try await source.cloud.read(task, at: parts.clock.now))
        } catch {
            answer = .failure(error)
        }
        // A read that was cut off by our own end says nothing of the task.
        if case .failure = answer, Task.isCancelled { return }
        let now = parts.clock.now
        do throws(StoreError) {
            let result = try await record(answer, of: task, at: now)
            log(answer, result, of: task.id)
            if result?.alerts.isEmpty == false || result?.faults.isEmpty == false {
                bells.ringFlushes()
            }
            bells.idle.ring()
        } catch {
            parts.logger.error(
                "result not recorded; the task will be read again",
                metadata: ["task": "\(task.id)", "reason": "\(error.message)"])
        }
    }

    private func record(
        _ answer: Result<TaskReply, CloudError>, of claimed: TaskRecord, at now: Timestamp
    ) async throws(StoreError) -> Recording.Result? {
        let (recording, source) = (recording, source)
        return try await parts.store.transaction { transaction throws(StoreError) in
            guard var task = try transaction.task(claimed.id), task.dueAt != nil else { return nil }
            guard task.tid == claimed.tid else {
                // The question was widened meanwhile: this answer is to the old one.
                task.dueAt = now
                try transaction.save(task)
                return Recording.Result()
            }
            switch answer {
            case .success(let reply):
                let step = Reading.answered(
                    reply, task: task, schedule: source.schedule, at: now)
                try transaction.unpark(.source(source.name), at: now)
                return try recording.record(step, reply: reply, at: now, in: transaction)
            case .failure(.unavailable(let reason)):
                let step = Reading.failed(
                    reason, isRefusal: false, task: task, schedule: source.schedule, at: now)
                return try recording.record(step, reply: nil, at: now, in: transaction)
            case .failure(.refusedTask(let reason)):
                let step = Reading.failed(
                    reason, isRefusal: true, task: task, schedule: source.schedule, at: now)
                return try recording.record(step, reply: nil, at: now, in: transaction)
            case .failure(.throttled(let retryAfter, let perMinute, let reason)):
                let known = try transaction.parking(of: .source(source.name))
                let parking = Throttling.throttled(
                    source.name, known: known, retryAfter: retryAfter, perMinute: perMinute,
                    reason: reason, at: now)
                try transaction.save(parking)
                try transaction.save(Reading.postponed(task, until: parking.until))
                return Recording.Result()
            case .failure(.refusedSource(let reason)):
                let known = try transaction.parking(of: .source(source.name))
                let parking = Throttling.refused(
                    source.name, known: known, reason: reason, at: now)
                try transaction.save(parking)
                try transaction.save(Reading.postponed(task, until: parking.until))
                let alert = OwnAlert.sourceRefused(
                    source.name, reason: reason, at: now, version: recording.rules.version)
                let isNew = try recording.raise(alert, at: now, in: transaction)
                return Recording.Result(alerts: isNew ? [alert] : [])
            }
        }
    }

    private func log(
        _ answer: Result<TaskReply, CloudError>, _ result: Recording.Result?, of id: TaskID
    ) {
        var metadata: Logger.Metadata = ["task": "\(id)"]
        switch answer {
        case .success(let reply):
            metadata["status"] = "\(reply.status.rawValue)"
            parts.logger.debug("task read", metadata: metadata)
        case .failure(.unavailable(let reason)), .failure(.refusedTask(let reason)):
            metadata["reason"] = "\(reason)"
            parts.logger.warning("task not read", metadata: metadata)
        case .failure(.throttled(_, _, let reason)):
            metadata["reason"] = "\(reason)"
            parts.logger.notice("source throttled", metadata: metadata)
        case .failure(.refusedSource(let reason)):
            metadata["reason"] = "\(reason)"
            parts.logger.error("source refused; it is parked", metadata: metadata)
        }
        for alert in result?.alerts ?? [] {
            parts.logger.notice(
                "alert raised",
                metadata: [
                    "rule": "\(alert.id.rule)", "task": "\(alert.id.task)",
                    "tid": "\(alert.id.tid)", "severity": "\(alert.severity.rawValue)",
                ])
        }
        for alert in result?.unrouted ?? [] {
            parts.logger.warning(
                "alert without a channel: no route matches it",
                metadata: ["rule": "\(alert.id.rule)", "task": "\(alert.id.task)"])
        }
        for fault in result?.faults ?? [] {
            parts.logger.warning(
                "rule fault",
                metadata: ["rule": "\(fault.id.rule)", "reason": "\(fault.reason)"])
        }
    }
}
