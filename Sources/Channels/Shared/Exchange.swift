package import Networking
import Pipeline

/// One request and its answer, fit to be shown: no secret of the channel in it, and no more than
/// the bounds say.
package struct Exchange: Hashable, Sendable, Encodable {
    /// `POST https://oapi.dingtalk.com/…`, or `MAIL smtps://smtp.example.com:465`.
    package let request: String
    /// `Name: value`, with stars for the value of what may be a secret.
    package let headers: [String]
    package let body: String
    /// The status or what went wrong, and the answer's own words.
    package let answer: String

    /// The most bytes that are shown of a body.
    package static let bodyLimit = 8192
    /// Header fields whose values are no secrets.
    private static let openHeaders: Set = [
        "accept", "content-type", "webhook-id", "webhook-timestamp", "x-github-event",
        "x-github-delivery",
    ]

    init(
        _ request: HTTPRequest, _ result: Result<HTTPResponse, TransportError>,
        _ redaction: Redaction
    ) {
        let pieces = request.url.split(separator: "/", omittingEmptySubsequences: false)
        self.request = "\(request.method.rawValue) \(pieces.prefix(3).joined(separator: "/"))/…"
        headers = request.headers.map { header in
            let name = header.name.lowercased()
            let isOpen = Self.openHeaders.contains(name) || name.hasPrefix("ce-")
            return "\(header.name): " + (isOpen ? redaction.cleaned(header.value) : "***")
        }
        body = redaction.shown(request.body, limit: Self.bodyLimit)
        answer =
            switch result {
            case .success(let response):
                "HTTP \(response.status) \(redaction.cleaned(response.body))"
            case .failure(let error): redaction.cleaned(error.description)
            }
    }

    init(
        _ mail: MailSubmission, _ result: Result<MailReply, TransportError>, _ redaction: Redaction
    ) {
        let scheme = mail.server.security == .implicitTLS ? "smtps" : "smtp"
        request = "MAIL \(scheme)://\(mail.server.host):\(mail.server.port)"
        headers = ["MAIL FROM: \(mail.from)"] + mail.recipients.map { "RCPT TO: \($0)" }
        body = redaction.shown(mail.message, limit: Self.bodyLimit)
        answer =
            switch result {
            case .success(let reply): redaction.cleaned("\(reply.status) \(reply.text)")
            case .failure(let error): redaction.cleaned(error.description)
            }
    }
}

/// Passes everything on to the transport of real deliveries, and keeps what went over the wire.
package actor RecordingTransport: Transport {
    private let transport: any Transport
    private let redaction: Redaction
    private var exchanges: [Exchange] = []

    /// The most exchanges that are kept until they are taken.
    package static let exchangeLimit = 100

    /// `plan` says what must not be shown.
    package init(_ transport: any Transport, for plan: any ChannelPlan) {
        self.transport = transport
        redaction = Redaction(plan.secrets)
    }

    /// What was sent since the last time.
    package func take() -> [Exchange] {
        defer { exchanges = [] }
        return exchanges
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let result: Result<HTTPResponse, TransportError>
        do { result = .success(try await transport.send(request)) } catch {
            result = .failure(error)
        }
        keep(Exchange(request, result, redaction))
        return try result.get()
    }

    package func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
        let result: Result<MailReply, TransportError>
        do { result = .success(try await transport.send(mail)) } catch { result = .failure(error) }
        keep(Exchange(mail, result, redaction))
        return try result.get()
    }

    private func keep(_ exchange: Exchange) {
        if exchanges.count < Self.exchangeLimit { exchanges.append(exchange) }
    }
}
