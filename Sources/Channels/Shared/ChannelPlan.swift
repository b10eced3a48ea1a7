package import Networking
package import Pipeline

/// Checked settings that know their channel.
package protocol ChannelPlan: Sendable {
    /// What the service documents, for a channel that names no rate of its own; nil: no limit.
    var messagesPerMinute: Int? { get }
    /// Sends under way at once; 1 keeps the order of a message's parts.
    var concurrency: Int { get }

    func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel
}

/// One request to a service, from the wire to the outcome.
struct HTTPCall: Sendable {
    let transport: any Transport
    let redaction: Redaction

    /// What `judge` makes of the answer; a call without one is judged by its error.
    ///
    /// The second argument of `judge` is the answer as it may be shown.
    func outcome(
        of request: HTTPRequest, judge: (HTTPResponse, String) -> Outcome
    ) async -> Outcome {
        do {
            let response = try await transport.send(request)
            return judge(response, redaction.cleaned(response.body)).redacted(by: redaction)
        } catch {
            return HTTPVerdict.outcome(of: error).redacted(by: redaction)
        }
    }
}
