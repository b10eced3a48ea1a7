import Clouds
import Networking
import Synchronization

/// Plays a service: answers in the order given, and keeps what was asked.
final class ScriptedTransport: Transport {
    private struct State {
        var answers: [Result<HTTPResponse, TransportError>]
        var requests: [HTTPRequest] = []
    }

    private let state: Mutex<State>
    private let repeating: Bool

    init(_ answers: [HTTPResponse], repeating: Bool = false) {
        state = Mutex(State(answers: answers.map { .success($0) }))
        self.repeating = repeating
    }

    init(failing error: TransportError) {
        state = Mutex(State(answers: [.failure(error)]))
        repeating = true
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let answer = state.withLock { state -> Result<HTTPResponse, TransportError>? in
            state.requests.append(request)
            if repeating { return state.answers.first }
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else { throw TransportError(.stopped, message: "the script has ended") }
        return try answer.get()
    }

    func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        throw TransportError(.stopped, message: "no mail here")
    }
}

/// Credentials whose token counts how often they were renewed.
final class AlwaysCredentials: CredentialsProvider {
    private let renewals = Mutex(0)

    func credentials(renewed: Bool) async throws(CredentialsError) -> Credentials {
        let count = renewals.withLock { count in
            if renewed { count += 1 }
            return count
        }
        return Credentials(
            accessKeyID: "ak", accessKeySecret: "verysecret", securityToken: "token+/\(count)==")
    }
}
