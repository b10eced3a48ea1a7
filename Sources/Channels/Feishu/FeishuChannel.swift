package import Networking
package import Pipeline

/// A custom bot of a Feishu (飞书) or Lark group.
package struct FeishuChannel: Channel {
    /// What the service documents for one bot.
    package static let messagesPerMinute = 100

    package let name: String
    package let settings: Settings
    private let format: FeishuFormat
    private let call: RobotCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = FeishuFormat(
            keyword: settings.keyword, mentions: settings.mentions, context: context,
            isSigned: settings.secret != nil)
        call = RobotCall(
            transport: transport,
            redaction: Redaction(
                settings.endpoint.secrets + (settings.secret.map { [$0.value] } ?? [])))
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await call.outcome(of: delivery.message) { body in
            request(body, at: now)
        } verdict: { response, answer in
            FeishuVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: answer, at: now)
        }
    }

    /// The request, signed for this moment; the service takes a signature for an hour.
    func request(_ body: String, at now: Timestamp) -> HTTPRequest {
        var body = body
        if let secret = settings.secret {
            let members = FeishuSignature.members(
                seconds: now.milliseconds / 1000, secret: secret.value)
            body = "{" + members + body.dropFirst()
        }
        return .robot(body, to: settings.endpoint.url.value, of: settings.endpoint)
    }
}
