import Pipeline
import TestSupport
import Testing

@Suite struct PollScheduleTests {
    let schedule = PollSchedule()

    /// The pauses of the curve, in units, by the number of answered reads and the task's age.
    @Test(arguments: [
        (attempts: 1, hours: 0, units: 1), (attempts: 10, hours: 0, units: 1),
        (attempts: 11, hours: 0, units: 2), (attempts: 30, hours: 1, units: 2),
        (attempts: 31, hours: 1, units: 10), (attempts: 99, hours: 23, units: 10),
        (attempts: 99, hours: 24, units: 120), (attempts: 500, hours: 40, units: 120),
    ])
    func theCurveGrowsWithReadsAndAge(row: (attempts: Int, hours: Int, units: Int)) {
        var task = Samples.task()
        task.attempts = row.attempts
        let now = Samples.now + .seconds(row.hours * 3600)
        #expect(schedule.nextRead(of: task, at: now) == now + .seconds(30 * row.units))
    }

    @Test func theLastReadIsAtTheDeadlineAndNeverBefore() {
        var task = Samples.task()
        task.attempts = 500
        let end = schedule.deadline(of: task)
        #expect(end == Samples.now + .seconds(48 * 3600))
        let shortBefore = end - .seconds(1)
        #expect(schedule.nextRead(of: task, at: shortBefore) == end)
    }

    @Test func theDeadlineCountsFromTheLaterOfSubmissionAndAcceptance() {
        var task = Samples.task()
        task.submittedAt = Samples.now - .seconds(999_999)
        #expect(schedule.deadline(of: task) == Samples.now + .seconds(48 * 3600))
        task.submittedAt = Samples.now + .seconds(60)
        #expect(schedule.deadline(of: task) == Samples.now + .seconds(48 * 3600 + 60))
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (60, 30), (Int.max, 30)])
    func failedReadsAreRepeatedMoreAndMoreSlowly(failures: Int, seconds: Int) {
        let next = schedule.retry(after: failures, at: Samples.now)
        #expect(next == Samples.now + .seconds(seconds))
    }
}
