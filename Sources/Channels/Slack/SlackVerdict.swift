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
        "invalid_payload": VerdictRow(.message, "正文被拒绝", "the body was refused"),
        "invalid_blocks": VerdictRow(.message, "blocks 被拒绝", "the blocks were refused"),
        "invalid_attachments": VerdictRow(
            .message, "attachments 被拒绝", "the attachments were refused"),
        "msg_blocks_too_long": VerdictRow(.message, "blocks 过长", "the blocks are too long"),
        "no_text": VerdictRow(.message, "消息为空", "the message is empty"),
        "missing_text_or_fallback_or_attachments": VerdictRow(
            .message, "消息为空", "the message is empty"),
        "too_many_attachments": VerdictRow(
            .message, "attachments 太多", "there are too many attachments"),
        "user_not_found": VerdictRow(
            .message, "@ 的人里有不认识的：请检查 `at`", "someone called is unknown: check `at`"),
        "action_prohibited": VerdictRow(.channel, "管理员不允许", "an administrator forbids it"),
        "invalid_token": VerdictRow(
            .channel, "webhook 的密钥不存在：请检查 `url`", "the webhook's key is unknown: check `url`"),
        "posting_to_general_channel_denied": VerdictRow(
            .channel, "webhook 不能发到这个频道", "the webhook may not post to this channel"),
        "channel_not_found": VerdictRow(.channel, "频道不存在了", "the channel is gone"),
        "channel_is_archived": VerdictRow(.channel, "频道已归档", "the channel is archived"),
        "no_service": VerdictRow(.channel, "webhook 已停用或不存在", "the webhook is disabled or gone"),
        "no_team": VerdictRow(.channel, "工作区不存在了", "the workspace is gone"),
        "rate_limited": VerdictRow(.throttled(throttlePause), "消息太快", "messages come too fast"),
        "rollup_error": VerdictRow(.busy, "服务方出错", "the service failed"),
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        let word = PlainText.line(
            String(decoding: response.body.prefix(longestWord + 1), as: UTF8.self))
        let isSuccess = (200..<300).contains(status)
        if isSuccess, word == "ok" { return .delivered(answer: "HTTP \(status): ok") }
        let said = "HTTP \(status): \(answer)"
        if status == 429 {
            return VerdictRow(
                .throttled(response.retryAfter ?? throttlePause), "消息太快", "messages come too fast"
            )
            .outcome(said, in: language, at: now)
        }
        if let row = words[word] {
            return row.outcome(said, wish: response.retryAfter, in: language, at: now)
        }
        guard isSuccess else {
            return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
        }
        // A page is someone else's answer; a word is the service's, and not the one for success.
        guard word.isName(upTo: longestWord, others: "_-.: ") else {
            return .unavailable(
                retryAfter: nil,
                answer: Bilingual(
                    "HTTP \(status)，却不是 webhook 的回答：\(answer)",
                    "HTTP \(status), but not the webhook's answer: \(answer)"
                ).text(in: language))
        }
        return .refusedMessage(
            reason: Bilingual("不是 `ok`：\(said)", "not `ok`: \(said)").text(in: language))
    }
}
