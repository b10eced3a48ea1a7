import Pipeline

/// A task of the stand-in, for those who register it and check what comes of it.
package struct StandInTask: Hashable, Sendable {
    package enum Kind: String, Hashable, CaseIterable, Sendable {
        /// ContactCenterAI, read by GetTaskResult.
        case call
        /// Qualitycheck, read by GetAudioDataStatus.
        case record

        /// The source that the settings written by `tocsin init` name for it.
        package var source: String { self == .call ? "calls" : "records" }
    }

    package let kind: Kind
    package let taskID: String
    package let labels: [String: String]
    package let conversations: [Conversation]

    /// One for a call; one for each record of a Qualitycheck task.
    package struct Conversation: Hashable, Sendable {
        /// Empty for a call.
        package let tid: String
        /// The shipped rules that it was written for; nil when it comes from a file.
        package let expectedRules: [String]?
    }
}

/// A ContactCenterAI task, and how far its polls have brought it.
struct CallTask: Sendable {
    enum Content: Sendable {
        /// `data` as a file gives it.
        case given(JSONValue)
        case generated(ConversationPlan)
    }

    let taskID: String
    let queuePolls: Int
    let runPolls: Int
    let content: Content
    private(set) var polls = 0
    /// How often its end has been told.
    private(set) var timesEnded = 0

    init(taskID: String, queuePolls: Int, runPolls: Int, content: Content) {
        self.taskID = taskID
        self.queuePolls = queuePolls
        self.runPolls = runPolls
        self.content = content
    }

    /// `taskStatus` at the end.
    var finalStatus: String {
        switch content {
        case .given(let data): data["taskStatus"]?.text ?? ""
        case .generated(let plan): plan.troubles.contains(.taskError) ? "ERROR" : "FINISH"
        }
    }

    /// The whole `data` of the end.
    var data: JSONValue {
        switch content {
        case .given(let data): data
        case .generated(let plan): plan.callData(taskID: taskID)
        }
    }

    var labels: [String: String] {
        guard case .generated(let plan) = content else { return [:] }
        return plan.labels(taskID: taskID)
    }

    /// The status that this poll is told.
    mutating func poll() -> (status: String, hasEnded: Bool) {
        defer { polls += 1 }
        guard polls >= queuePolls else { return ("QUEUE", false) }
        guard polls - queuePolls >= runPolls else { return ("RUNNING", false) }
        timesEnded += 1
        return (finalStatus, true)
    }
}

/// A Qualitycheck task: records that go their ways one by one.
struct RecordTask: Sendable {
    let taskID: String
    /// Asked for with another, the task is refused; nil takes any.
    let appKey: String?
    var items: [Item]
    /// How often the end of all that were asked for has been told.
    var timesEnded = 0

    struct Item: Sendable {
        enum Content: Sendable {
            /// As a file gives it, in the document's spelling of names.
            case given(JSONValue)
            case generated(ConversationPlan)
        }

        let tid: String
        /// How many polls see statusCode 0, 1 and 2.
        let steps: [Int]
        let content: Content
        private(set) var polls = 0

        init(tid: String, steps: [Int], content: Content) {
            self.tid = tid
            self.steps = steps
            self.content = content
        }

        var finalCode: Int {
            switch content {
            case .given(let form): form["statusCode"]?.looseInteger ?? 3
            case .generated(let plan): plan.troubles.contains(.taskError) ? -1 : 3
            }
        }

        /// The whole record of the end.
        var form: JSONValue {
            switch content {
            case .given(let form): form
            case .generated(let plan): plan.recordForm()
            }
        }

        /// The statusCode that this poll is told.
        ///
        /// A failed one never gets to 2.
        mutating func poll() -> Int {
            defer { polls += 1 }
            var seen = polls
            for (code, length) in steps.prefix(finalCode == -1 ? 2 : 3).enumerated() {
                if seen < length { return code }
                seen -= length
            }
            return finalCode
        }
    }

    var labels: [String: String] {
        guard case .generated(let plan)? = items.first?.content else { return [:] }
        return plan.labels(taskID: taskID)
    }
}

extension JSONValue {
    /// A number, or a text that spells one: the two forms that `statusCode` has.
    var looseInteger: Int? { integer ?? text.flatMap { Int($0) } }
}

/// All tasks of a cloud, in the order they were made.
package struct CloudTasks: Sendable {
    private(set) var calls: [CallTask] = []
    private(set) var records: [RecordTask] = []
    private var callIndex: [String: Int] = [:]
    private var recordIndex: [String: Int] = [:]

    /// False when there is one of that id, trimmed, already.
    mutating func add(_ task: CallTask) -> Bool {
        let id = task.taskID.unicodeScalars.trimmingWhitespace
        guard callIndex.updateValue(calls.count, forKey: id) == nil else { return false }
        calls.append(task)
        return true
    }

    /// False when there is one of that id, trimmed, already.
    mutating func add(_ task: RecordTask) -> Bool {
        let id = task.taskID.unicodeScalars.trimmingWhitespace
        guard recordIndex.updateValue(records.count, forKey: id) == nil else { return false }
        records.append(task)
        return true
    }

    /// Lets `body` change the call of that id; nil when there is none.
    mutating func withCall<Result>(_ id: String, _ body: (inout CallTask) -> Result) -> Result? {
        callIndex[id.unicodeScalars.trimmingWhitespace].map { body(&calls[$0]) }
    }

    /// Lets `body` change the Qualitycheck task of that id; nil when there is none.
    mutating func withRecord<Result>(
        _ id: String, _ body: (inout RecordTask) -> Result
    ) -> Result? {
        recordIndex[id.unicodeScalars.trimmingWhitespace].map { body(&records[$0]) }
    }

    /// What was made, for those who register it.
    var all: [StandInTask] {
        calls.map(StandInTask.init) + records.map(StandInTask.init)
    }
}

extension StandInTask {
    fileprivate init(_ task: CallTask) {
        var expected: [String]?
        if case .generated(let plan) = task.content { expected = plan.expectedRules }
        self.init(
            kind: .call, taskID: task.taskID.unicodeScalars.trimmingWhitespace,
            labels: task.labels, conversations: [Conversation(tid: "", expectedRules: expected)])
    }

    fileprivate init(_ task: RecordTask) {
        let conversations = task.items.map { item in
            var expected: [String]?
            if case .generated(let plan) = item.content { expected = plan.expectedRules }
            return Conversation(tid: item.tid, expectedRules: expected)
        }
        self.init(
            kind: .record, taskID: task.taskID.unicodeScalars.trimmingWhitespace,
            labels: task.labels, conversations: conversations)
    }
}

extension ConversationPlan {
    /// The ids of the shipped rules that this conversation was written for.
    var expectedRules: [String] { troubles.map(\.rawValue).sorted() }
}
