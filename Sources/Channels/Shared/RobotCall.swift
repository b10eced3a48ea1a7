import Networking
import Pipeline

/// Sends a message in its rich form, and in plain text when the service refuses that one: so no
/// alert is lost to a form.
struct RobotCall: Sendable {
    let transport: any Transport
    let redaction: Redaction

    /// `request` is made for each body at the moment of sending; `verdict` is the service's table.
    func outcome(
        of message: Message, request: (_ body: String) -> HTTPRequest,
        verdict: (_ response: HTTPResponse, _ answer: String) -> Outcome
    ) async -> Outcome {
        let rich = await attempt(request(message.body), verdict)
        guard case .refusedMessage(let reason) = rich, let plain = message.plain else {
            return rich.redacted(by: redaction)
        }
        let outcome: Outcome =
            switch await attempt(request(plain), verdict) {
            case .delivered(let answer):
                .delivered(answer: "sent as plain text (\(answer)), since \(reason)")
            case .refusedMessage(let second):
                .refusedMessage(reason: "\(reason); as plain text, too: \(second)")
            case let other: other
            }
        return outcome.redacted(by: redaction)
    }

    private func attempt(
        _ request: HTTPRequest,
        _ verdict: (_ response: HTTPResponse, _ answer: String) -> Outcome
    ) async -> Outcome {
        do {
            let response = try await transport.send(request)
            return verdict(response, redaction.cleaned(response.body))
        } catch {
            return HTTPVerdict.outcome(of: error)
        }
    }
}

extension HTTPRequest {
    /// JSON by POST, within the bounds of all webhooks.
    static func robot(_ body: String, to url: String, of endpoint: Endpoint) -> HTTPRequest {
        var request = HTTPRequest(
            .post, url: url,
            headers: [HTTPHeader("Content-Type", "application/json; charset=utf-8")],
            body: Array(body.utf8))
        request.addressPolicy = endpoint.addressPolicy
        request.responseLimit = WebhookChannel.responseLimit
        return request
    }
}
