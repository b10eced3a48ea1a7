package import Pipeline

/// What a source answered to one signed request about a task that does not exist.
package enum CloudProbe: Hashable, Sendable {
    /// Address, credentials, permissions and clock are right.
    case works(String)
    case fails(CloudError)

    /// The id that is asked for.
    package static let taskID = "tocsin-source-test"

    /// The answer in one sentence, with what to do about it; free of secrets.
    package var explanation: String {
        switch self {
        case .works(let words): words
        case .fails(.throttled(_, _, let reason)):
            "reached and signed, but the source's budget is used up: \(reason)"
        case .fails(.unavailable(let reason)): "no answer that can be used: \(reason)"
        case .fails(.refusedTask(let reason)): reason
        case .fails(.refusedSource(let reason)): "refused until someone acts: \(reason)"
        }
    }
}
