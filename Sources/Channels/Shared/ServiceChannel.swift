import Networking
import Pipeline

/// The channel of any service.
///
/// It sends a message in its rich form, and in plain text when the service refuses that one: so no
/// alert is lost to a form.
struct ServiceChannel: Channel {
    let name: String
    let service: any Service
    private let format: any MessageFormat
    private let transport: any Transport
    private let redaction: Redaction
    private let language: MessageContext.Language
    let threadRoom: String?

    /// Of the hash that tells a room from another.
    private static let roomLength = 12

    init(
        name: String, service: any Service, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.service = service
        self.transport = transport
        language = context.language
        format = service.format(of: name, in: context)
        redaction = Redaction(service.secrets)
        threadRoom = service.threadPlace.map {
            String(StableHash.text(of: $0.utf8).prefix(Self.roomLength))
        }
    }

    var folds: Bool { service.folds }

    func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    func endings(of alert: Alert, at now: Timestamp) -> [Message] {
        format.endings(of: alert, at: now)
    }

    /// How long each request of one send may take: there are no more of them, and together they
    /// end within ``SendQueue/longestSend``, so that none works beyond its claim.
    static let timeouts: [Duration] = [.seconds(15), .seconds(15), .seconds(8), .seconds(8)]

    func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await send(delivery, answering: nil, at: now)
    }

    /// A message that its service does not take as an answer stands by itself, and opens the next
    /// thread; a channel that refuses is not asked twice.
    func send(
        _ delivery: Delivery, answering message: String?, at now: Timestamp
    ) async -> Outcome {
        var timeouts = Self.timeouts[...]
        guard let message, threadRoom != nil,
            let body = service.answering(message, delivery.message.body, of: delivery)
        else { return await sendAlone(delivery, within: &timeouts, at: now) }
        let outcome = await attempt(
            body, elsewhere: delivery.message.body, of: delivery.id, within: &timeouts, at: now)
        switch outcome {
        case .delivered(let answer, _):
            return .delivered(answer: redaction.cleaned(answer))
        case .refusedMessage(let reason):
            let outcome = await sendAlone(delivery, within: &timeouts, at: now)
            guard case .delivered(let answer, let opens) = outcome else { return outcome }
            let reason = redaction.cleaned(reason)
            let note = said("未能作为回复发出：\(reason)", "not as an answer: \(reason)")
            return .delivered(answer: "\(answer) (\(note))", opens: opens)
        case let other: return other.redacted(by: redaction)
        }
    }

    private func sendAlone(
        _ delivery: Delivery, within timeouts: inout ArraySlice<Duration>, at now: Timestamp
    ) async -> Outcome {
        let rich = await attempt(
            delivery.message.body, elsewhere: delivery.message.body, of: delivery.id,
            within: &timeouts, at: now)
        guard case .refusedMessage(let reason) = rich, let plain = delivery.message.plain else {
            return rich.redacted(by: redaction)
        }
        let second = await attempt(
            plain, elsewhere: plain, of: delivery.id, within: &timeouts, at: now)
        let outcome: Outcome =
            switch second {
            case .delivered(let answer, let opens):
                .delivered(
                    answer: said(
                        "以纯文本发出（\(answer)），因为\(reason)",
                        "sent as plain text (\(answer)), since \(reason)"),
                    opens: opens)
            case .refusedMessage(let second):
                .refusedMessage(
                    reason: said(
                        "\(reason)；纯文本也被拒绝：\(second)",
                        "\(reason); as plain text, too: \(second)"))
            case let other: other
            }
        return outcome.redacted(by: redaction)
    }

    private func said(_ chinese: String, _ english: String) -> String {
        Bilingual(chinese, english).text(in: language)
    }

    /// Sends the body; and `other`, when the answer says that it belongs elsewhere.
    ///
    /// What went elsewhere opens no thread: its name means nothing here.
    private func attempt(
        _ body: String, elsewhere other: String, of delivery: Delivery.ID,
        within timeouts: inout ArraySlice<Duration>, at now: Timestamp
    ) async -> Outcome {
        do {
            let request = service.request(body, of: delivery, at: now)
            guard let response = try await ask(request, within: &timeouts) else {
                return tooMany
            }
            guard
                let detour = service.detour(other, of: delivery, after: response, at: now)
            else { return outcome(of: response, at: now) }
            guard let moved = try await ask(detour.request, within: &timeouts) else {
                return tooMany
            }
            let second = outcome(of: moved, at: now)
            guard case .delivered(let answer, _) = second else { return second }
            return .delivered(answer: "\(answer) (\(detour.note.text(in: language)))")
        } catch {
            return HTTPVerdict.outcome(of: error, in: language)
        }
    }

    /// Nil when no request is left to this send.
    private func ask(
        _ request: HTTPRequest, within timeouts: inout ArraySlice<Duration>
    ) async throws(TransportError) -> HTTPResponse? {
        guard let timeout = timeouts.popFirst() else { return nil }
        var request = request
        request.timeout = min(request.timeout, timeout)
        return try await transport.send(request)
    }

    /// The next attempt answers nothing, so it needs fewer.
    private var tooMany: Outcome {
        .unavailable(
            retryAfter: nil,
            answer: said("一次发送的请求已用完", "too many requests for one send"))
    }

    private func outcome(of response: HTTPResponse, at now: Timestamp) -> Outcome {
        let outcome = service.verdict.outcome(
            response, answer: redaction.cleaned(response.body), in: language, at: now)
        guard threadRoom == nil, case .delivered(let answer, _) = outcome else { return outcome }
        return .delivered(answer: answer)
    }
}
