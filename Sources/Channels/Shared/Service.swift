package import Networking
package import Pipeline

/// A service that takes messages over HTTP: its settings, checked, and its ways.
///
/// A service says only what is its own: how it writes, what it asks for, what its answers mean.
/// ``ServiceChannel`` does the rest for all of them.
package protocol Service: ChannelPlan {
    /// Where it is; for most services the address is the secret.
    var endpoint: Endpoint { get }
    /// The table of what its answers mean.
    var verdict: any ServiceVerdict.Type { get }

    /// How it writes alerts.
    func format(of channel: String, in context: MessageContext) -> any MessageFormat

    /// The request for a message, made (and signed) for this moment.
    func request(_ body: String, of delivery: Delivery.ID, at now: Timestamp) -> HTTPRequest

    /// Whether alerts that find no room may become one: see ``Pipeline/Channel/folds``.
    var folds: Bool { get }

    /// What names the room in which messages of one group answer the first of them; nil: none do.
    ///
    /// Without a secret.
    var threadPlace: String? { get }

    /// The body as an answer to that message, which the service named; nil: it stands by itself.
    func answering(_ message: String, _ body: String, of delivery: Delivery) -> String?

    /// The request to send at once when the answer says that the message belongs elsewhere, and a
    /// word on it for people; nil: the answer stands.
    func detour(
        _ body: String, of delivery: Delivery.ID, after response: HTTPResponse, at now: Timestamp
    ) -> (request: HTTPRequest, note: Bilingual)?
}

extension Service {
    package var secrets: [String] { endpoint.secrets }

    package func request(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) -> HTTPRequest { post(body) }

    package var folds: Bool { true }

    package var threadPlace: String? { nil }

    package func answering(
        _ message: String, _ body: String, of delivery: Delivery
    ) -> String? { nil }

    package func detour(
        _ body: String, of delivery: Delivery.ID, after response: HTTPResponse, at now: Timestamp
    ) -> (request: HTTPRequest, note: Bilingual)? { nil }

    package func channel(
        named name: String, context: MessageContext, transport: any Transport
    ) -> any Channel {
        ServiceChannel(name: name, service: self, context: context, transport: transport)
    }

    /// JSON to the service, within the bounds of all webhooks; by POST to its address unless it is
    /// said otherwise.
    func post(
        _ body: String, to url: String? = nil, by method: HTTPRequest.Method = .post,
        headers: [HTTPHeader] = []
    ) -> HTTPRequest {
        var request = HTTPRequest(
            method, url: url ?? endpoint.url.value,
            headers: [HTTPHeader("Content-Type", "application/json; charset=utf-8")] + headers,
            body: Array(body.utf8))
        request.addressPolicy = endpoint.addressPolicy
        request.responseLimit = WebhookChannel.responseLimit
        return request
    }
}

/// What a service's answers mean.
package protocol ServiceVerdict {
    /// `answer` is the body as it may be shown; what is said of it for people is in `language`.
    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome
}

/// How a service writes alerts.
package protocol MessageFormat: Sendable {
    /// Never empty for a non-empty list; every alert is in at least one of them.
    func messages(for alerts: [Alert], in flush: Flush) -> [Message]

    /// What ends an alert; none where the service knows no end.
    func endings(of alert: Alert, at now: Timestamp) -> [Message]
}

extension MessageFormat {
    package func endings(of alert: Alert, at now: Timestamp) -> [Message] { [] }
}
