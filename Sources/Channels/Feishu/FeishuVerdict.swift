import Networking
import Pipeline

/// What a bot's answer means.
///
/// Success is code 0, whatever the HTTP status says; older answers have `StatusCode` in its place.
enum FeishuVerdict: ServiceVerdict {
    /// A bot over its rate, or a service under pressure, is asked again soon.
    static let throttlePause: Duration = .seconds(10)
    /// One code, two meanings: told apart by the text.
    private static let badRequest: Int64 = 9499

    /// One row for each code that is known.
    private static let codes: [Int64: VerdictRow] = [
        0: VerdictRow(.delivered, "ok"),
        2200: VerdictRow(.busy, "the service failed"),
        11232: VerdictRow(.throttled(throttlePause), "messages come too fast"),
        99_991_400: VerdictRow(.throttled(throttlePause), "messages come too fast"),
        19001: VerdictRow(.channel, "the address has no bot's token: check `url`"),
        19021: VerdictRow(
            .channel,
            "the signature does not match, or the time is more than an hour off: check `secret` "
                + "and this host's clock"),
        19022: VerdictRow(.channel, "this host's address is not on the bot's list"),
        19024: VerdictRow(.channel, "the bot's keyword is not in the message: check `keyword`"),
        19002: VerdictRow(.message, "a parameter is missing or wrong"),
        badRequest: VerdictRow(.message, "malformed, or longer than 20 KB"),
        11246: VerdictRow(.message, "the card was refused"),
        230_099: VerdictRow(.message, "the card was refused"),
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, at now: Timestamp
    ) -> Outcome {
        let reply = ReplyJSON(response.body)
        let isSuccess = (200..<300).contains(response.status)
        guard let code = reply?["code"]?.int ?? reply?["StatusCode"]?.int,
            isSuccess || (code != 0 && codes[code] != nil)
        else {
            guard isSuccess else { return HTTPVerdict.outcome(response, answer: answer, at: now) }
            return .unavailable(
                retryAfter: nil,
                answer: "HTTP \(response.status), but not a bot's answer: \(answer)")
        }
        let text = reply?["msg"]?.text ?? reply?["StatusMessage"]?.text ?? ""
        let isTooMany = code == badRequest && text.lowercased().contains("too many")
        let row =
            isTooMany
            ? VerdictRow(.throttled(throttlePause), "messages come too fast") : codes[code]
        guard let row else { return .refusedMessage(reason: "unknown code \(code): \(text)") }
        return row.outcome("code \(code): \(text)", wish: response.retryAfter, at: now)
    }
}
