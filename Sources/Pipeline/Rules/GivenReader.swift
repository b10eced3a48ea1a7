import CEL
import Yams

/// What a case is judged on.
struct Given {
    var conversation: Conversation
    var task: TaskRecord
    var raw: Tape?
    var now: Timestamp
}

/// Reads the `given` of a case: vocabulary values by name, everything else defaulted.
struct GivenReader {
    let defaultStatus: TaskStatus

    /// The moment of a case that names none, so that every run gives the same.
    static let now = Timestamp(milliseconds: 1_700_000_000_000)
    /// How long a sentence lasts that does not say.
    static let sentenceLength: Int64 = 1000

    private static let numbers = -9_007_199_254_740_991...9_007_199_254_740_991

    /// Nil with findings.
    func read(_ cursor: Cursor?) -> Given? {
        var given = Given(
            conversation: Conversation(status: defaultStatus),
            task: TaskRecord(
                id: TaskID(source: "test", id: "task"), submittedAt: Self.now,
                acceptedAt: Self.now, status: defaultStatus, attempts: 1, dueAt: nil),
            raw: nil, now: Self.now)
        guard let cursor, !cursor.isNull else { return given }
        guard let fields = cursor.fields(["task", "result", "sentences", "raw", "now"]) else {
            return nil
        }
        let before = cursor.findings.all.count
        if let now = fields["now"] { given.now = moment(now) ?? Self.now }
        if let task = fields["task"] { readTask(task, into: &given) }
        if let result = fields["result"] { readResult(result, into: &given.conversation) }
        if let sentences = fields["sentences"] {
            given.conversation.sentences = readSentences(sentences)
        }
        given.raw = fields["raw"].flatMap(tree)
        return cursor.findings.all.count == before ? given : nil
    }

    private func readTask(_ cursor: Cursor, into given: inout Given) {
        let keys = [
            "id", "tid", "source", "status", "errorMessage", "submittedAt", "age", "attempts",
            "labels",
        ]
        guard let fields = cursor.fields(keys) else { return }
        let id = TaskID(
            source: fields["source"]?.text() ?? "test", id: fields["id"]?.text() ?? "task")
        var submittedAt = fields["submittedAt"].flatMap(moment) ?? given.now
        if let age = fields["age"]?.duration(in: .zero...Duration.seconds(400 * 86_400)) {
            submittedAt = given.now - age
        }
        var labels: [String: String] = [:]
        for (_, name, value) in fields["labels"]?.entries() ?? [] { labels[name] = value.text() }
        let status = fields["status"].flatMap { $0.choice(TaskStatus.self) } ?? defaultStatus
        given.task = TaskRecord(
            id: id, submittedAt: submittedAt, acceptedAt: submittedAt, labels: labels,
            status: status,
            attempts: fields["attempts"]?.integer(in: 0...1_000_000) ?? 1, dueAt: nil)
        given.conversation.tid = fields["tid"]?.text() ?? ""
        given.conversation.status = status
        given.conversation.errorMessage = fields["errorMessage"]?.text() ?? ""
    }

    private func readResult(_ cursor: Cursor, into conversation: inout Conversation) {
        let statistics = Vocabulary.statistics
        let keys =
            [
                "text", "ragStatus", "ragResult", "ragErrorMessage", "usage", "extra", "duration",
                "interactiveCount",
            ] + statistics.map(\.name)
        guard let fields = cursor.fields(keys) else { return }
        conversation.text = fields["text"]?.text() ?? ""
        conversation.ragStatus = fields["ragStatus"]?.text() ?? ""
        conversation.ragResult = fields["ragResult"]?.text() ?? ""
        conversation.ragErrorMessage = fields["ragErrorMessage"]?.text() ?? ""
        conversation.usage = fields["usage"].flatMap(tree)
        conversation.extra = fields["extra"].flatMap(tree)
        conversation.duration = fields["duration"].flatMap(number)
        conversation.interactiveCount = fields["interactiveCount"].flatMap(number)
        for part in statistics {
            guard let values = fields[part.name]?.fields(part.fields) else { continue }
            conversation.statistics[part.name] = values.compactMapValues { value in
                guard let text = value.text() else { return nil }
                if let number = Double(text) { return number }
                value.reportType(Bilingual("数字", "a number"))
                return nil
            }
        }
    }

    private func readSentences(_ cursor: Cursor) -> [Sentence] {
        let keys = [
            "begin", "end", "speaker", "role", "roleName", "words", "emotionValue", "speechRate",
            "silence",
        ]
        var end: Int64 = 0
        return (cursor.items() ?? []).compactMap { item in
            guard let fields = item.fields(keys) else { return nil }
            let begin = fields["begin"].flatMap(number) ?? end
            let finish = fields["end"].flatMap(number) ?? begin + Self.sentenceLength
            end = finish
            return Sentence(
                begin: begin, end: finish,
                speaker: fields["speaker"].flatMap { $0.choice(Speaker.self) } ?? .other,
                role: fields["role"]?.text() ?? "", roleName: fields["roleName"]?.text() ?? "",
                words: fields["words"]?.text() ?? "",
                emotionValue: fields["emotionValue"].flatMap(number),
                speechRate: fields["speechRate"].flatMap(number),
                declaredSilence: fields["silence"].flatMap(number))
        }
    }

    private func number(_ cursor: Cursor) -> Int64? {
        cursor.integer(in: Self.numbers).map(Int64.init)
    }

    private func moment(_ cursor: Cursor) -> Timestamp? {
        guard let text = cursor.text() else { return nil }
        if let moment = Timestamp(rfc3339: text) { return moment }
        cursor.reportType(Bilingual("时刻（2026-11-21T12:00:00Z）", "a time (2026-11-21T12:00:00Z)"))
        return nil
    }

    private func tree(_ cursor: Cursor) -> Tape? {
        do {
            return try Tape.of(Self.value(of: cursor.node))
        } catch {
            cursor.report("bad-case", Bilingual("这个值放不下", "the value does not fit"))
            return nil
        }
    }

    /// YAML's plain scalars by their look, as JSON would have them.
    private static func value(of node: Node) -> Value {
        switch node {
        case .mapping(let mapping):
            var entries: [Value: Value] = [:]
            for (key, item) in mapping {
                entries[.string(key.scalar?.string ?? "")] = value(of: item)
            }
            return .map(entries)
        case .sequence(let items): return .list(items.map(value))
        case .scalar(let scalar):
            guard scalar.style == .plain else { return .string(scalar.string) }
            switch scalar.string {
            case "", "~", "null": return .null
            case "true": return .bool(true)
            case "false": return .bool(false)
            default: break
            }
            if let int = Int64(scalar.string) { return .int(int) }
            if scalar.string.first.map({ "+-.0123456789".contains($0) }) == true,
                let double = Double(scalar.string)
            {
                return .double(double)
            }
            return .string(scalar.string)
        case .alias: return .null
        }
    }
}
