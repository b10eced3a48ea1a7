package import Networking
package import Pipeline

/// A webhook of a Discord channel.
package struct DiscordChannel: Channel {
    /// Within the five in two seconds that users see; the service tells its limits by 429.
    package static let messagesPerMinute = 120

    package let name: String
    package let settings: Settings
    private let format: DiscordFormat
    private let call: RobotCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = DiscordFormat(
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
            DiscordVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: answer, at: now)
        }
    }

    /// The request, which waits for the message to be kept: without `wait` a message that is not
    /// gives no error.
    func request(_ body: String) -> HTTPRequest {
        var values: [(name: String, value: String)] = []
        let query = settings.endpoint.target.split(separator: "?", maxSplits: 1).dropFirst().last
        if !(query ?? "").split(separator: "&").contains(where: { $0.hasPrefix("wait=") }) {
            values.append(("wait", "true"))
        }
        if case .existing(let id)? = settings.thread { values.append(("thread_id", id)) }
        return .robot(body, to: settings.endpoint.appending(values), of: settings.endpoint)
    }
}
