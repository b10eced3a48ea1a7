/// What one read does to its task: the decision of T1, apart from the rules.
///
/// Pure.
package enum Reading {
    /// The task afterwards, and the conversations that are to be judged now.
    package struct Step: Sendable {
        package var task: TaskRecord
        /// In the order of the reply; one without a reply for EXPIRED and REFUSED.
        package var conversations: [Conversation]
        /// Whether the reply is kept: something ended with it.
        package var isKept: Bool
    }

    /// The most records of one task whose end is remembered.
    package static let recordLimit = 10_000

    /// The step after an answer.
    package static func answered(
        _ reply: TaskReply, task: TaskRecord, schedule: PollSchedule, at now: Timestamp
    ) -> Step {
        var task = task
        task.attempts += 1
        task.lastReadAt = now
        task.trouble = nil
        task.status = reply.status
        // A record that was judged at its end is not judged again; one that runs is, every time.
        let ended = Set(task.endedRecords)
        let fresh = reply.conversations.filter { !ended.contains($0.tid) }
        let freshlyEnded = fresh.filter(\.status.isTerminal)
        let room = max(0, recordLimit - task.endedRecords.count)
        task.endedRecords += freshlyEnded.map(\.tid).prefix(room)
        task.errorMessage = reply.conversations.lazy.map(\.errorMessage).first { !$0.isEmpty } ?? ""
        if reply.status.isTerminal {
            task.dueAt = nil
            return Step(task: task, conversations: fresh, isKept: true)
        }
        guard now < schedule.deadline(of: task) else {
            let end = expired(task, reason: "no result at the deadline")
            return Step(
                task: end.task, conversations: fresh + end.conversations, isKept: true)
        }
        task.dueAt = schedule.nextRead(of: task, at: now)
        return Step(task: task, conversations: fresh, isKept: !freshlyEnded.isEmpty)
    }

    /// The step after a read that failed for this task alone.
    ///
    /// A source that is parked is no failure of its tasks: see ``postponed(_:until:)``.
    package static func failed(
        _ reason: String, isRefusal: Bool, task: TaskRecord, schedule: PollSchedule,
        at now: Timestamp
    ) -> Step {
        var task = task
        var trouble = TaskRecord.Trouble(
            isRefusal: isRefusal, count: 1, since: now, reason: reason)
        if let before = task.trouble, before.isRefusal == isRefusal {
            trouble.count = before.count + 1
            trouble.since = min(before.since, now)
        } else if let before = task.trouble, before.isRefusal {
            // A read that failed on the way does not take a refusal back, nor put off the end.
            task.trouble = before
            if now >= schedule.deadline(of: task),
                now - before.since >= PollSchedule.refusalSpan
            {
                return expired(task, reason: reason)
            }
            task.dueAt = schedule.retry(after: PollSchedule.failuresAfterDeadline, at: now)
            return Step(task: task, conversations: [], isKept: false)
        }
        task.trouble = trouble
        if isRefusal, trouble.count >= PollSchedule.refusalCount,
            now - trouble.since >= PollSchedule.refusalSpan
        {
            return ended(task, as: .refused, reason: reason)
        }
        if now >= schedule.deadline(of: task),
            trouble.count >= PollSchedule.failuresAfterDeadline
        {
            return expired(task, reason: reason)
        }
        task.dueAt =
            isRefusal
            ? nextProbe(of: trouble, at: now) : schedule.retry(after: trouble.count, at: now)
        return Step(task: task, conversations: [], isKept: false)
    }

    /// The task of a parked source: due when the parking ends, nothing used up.
    package static func postponed(_ task: TaskRecord, until: Timestamp) -> TaskRecord {
        var task = task
        task.dueAt = until
        return task
    }

    /// Refused ids are asked again so that the last time stands at the end of the span.
    private static func nextProbe(
        of trouble: TaskRecord.Trouble, at now: Timestamp
    ) -> Timestamp {
        let share = PollSchedule.refusalSpan / (PollSchedule.refusalCount - 1)
        return max(trouble.since + share * trouble.count, now + .seconds(1))
    }

    private static func expired(_ task: TaskRecord, reason: String) -> Step {
        ended(task, as: .expired, reason: reason)
    }

    private static func ended(_ task: TaskRecord, as status: TaskStatus, reason: String) -> Step {
        var task = task
        task.status = status
        task.errorMessage = reason
        task.dueAt = nil
        let conversation = Conversation(tid: task.tid, status: status, errorMessage: reason)
        return Step(task: task, conversations: [conversation], isKept: true)
    }
}
