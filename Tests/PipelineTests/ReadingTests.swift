import Pipeline
import TestSupport
import Testing

@Suite struct ReadingTests {
    let schedule = PollSchedule()
    let now = Samples.now

    func reply(_ status: TaskStatus, _ conversations: [Conversation]) -> TaskReply {
        TaskReply(
            conversations: conversations, status: status, bytes: [123, 125],
            tape: .empty)
    }

    @Test func aRunningTaskIsReadAgainAndJudgedNow() {
        let running = reply(.running, [Conversation(status: .running)])
        let step = Reading.answered(running, task: Samples.task(), schedule: schedule, at: now)
        #expect(step.task.status == .running)
        #expect(step.task.attempts == 1)
        #expect(step.task.dueAt == now + .seconds(30))
        #expect(step.conversations.map(\.status) == [.running])
        #expect(!step.isKept)
    }

    @Test func aFinishedTaskEndsAndItsReplyIsKept() {
        var task = Samples.task()
        task.trouble = .init(isRefusal: false, count: 3, since: now, reason: "500")
        let finished = reply(.finish, [Conversation(status: .finish, errorMessage: "异常")])
        let step = Reading.answered(finished, task: task, schedule: schedule, at: now)
        #expect(step.task.dueAt == nil)
        #expect(step.task.trouble == nil)
        #expect(step.task.errorMessage == "异常")
        #expect(step.isKept)
    }

    @Test func aRecordIsJudgedWhenFirstSeenAtItsEndAndNotAgain() {
        let first = reply(
            .running,
            [Conversation(tid: "a", status: .finish), Conversation(tid: "b", status: .running)])
        let one = Reading.answered(first, task: Samples.task(), schedule: schedule, at: now)
        #expect(one.conversations.map(\.tid) == ["a", "b"])
        #expect(one.task.endedRecords == ["a"])
        #expect(one.isKept)
        let second = reply(
            .finish,
            [Conversation(tid: "a", status: .finish), Conversation(tid: "b", status: .finish)])
        let two = Reading.answered(second, task: one.task, schedule: schedule, at: now)
        #expect(two.conversations.map(\.tid) == ["b"])
        #expect(two.task.dueAt == nil)
    }

    @Test func theReadAtTheDeadlineEndsAnUnfinishedTask() {
        let late = now + .seconds(48 * 3600)
        let step = Reading.answered(
            reply(.queue, [Conversation(status: .queue)]), task: Samples.task(),
            schedule: schedule, at: late)
        #expect(step.task.status == .expired)
        #expect(step.task.dueAt == nil)
        #expect(step.conversations.map(\.status) == [.queue, .expired])
    }

    @Test func anIdIsRefusedAfterThreeReadsOverTenMinutes() {
        var task = Samples.task()
        var moment = now
        var ends: [TaskStatus] = []
        for _ in 0..<3 {
            let step = Reading.failed(
                "no such task", isRefusal: true, task: task, schedule: schedule, at: moment)
            task = step.task
            ends.append(task.status)
            moment = task.dueAt ?? moment
        }
        #expect(ends == [.queue, .queue, .refused])
        #expect(moment - now == .seconds(600))
        #expect(task.errorMessage == "no such task")
    }

    @Test func aFailureOnTheWayDoesNotTakeARefusalBack() {
        let refused = Reading.failed(
            "no such task", isRefusal: true, task: Samples.task(), schedule: schedule, at: now)
        let failed = Reading.failed(
            "500", isRefusal: false, task: refused.task, schedule: schedule, at: now)
        #expect(failed.task.trouble == refused.task.trouble)
        #expect(failed.task.dueAt == now + .seconds(30))
    }

    @Test func anUnreachableCloudEndsATaskOnlyLongAfterItsDeadline() {
        var task = Samples.task()
        let late = now + .seconds(49 * 3600)
        for count in 1...PollSchedule.failuresAfterDeadline {
            #expect(task.status == .queue, "before failure \(count)")
            task =
                Reading.failed(
                    "unreachable", isRefusal: false, task: task, schedule: schedule, at: late
                ).task
        }
        #expect(task.status == .expired)
    }
}
