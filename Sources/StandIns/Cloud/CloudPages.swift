import Pipeline

/// What the cloud shows of itself, for people and for tests; nothing of it is signed.
enum CloudPages {
    /// `GET /__tasks`: the truth about each task, and what it takes to register it.
    static func tasks(_ tasks: CloudTasks) -> JSONValue {
        ["ccai": .list(tasks.calls.map(call)), "qc": .list(tasks.records.map(record))]
    }

    /// `GET /__tasks.ndjson`: a line for each task, as `tocsin tasks add --file -` takes them.
    static func intake(_ tasks: [StandInTask]) -> LoopbackAnswer {
        let lines = tasks.map { $0.intakeLine + "\n" }
        return LoopbackAnswer(
            status: 200, contentType: "application/x-ndjson", body: Array(lines.joined().utf8))
    }

    static func statistics(
        _ state: CloudState, maximumInFlight: Int, uptime: Duration
    ) -> JSONValue {
        let counters = state.counters
        let tasks = state.tasks
        return [
            "requests": .integer(counters.requests), "maxInFlight": .integer(maximumInFlight),
            "bytesOut": .integer(counters.bytesOut), "replays": .integer(counters.replays),
            "skewed": .integer(counters.skewed),
            "badSignatures": .integer(counters.badSignatures),
            "unsignedHeaders": .integer(counters.unsignedHeaders),
            "pollsAfterTerminal": .integer(counters.pollsAfterTerminal),
            "terminalTold": .integer(counters.terminalTold),
            "outcome": .counts(counters.outcomes), "api": .counts(counters.apis),
            "scheme": .counts(counters.schemes), "status": .counts(counters.statuses),
            "fault": .counts(counters.faults), "reject": .counts(counters.rejections),
            "state": .counts(counters.states), "retryAttempts": .counts(counters.retryAttempts),
            "uniqueNonces": .integer(state.nonces.count),
            "tasks": [
                "ccai": .integer(tasks.calls.count), "qc": .integer(tasks.records.count),
                "ccaiTerminal": .integer(tasks.calls.count { $0.timesEnded > 0 }),
                "qcTerminal": .integer(tasks.records.count { $0.timesEnded > 0 }),
            ],
            "uptime": .integer(Int(uptime.wholeMilliseconds / 1000)),
        ]
    }

    private static func call(_ task: CallTask) -> JSONValue {
        let data = task.data
        let sentences = data["asrResult"]?.list ?? []
        let loudest = sentences.compactMap { $0["emotionValue"]?.looseInteger }.max() ?? 0
        let entry: JSONValue = [
            "taskId": .text(task.taskID), "final": .text(task.finalStatus),
            "queuePolls": .integer(task.queuePolls), "runPolls": .integer(task.runPolls),
            "polls": .integer(task.polls),
            "ragErrorMessage": data["ragErrorMessage"] ?? .null,
            "taskErrorMessage": data["taskErrorMessage"] ?? .null,
            "sentences": .integer(sentences.count), "maxEmotion": .integer(loudest),
            "source": .text(StandInTask.Kind.call.source), "labels": .texts(task.labels),
        ]
        guard case .generated(let plan) = task.content else { return entry }
        return entry.setting("expected", plan.expectation)
    }

    private static func record(_ task: RecordTask) -> JSONValue {
        let items = task.items.map { item in
            let entry: JSONValue = [
                "tid": .text(item.tid), "final": .integer(item.finalCode),
                "polls": .integer(item.polls),
            ]
            guard case .generated(let plan) = item.content else { return entry }
            return entry.setting("expected", plan.expectation)
        }
        return [
            "taskId": .text(task.taskID), "appKey": task.appKey.map { .text($0) } ?? .null,
            "items": .list(items), "source": .text(StandInTask.Kind.record.source),
            "labels": .texts(task.labels),
        ]
    }
}

extension ConversationPlan {
    fileprivate var expectation: JSONValue { .list(expectedRules.map { .text($0) }) }
}

extension StandInTask {
    /// One JSON object, as intake takes it.
    package var intakeLine: String {
        var entry: JSONValue = ["source": .text(kind.source), "taskId": .text(taskID)]
        if !labels.isEmpty { entry = entry.setting("labels", .texts(labels)) }
        return entry.spelling
    }
}
