import Pipeline

/// What the status of a generic webhook means, by the Standard Webhooks specification: 2xx is
/// success, 410 ends the subscription, and everything else is tried again on the schedule, because
/// a receiver that is being deployed or whose keys change answers all kinds of 4xx for a while.
enum WebhookVerdict {
    static func outcome(
        status: Int, retryAfter: Duration?, answer: String, at now: Timestamp
    ) -> Outcome {
        let said = answer.isEmpty ? "HTTP \(status)" : "HTTP \(status): \(answer)"
        let wish = retryAfter.map { min($0, HTTPVerdict.longestPause) }
        switch status {
        case 200..<300: return .delivered(answer: said)
        case 300..<400: return .refusedChannel(reason: HTTPVerdict.redirected(status))
        case 410: return .refusedChannel(reason: said)
        case 413: return .refusedMessage(reason: said)
        case 429: return .throttled(until: now + (wish ?? HTTPVerdict.usualPause), answer: said)
        default: return .unavailable(retryAfter: wish, answer: said)
        }
    }
}
