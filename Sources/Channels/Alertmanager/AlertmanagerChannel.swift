package import Networking
package import Pipeline

/// A Prometheus Alertmanager, through API v2.
///
/// Its key against doubles is the set of labels.
package struct AlertmanagerChannel: Channel {
    package let name: String
    package let settings: Settings
    private let format: AlertmanagerFormat
    private let call: HTTPCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = AlertmanagerFormat(context: context)
        call = HTTPCall(
            transport: transport, redaction: Redaction(settings.login?.secrets.map(\.value) ?? []))
    }

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await call.outcome(of: request(for: delivery, at: now)) { response, answer in
            AlertmanagerVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, answer: answer, at: now)
        }
    }

    /// An alert fires from now on, also when it had to wait: one that has ended already when it
    /// comes is told to nobody.
    func request(for delivery: Delivery, at now: Timestamp) -> HTTPRequest {
        let stored = delivery.message.body
        let body = settings.hold.flatMap { hold in
            AlertmanagerFormat.body(stored, endingAt: now + hold)
        }
        var headers = [HTTPHeader("Content-Type", "application/json")]
        if let login = settings.login { headers.append(login.header) }
        var request = HTTPRequest(
            .post, url: settings.endpoint.joined("/api/v2/alerts"), headers: headers,
            body: Array((body ?? stored).utf8))
        request.addressPolicy = settings.endpoint.addressPolicy
        request.responseLimit = WebhookChannel.responseLimit
        return request
    }
}
