import Networking
import Pipeline

/// What a homeserver's answer means: an `event_id` is a success, else the code decides.
enum MatrixVerdict: ServiceVerdict {
    /// One row for each code that is known; others go by their status.
    private static let codes: [String: VerdictRow.Class] = [
        "M_LIMIT_EXCEEDED": .throttled(HTTPVerdict.usualPause), "M_UNKNOWN_TOKEN": .channel,
        "M_MISSING_TOKEN": .channel,
        "M_FORBIDDEN": .channel, "M_USER_DEACTIVATED": .channel, "M_USER_LOCKED": .channel,
        "M_GUEST_ACCESS_FORBIDDEN": .channel, "M_RESOURCE_LIMIT_EXCEEDED": .channel,
        "M_INVALID_PARAM": .channel, "M_NOT_FOUND": .channel, "M_UNRECOGNIZED": .channel,
        "M_TOO_LARGE": .message, "M_BAD_JSON": .message, "M_NOT_JSON": .message,
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        let reply = ReplyJSON(response.body)
        if (200..<300).contains(status) {
            guard let event = reply?["event_id"]?.text else {
                return .unavailable(
                    retryAfter: nil,
                    answer: Bilingual(
                        "HTTP \(status)，却没有 event_id：\(answer)",
                        "HTTP \(status), but no event_id: \(answer)"
                    ).text(in: language))
            }
            return .delivered(
                answer: "event \(event)", opens: Matrix.isEvent(event) ? event : nil)
        }
        guard let code = reply?["errcode"]?.text, let kind = codes[code] else {
            return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
        }
        let said = "HTTP \(status), \(code): \(reply?["error"]?.text ?? "")"
        let old = reply?["retry_after_ms"]?.wait(in: .milliseconds(1))
        return kind.outcome(said, pausing: response.retryAfter ?? old, at: now)
    }
}
