import Networking
import Pipeline

/// What the webhook's answer means: its status, and the code of an error in the body.
enum DiscordVerdict: ServiceVerdict {
    /// One row for each code that is known.
    private static let codes: [Int64: VerdictRow] = [
        10015: VerdictRow(.channel, "the webhook was deleted"),
        50027: VerdictRow(.channel, "the webhook's token is wrong: check `url`"),
        220_001: VerdictRow(.channel, "a forum asks for a thread: set `thread`"),
        220_002: VerdictRow(.channel, "a new thread and an old one at once: check `thread`"),
        220_003: VerdictRow(.channel, "only a forum takes new threads: check `thread`"),
        40005: VerdictRow(.message, "the body is too long"),
        50006: VerdictRow(.message, "the message is empty"),
        50035: VerdictRow(.message, "a part of the message was refused"),
        50109: VerdictRow(.message, "the body is no JSON"),
        240_000: VerdictRow(.message, "a link in it is blocked"),
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, at now: Timestamp
    ) -> Outcome {
        let status = response.status
        let reply = ReplyJSON(response.body)
        switch status {
        case 204: return .delivered(answer: "HTTP 204")
        case 200..<300:
            guard let id = reply?["id"]?.text else {
                return .unavailable(
                    retryAfter: nil,
                    answer: "HTTP \(status), but not the webhook's answer: \(answer)")
            }
            return .delivered(answer: "message \(id)")
        case 429:
            // The body is exact, the header rounded; before the service itself there is a gate that
            // knows the header alone.
            let reset = response.header("X-RateLimit-Reset-After").flatMap {
                ReplyJSON.wait(inText: $0)
            }
            let wish = [reply?["retry_after"]?.wait(), response.retryAfter, reset]
                .compactMap(\.self).max()
            return HTTPVerdict.outcome(
                status: status, retryAfter: wish, answer: answer, at: now)
        default:
            guard status < 500, let code = reply?["code"]?.int, let row = codes[code] else {
                return HTTPVerdict.outcome(response, answer: answer, at: now)
            }
            return row.outcome("HTTP \(status), code \(code): \(answer)", at: now)
        }
    }
}
