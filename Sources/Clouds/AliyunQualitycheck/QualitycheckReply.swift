import CEL
import Pipeline

/// Decodes the replies of GetAudioDataStatus, in both versions and every way they are written.
struct QualitycheckReply {
    let agentChannel: Int64?

    /// One conversation for each record; no records shortly after an upload means "not yet".
    func reply(from body: ReplyBody) throws(ReplyFailure) -> TaskReply {
        let root = body.tape.root
        let isOurs = root.field(.data) != nil || root.field(.code) != nil
        guard isOurs || root.field(.success) != nil else {
            throw .badReply("it holds neither `data` nor `code`")
        }
        let records = (root.field(.data)?.listed ?? []).filter { $0.kind == .object }
        var conversations = records.map(conversation)
        // Records that share a tid, or have none, are told apart by their place.
        var seen: [String: Int] = [:]
        for place in conversations.indices {
            let tid = conversations[place].tid
            seen[tid, default: 0] += 1
            if let count = seen[tid], count > 1 { conversations[place].tid = "\(tid)#\(count)" }
        }
        return TaskReply(
            conversations: conversations, status: Self.status(of: conversations.map(\.status)),
            bytes: body.bytes, tape: body.tape)
    }

    /// The task has ended when it has records and all of them have: well when any has.
    private static func status(of records: [TaskStatus]) -> TaskStatus {
        guard records.contains(where: { $0 != .queue }) else { return .queue }
        guard records.allSatisfy(\.isTerminal) else { return .running }
        return records.contains(.finish) ? .finish : .error
    }

    private func conversation(_ record: Tape.Node) -> Conversation {
        let status = Self.status(record.field(.statusCode)?.whole)
        let result = record.field(.asrResult) ?? record.field(.asrReslut)
        var conversation = Conversation(
            tid: record.field(.tid).map { trimmed($0.text) } ?? "", status: status,
            errorMessage: Self.errorMessage(status, record, result))
        guard let result else { return conversation }
        conversation.duration = result.field(.duration)?.whole
        conversation.interactiveCount = result.field(.interactiveCount)?.whole
        for block in Statistics.blocks {
            let values = Statistics.values(of: block, in: result)
            if !values.isEmpty { conversation.statistics[block.name.camel] = values }
        }
        conversation.sentences = (result.field(.sentenceResults)?.listed ?? []).compactMap { node in
            node.kind == .object ? sentence(node) : nil
        }
        return conversation
    }

    private static func status(_ statusCode: Int64?) -> TaskStatus {
        switch statusCode {
        case 0, nil: .queue
        case 3: .finish
        case -1: .error
        default: .running
        }
    }

    /// What explains a failed record, or a failed transcription of one that went on.
    private static func errorMessage(
        _ status: TaskStatus, _ record: Tape.Node, _ result: Tape.Node?
    ) -> String {
        let asrStatus = result?.field(.asrStatus).map { trimmed($0.text).uppercased() }
        guard status == .error || asrStatus == "FAILED" else { return "" }
        let message = result?.field(.errorMessage)?.text ?? ""
        let code = result?.field(.asrStatusCode)?.text ?? ""
        let parts = [code == "200" ? "" : code, message].filter { !$0.isEmpty }
        if !parts.isEmpty { return parts.joined(separator: " ") }
        let shown = record.field(.statusMessage)?.text ?? ""
        return shown.isEmpty ? "the record failed, without a reason" : shown
    }

    private func sentence(_ node: Tape.Node) -> Sentence {
        let begin = node.field(.beginTime)?.whole ?? 0
        let channel = node.field(.channelID)
        return Sentence(
            begin: begin, end: node.field(.endTime)?.whole ?? begin,
            speaker: speaker(on: channel?.whole), role: channel?.text ?? "",
            words: node.field(.text)?.text ?? "",
            emotionValue: node.field(.emotionValue)?.whole,
            speechRate: node.field(.speechRate)?.whole)
    }

    private func speaker(on channel: Int64?) -> Speaker {
        guard let agentChannel, let channel else { return .other }
        return channel == agentChannel ? .agent : .customer
    }
}

/// The four blocks of declared statistics, by the document's own names.
private enum Statistics {
    struct Block: Sendable {
        let name: FieldName
        let members: [FieldName]
    }

    static let blocks = [
        block("clientEvStat", ["cavgEmotionValue", "cmaxEmotionValue", "cminEmotionValue"]),
        block("serviceEvStat", ["savgEmotionValue", "smaxEmotionValue", "sminEmotionValue"]),
        block("clientSrStat", ["cavgSpeechRate", "cmaxSpeechRate", "cminSpeechRate"]),
        block("serviceSrStat", ["savgSpeechRate", "smaxSpeechRate", "sminSpeechRate"]),
    ]

    static func values(of block: Block, in result: Tape.Node) -> [String: Double] {
        guard let node = result.field(block.name) else { return [:] }
        var values: [String: Double] = [:]
        for member in block.members { values[member.camel] = node.field(member)?.number }
        return values
    }

    private static func block(_ name: String, _ members: [String]) -> Block {
        Block(name: FieldName(name), members: members.map(FieldName.init))
    }
}

extension FieldName {
    /// As the document's table has it.
    static let asrReslut = FieldName("asrReslut")
    static let asrStatus = FieldName("asrStatus")
    static let asrStatusCode = FieldName("asrStatusCode")
    static let beginTime = FieldName("beginTime")
    static let channelID = FieldName("channelId")
    static let duration = FieldName("duration")
    static let endTime = FieldName("endTime")
    static let interactiveCount = FieldName("interactiveCount")
    static let sentenceResults = FieldName("sentenceResults")
    static let statusCode = FieldName("statusCode")
    static let statusMessage = FieldName("statusMsg")
    static let tid = FieldName("tid")
}
