import ArgumentParser
import CEL
import Text

/// How much the checker knows of the conversation.
enum Typing: String, CaseIterable, ExpressibleByArgument {
    /// Objects with fields, as rule files have them.
    case typed
    /// Every variable is dyn.
    case dynamic
}

/// The names that the expressions use.
enum Declarations {
    static let variables = ["status", "threshold", "result"]

    /// What every environment here starts from: the product's own settings of the language.
    static var standard: Environment {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.textScanners = WordScanners()
        environment.timeZones = SystemTimeZones()
        environment.comparesMixedNumbers = true
        return environment
    }

    static func environment(_ typing: Typing) -> Environment {
        var environment = standard
        switch typing {
        case .dynamic:
            for name in variables { environment.declare(variable: name, as: .dyn) }
        case .typed:
            environment.declare(object: "Sentence", fields: sentence)
            environment.declare(object: "Labels", fields: labels)
            environment.declare(object: "Result", fields: result)
            environment.declare(variable: "status", as: .string)
            environment.declare(variable: "threshold", as: .int)
            environment.declare(variable: "result", as: .object("Result"))
        }
        return environment
    }

    private static let sentence = [
        Field("id", .int), Field("role", .string), Field("words", .string),
        Field("emotionValue", .int), Field("speechRate", .double), Field("begin", .int),
        Field("end", .int), Field("channel", .int), Field("silence", .int),
    ]

    private static let labels = ["intent", "level", "region"].map { Field($0, .string) }

    /// `missing` is a field that may be there, and in these conversations is not.
    private static let result = [
        Field("conversationId", .string), Field("agentId", .string), Field("customerId", .string),
        Field("skillGroup", .string), Field("ragErrorMessage", .string),
        Field("createdAt", .string), Field("vip", .bool), Field("beginMs", .int),
        Field("endMs", .int), Field("sentenceCount", .int), Field("emotionAvg", .double),
        Field("silenceRatio", .double), Field("score", .double), Field("tags", .list(.string)),
        Field("keywords", .list(.string)), Field("labels", .object("Labels")),
        Field("sentences", .list(.object("Sentence"))), Field("text", .string),
        Field("missing", .string),
    ]
}
