/// When a task is read next.
///
/// Pure: the record and the moment decide.
package struct PollSchedule: Hashable, Sendable {
    /// From acceptance to the first read.
    package var first: Duration
    /// The unit of the curve.
    package var every: Duration
    /// From the later of submission and acceptance to the last read.
    package var deadline: Duration

    package init(
        first: Duration = .seconds(30), every: Duration = .seconds(30),
        deadline: Duration = .seconds(48 * 3600)
    ) {
        self.first = first
        self.every = every
        self.deadline = deadline
    }

    /// The least that `every` may be: below it a loop would only spin.
    package static let shortestUnit = Duration.milliseconds(10)
    /// Refusals of an id before it is believed, and the time they must span.
    package static let refusalCount = 3
    package static let refusalSpan = Duration.seconds(600)
    /// Failed reads in a row, after the deadline, before the task is given up.
    package static let failuresAfterDeadline = 10
    /// The longest pause after a failed read.
    package static let longestRetry = Duration.seconds(60)

    package func deadline(of task: TaskRecord) -> Timestamp {
        max(task.submittedAt, task.acceptedAt) + deadline
    }

    /// The next read after an answered one: the unit ten times, twice the unit twenty times, ten
    /// units up to a day, then 120.
    ///
    /// The last read is never before the deadline has come.
    package func nextRead(of task: TaskRecord, at now: Timestamp) -> Timestamp {
        let age = now - max(task.submittedAt, task.acceptedAt)
        let factor =
            switch task.attempts {
            case ...10: 1
            case ...30: 2
            default: age < .seconds(24 * 3600) ? 10 : 120
            }
        let next = now + every * factor
        let end = deadline(of: task)
        return now < end ? min(next, max(end, now + Self.shortestUnit)) : next
    }

    /// The next read after a failed one: 1, 2, 4, … seconds, a minute at most, and never longer
    /// than an ordinary pause would be.
    package func retry(after failures: Int, at now: Timestamp) -> Timestamp {
        let exponential = Duration.seconds(1 << min(max(failures, 1) - 1, 6))
        return now + max(Self.shortestUnit, min(exponential, min(every, Self.longestRetry)))
    }
}
