import Pipeline

/// The sample replies of the two API documents, as conversations written by hand.
enum SeedReplies {
    /// GetTaskResult: one sentence, of the customer; both error texts although FINISH.
    static var analysed: Conversation {
        var conversation = Conversation(status: .finish, errorMessage: "异常")
        conversation.text = "对话中没有发现客服故意套取客户隐私信息的行为"
        conversation.ragStatus = "SUCCESS"
        conversation.ragResult = "召回内容"
        conversation.ragErrorMessage = "非法参数:[无有效知识库]"
        conversation.sentences = [
            Sentence(
                begin: 80, end: 8480, speaker: .customer, role: "0", roleName: "客户",
                words: "Hello", emotionValue: 5, speechRate: 342)
        ]
        return conversation
    }

    /// GetAudioDataStatus: two sentences, the agent on channel 1.
    static var recorded: Conversation {
        var conversation = Conversation(tid: "record", status: .finish)
        conversation.interactiveCount = 42
        conversation.statistics = [
            "clientEvStat": [
                "cavgEmotionValue": 5.18, "cmaxEmotionValue": 6, "cminEmotionValue": 5,
            ],
            "clientSrStat": ["cavgSpeechRate": 237, "cmaxSpeechRate": 314, "cminSpeechRate": 164],
            "serviceEvStat": [
                "savgEmotionValue": 5.09, "smaxEmotionValue": 6, "sminEmotionValue": 4,
            ],
            "serviceSrStat": [
                "savgSpeechRate": 292.62, "smaxSpeechRate": 356, "sminSpeechRate": 207,
            ],
        ]
        conversation.sentences = [
            Sentence(
                begin: 0, end: 925, speaker: .customer, role: "0", words: "喂", emotionValue: 6,
                speechRate: 64, declaredSilence: 0),
            Sentence(
                begin: 450, end: 6805, speaker: .agent, role: "1",
                words: "嗯,您好,我们这里是汽车客户服务中心,请问是李先生吗?", emotionValue: 5,
                speechRate: 273, declaredSilence: 0),
        ]
        return conversation
    }
}
