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
                    Field("at", .string), Field("speaker", .string), Field("silence", .int),
                    Field("overlap", .int), Field("words", .string), Field("emotionValue", .int),
                    Field("speechRate", .int), Field("role", .string), Field("roleName", .string),
                    Field("late", .int), Field("nearest", .object("Sentence")),
                ]
            ),
            (
                "Side",
                [
                    Field("sentences", .list(.object("Sentence"))),
                    Field("emotion", .object("Range")),
                    Field("speechRate", .object("Range")), Field("talk", .int),
                    Field("share", .double),
                ]
            ),
            ("Range", ["max", "min", "avg"].map { Field($0, .double) }),
        ]
        + statistics.map { part in
            (part.type, part.fields.map { Field($0, .double) })
        }

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
