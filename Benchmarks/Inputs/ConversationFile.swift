import JSON

/// A conversation as the variables `status`, `threshold` and `result`.
///
/// A number without a point is an int, one with a point a double; no double is whole, so engines
/// that tell them apart by their value read the same.
enum ConversationFile {
    static func text(sentences count: Int) -> String {
        var dialogue = Dialogue(seed: 4_711, sentences: count, clauses: 1...2)
        // What the expressions look for, at known places.
        dialogue.put("我等了很久了，真的很失望", 8, by: .customer, at: 25)
        dialogue.put("我要投诉，叫你们主管来听电话", 9, by: .customer, at: 55)
        dialogue.put("投诉我们会记录，经理稍后给您回电", 7, by: .agent, at: 70)
        dialogue.put("今天不解决就退款，明天我找媒体", 8, by: .customer, at: 85)
        return "{\"status\":\"FINISH\",\"threshold\":8,\n\"result\":\(result(of: dialogue))}"
    }

    private static func result(of dialogue: Dialogue) -> String {
        let spoken = dialogue.utterances
        let text = spoken.map { "\($0.side.name)：\($0.words)。" }.joined()
        let loudness = spoken.reduce(0) { $0 + $1.loudness } * 100 / max(1, spoken.count)
        let members = [
            "\"conversationId\":\"call-\(spoken.count)\"", "\"agentId\":\"W2031\"",
            "\"customerId\":\"K77120\"", "\"skillGroup\":\"宽带报修\"", "\"ragErrorMessage\":\"\"",
            "\"createdAt\":\"2026-10-08T14:05:00+08:00\"", "\"vip\":true",
            "\"beginMs\":\(spoken.first?.begin ?? 0)", "\"endMs\":\(spoken.last?.end ?? 0)",
            "\"sentenceCount\":\(spoken.count)",
            "\"emotionAvg\":\(loudness / 100).\(pair(loudness % 100))1", "\"silenceRatio\":0.1875",
            "\"score\":68.5", "\"tags\":[\"报修\",\"二次来电\",\"金卡\",\"加急\"]",
            "\"keywords\":[\"投诉\",\"退款\",\"媒体\",\"律师\",\"曝光\",\"骗子\",\"赔偿\",\"主管\"]",
            "\"labels\":{\"intent\":\"报修\",\"level\":\"P1\",\"region\":\"华南\"}",
            "\"sentences\":[\n\(spoken.enumerated().map(sentence).joined(separator: ",\n"))]",
            "\"text\":\(JSON.quoted(text))",
        ]
        return "{" + members.joined(separator: ",\n") + "}"
    }

    private static func sentence(_ index: Int, _ spoken: Utterance) -> String {
        """
        {"id":\(index),"role":"\(spoken.side.name)","words":\(JSON.quoted(spoken.words)),\
        "emotionValue":\(spoken.loudness),"speechRate":\(spoken.rate / 60).\(pair(spoken.rate % 60))5,\
        "begin":\(spoken.begin),"end":\(spoken.end),"channel":\(spoken.side.rawValue),\
        "silence":\(spoken.silence)}
        """
    }

    private static func pair(_ number: Int) -> String { "\(number / 10)\(number % 10)" }
}

extension Side {
    /// As the conversation names it.
    var name: String { self == .agent ? "坐席" : "客户" }
}
