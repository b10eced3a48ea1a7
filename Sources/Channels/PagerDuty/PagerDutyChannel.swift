package import Networking
package import Pipeline

/// A service of PagerDuty, through Events API v2.
package struct PagerDutyChannel: Channel {
    package let name: String
    package let settings: Settings
    private let format: PagerDutyFormat
    private let call: HTTPCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = PagerDutyFormat(context: context)
        call = HTTPCall(
            transport: transport, redaction: Redaction([settings.routingKey.value]))
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await call.outcome(of: request(for: delivery)) { response, answer in
            PagerDutyVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: answer, at: now)
        }
    }

    /// The routing key is added here, as messages are stored.
    func request(for delivery: Delivery) -> HTTPRequest {
        let key = JSONText.string(settings.routingKey.value)
        var request = HTTPRequest(
            .post, url: settings.endpoint.joined("/v2/enqueue"),
            headers: [HTTPHeader("Content-Type", "application/json")],
            body: Array(
                JSONText.adding([("routing_key", key)], to: delivery.message.body).utf8))
        request.addressPolicy = settings.endpoint.addressPolicy
        request.responseLimit = WebhookChannel.responseLimit
        return request
    }
}
