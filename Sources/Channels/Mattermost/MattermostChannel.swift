package import Networking
package import Pipeline

/// An incoming webhook of Mattermost.
///
/// It cannot reply in a thread, and it has no key against doubles.
package struct MattermostChannel: Channel {
    package let name: String
    package let settings: Settings
    private let format: AttachmentFormat
    private let call: RobotCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = AttachmentFormat(
            dialect: .mattermost, mentions: settings.mentions, context: context)
        call = RobotCall(
            transport: transport, redaction: Redaction(settings.endpoint.secrets))
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await call.outcome(of: delivery.message, request: request) { response, answer in
            MattermostVerdict.outcome(response, answer: answer, at: now)
        }
    }

    func request(for body: String) -> HTTPRequest {
        var request = HTTPRequest(
            .post, url: settings.endpoint.url.value,
            headers: [HTTPHeader("Content-Type", "application/json")],
            body: Array(body.utf8))
        request.addressPolicy = settings.endpoint.addressPolicy
        request.responseLimit = WebhookChannel.responseLimit
        return request
    }
}
