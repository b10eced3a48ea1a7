package import Networking
package import Pipeline

/// A Microsoft Teams channel behind a workflow (Power Automate) that takes Adaptive Cards.
///
/// The flow answers before the card is shown, so a card that is too long or not sound is lost
/// without a word: what is sent here is neither.
package struct TeamsChannel: Channel {
    /// Within the four a second and sixty in half a minute that the service documents; its limits
    /// of an hour and of a day are told by 429.
    package static let messagesPerMinute = 60

    package let name: String
    package let settings: Settings
    private let format: TeamsFormat
    private let call: RobotCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = TeamsFormat(mentions: settings.mentions, context: context)
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
            TeamsVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: answer, at: now)
        }
    }

    func request(_ body: String) -> HTTPRequest {
        .robot(body, to: settings.endpoint.url.value, of: settings.endpoint)
    }
}
