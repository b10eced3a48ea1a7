package import Networking
package import Pipeline

/// An incoming webhook of Slack.
///
/// It tells no message's `ts`, so nothing that was sent can be changed by it.
package struct SlackChannel: Channel {
    /// What the service documents: about one a second.
    package static let messagesPerMinute = 60

    package let name: String
    package let settings: Settings
    private let format: SlackFormat
    private let call: RobotCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = SlackFormat(
            mentions: settings.mentions, context: context, thread: settings.thread)
        call = RobotCall(
            transport: transport, redaction: Redaction(settings.endpoint.secrets))
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await call.outcome(of: delivery.message) { body in
            request(body)
        } verdict: { response, answer in
            SlackVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: answer, at: now)
        }
    }

    func request(_ body: String) -> HTTPRequest {
        .robot(body, to: settings.endpoint.url.value, of: settings.endpoint)
    }
}
