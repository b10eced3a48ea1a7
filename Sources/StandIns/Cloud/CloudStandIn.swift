package import Pipeline
import Synchronization

/// Both cloud APIs on loopback: `GET /ccai/app/getTaskResult` (GetTaskResult) and `GET` or `POST /`
/// (GetAudioDataStatus).
///
/// Every request must be signed as the real services want it; tasks move on by one step a poll.
/// `GET /__tasks`, `/__tasks.ndjson`, `/__stats` and `/__health` tell what is there and what was
/// asked.
package final class CloudStandIn: StandIn {
    /// What was made, in the order it was made.
    package let tasks: [StandInTask]

    private let admission: Admission
    private let now: @Sendable () -> Timestamp
    private let startedAt: Timestamp
    private let state: Mutex<CloudState>
    private let server: LoopbackServer

    /// A cloud with these tasks.
    /// - Parameters:
    ///   - tasks: What can be asked for.
    ///   - port: Where to listen; 0 for any free port.
    ///   - credentials: The keys that may sign.
    ///   - faults: What goes wrong on purpose.
    ///   - now: The server's clock, for the age of requests.
    package init(
        tasks: CloudTasks, port: Int = 0, credentials: [CloudCredentials] = [.test],
        faults: Faults = .none, now: @escaping @Sendable () -> Timestamp = { .current }
    ) {
        self.tasks = tasks.all
        admission = Admission(credentials: credentials)
        self.now = now
        startedAt = now()
        state = Mutex(CloudState(tasks: tasks, faults: faults))
        server = LoopbackServer(port: port)
    }

    package var port: Int {
        get async throws { try await server.bound.value }
    }

    package func run() async throws {
        try await server.run { self.answer($0) }
    }

    /// What `GET /__stats` answers.
    package var statistics: JSONValue {
        let now = now()
        let maximum = server.maximumInFlight
        return state.withLock { state in
            CloudPages.statistics(state, maximumInFlight: maximum, uptime: now - startedAt)
        }
    }

    /// The answer to one request.
    func answer(_ request: LoopbackRequest) -> LoopbackAnswer {
        if request.path.hasPrefix("/__") { return page(request) }
        let verified = Result { () throws(CloudRefusal) in try admission.verify(request) }
        let moment = now()
        let decision = state.withLock {
            $0.decide(on: request, verified: verified, at: moment)
        }
        let answer = Self.answer(for: decision)
        state.withLock { $0.sent(answer) }
        return answer
    }

    private func page(_ request: LoopbackRequest) -> LoopbackAnswer {
        switch request.path {
        case "/__health": return .json(["ok": true])
        case "/__stats": return .json(statistics)
        case "/__tasks":
            let tasks = state.withLock { $0.tasks }
            return .json(CloudPages.tasks(tasks))
        case "/__tasks.ndjson": return CloudPages.intake(self.tasks)
        default: return .json(["error": "no such page"], status: 404)
        }
    }

    private static func answer(for decision: CloudState.Decision) -> LoopbackAnswer {
        var answer: LoopbackAnswer
        switch decision.content {
        case .refusal(let refusal):
            answer = CloudReplies.error(refusal, requestID: decision.requestID)
        case .failure(let code, let message):
            answer = CloudReplies.failure(code, message, requestID: decision.requestID)
        case .call(let task, let status, let hasEnded, let withTranscript):
            answer = CloudReplies.call(
                task, status: status, hasEnded: hasEnded, withTranscript: withTranscript,
                requestID: decision.requestID)
        case .records(let records, let count, let hasEnded, let version):
            answer = CloudReplies.records(
                records, count: count, hasEnded: hasEnded, version: version,
                requestID: decision.requestID)
        }
        answer.headers.append(("x-acs-request-id", decision.requestID))
        if decision.retryAfterMilliseconds > 0 && decision.fault == .throttled {
            answer.headers.append(("x-acs-retry-after", "\(decision.retryAfterMilliseconds)"))
        }
        switch decision.fault {
        case .reset: answer.ending = .reset
        case .cut: answer.ending = .cut
        case .throttled, .failed, nil: break
        }
        return answer
    }
}
