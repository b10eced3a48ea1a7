package import CEL

/// What one read of a task gave, in the words of neither cloud.
package struct TaskReply: Sendable {
    /// One for ContactCenterAI; one for each record of a Qualitycheck task.
    package var conversations: [Conversation]
    /// The task as a whole; terminal when nothing more will come.
    package var status: TaskStatus
    /// The reply's bytes as received: stored when the task, or a record of it, ends.
    package var bytes: [UInt8]
    /// The same, parsed: `raw` in rules.
    package var tape: Tape

    package init(
        conversations: [Conversation], status: TaskStatus, bytes: [UInt8], tape: Tape
    ) {
        self.conversations = conversations
        self.status = status
        self.bytes = bytes
        self.tape = tape
    }
}

/// One conversation as its cloud described it; absent texts are empty, absent numbers nil.
package struct Conversation: Sendable {
    /// The record's id; empty when the task is the conversation.
    package var tid = ""
    package var status: TaskStatus
    package var errorMessage = ""
    /// The model's answer; prose, or JSON in a text.
    package var text = ""
    package var ragStatus = ""
    package var ragResult = ""
    package var ragErrorMessage = ""
    /// `extra`, parsed when it is JSON.
    package var extra: Tape?
    package var usage: Tape?
    /// As declared by the cloud, milliseconds.
    package var duration: Int64?
    package var interactiveCount: Int64?
    /// `clientEvStat`, `serviceEvStat`, `clientSrStat`, `serviceSrStat` by the document's own names.
    package var statistics: [String: [String: Double]] = [:]
    package var sentences: [Sentence] = []

    package init(tid: String = "", status: TaskStatus, errorMessage: String = "") {
        self.tid = tid
        self.status = status
        self.errorMessage = errorMessage
    }
}

/// One sentence of a transcript, in the order of the reply.
package struct Sentence: Hashable, Sendable {
    /// Offsets into the recording, milliseconds.
    package var begin: Int64
    package var end: Int64
    package var speaker: Speaker
    /// The track's id or channel, as text.
    package var role: String
    package var roleName: String
    package var words: String
    /// Loudness, dB/10, documented 1..10.
    package var emotionValue: Int64?
    /// Characters a minute for Chinese, words a minute for English.
    package var speechRate: Int64?
    /// The silence before it, milliseconds, where it does not follow from the offsets.
    ///
    /// Qualitycheck's `silenceDuration` has no documented unit, so it is not taken.
    package var declaredSilence: Int64?

    package init(
        begin: Int64, end: Int64, speaker: Speaker, role: String = "", roleName: String = "",
        words: String, emotionValue: Int64? = nil, speechRate: Int64? = nil,
        declaredSilence: Int64? = nil
    ) {
        self.begin = begin
        self.end = end
        self.speaker = speaker
        self.role = role
        self.roleName = roleName
        self.words = words
        self.emotionValue = emotionValue
        self.speechRate = speechRate
        self.declaredSilence = declaredSilence
    }
}

/// Who speaks.
///
/// What the settings do not map is `other`: it is never guessed.
package enum Speaker: String, Codable, Hashable, CaseIterable, Sendable {
    case customer, agent, other
}
