import Networking
import Pipeline

/// What the webhook's answer means: one word, beside a status that follows it.
///
/// Success is `ok` with 200.
enum SlackVerdict: ServiceVerdict {
    /// When the service throttles and does not say for how long.
    static let throttlePause: Duration = .seconds(30)
    /// A longer answer is no word of the service.
    private static let longestWord = 64

    /// One row for each word that is known.
    private static let words: [String: VerdictRow] = [
        "invalid_payload": VerdictRow(.message, "the body was refused"),
        "invalid_blocks": VerdictRow(.message, "the blocks were refused"),
        "invalid_attachments": VerdictRow(.message, "the attachments were refused"),
        "msg_blocks_too_long": VerdictRow(.message, "the blocks are too long"),
        "no_text": VerdictRow(.message, "the message is empty"),
        "missing_text_or_fallback_or_attachments": VerdictRow(.message, "the message is empty"),
        "too_many_attachments": VerdictRow(.message, "there are too many attachments"),
        "user_not_found": VerdictRow(.message, "someone called is unknown: check `at`"),
        "action_prohibited": VerdictRow(.channel, "an administrator forbids it"),
        "invalid_token": VerdictRow(.channel, "the webhook's key is unknown: check `url`"),
        "posting_to_general_channel_denied": VerdictRow(
            .channel, "the webhook may not post to this channel"),
        "channel_not_found": VerdictRow(.channel, "the channel is gone"),
        "channel_is_archived": VerdictRow(.channel, "the channel is archived"),
        "no_service": VerdictRow(.channel, "the webhook is disabled or gone"),
        "no_team": VerdictRow(.channel, "the workspace is gone"),
        "rate_limited": VerdictRow(.throttled(throttlePause), "messages come too fast"),
        "rollup_error": VerdictRow(.busy, "the service failed"),
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, at now: Timestamp
    ) -> Outcome {
        let status = response.status
        let word = PlainText.line(
            String(decoding: response.body.prefix(longestWord + 1), as: UTF8.self))
        let isSuccess = (200..<300).contains(status)
        if isSuccess, word == "ok" { return .delivered(answer: "HTTP \(status): ok") }
        let said = "HTTP \(status): \(answer)"
        if status == 429 {
            return VerdictRow(
                .throttled(response.retryAfter ?? throttlePause), "messages come too fast"
            )
            .outcome(said, at: now)
        }
        if let row = words[word] {
            return row.outcome(said, wish: response.retryAfter, at: now)
        }
        guard isSuccess else {
            return HTTPVerdict.outcome(response, answer: answer, at: now)
        }
        // A page is someone else's answer; a word is the service's, and not the one for success.
        guard word.isName(upTo: longestWord, others: "_-.: ") else {
            return .unavailable(
                retryAfter: nil, answer: "HTTP \(status), but not the webhook's answer: \(answer)")
        }
        return .refusedMessage(reason: "not `ok`: \(said)")
    }
}
