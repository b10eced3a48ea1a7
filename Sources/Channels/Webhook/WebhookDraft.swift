import CEL
import Networking
import Pipeline

/// What one delivery sends, but for its time and signatures: the same at every attempt with the
/// same settings.
struct WebhookDraft {
    var contentType = CloudEvent.contentType
    var body: [UInt8]
    var headers: [HTTPHeader] = []
    /// What did not go as the settings have it.
    var notes: [Bilingual] = []

    init(of delivery: Delivery, settings: WebhookChannel.Settings, channel: String) {
        let content = settings.content
        body = Array(delivery.message.body.utf8)
        switch content.format {
        case .json: break
        case .cloudEvents, .binaryCloudEvents: makeEvent(of: delivery, content, channel)
        case .custom: makeBody(of: delivery, content)
        }
        headers += settings.headers.map { HTTPHeader($0.name, $0.value.value) }
        makeHeaders(of: delivery, content)
    }

    private mutating func makeEvent(
        of delivery: Delivery, _ content: WebhookContent, _ channel: String
    ) {
        let event = CloudEvent(
            of: delivery, source: content.eventSource ?? "/tocsin/\(channel)",
            type: content.eventType)
        guard let event else { return }
        if content.format == .cloudEvents {
            contentType = CloudEvent.structuredType
            body = Array(event.structured.utf8)
        } else {
            body = Array(event.data.utf8)
            headers += event.headers
        }
    }

    /// An alert is never lost to a template: when it fails, the JSON body goes out.
    private mutating func makeBody(of delivery: Delivery, _ content: WebhookContent) {
        guard let template = content.body else { return }
        do throws(WebhookTemplate.Failure) {
            let text = try template.rendered(try Self.activation(of: delivery))
            contentType = content.bodyType.text
            body = Array(text.utf8)
        } catch {
            notes.append(
                Bilingual(
                    "body 无法生成（\(error.reason.chinese)），发的是普通 JSON",
                    "sent as plain JSON, since the body could not be made (\(error.reason.english))"
                ))
        }
    }

    /// A header that cannot be made is left out.
    private mutating func makeHeaders(of delivery: Delivery, _ content: WebhookContent) {
        for (name, template) in content.headers {
            do throws(WebhookTemplate.Failure) {
                let text = try template.rendered(try Self.activation(of: delivery))
                headers.append(HTTPHeader(name, text.trimmingBlanks))
            } catch {
                notes.append(
                    Bilingual(
                        "没有带请求头 \(name)（\(error.reason.chinese)）",
                        "sent without the header \(name) (\(error.reason.english))"))
            }
        }
    }

    private static func activation(
        of delivery: Delivery
    ) throws(WebhookTemplate.Failure) -> Activation {
        guard
            let activation = TemplateWords.activation(
                of: delivery.message.body, id: delivery.id.text)
        else { throw .noAlerts }
        return activation
    }
}

extension String {
    /// Without the blanks at both ends, which a header must not have.
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

extension Outcome {
    /// The same with notes before its text.
    func noting(_ notes: [String]) -> Outcome {
        guard !notes.isEmpty else { return self }
        func noted(_ text: String) -> String { (notes + [text]).joined(separator: "; ") }
        return switch self {
        case .delivered(let answer, let opens): .delivered(answer: noted(answer), opens: opens)
        case .throttled(let until, let answer): .throttled(until: until, answer: noted(answer))
        case .unavailable(let wish, let answer):
            .unavailable(retryAfter: wish, answer: noted(answer))
        case .postponed(let answer): .postponed(answer: noted(answer))
        case .refusedMessage(let reason): .refusedMessage(reason: noted(reason))
        case .refusedChannel(let reason): .refusedChannel(reason: noted(reason))
        }
    }
}
