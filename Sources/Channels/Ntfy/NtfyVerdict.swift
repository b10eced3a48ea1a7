import Pipeline

/// What a ntfy server's answer means: a message's id is a success, else its code decides.
enum NtfyVerdict {
    /// The server grants one more request each five seconds.
    static let requestPause: Duration = .seconds(5)
    /// Traffic and the day's quota come back slowly.
    static let quotaPause: Duration = .seconds(3600)

    private enum Class { case throttled(Duration), message, channel }

    /// One row for each code that is known; others go by their status.
    private static let codes: [Int64: Class] = [
        42901: .throttled(requestPause), 42905: .throttled(quotaPause),
        42908: .throttled(quotaPause),
        // Too many failed logins from here: every other try makes it worse.
        42909: .channel, 40009: .channel, 40010: .channel, 40101: .channel, 40301: .channel,
        40401: .channel, 40007: .message, 40018: .message, 40024: .message, 41301: .message,
        41303: .message,
    ]

    static func outcome(
        status: Int, retryAfter: Duration?, body: [UInt8], answer: String, at now: Timestamp
    ) -> Outcome {
        let reply = ReplyJSON(body)
        if (200..<300).contains(status) {
            guard reply?["event"]?.text == "message", let id = reply?["id"]?.text else {
                return .unavailable(
                    retryAfter: nil, answer: "HTTP \(status), but not a message's id: \(answer)")
            }
            return .delivered(answer: "message \(id)")
        }
        guard let code = reply?["code"]?.int, let row = codes[code] else {
            return HTTPVerdict.outcome(
                status: status, retryAfter: retryAfter, answer: answer, at: now)
        }
        let said = "error \(code): \(reply?["error"]?.text ?? "")"
        switch row {
        case .throttled(let pause):
            let wait = retryAfter ?? pause
            return .throttled(until: now + min(wait, HTTPVerdict.longestPause), answer: said)
        case .message: return .refusedMessage(reason: said)
        case .channel: return .refusedChannel(reason: said)
        }
    }
}
