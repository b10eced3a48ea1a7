import CEL
import JSON
import Pipeline

/// The words that bodies and headers of webhooks are written in.
///
/// They are the members of the documented JSON body, which is what the outbox holds: so what a
/// template sees is the same at every attempt.
enum TemplateWords {
    static let environment: Environment = {
        var environment = Environment.withoutConversation
        environment.limits.builtBytes = builtLimit
        for (name, fields) in objects { environment.declare(object: name, fields: fields) }
        environment.declare(variable: "alert", as: .object("Alert"))
        environment.declare(variable: "alerts", as: .list(.object("Alert")))
        for name in ["id", "channel", "time"] { environment.declare(variable: name, as: .string) }
        for name in ["part", "parts"] { environment.declare(variable: name, as: .int) }
        return environment
    }()

    /// The most memory for values that one expression builds, in bytes.
    private static let builtLimit = 1 << 20

    /// In the order of the JSON body.
    private static let objects: [(name: String, fields: [Field])] = [
        (
            "Alert",
            [
                Field("rule", .string), Field("title", .string), Field("severity", .string),
                Field("source", .string), Field("taskId", .string), Field("tid", .string),
                Field("labels", .map(.string, .string)), Field("message", .string),
                Field("evidence", .list(.object("Quote"))), Field("raisedAt", .string),
                Field("truncated", .bool),
            ]
        ),
        (
            "Quote",
            [
                Field("words", .string), Field("at", .string), Field("begin", .int),
                Field("end", .int), Field("speaker", .string), Field("roleName", .string),
                Field("emotionValue", .int), Field("speechRate", .int), Field("late", .int),
                Field("before", .object("Context")), Field("after", .object("Context")),
            ]
        ),
        (
            "Context",
            [
                Field("words", .string), Field("at", .string), Field("speaker", .string),
                Field("roleName", .string),
            ]
        ),
    ]

    /// The values of a message, by its body and the id of its delivery; nil when there is no alert in
    /// it.
    static func activation(of body: String, id: String) -> Activation? {
        guard let root = try? JSON.parse(body).root, let data = root["data"],
            let alerts = data["alerts"], let first = alerts[0]
        else { return nil }
        var activation = Activation(environment)
        activation.set("alerts", to: alerts)
        activation.set("alert", to: first)
        for name in ["channel", "part", "parts"] {
            if let value = data[name] { activation.set(name, to: value) }
        }
        if let time = root["timestamp"] { activation.set("time", to: time) }
        guard let id = try? Tape.of(.string(id)) else { return nil }
        activation.set("id", to: id.root)
        return activation
    }
}
