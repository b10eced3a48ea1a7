import Pipeline
import TestSupport
import Testing

/// What every store promises about tasks and their replies.
@Suite("Every store: tasks")
struct TaskContract {
    @Test("A task comes back as it was saved", arguments: StoreRig.all)
    func roundTrip(rig: StoreRig) async throws {
        var task = Samples.task("任务-1", labels: ["客服": "王\u{0}五", "": "空", "e": "🔔\u{1A}0"])
        task.tid = "记录\u{0}1"
        task.status = .running
        task.errorMessage = "line\nbreak \"quoted\" \\ \u{0}"
        task.attempts = .max
        task.lastReadAt = Timestamp(milliseconds: .min)
        task.dueAt = Timestamp(milliseconds: .max)
        task.endedRecords = ["a", "", "乙"]
        task.trouble = TaskRecord.Trouble(
            isRefusal: true, count: 2, since: at(-5), reason: "not now")
        let saved = task
        try await rig.run { store in
            try await store.save(tasks: [saved])
            #expect(try await store.task(saved.id) == saved)
            #expect(try await store.task(TaskID(source: "calls", id: "nobody")) == nil)
            #expect(try await store.task(TaskID(source: "Calls", id: "任务-1")) == nil)
        }
    }

    @Test("Saving a task again replaces it", arguments: StoreRig.all)
    func replacing(rig: StoreRig) async throws {
        try await rig.run { store in
            try await store.save(tasks: [Samples.task(labels: ["team": "a"])])
            var changed = Samples.task(dueAt: nil)
            changed.status = .finish
            try await store.save(tasks: [changed])
            #expect(try await store.task(changed.id) == changed)
            let counts = try await store.read { reader throws(StoreError) in try reader.counts() }
            #expect(counts.tasks == [.finish: 1])
            #expect(counts.pendingTasks == 0)
        }
    }

    @Test("Tasks are listed by what is asked, newest accepted first", arguments: StoreRig.all)
    func listing(rig: StoreRig) async throws {
        func task(
            _ id: String, _ accepted: Int64, _ status: TaskStatus, source: String = "calls",
            dueAt: Timestamp? = nil
        ) -> TaskRecord {
            TaskRecord(
                id: TaskID(source: source, id: id), submittedAt: at(0), acceptedAt: at(accepted),
                status: status, dueAt: dueAt)
        }
        let tasks = [
            task("b", 1, .finish), task("a", 1, .finish), task("c", 3, .queue, dueAt: at(9)),
            task("d", 2, .error), task("e", 0, .running, source: "records", dueAt: at(9)),
            task("a", 1, .expired, source: "records"),
        ]
        let cases: [(query: TaskQuery, expected: [String])] = [
            (TaskQuery(), ["calls/c", "calls/d", "calls/a", "calls/b", "records/a", "records/e"]),
            (TaskQuery(source: "records"), ["records/a", "records/e"]),
            (TaskQuery(source: "nobody"), []),
            (TaskQuery(status: .finish), ["calls/a", "calls/b"]),
            (TaskQuery(source: "records", status: .finish), []),
            (TaskQuery(hasEnded: false), ["calls/c", "records/e"]),
            (TaskQuery(hasEnded: true), ["calls/d", "calls/a", "calls/b", "records/a"]),
            (TaskQuery(hasEnded: true, limit: 2), ["calls/d", "calls/a"]),
            (TaskQuery(limit: 0), []),
        ]
        try await rig.run { store in
            try await store.save(tasks: tasks)
            for (query, expected) in cases {
                let found = try await store.read { reader throws(StoreError) in
                    try reader.tasks(query)
                }
                #expect(found.map(\.id.description) == expected, "\(query)")
            }
        }
    }

    @Test("Replies are kept once for each moment, oldest first", arguments: StoreRig.all)
    func results(rig: StoreRig) async throws {
        var ended = Samples.task(labels: ["队": "甲"])
        ended.status = .expired
        let first = StoredResult(
            record: Samples.task(), readAt: at(1), ruleSetVersion: "v1",
            reply: [UInt8](0...255) + [0, 0xFF])
        let second = StoredResult(record: ended, readAt: at(2), ruleSetVersion: "v2", reply: [])
        var again = first
        again.ruleSetVersion = "v3"
        let other = StoredResult(
            record: Samples.task("t-2"), readAt: at(1), ruleSetVersion: "v1", reply: [1])
        let saved = [second, first, other, again]
        let expected = [again, second]
        try await rig.run { store in
            try await store.write { transaction throws(StoreError) in
                for result in saved { try transaction.save(result) }
            }
            let found = try await store.read { reader throws(StoreError) in
                try reader.results(of: second.task)
            }
            #expect(found == expected)
        }
    }
}

/// What every store promises about claims.
@Suite("Every store: claims of tasks")
struct TaskClaimContract {
    @Test("Claims take what is due, the longest due first, of one source", arguments: StoreRig.all)
    func order(rig: StoreRig) async throws {
        try await rig.run { store in
            try await store.save(tasks: [
                Samples.task("late", dueAt: at(5)), Samples.task("b", dueAt: at(3)),
                Samples.task("a", dueAt: at(3)), Samples.task("early", dueAt: at(1)),
                Samples.task("future", dueAt: at(11)), Samples.task("ended", dueAt: nil),
                Samples.task("other", source: "records", dueAt: at(0)),
            ])
            let first = try await store.claim(by: at(10), until: at(40), limit: 3)
            #expect(first.map(\.id.id) == ["early", "a", "b"])
            #expect(first.map(\.dueAt) == [at(40), at(40), at(40)])
            #expect(try await store.claim(by: at(10), until: at(40), limit: 0).isEmpty)
            let second = try await store.claim(by: at(10), until: at(40), limit: 3)
            #expect(second.map(\.id.id) == ["late"])
            #expect(try await store.claim(by: at(10), until: at(40)).isEmpty)
        }
    }

    @Test("A claimed task is due again when its lease ends", arguments: StoreRig.all)
    func leaseEnds(rig: StoreRig) async throws {
        let id = Samples.task().id
        try await rig.run { store in
            try await store.save(tasks: [Samples.task(dueAt: at(1))])
            _ = try await store.claim(by: at(1), until: at(31))
            #expect(try await store.task(id)?.dueAt == at(31))
            #expect(try await nextDue(store) == at(31))
            #expect(try await store.claim(by: at(30), until: at(60)).isEmpty)
            #expect(try await store.claim(by: at(31), until: at(61)).map(\.id) == [id])
            #expect(try await nextDue(store) == at(61))
        }
    }

    @Test("Saving a claimed task ends its lease", arguments: StoreRig.all)
    func savingEndsLease(rig: StoreRig) async throws {
        try await rig.run { store in
            try await store.save(tasks: [Samples.task(dueAt: at(1))])
            _ = try await store.claim(by: at(1), until: at(31))
            try await store.save(tasks: [Samples.task(dueAt: at(20))])
            try await store.write { transaction throws(StoreError) in
                try transaction.releaseLeases()
            }
            #expect(try await nextDue(store) == at(20))
            try await store.save(tasks: [Samples.task(dueAt: nil)])
            try await store.write { transaction throws(StoreError) in
                try transaction.releaseLeases()
            }
            #expect(try await nextDue(store) == nil)
        }
    }

    @Test("Released leases get their first due time back", arguments: StoreRig.all)
    func release(rig: StoreRig) async throws {
        try await rig.run { store in
            try await store.save(tasks: [
                Samples.task("twice", dueAt: at(1)), Samples.task("once", dueAt: at(2)),
                Samples.task("never", dueAt: at(500)),
            ])
            _ = try await store.claim(by: at(1), until: at(31))
            _ = try await store.claim(by: at(100), until: at(131))
            try await store.write { transaction throws(StoreError) in
                try transaction.releaseLeases()
            }
            let tasks = try await store.read { reader throws(StoreError) in
                try reader.tasks(TaskQuery())
            }
            #expect(tasks.map(\.id.id) == ["never", "once", "twice"])
            #expect(tasks.map(\.dueAt) == [at(500), at(2), at(1)])
        }
    }

    @Test("Claims at the same time never share a task", arguments: StoreRig.all)
    func exclusive(rig: StoreRig) async throws {
        let tasks = (0..<200).map { Samples.task("t-\($0)", dueAt: at(1)) }
        try await rig.run { store in
            try await store.save(tasks: tasks)
            let claimed = try await withThrowingTaskGroup(of: [TaskRecord].self) { group in
                for _ in 0..<40 {
                    group.addTask { try await store.claim(by: at(2), until: at(32), limit: 7) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 200)
            #expect(Set(claimed.map(\.id)).count == 200)
        }
    }

    private func nextDue(_ store: any Store) async throws -> Timestamp? {
        try await store.read { reader throws(StoreError) in try reader.nextTaskDue(of: "calls") }
    }
}
