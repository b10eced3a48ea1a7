package import Networking
package import Pipeline

/// The generic webhook: alerts by POST, as JSON, as CloudEvents or in a body of the operator's, and
/// signed when there is a secret.
package struct WebhookChannel: Channel {
    package let name: String
    package let settings: Settings
    private let format: WebhookFormat
    private let transport: any Transport
    private let redaction: Redaction
    private let language: MessageContext.Language

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        self.transport = transport
        language = context.language
        format = WebhookFormat(
            channel: name, context: context, template: settings.content.body,
            isSingle: settings.content.isSingle)
        redaction = Redaction(settings.secrets)
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush, limit: settings.content.bodyLimit)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        let draft = WebhookDraft(of: delivery, settings: settings, channel: name)
        let outcome: Outcome
        do {
            let response = try await transport.send(request(draft, for: delivery, at: now))
            outcome = WebhookVerdict(settings: settings, language: language)
                .outcome(of: response, answer: redaction.cleaned(response.body), at: now)
        } catch {
            outcome = HTTPVerdict.outcome(of: error, in: language)
        }
        let notes = draft.notes.map { $0.text(in: language) }
        return outcome.noting(notes).redacted(by: redaction)
    }

    /// The request, signed for this moment: the same id at every attempt, a new time and signature.
    func request(for delivery: Delivery, at now: Timestamp) -> HTTPRequest {
        let draft = WebhookDraft(of: delivery, settings: settings, channel: name)
        return request(draft, for: delivery, at: now)
    }

    private func request(
        _ draft: WebhookDraft, for delivery: Delivery, at now: Timestamp
    ) -> HTTPRequest {
        let seconds = now.milliseconds / 1000
        var headers = [
            HTTPHeader("Content-Type", draft.contentType),
            HTTPHeader("webhook-id", delivery.id.text),
            HTTPHeader("webhook-timestamp", String(seconds)),
        ]
        if !settings.keys.isEmpty {
            let signatures = settings.keys.signatures(
                id: delivery.id.text, seconds: seconds, body: draft.body)
            headers.append(HTTPHeader("webhook-signature", signatures))
        }
        if let secret = settings.hubSecret {
            headers += [
                HTTPHeader(HubSignature.header, HubSignature.text(of: draft.body, secret: secret)),
                HTTPHeader("X-GitHub-Event", WebhookBody.type),
                HTTPHeader("X-GitHub-Delivery", delivery.id.text),
            ]
        }
        var request = HTTPRequest(
            .post, url: settings.endpoint.url.value, headers: headers + draft.headers,
            body: draft.body)
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
