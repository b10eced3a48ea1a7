/// How a submitted task meets what is known of it.
///
/// Pure.
package enum Intake {
    /// The most labels of one task, and the most bytes of a label's name or value.
    package static let labelLimit = 64
    package static let labelLengthLimit = 1024

    /// A new record, or the known one with the labels merged.
    ///
    /// The first `submittedAt` stays. A second, different `tid` widens the question to all records
    /// and asks again.
    package static func accept(
        _ submission: Submission, known: TaskRecord?, schedule: PollSchedule, at now: Timestamp
    ) -> TaskRecord {
        guard var task = known else {
            return TaskRecord(
                id: submission.id, tid: submission.tid,
                submittedAt: submission.submittedAt ?? now, acceptedAt: now,
                labels: submission.labels, dueAt: now + schedule.first)
        }
        task.labels.merge(submission.labels) { _, new in new }
        if task.tid != submission.tid, !task.tid.isEmpty {
            task.tid = ""
            if task.dueAt == nil { task.status = .queue }
            task.dueAt = task.dueAt ?? now
        }
        return task
    }
}
