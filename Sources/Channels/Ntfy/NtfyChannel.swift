package import Networking
package import Pipeline

/// A topic of a ntfy server, for push messages to phones.
///
/// It has no key against doubles, and no way to call one person.
package struct NtfyChannel: Channel {
    package let name: String
    package let settings: Settings
    private let format: NtfyFormat
    private let call: HTTPCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = NtfyFormat(topic: settings.topic, context: context)
        call = HTTPCall(
            transport: transport, redaction: Redaction(settings.login?.secrets.map(\.value) ?? []))
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await call.outcome(of: request(for: delivery)) { response, answer in
            NtfyVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: answer, at: now)
        }
    }

    func request(for delivery: Delivery) -> HTTPRequest {
        var headers = [HTTPHeader("Content-Type", "application/json")]
        if let login = settings.login { headers.append(login.header) }
        var request = HTTPRequest(
            .post, url: settings.endpoint.joined("/"), headers: headers,
            body: Array(delivery.message.body.utf8))
        request.addressPolicy = settings.endpoint.addressPolicy
        request.responseLimit = WebhookChannel.responseLimit
        return request
    }
}
