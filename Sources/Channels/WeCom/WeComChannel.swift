package import Networking
package import Pipeline

/// A robot of a WeCom (企业微信) group: 群机器人, now called 消息推送.
///
/// The service knows no signature: the address is the secret.
package struct WeComChannel: Channel {
    /// What the service documents for one robot.
    package static let messagesPerMinute = 20

    package let name: String
    package let settings: Settings
    private let format: WeComFormat
    private let call: RobotCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = WeComFormat(mentions: settings.mentions, context: context)
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
            WeComVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: answer, at: now)
        }
    }

    func request(_ body: String) -> HTTPRequest {
        .robot(body, to: settings.endpoint.url.value, of: settings.endpoint)
    }
}
