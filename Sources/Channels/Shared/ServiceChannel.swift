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

    init(
        name: String, service: any Service, context: MessageContext, transport: any Transport
    ) {
        self.name = name
        self.service = service
        self.transport = transport
        language = context.language
        format = service.format(of: name, in: context)
        redaction = Redaction(service.secrets)
    }

    func messages(for alerts: [Alert], in flush: Flush) -> [Message] {
        format.messages(for: alerts, in: flush)
    }

    func endings(of alert: Alert, at now: Timestamp) -> [Message] {
        format.endings(of: alert, at: now)
    }

    var hasThreads: Bool { service.hasThreads }

    func send(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        await send(delivery, answering: nil, at: now)
    }

    /// A thread that the service does not take holds nothing back: the message stands by itself,
    /// and opens the next one.
    func send(
        _ delivery: Delivery, answering message: String?, at now: Timestamp
    ) async -> Outcome {
        guard let message, hasThreads,
            let body = service.answering(message, delivery.message.body, of: delivery)
        else { return await sendAlone(delivery, at: now) }
        switch await attempt(body, of: delivery.id, at: now) {
        case .delivered(let answer, _):
            return .delivered(answer: redaction.cleaned(answer))
        case .refusedMessage(let reason), .refusedChannel(let reason):
            let outcome = await sendAlone(delivery, at: now)
            guard case .delivered(let answer, let opens) = outcome else { return outcome }
            let reason = redaction.cleaned(reason)
            let note = said("未能作为回复发出：\(reason)", "not as an answer: \(reason)")
            return .delivered(answer: "\(answer) (\(note))", opens: opens)
        case let other: return other.redacted(by: redaction)
        }
    }

    private func sendAlone(_ delivery: Delivery, at now: Timestamp) async -> Outcome {
        let rich = await attempt(delivery.message.body, of: delivery.id, at: now)
        guard case .refusedMessage(let reason) = rich, let plain = delivery.message.plain else {
            return rich.redacted(by: redaction)
        }
        let outcome: Outcome =
            switch await attempt(plain, of: delivery.id, at: now) {
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

    private func attempt(
        _ body: String, of delivery: Delivery.ID, at now: Timestamp
    ) async -> Outcome {
        do {
            let response = try await transport.send(service.request(body, of: delivery, at: now))
            guard
                let detour = service.detour(body, of: delivery, after: response, at: now)
            else { return outcome(of: response, at: now) }
            let second = outcome(of: try await transport.send(detour.request), at: now)
            guard case .delivered(let answer, let opens) = second else { return second }
            return .delivered(
                answer: "\(answer) (\(detour.note.text(in: language)))", opens: opens)
        } catch {
            return HTTPVerdict.outcome(of: error, in: language)
        }
    }

    private func outcome(of response: HTTPResponse, at now: Timestamp) -> Outcome {
        let outcome = service.verdict.outcome(
            response, answer: redaction.cleaned(response.body), in: language, at: now)
        guard !hasThreads, case .delivered(let answer, _) = outcome else { return outcome }
        return .delivered(answer: answer)
    }
}
