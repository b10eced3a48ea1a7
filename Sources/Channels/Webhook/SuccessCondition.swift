import CEL
import JSON
import Networking
package import Pipeline

/// What a receiver's answer must say for a message to count as delivered: a condition of the
/// operator's over `status`, `headers`, `body` and `json`.
package struct SuccessCondition: Sendable {
    private let program: Program

    /// The work that one judgement may take, in the language's units.
    static let costLimit = 1_000_000

    /// What the condition says of an answer.
    enum Judgement: Hashable, Sendable {
        case holds
        case fails
        /// It could not be judged: why, in both languages.
        case unknown(Bilingual)
    }

    /// The text that stands at the cursor, compiled; nil with findings.
    package init?(_ cursor: Cursor) {
        guard let program = cursor.program(Self.environment, expecting: .bool) else { return nil }
        self.program = program
    }

    func judgement(of response: HTTPResponse) -> Judgement {
        var activation = Activation(Self.environment)
        do {
            try activation.set("status", to: .int(Int64(response.status)))
            if program.usage.reads("headers") {
                try activation.set("headers", to: Self.headers(response.headers))
            }
            if program.usage.reads("body") {
                try activation.set(
                    "body", to: .string(String(decoding: response.body, as: UTF8.self)))
            }
            if program.usage.reads("json") {
                if let tape = try? JSON.parse(response.body) {
                    activation.set("json", to: tape.root)
                } else {
                    try activation.set("json", to: .null)
                }
            }
            let budget = Budget(cost: Self.costLimit)
            return try program.isTrue(activation, budget: budget) ? .holds : .fails
        } catch let error as EvaluationError {
            return .unknown(
                Bilingual(error.message(in: .chinese), error.message(in: .english)))
        } catch {
            return .unknown(Bilingual("读不了这个答复", "the answer cannot be read"))
        }
    }

    /// By name in lower case; several of one name are joined by a comma.
    private static func headers(_ headers: [HTTPHeader]) -> Value {
        var values: [Value: Value] = [:]
        for header in headers {
            let name = Value.string(header.name.lowercased())
            if case .string(let before) = values[name] {
                values[name] = .string("\(before), \(header.value)")
            } else {
                values[name] = .string(header.value)
            }
        }
        return .map(values)
    }

    private static let environment: Environment = {
        var environment = Environment.withoutConversation
        environment.declare(variable: "status", as: .int)
        environment.declare(variable: "headers", as: .map(.string, .string))
        environment.declare(variable: "body", as: .string)
        environment.declare(variable: "json", as: .dyn)
        return environment
    }()
}
