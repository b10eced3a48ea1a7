package import Networking
package import Pipeline

/// An Apprise API, which passes messages on to any of its hundred services.
///
/// It has no key against doubles.
package struct AppriseChannel: Channel {
    package let name: String
    package let settings: Settings
    private let format: AppriseFormat
    private let call: HTTPCall

    package init(
        name: String, settings: Settings, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.settings = settings
        format = AppriseFormat(tag: settings.tag, context: context)
        // Its own addresses are secrets, and so are the passwords in them.
        let targets = settings.urls.flatMap { url in
            [url.value]
                + url.value.split(whereSeparator: { "/:@?&=".contains($0) }).map(String.init)
        }.filter { $0.utf8.count >= Self.shortestTargetKey }
        call = HTTPCall(
            transport: transport,
            redaction: Redaction(
                settings.endpoint.secrets + targets + (settings.login?.secrets.map(\.value) ?? [])))
    }

    /// Shorter pieces of an address are words like `mailto`.
    private static let shortestTargetKey = 8

    package func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    package func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await call.outcome(of: request(for: delivery)) { response, answer in
            AppriseVerdict.outcome(
                status: response.status, retryAfter: response.retryAfter, body: response.body,
                answer: answer, at: now)
        }
    }

    /// The targets are added here, as messages are stored.
    func request(for delivery: Delivery) -> HTTPRequest {
        var headers = [
            HTTPHeader("Content-Type", "application/json"),
            HTTPHeader("Accept", "application/json"),
        ]
        if let login = settings.login { headers.append(login.header) }
        let targets = settings.urls.map(\.value).joined(separator: ",")
        let members = targets.isEmpty ? [] : [("urls", JSONText.string(targets))]
        var request = HTTPRequest(
            .post, url: settings.endpoint.url.value, headers: headers,
            body: Array(JSONText.adding(members, to: delivery.message.body).utf8))
        request.addressPolicy = settings.endpoint.addressPolicy
        request.responseLimit = WebhookChannel.responseLimit
        return request
    }
}
