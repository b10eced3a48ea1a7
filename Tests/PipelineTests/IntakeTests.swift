import Pipeline
import TestSupport
import Testing

@Suite struct IntakeTests {
    let schedule = PollSchedule()
    let id = TaskID(source: "calls", id: "t-1")

    @Test func aNewTaskIsDueAfterFirst() {
        let task = Intake.accept(
            Submission(id: id, labels: ["team": "a"]), known: nil, schedule: schedule,
            at: Samples.now)
        #expect(task.dueAt == Samples.now + .seconds(30))
        #expect(task.submittedAt == Samples.now)
        #expect(task.status == .queue)
    }

    @Test func theSameTaskTwiceMergesLabelsAndKeepsTheFirstSubmission() {
        var known = Samples.task(labels: ["team": "a", "agent": "王"])
        known.dueAt = nil
        known.status = .finish
        let again = Submission(
            id: id, submittedAt: Samples.now + .seconds(9), labels: ["team": "b"])
        let task = Intake.accept(again, known: known, schedule: schedule, at: Samples.now)
        #expect(task.labels == ["team": "b", "agent": "王"])
        #expect(task.submittedAt == known.submittedAt)
        #expect(task.dueAt == nil, "an ended task is not read again")
    }

    @Test func anotherRecordOfTheTaskWidensTheQuestion() {
        var known = Samples.task(dueAt: nil)
        known.tid = "r-1"
        known.status = .finish
        known.endedRecords = ["r-1"]
        let task = Intake.accept(
            Submission(id: id, tid: "r-2"), known: known, schedule: schedule, at: Samples.now)
        #expect(task.tid == "")
        #expect(task.dueAt == Samples.now)
        #expect(task.endedRecords == ["r-1"])
    }

    @Test(
        arguments: [
            (" t-1\n", "t-1"), ("\u{feff}x", nil), ("a b", nil), ("a\u{0}b", nil), ("", nil),
            (" \n ", nil), ("任务-1", "任务-1"), (String(repeating: "x", count: 257), nil),
            (String(repeating: "x", count: 256), String(repeating: "x", count: 256)),
        ] as [(String, String?)])
    func idsAreTrimmedAndControlCharactersRefused(text: String, id: String?) {
        #expect(TaskID.trimmedID(text) == id)
    }
}
