import Networking
import Pipeline

/// What a ntfy server's answer means: a message's id is a success, else its code decides.
enum NtfyVerdict: ServiceVerdict {
    /// The server grants one more request each five seconds.
    static let requestPause: Duration = .seconds(5)
    /// Traffic and the day's quota come back slowly.
    static let quotaPause: Duration = .seconds(3600)

    /// One row for each code that is known; others go by their status.
    private static let codes: [Int64: VerdictRow.Class] = [
        42901: .throttled(requestPause), 42905: .throttled(quotaPause),
        42908: .throttled(quotaPause),
        // Too many failed logins from here: every other try makes it worse.
        42909: .channel, 40009: .channel, 40010: .channel, 40101: .channel, 40301: .channel,
        40401: .channel, 40007: .message, 40018: .message, 40024: .message, 41301: .message,
        41303: .message,
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        let reply = ReplyJSON(response.body)
        if (200..<300).contains(status) {
            guard reply?["event"]?.text == "message", let id = reply?["id"]?.text else {
                return .unavailable(
                    retryAfter: nil,
                    answer: Bilingual(
                        "HTTP \(status)，却没有消息编号：\(answer)",
                        "HTTP \(status), but not a message's id: \(answer)"
                    ).text(in: language))
            }
            return .delivered(answer: "message \(id)")
        }
        guard let code = reply?["code"]?.int, let kind = codes[code] else {
            return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
        }
        let said = "error \(code): \(reply?["error"]?.text ?? "")"
        return kind.outcome(said, pausing: response.retryAfter, at: now)
    }
}
