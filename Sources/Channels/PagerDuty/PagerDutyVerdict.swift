import Networking
import Pipeline

/// What the Events API's answer means: `success` says that an event is taken.
enum PagerDutyVerdict: ServiceVerdict {
    /// What the service advises after a throttled event.
    static let throttlePause: Duration = .seconds(30)

    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        let reply = ReplyJSON(response.body)
        if (200..<300).contains(status) {
            guard reply?["status"]?.text == "success" else {
                return .unavailable(
                    retryAfter: nil,
                    answer: Bilingual(
                        "HTTP \(status)，却没有成功：\(answer)",
                        "HTTP \(status), but no success: \(answer)"
                    ).text(in: language))
            }
            return .delivered(answer: "event \(reply?["dedup_key"]?.text ?? "taken")")
        }
        switch status {
        case 400:
            let errors = reply?["errors"]?.texts ?? []
            let said = "HTTP 400: " + (errors.isEmpty ? answer : errors.joined(separator: "; "))
            // A wrong key is the one thing in an event that comes from the settings.
            let isKey = errors.contains { error in
                let text = error.lowercased()
                return text.contains("routing_key") || text.contains("routing key")
            }
            return isKey ? .refusedChannel(reason: said) : .refusedMessage(reason: said)
        case 429:
            let wait = min(response.retryAfter ?? throttlePause, HTTPVerdict.longestPause)
            return .throttled(until: now + wait, answer: "HTTP 429: \(answer)")
        default:
            return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
        }
    }
}
