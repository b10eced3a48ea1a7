import Networking
import Pipeline

/// What the webhook's answer means: its status, and the code of an error in the body.
enum DiscordVerdict: ServiceVerdict {
    /// One row for each code that is known.
    private static let codes: [Int64: VerdictRow] = [
        10015: VerdictRow(.channel, "webhook 已删除", "the webhook was deleted"),
        50027: VerdictRow(
            .channel, "webhook 的令牌不对：请检查 `url`", "the webhook's token is wrong: check `url`"),
        220_001: VerdictRow(
            .channel, "论坛频道要有帖子：请设置 `thread`", "a forum asks for a thread: set `thread`"),
        220_002: VerdictRow(
            .channel, "既开新帖子又进旧子区：请检查 `thread`",
            "a new thread and an old one at once: check `thread`"),
        220_003: VerdictRow(
            .channel, "只有论坛频道能开新帖子：请检查 `thread`", "only a forum takes new threads: check `thread`"),
        40005: VerdictRow(.message, "正文过长", "the body is too long"),
        50006: VerdictRow(.message, "消息为空", "the message is empty"),
        50035: VerdictRow(.message, "消息的一部分被拒绝", "a part of the message was refused"),
        50109: VerdictRow(.message, "正文不是 JSON", "the body is no JSON"),
        240_000: VerdictRow(.message, "消息里有被屏蔽的链接", "a link in it is blocked"),
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        let reply = ReplyJSON(response.body)
        switch status {
        case 204: return .delivered(answer: "HTTP 204")
        case 200..<300:
            guard let id = reply?["id"]?.text else {
                return .unavailable(
                    retryAfter: nil,
                    answer: Bilingual(
                        "HTTP \(status)，却不是 webhook 的回答：\(answer)",
                        "HTTP \(status), but not the webhook's answer: \(answer)"
                    ).text(in: language))
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
                status: status, retryAfter: wish, answer: answer, in: language, at: now)
        default:
            guard status < 500, let code = reply?["code"]?.int, let row = codes[code] else {
                return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
            }
            return row.outcome("HTTP \(status), code \(code): \(answer)", in: language, at: now)
        }
    }
}
