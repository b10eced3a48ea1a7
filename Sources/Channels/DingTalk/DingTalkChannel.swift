package import Networking
package import Pipeline

/// A DingTalk (钉钉) custom robot in a group.
package struct DingTalkChannel: Channel {
    /// What the service documents: a robot that sends more is blocked for ten minutes.
    package static let messagesPerMinute = 20

    package let name: String
    package let settings: Settings
    private let format: DingTalkFormat
    private let call: RobotCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = DingTalkFormat(
            channel: name, keyword: settings.keyword, mentions: settings.mentions,
            context: context)
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
            DingTalkVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: answer, at: now)
        }
    }

    /// The request, signed for this moment; the service takes a signature for an hour.
    func request(_ body: String, at now: Timestamp) -> HTTPRequest {
        var values: [(name: String, value: String)] = []
        if let secret = settings.secret {
            let sign = DingTalkSignature.base64(
                milliseconds: now.milliseconds, secret: secret.value)
            values = [("timestamp", String(now.milliseconds)), ("sign", sign)]
        }
        return .robot(body, to: settings.endpoint.appending(values), of: settings.endpoint)
    }
}
