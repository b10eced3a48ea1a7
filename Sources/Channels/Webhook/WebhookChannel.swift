package import Networking
package import Pipeline

/// The generic webhook: JSON by POST, signed as Standard Webhooks ask when there is a secret.
package struct WebhookChannel: Channel {
    package let name: String
    package let settings: Settings
    private let format: WebhookFormat
    private let transport: any Transport
    private let redaction: Redaction

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        self.transport = transport
        format = WebhookFormat(channel: name, context: context)
        redaction = Redaction(settings.secrets)
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        do {
            let response = try await transport.send(request(for: delivery, at: now))
            return WebhookVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter,
                answer: redaction.cleaned(response.body), at: now
            ).redacted(by: redaction)
        } catch {
            return HTTPVerdict.outcome(of: error).redacted(by: redaction)
        }
    }

    /// The request, signed for this moment: the same id at every attempt, a new time and signature.
    func request(for delivery: Delivery, at now: Timestamp) -> HTTPRequest {
        let body = Array(delivery.message.body.utf8)
        let seconds = now.milliseconds / 1000
        var headers = [
            HTTPHeader("Content-Type", "application/json"),
            HTTPHeader("webhook-id", delivery.id.text),
            HTTPHeader("webhook-timestamp", String(seconds)),
        ]
        if !settings.keys.isEmpty {
            let signatures = settings.keys.signatures(
                id: delivery.id.text, seconds: seconds, body: body)
            headers.append(HTTPHeader("webhook-signature", signatures))
        }
        if let secret = settings.hubSecret {
            headers += [
                HTTPHeader(HubSignature.header, HubSignature.text(of: body, secret: secret)),
                HTTPHeader("X-GitHub-Event", "tocsin.alerts"),
                HTTPHeader("X-GitHub-Delivery", delivery.id.text),
            ]
        }
        headers += settings.headers.map { HTTPHeader($0.name, $0.value.value) }
        var request = HTTPRequest(
            .post, url: settings.endpoint.url.value, headers: headers, body: body)
        request.addressPolicy = settings.endpoint.addressPolicy
        request.responseLimit = Self.responseLimit
        return request
    }

    /// The most bytes of an answer, which is only shown to people.
    ///
    /// A longer one counts as lost, though its status may have been a success: so it is far more
    /// than any receiver needs.
    static let responseLimit = 1 << 20
}
