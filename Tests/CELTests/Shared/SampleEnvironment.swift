import CEL

/// Tasks and sentences, as most tests declare them.
enum SampleEnvironment {
    static let plain: Environment = {
        var environment = Environment()
        environment.declare(
            object: "Sentence",
            fields: [
                Field("words", .string), Field("speaker", .string),
                Field("emotionValue", .double), Field("begin", .int),
            ])
        environment.declare(
            object: "Task",
            fields: [Field("status", .string), Field("labels", .map(.string, .string))])
        environment.declare(variable: "sentences", as: .list(.object("Sentence")))
        environment.declare(variable: "task", as: .object("Task"))
        environment.declare(variable: "raw", as: .dyn)
        environment.declare(variable: "count", as: .int)
        return environment
    }()
}
