import CEL

/// A conversation in the words of the rules: what ``Evaluation`` asks rules about.
///
/// Pure.
struct Facts: Sendable {
    let activation: Activation

    /// `reply` is nil for EXPIRED, REFUSED and examples without `raw`.
    init(
        _ conversation: Conversation, task: TaskRecord, reply: Tape?, at now: Timestamp,
        in environment: Environment
    ) throws(TapeError) {
        let sentences = try SentenceTape.tape(of: conversation.sentences)
        let tape: Tape
        do {
            tape = try FactsTape.tape(of: conversation, task: task, at: now)
        } catch {
            // A tree that is too deep must not cost the judgement: without it `has()` is false.
            var plain = conversation
            (plain.usage, plain.extra) = (nil, nil)
            tape = try FactsTape.tape(of: plain, task: task, at: now, parsesText: false)
        }
        var activation = Activation(environment)
        for name in ["task", "result", "now"] {
            if let node = tape.root[name] { activation.set(name, to: node) }
        }
        if let reply {
            activation.set("raw", to: reply.root)
        } else if let node = tape.root["raw"] {
            activation.set("raw", to: node)
        }
        for name in ["sentences", "customer", "agent"] {
            if let node = sentences.root[name] { activation.set(name, to: node) }
        }
        self.activation = activation
    }

    /// The same, with the evidence, for messages and labels.
    func activation(_ environment: Environment, evidence: Tape?) -> Activation {
        var activation = Activation(environment, with: activation)
        if let evidence { activation.set("evidence", to: evidence.root) }
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
        builder.beginObject()
        builder.name("now")
        builder.timestamp(min(max(now, earliest), latest).moment)
        builder.name("raw")
        builder.null()
        builder.name("task")
        add(task, conversation, now, to: &builder)
        builder.name("result")
        addResult(conversation, parsesText: parsesText, to: &builder)
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

    /// The JSON inside the text, as `json()` finds it.
    private static func json(in text: String) -> Tape? {
        EmbeddedJSON.tape(in: Array(text.utf8)) { _ in }
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
