import JSON

/// A reply of GetTaskResult with its transcript, some 40 KB.
enum ReplyFile {
    static let taskID = "task-20261008-0001"

    /// The bytes, with the room behind them that a received body has.
    static func bytes(of dialogue: Dialogue) -> [UInt8] {
        let text = text(of: dialogue)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + InputFolder.padding)
        bytes += text.utf8
        return bytes
    }

    private static func text(of dialogue: Dialogue) -> String {
        let sentences = dialogue.utterances.map { spoken in
            """
            {"begin":\(spoken.begin),"emotionValue":\(spoken.loudness),"end":\(spoken.end),\
            "role":"\(1 - spoken.side.rawValue)","speechRate":\(spoken.rate),\
            "words":\(JSON.quoted(spoken.words)),\
            "roleName":"\(spoken.side == .agent ? "客服" : "客户")"}
            """
        }
        return """
            {"requestId":"67C7021A-D268-553D-8C15-A087B9604028","code":"200","success":true,\
            "data":{"taskId":"\(taskID)","taskStatus":"FINISH",\
            "text":"[{\\"title\\":\\"来电原因\\",\\"value\\":\\"报修\\"}]",\
            "extra":"{\\"roleConfig\\":{\\"role1Name\\":\\"客户\\",\\"role2Name\\":\\"客服\\"}}",\
            "ragStatus":"SUCCESS","ragResult":"召回内容：报修处理规范第三条",\
            "asrResult":[\(sentences.joined(separator: ","))]}}
            """
    }
}
