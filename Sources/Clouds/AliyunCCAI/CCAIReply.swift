import CEL
import JSON
import Pipeline

/// Decodes the replies of GetTaskResult.
struct CCAIReply {
    let roles: SpeakerRoles

    /// A reply, and the task that it says it is about (trimmed; nil when it says nothing).
    struct Decoded {
        var task: TaskReply
        var taskID: String?
    }

    /// Only `taskStatus` decides whether the task has ended, and how: a finished task may carry an
    /// error text, and a status that is not documented is one that goes on.
    func reply(from body: ReplyBody) throws(ReplyFailure) -> Decoded {
        guard let data = body.tape.root.field(.data), data.kind == .object else {
            throw .badReply("it holds no `data`")
        }
        let statusText = data.field(.taskStatus).map { trimmed($0.text) } ?? ""
        guard !statusText.isEmpty else { throw .badReply("it holds no `taskStatus`") }
        let status = Self.status(statusText)
        var conversation = Conversation(
            status: status, errorMessage: data.field(.taskErrorMessage)?.text ?? "")
        conversation.text = data.field(.text)?.text ?? ""
        conversation.ragStatus = data.field(.ragStatus)?.text ?? ""
        conversation.ragResult = data.field(.ragResult)?.text ?? ""
        conversation.ragErrorMessage = data.field(.ragErrorMessage)?.text ?? ""
        conversation.extra = data.field(.extra).flatMap(Self.extra)
        conversation.usage = data.field(.usage).flatMap { $0.kind == .object ? $0.separate : nil }
        let names = RoleNames(conversation.extra)
        let places = SentencePlaces(body.tape)
        var speakers = MetSpeakers(roles: roles)
        if let list = data.field(.asrResult)?.wrappedList {
            conversation.sentences.reserveCapacity(list.count)
            for node in list.elements where node.kind == .object {
                conversation.sentences.append(sentence(node, places, names, &speakers))
            }
        }
        let taskID = data.field(.taskID).map { trimmed($0.text) }
        return Decoded(
            task: TaskReply(
                conversations: [conversation], status: status, bytes: body.bytes, tape: body.tape),
            taskID: taskID.flatMap { $0.isEmpty ? nil : $0 })
    }

    private static func status(_ text: String) -> TaskStatus {
        switch text.uppercased() {
        case "QUEUE": .queue
        case "FINISH": .finish
        case "ERROR": .error
        default: .running
        }
    }

    /// `extra` is a text that is JSON, by the document; it may be an object, and may be neither.
    private static func extra(_ node: Tape.Node) -> Tape? {
        guard node.kind == .string else { return node.separate }
        let text = node.text
        guard !trimmed(text).isEmpty else { return nil }
        return (try? JSON.parse(text)) ?? node.separate
    }

    private func sentence(
        _ node: Tape.Node, _ places: SentencePlaces, _ names: RoleNames,
        _ speakers: inout MetSpeakers
    ) -> Sentence {
        let begin = places.begin.whole(in: node) ?? 0
        let role = places.role.text(in: node)
        let declared = places.roleName.text(in: node)
        let roleName = declared.isEmpty ? names.name(ofRole: role) : declared
        return Sentence(
            begin: begin, end: places.end.whole(in: node) ?? begin,
            speaker: speakers.speaker(named: roleName), role: role, roleName: roleName,
            words: places.words.text(in: node),
            emotionValue: places.emotionValue.whole(in: node),
            speechRate: places.speechRate.whole(in: node))
    }

    /// The speakers of one reply: two or three names, asked for with each sentence.
    private struct MetSpeakers {
        let roles: SpeakerRoles
        private var met: [(name: String, speaker: Speaker)] = []
        private static let limit = 8

        init(roles: SpeakerRoles) { self.roles = roles }

        mutating func speaker(named name: String) -> Speaker {
            // By their bytes, which takes less than comparing texts as people read them.
            for known in met where hasSameBytes(known.name, name) { return known.speaker }
            let speaker = roles.speaker(named: name)
            if met.count < Self.limit { met.append((name, speaker)) }
            return speaker
        }
    }

    /// The members of a sentence, looked up once for all.
    private struct SentencePlaces {
        let begin, end, role, roleName, words, emotionValue, speechRate: FieldPlace

        init(_ tape: Tape) {
            begin = FieldPlace(.begin, in: tape)
            end = FieldPlace(.end, in: tape)
            role = FieldPlace(.role, in: tape)
            roleName = FieldPlace(.roleName, in: tape)
            words = FieldPlace(.words, in: tape)
            emotionValue = FieldPlace(.emotionValue, in: tape)
            speechRate = FieldPlace(.speechRate, in: tape)
        }
    }

    /// The names of `extra.roleConfig`: `role1Name` is that of track 0, `role2Name` of track 1.
    private struct RoleNames {
        private let config: Tape.Node?

        init(_ extra: Tape?) {
            config = extra?.root.field(.roleConfig)
        }

        func name(ofRole role: String) -> String {
            guard let config, let track = Int(trimmed(role)), (0..<100).contains(track) else {
                return ""
            }
            return config.field(FieldName("role\(track + 1)Name"))?.text ?? ""
        }
    }
}

private func hasSameBytes(_ left: String, _ right: String) -> Bool {
    left.utf8.withContiguousStorageIfAvailable { left in
        right.utf8.withContiguousStorageIfAvailable { left.elementsEqual($0) } ?? false
    } ?? false
}

extension FieldName {
    static let asrResult = FieldName("asrResult")
    static let begin = FieldName("begin")
    static let emotionValue = FieldName("emotionValue")
    static let end = FieldName("end")
    static let extra = FieldName("extra")
    static let ragErrorMessage = FieldName("ragErrorMessage")
    static let ragResult = FieldName("ragResult")
    static let ragStatus = FieldName("ragStatus")
    static let role = FieldName("role")
    static let roleConfig = FieldName("roleConfig")
    static let roleName = FieldName("roleName")
    static let speechRate = FieldName("speechRate")
    static let taskErrorMessage = FieldName("taskErrorMessage")
    static let taskID = FieldName("taskId")
    static let taskStatus = FieldName("taskStatus")
    static let text = FieldName("text")
    static let usage = FieldName("usage")
    static let words = FieldName("words")
}
