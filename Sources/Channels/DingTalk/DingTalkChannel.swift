package import Networking
package import Pipeline

/// A DingTalk (钉钉) custom robot in a group.
package struct DingTalkChannel: Channel {
    /// What the service documents: a robot that sends more is blocked for ten minutes.
    package static let messagesPerMinute = 20

    package let name: String
    package let settings: Settings
    private let format: DingTalkFormat
    private let transport: any Transport
    private let redaction: Redaction

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        self.transport = transport
        format = DingTalkFormat(
            channel: name, keyword: settings.keyword, mentions: settings.mentions,
            context: context)
        redaction = Redaction(
            settings.endpoint.secrets + (settings.secret.map { [$0.value] } ?? []))
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        do {
            let response = try await transport.send(request(for: delivery, at: now))
            return DingTalkVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: redaction.cleaned(response.body), at: now
            ).redacted(by: redaction)
        } catch {
            return HTTPVerdict.outcome(of: error).redacted(by: redaction)
        }
    }

    /// The request, signed for this moment; the service takes a signature for an hour.
    func request(for delivery: Delivery, at now: Timestamp) -> HTTPRequest {
        var values: [(name: String, value: String)] = []
        if let secret = settings.secret {
            let sign = DingTalkSignature.base64(
                milliseconds: now.milliseconds, secret: secret.value)
            values = [("timestamp", String(now.milliseconds)), ("sign", sign)]
        }
        var request = HTTPRequest(
            .post, url: settings.endpoint.appending(values),
            headers: [HTTPHeader("Content-Type", "application/json; charset=utf-8")],
            body: Array(delivery.message.body.utf8))
        request.addressPolicy = settings.endpoint.addressPolicy
        request.responseLimit = WebhookChannel.responseLimit
        return request
    }
}
