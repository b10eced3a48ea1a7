import Pipeline

/// What it takes to write a conversation, again and again the same: kept in place of the
/// conversation, so that many thousands of tasks take little memory.
struct ConversationPlan: Hashable, Sendable {
    enum Stream: String, Sendable { case calls, records }

    let seed: UInt64
    let stream: Stream
    let number: Int
    let troubles: [Trouble]

    private var generator: SplitMix64 {
        SplitMix64(seed: seed, stream: stream.rawValue, number: number)
    }

    /// The first draws are these, whatever is asked for.
    private func cast() -> (topic: Phrases.Topic, agent: String, team: String, rest: SplitMix64) {
        var generator = generator
        let topic = generator.pick(Phrases.topics)
        let agent = String(generator.number(in: 1001...1060))
        let team = generator.pick(Phrases.teams)
        return (topic, agent, team, generator)
    }

    var sentences: [SpokenSentence] {
        let (topic, agent, _, rest) = cast()
        var writer = ConversationWriter(
            topic: topic, troubles: troubles, agentNumber: agent, generator: rest)
        return writer.write()
    }

    /// What neither API's reply says, and messages need.
    func labels(taskID: String) -> [String: String] {
        let (topic, agent, team, _) = cast()
        return [
            "agent": "工号\(agent)", "team": team, "queue": topic.name,
            "recording": "https://recordings.example.com/\(taskID).mp3",
        ]
    }

    /// `data` of GetTaskResult when the task has ended, with its transcript.
    func callData(taskID: String) -> JSONValue {
        let (topic, _, _, rest) = cast()
        var generator = rest
        guard !troubles.contains(.taskError) else {
            let reason = generator.pick(Phrases.taskErrors)
            return [
                "taskId": .text(taskID), "taskStatus": "ERROR", "taskErrorMessage": .text(reason),
            ]
        }
        let isJSON = generator.once(in: 2)
        let list: JSONValue = [
            ["title": "来电原因", "value": .text(topic.name)], ["title": "是否解决", "value": "是"],
        ]
        var data: JSONValue = [
            "taskId": .text(taskID), "taskStatus": "FINISH",
            "text": .text(isJSON ? list.spelling : topic.summary),
            "asrResult": .list(sentences.map(\.callForm)),
            "extra": #"{"roleConfig":{"role1Name":"客户","role2Name":"客服"}}"#,
        ]
        if troubles.contains(.errorText) {
            data = data.setting(
                "taskErrorMessage", .text(generator.pick(Phrases.finishedWithErrors)))
        }
        for member in retrieval(topic, &generator) {
            data = data.setting(member.name, member.value)
        }
        return data
    }

    private func retrieval(
        _ topic: Phrases.Topic, _ generator: inout SplitMix64
    ) -> [JSONValue.Member] {
        if troubles.contains(.ragError) {
            return [
                .init("ragStatus", "FAIL"),
                .init("ragErrorMessage", .text(generator.pick(Phrases.ragErrors))),
            ]
        }
        let isEmpty = troubles.contains(.ragEmpty)
        guard isEmpty || generator.once(in: 2) else { return [] }
        let section = generator.number(in: 1...9)
        let used: JSONValue = [
            "inputTokens": .integer(generator.number(in: 200...2000)),
            "outputTokens": .integer(generator.number(in: 50...900)), "invokeCount": 1,
        ]
        return [
            .init("ragStatus", "SUCCESS"),
            .init("ragResult", .text(isEmpty ? "" : "召回内容：\(topic.name)处理规范第\(section)条")),
            .init("usage", ["rag": ["dialogSummary": used, "adaptive": used]]),
        ]
    }

    /// What GetAudioDataStatus says of one record when it has ended, but for its `tid`, in the
    /// document's spelling of names.
    func recordForm() -> JSONValue {
        var generator = cast().rest
        guard !troubles.contains(.taskError) else {
            let (code, message) = generator.pick(Phrases.recordErrors)
            return [
                "statusCode": -1, "statusMsg": "错误",
                "asrResult": [
                    "asrstatus": "FAILED", "asrStatusCode": .text(code),
                    "errorMessage": .text(message),
                ],
            ]
        }
        let sentences = sentences
        let turns = zip(sentences, sentences.dropFirst()).count { $0.isAgent != $1.isAgent }
        var result: JSONValue = [
            "asrstatus": "SUCCEED", "duration": .integer(sentences.last?.end ?? 0),
            "interactiveCount": .integer(turns),
        ]
        if !sentences.isEmpty {
            for (name, side) in [("client", false), ("service", true)] {
                let spoken = sentences.filter { $0.isAgent == side }
                let letter = side ? "s" : "c"
                result =
                    result
                    .setting(
                        "\(name)EvStat", .statistics(spoken.map(\.emotion), letter, "EmotionValue")
                    )
                    .setting("\(name)SrStat", .statistics(spoken.map(\.rate), letter, "SpeechRate"))
            }
        }
        return [
            "statusCode": 3, "statusMsg": "质检完成",
            "asrResult": result.setting(
                "sentenceResults", .list(sentences.map(\.recordForm))),
        ]
    }
}

extension SpokenSentence {
    fileprivate var callForm: JSONValue {
        [
            "begin": .integer(begin), "emotionValue": .integer(emotion), "end": .integer(end),
            "role": isAgent ? "1" : "0", "speechRate": .integer(rate), "words": .text(words),
            "roleName": isAgent ? "客服" : "客户",
        ]
    }

    /// The agent speaks on channel 0.
    fileprivate var recordForm: JSONValue {
        [
            "beginTime": .integer(begin), "channelId": isAgent ? 0 : 1,
            "emotionValue": .integer(emotion), "endTime": .integer(end),
            "silenceDuration": .integer(silence), "speechRate": .integer(rate),
            "text": .text(words),
        ]
    }
}

extension JSONValue {
    /// `cavgEmotionValue`, `cmaxEmotionValue`, … of one side.
    fileprivate static func statistics(
        _ values: [Int], _ letter: String, _ suffix: String
    ) -> JSONValue {
        let count = max(1, values.count)
        let hundredths = (values.reduce(0, +) * 100 + count / 2) / count
        let average = "\(hundredths / 100).\(padded(hundredths % 100, to: 2))"
        return .object([
            Member("\(letter)avg\(suffix)", .number(average)),
            Member("\(letter)max\(suffix)", .integer(values.max() ?? 0)),
            Member("\(letter)min\(suffix)", .integer(values.min() ?? 0)),
            Member("\(letter)role", letter == "c" ? 1 : 0),
        ])
    }
}
