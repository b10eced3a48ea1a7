import CEL
import JSON

/// A conversation in the words of the rules: what ``Evaluation`` asks rules about.
///
/// Pure.
struct Facts: Sendable {
    let activation: Activation
    /// The vocabulary's values, for templates with the evidence beside them.
    fileprivate let tape: Tape
    fileprivate let reply: Tape?
    fileprivate let now: Timestamp

    /// `reply` is nil for EXPIRED, REFUSED and examples without `raw`.
    init(
        _ conversation: Conversation, task: TaskRecord, reply: Tape?, at now: Timestamp,
        in environment: Environment
    ) throws(TapeError) {
        do {
            tape = try FactsTape.tape(of: conversation, task: task, at: now)
        } catch {
            // A tree that is too deep must not cost the judgement: without it `has()` is false.
            var plain = conversation
            (plain.usage, plain.extra) = (nil, nil)
            tape = try FactsTape.tape(of: plain, task: task, at: now, parsesText: false)
        }
        self.reply = reply
        self.now = now
        activation = Self.activation(environment, tape, reply, now)
    }

    /// The same, with the evidence, for messages and labels.
    func activation(
        _ environment: Environment, evidence: Value
    ) throws(TapeError) -> Activation {
        var activation = Self.activation(environment, tape, reply, now)
        try activation.set("evidence", to: evidence)
        return activation
    }

    private static func activation(
        _ environment: Environment, _ tape: Tape, _ reply: Tape?, _ now: Timestamp
    ) -> Activation {
        var activation = Activation(environment)
        for name in ["task", "result", "sentences", "customer", "agent"] {
            if let node = tape.root[name] { activation.set(name, to: node) }
        }
        // A moment is always a sound value; without it, `now` would be a fault that names itself.
        try? activation.set("now", to: .timestamp(now.moment))
        if let reply {
            activation.set("raw", to: reply.root)
        } else {
            try? activation.set("raw", to: .null)
        }
        return activation
    }
}

extension Timestamp {
    /// The same moment in the rule language.
    var moment: CEL.Timestamp {
        let (seconds, rest) = milliseconds.flooredDivision(by: 1000)
        return CEL.Timestamp(seconds: seconds, nanoseconds: Int32(rest) * 1_000_000)
    }
}

/// Builds the vocabulary's values.
///
/// Absent texts and numbers are left out, so `has()` is false.
private enum FactsTape {
    static func tape(
        of conversation: Conversation, task: TaskRecord, at now: Timestamp, parsesText: Bool = true
    ) throws(TapeError) -> Tape {
        var builder = TapeBuilder()
        let sentences = DerivedSentence.all(of: conversation.sentences)
        builder.beginObject()
        builder.name("task")
        add(task, conversation, now, to: &builder)
        builder.name("result")
        addResult(conversation, parsesText: parsesText, to: &builder)
        builder.name("sentences")
        add(sentences, to: &builder)
        let talk = sentences.reduce(0) { $0 + $1.talk }
        for (name, speaker) in [("customer", Speaker.customer), ("agent", .agent)] {
            builder.name(name)
            addSide(sentences.filter { $0.sentence.speaker == speaker }, of: talk, to: &builder)
        }
        builder.end()
        return try builder.finish()
    }

    /// What the rule language can hold: the years 1 to 9999, and some 285 years of age.
    private static let earliest = Timestamp(milliseconds: -62_135_596_800_000)
    private static let latest = Timestamp(milliseconds: 253_402_300_799_999)
    private static let longestAge = Duration.seconds(9_000_000_000)

    private static func add(
        _ task: TaskRecord, _ conversation: Conversation, _ now: Timestamp,
        to builder: inout TapeBuilder
    ) {
        builder.beginObject()
        builder.text("id", task.id.id)
        builder.text("tid", conversation.tid.isEmpty ? task.tid : conversation.tid)
        builder.text("source", task.id.source)
        builder.text("status", conversation.status.rawValue)
        builder.text("errorMessage", conversation.errorMessage)
        builder.name("submittedAt")
        builder.timestamp(min(max(task.submittedAt, earliest), latest).moment)
        builder.name("age")
        builder.duration(min(max(now - task.submittedAt, .zero - longestAge), longestAge))
        builder.number("attempts", Int64(task.attempts))
        builder.name("labels")
        builder.beginMap()
        for (name, value) in task.labels.sorted(by: { $0.key < $1.key }) {
            builder.string(name)
            builder.string(value)
        }
        builder.end()
        builder.end()
    }

    private static func addResult(
        _ conversation: Conversation, parsesText: Bool, to builder: inout TapeBuilder
    ) {
        builder.beginObject()
        builder.text("text", conversation.text)
        builder.text("ragStatus", conversation.ragStatus)
        builder.text("ragResult", conversation.ragResult)
        builder.text("ragErrorMessage", conversation.ragErrorMessage)
        builder.number("duration", conversation.duration)
        builder.number("interactiveCount", conversation.interactiveCount)
        builder.tree("json", parsesText ? json(in: conversation.text) : nil)
        builder.tree("usage", conversation.usage)
        builder.tree("extra", conversation.extra)
        for (name, values) in conversation.statistics.sorted(by: { $0.key < $1.key }) {
            builder.name(name)
            builder.beginObject()
            for (field, value) in values.sorted(by: { $0.key < $1.key }) {
                builder.name(field)
                builder.double(value)
            }
            builder.end()
        }
        builder.end()
    }

    /// The text parsed, when it looks like JSON and is.
    private static func json(in text: String) -> Tape? {
        let first = text.utf8.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
        return try? JSON.parse(Array(text.utf8))
    }

    private static func add(_ sentences: [DerivedSentence], to builder: inout TapeBuilder) {
        builder.beginList()
        for derived in sentences { add(derived, to: &builder) }
        builder.end()
    }

    private static func add(_ derived: DerivedSentence, to builder: inout TapeBuilder) {
        let sentence = derived.sentence
        builder.beginObject()
        builder.number("index", Int64(derived.index))
        builder.number("begin", sentence.begin)
        builder.number("end", sentence.end)
        builder.text("at", derived.at)
        builder.text("speaker", sentence.speaker.rawValue)
        builder.text("role", sentence.role)
        builder.text("roleName", sentence.roleName)
        builder.text("words", sentence.words)
        builder.number("emotionValue", sentence.emotionValue)
        builder.number("speechRate", sentence.speechRate)
        builder.number("silence", derived.silence)
        builder.number("overlap", derived.overlap)
        builder.end()
    }

    private static func addSide(
        _ sentences: [DerivedSentence], of total: Int64, to builder: inout TapeBuilder
    ) {
        let talk = sentences.reduce(0) { $0 + $1.talk }
        builder.beginObject()
        builder.name("sentences")
        add(sentences, to: &builder)
        addRange("emotion", sentences.compactMap(\.sentence.emotionValue), to: &builder)
        addRange("speechRate", sentences.compactMap(\.sentence.speechRate), to: &builder)
        builder.number("talk", talk)
        builder.name("share")
        builder.double(total > 0 ? Double(talk) / Double(total) : 0)
        builder.end()
    }

    private static func addRange(
        _ name: String, _ values: [Int64], to builder: inout TapeBuilder
    ) {
        guard let max = values.max(), let min = values.min() else { return }
        let sum = values.reduce(0.0) { $0 + Double($1) }
        builder.name(name)
        builder.beginObject()
        for (name, value) in [
            ("max", Double(max)), ("min", Double(min)), ("avg", sum / Double(values.count)),
        ] {
            builder.name(name)
            builder.double(value)
        }
        builder.end()
    }
}

extension TapeBuilder {
    fileprivate mutating func text(_ name: String, _ value: String) {
        guard !value.isEmpty else { return }
        self.name(name)
        string(value)
    }

    fileprivate mutating func number(_ name: String, _ value: Int64?) {
        guard let value else { return }
        self.name(name)
        int(value)
    }

    fileprivate mutating func tree(_ name: String, _ tape: Tape?) {
        guard let tape else { return }
        self.name(name)
        append(tape.root)
    }
}

/// A sentence with what follows from those before it.
struct DerivedSentence: Sendable {
    let index: Int
    let sentence: Sentence
    /// The gap to the latest end before it, or as declared by the cloud; never negative.
    let silence: Int64
    /// How long it runs beside sentences before it.
    let overlap: Int64

    /// "mm:ss", the minutes going on beyond 59.
    var at: String { Self.place(sentence.begin) }

    /// How long it lasts; a sentence that ends before it begins lasts no time.
    var talk: Int64 {
        let (length, overflow) = sentence.end.subtractingReportingOverflow(sentence.begin)
        return overflow ? 0 : min(max(0, length), Self.longestTalk)
    }

    /// A day: longer ones are broken time stamps, and sums of them must not overflow.
    private static let longestTalk: Int64 = 86_400_000

    static func place(_ begin: Int64) -> String {
        let seconds = Int(clamping: max(0, begin) / 1000)
        return "\(padded(seconds / 60, to: 2)):\(padded(seconds % 60, to: 2))"
    }

    static func all(of sentences: [Sentence]) -> [DerivedSentence] {
        var latestEnd: Int64?
        return sentences.enumerated().map { index, sentence in
            let gap = latestEnd.map { end in
                let (difference, overflow) = sentence.begin.subtractingReportingOverflow(end)
                return overflow ? 0 : difference
            }
            let length = max(
                0, sentence.end.subtractingReportingOverflow(sentence.begin).partialValue)
            let derived = DerivedSentence(
                index: index, sentence: sentence,
                silence: max(0, sentence.declaredSilence ?? gap ?? 0),
                overlap: min(max(0, 0 &- (gap ?? 0)), length))
            latestEnd = max(latestEnd ?? sentence.end, sentence.end)
            return derived
        }
    }
}
