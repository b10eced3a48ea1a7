package import CEL
import Text

/// The words that rules are written in, as types of the rule language.
///
/// The names are the API documents' own where they have one.
struct Vocabulary: Sendable {
    /// For `when`, `unless` and `evidence`.
    let environment: Environment
    /// The word lists of the rule files.
    let lists: [String: [String]]

    /// `variables` are those of a conversation, or none where there is none.
    init(
        lists: [String: [String]],
        variables: [(name: String, type: ValueType)] = Self.variables
    ) {
        self.lists = lists
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.textScanners = WordScanners()
        environment.timeZones = SystemTimeZones()
        environment.comparesMixedNumbers = true
        environment.judgesLiterals = true
        for (name, fields) in Self.objects { environment.declare(object: name, fields: fields) }
        let names = lists.keys.sorted()
        environment.declare(
            object: "Lists", fields: names.map { Field($0, .list(.string)) })
        let value = Value.map(
            Dictionary(
                uniqueKeysWithValues: lists.map { name, words in
                    (Value.string(name), Value.list(words.map(Value.string)))
                }))
        do {
            try environment.declare(constant: "lists", as: .object("Lists"), value: value)
        } catch {
            // Lists of texts are always a sound constant; without it every use is an error.
            assertionFailure("lists: \(error)")
        }
        for (name, type) in variables { environment.declare(variable: name, as: type) }
        environment.synonyms = Self.synonyms.filter { _, name in
            variables.contains { $0.name == name } || !Self.variables.contains { $0.name == name }
        }
        if variables.contains(where: { $0.name == "sentences" }) {
            ConversationWords.declare(in: &environment)
        }
        self.environment = environment
    }

    /// For messages and labels: the evidence too, typed as the rule's own expression has it.
    func templates(evidence type: ValueType?) -> Environment {
        var environment = environment
        environment.declare(variable: "evidence", as: type ?? .list(.object("Sentence")))
        return environment
    }

    static let variables: [(name: String, type: ValueType)] = [
        ("task", .object("Task")), ("result", .object("Result")),
        ("sentences", .list(.object("Sentence"))), ("customer", .object("Side")),
        ("agent", .object("Side")), ("now", .timestamp), ("raw", .dyn),
    ]

    private static let wordsAdvice = Documentation(
        "write `customer.says(\"…\")`, likewise `agent` and `sentences`",
        "写成 `customer.says(\"…\")`，`agent`、`sentences` 也一样")
    private static let loudnessAdvice = Documentation(
        "write `customer.emotion.max` or `agent.emotion.max`",
        "写成 `customer.emotion.max` 或 `agent.emotion.max`")
    private static let rateAdvice = Documentation(
        "write `customer.speechRate.avg` or `agent.speechRate.avg`",
        "写成 `customer.speechRate.avg` 或 `agent.speechRate.avg`")

    /// What people write for names.
    private static let synonyms: [String: String] = {
        var synonyms: [String: String] = [:]
        for (name, words) in [
            ("customer", ["客户", "顾客", "用户", "来电人", "client", "caller", "user"]),
            ("agent", ["客服", "坐席", "座席", "员工", "销售", "service", "staff", "operator"]),
            ("sentences", ["句子", "对话", "全部", "conversation", "dialog", "dialogue"]),
            ("words", ["文本", "内容", "词", "text", "content", "sentence"]),
            ("emotionValue", ["情绪值", "情绪", "音量", "loudness", "volume"]),
            ("speechRate", ["语速", "speed", "rate"]), ("speaker", ["说话人", "channel"]),
            ("average", ["mean", "avg", "平均"]), ("highest", ["maximum", "max", "最大"]),
            ("lowest", ["minimum", "min", "最小"]), ("says", ["说", "说到", "说过", "mentions"]),
            ("with", ["含有", "having"]), ("saysNone", ["没说", "没说到", "notSays", "doesNotSay"]),
            ("task", ["任务"]), ("result", ["结果"]), ("lists", ["词表"]), ("now", ["现在"]),
        ] {
            for word in words { synonyms[word] = name }
        }
        return synonyms
    }()

    private static let objects: [(name: String, fields: [Field])] =
        [
            (
                "Task",
                [
                    Field("id", .string), Field("tid", .string), Field("source", .string),
                    Field("status", .string), Field("errorMessage", .string),
                    Field("submittedAt", .timestamp), Field("age", .duration),
                    Field("attempts", .int), Field("labels", .map(.string, .string)),
                ]
            ),
            (
                "Result",
                [
                    Field("text", .string), Field("json", .dyn), Field("ragStatus", .string),
                    Field("ragResult", .string), Field("ragErrorMessage", .string),
                    Field("usage", .dyn), Field("extra", .dyn), Field("duration", .int),
                    Field("interactiveCount", .int),
                ] + statistics.map { Field($0.name, .object($0.type)) }
            ),
            (
                "Sentence",
                [
                    // In the order of the tape, which has what may be absent last.
                    Field("index", .int), Field("begin", .int), Field("end", .int),
                    Field("at", .string),
                    Field(
                        "speaker", .string, values: .texts(Speaker.allCases.map(\.rawValue))),
                    Field("silence", .int),
                    Field("overlap", .int), Field("words", .string, advice: wordsAdvice),
                    Field("emotionValue", .int, advice: loudnessAdvice),
                    Field("speechRate", .int, advice: rateAdvice),
                    Field("role", .string), Field("roleName", .string),
                    Field("late", .int), Field("nearest", .object("Sentence")),
                ]
            ),
            (
                "Side",
                [
                    Field("sentences", .list(.object("Sentence"))),
                    Field("emotion", .object("Loudness")),
                    Field("speechRate", .object("Range")), Field("talk", .int),
                    Field("share", .double, values: .numbers(0...1)),
                ]
            ),
            ("Range", ["max", "min", "avg"].map { Field($0, .double) }),
            ("Loudness", ["max", "min", "avg"].map { Field($0, .double) }),
        ]
        + statistics.map { ($0.type, $0.fields.map { Field($0, .double) }) }

    /// The statistics that GetAudioDataStatus declares.
    static let statistics: [(name: String, type: String, fields: [String])] = [
        (
            "clientEvStat", "ClientEvStat",
            ["cavgEmotionValue", "cmaxEmotionValue", "cminEmotionValue"]
        ),
        (
            "serviceEvStat", "ServiceEvStat",
            ["savgEmotionValue", "smaxEmotionValue", "sminEmotionValue"]
        ),
        ("clientSrStat", "ClientSrStat", ["cavgSpeechRate", "cmaxSpeechRate", "cminSpeechRate"]),
        (
            "serviceSrStat", "ServiceSrStat",
            ["savgSpeechRate", "smaxSpeechRate", "sminSpeechRate"]
        ),
    ]
}

extension Environment {
    /// The rule language as rules have it, without the words of a conversation: for expressions over
    /// alerts and answers.
    package static var withoutConversation: Environment {
        Vocabulary(lists: [:], variables: []).environment
    }
}
