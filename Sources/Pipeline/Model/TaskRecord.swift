/// What the store knows of one task.
package struct TaskRecord: Hashable, Codable, Sendable {
    package let id: TaskID
    /// The one record (`tid`) that is asked for; empty asks for all.
    package var tid: String
    /// When the task was handed to the cloud, as far as it was told; else when it was accepted.
    package var submittedAt: Timestamp
    /// When Tocsin accepted it.
    package let acceptedAt: Timestamp
    /// Agent, team, queue, customer, recording: what is in no reply.
    package var labels: [String: String]
    /// As last seen.
    package var status: TaskStatus
    /// The cloud's own text on a failure, or the reason of an EXPIRED or REFUSED.
    package var errorMessage: String
    /// How many reads were answered.
    ///
    /// Throttled and failed reads do not count.
    package var attempts: Int
    package var lastReadAt: Timestamp?
    /// When to read next; nil when the task has ended.
    package var dueAt: Timestamp?
    /// The records (`tid`) that were evaluated at their end.
    package var endedRecords: [String]
    /// Reads that failed in a row; nil after an answer.
    package var trouble: Trouble?

    /// Failed reads in a row.
    package struct Trouble: Hashable, Codable, Sendable {
        /// Whether the cloud refused this id, as opposed to being out of reach.
        package var isRefusal: Bool
        package var count: Int
        package var since: Timestamp
        /// Holds no secret.
        package var reason: String

        package init(isRefusal: Bool, count: Int, since: Timestamp, reason: String) {
            self.isRefusal = isRefusal
            self.count = count
            self.since = since
            self.reason = reason
        }
    }

    package init(
        id: TaskID, tid: String = "", submittedAt: Timestamp, acceptedAt: Timestamp,
        labels: [String: String] = [:], status: TaskStatus = .queue, errorMessage: String = "",
        attempts: Int = 0, lastReadAt: Timestamp? = nil, dueAt: Timestamp?,
        endedRecords: [String] = [], trouble: Trouble? = nil
    ) {
        self.id = id
        self.tid = tid
        self.submittedAt = submittedAt
        self.acceptedAt = acceptedAt
        self.labels = labels
        self.status = status
        self.errorMessage = errorMessage
        self.attempts = attempts
        self.lastReadAt = lastReadAt
        self.dueAt = dueAt
        self.endedRecords = endedRecords
        self.trouble = trouble
    }
}

/// A task as it comes in: one line of `tasks add`.
package struct Submission: Hashable, Sendable {
    package var id: TaskID
    package var tid: String
    package var submittedAt: Timestamp?
    package var labels: [String: String]

    package init(
        id: TaskID, tid: String = "", submittedAt: Timestamp? = nil, labels: [String: String] = [:]
    ) {
        self.id = id
        self.tid = tid
        self.submittedAt = submittedAt
        self.labels = labels
    }
}

/// The stored ground of a decision: with it, `why` and `replay` can repeat the evaluation.
package struct StoredResult: Hashable, Codable, Sendable {
    /// The task as it was judged.
    package var record: TaskRecord
    package var readAt: Timestamp
    /// The version of the rule set that judged it.
    package var ruleSetVersion: String
    /// The reply as received; empty for EXPIRED and REFUSED.
    package var reply: [UInt8]

    package var task: TaskID { record.id }

    package init(
        record: TaskRecord, readAt: Timestamp, ruleSetVersion: String, reply: [UInt8]
    ) {
        self.record = record
        self.readAt = readAt
        self.ruleSetVersion = ruleSetVersion
        self.reply = reply
    }
}
