package import Networking
package import Pipeline

/// A Matrix account that writes to one room.
///
/// Encrypted rooms show its messages as they are: the API for them has no way to encrypt.
package struct MatrixChannel: Channel {
    package let name: String
    package let settings: Settings
    private let format: MatrixFormat
    private let call: RobotCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = MatrixFormat(
            mentions: settings.mentions, thread: settings.thread, context: context)
        call = RobotCall(transport: transport, redaction: Redaction([settings.token.value]))
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await call.outcome(of: delivery.message) { body in
            request(for: body, of: delivery.id)
        } verdict: { response, answer in
            MatrixVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: answer, at: now)
        }
    }

    /// The delivery's id is the transaction's: the server keeps one event of all attempts.
    func request(for body: String, of delivery: Delivery.ID) -> HTTPRequest {
        let path =
            "/_matrix/client/v3/rooms/\(Escaping.query(settings.room))/send/m.room.message/"
            + Escaping.query(delivery.text)
        var request = HTTPRequest(
            .put, url: settings.endpoint.joined(path),
            headers: [
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("Authorization", "Bearer \(settings.token.value)"),
            ], body: Array(body.utf8))
        request.addressPolicy = settings.endpoint.addressPolicy
        request.responseLimit = WebhookChannel.responseLimit
        return request
    }
}
