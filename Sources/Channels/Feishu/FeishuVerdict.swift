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
        0: VerdictRow(.delivered, "成功", "ok"),
        2200: VerdictRow(.busy, "服务方出错", "the service failed"),
        11232: VerdictRow(.throttled(throttlePause), "消息太快", "messages come too fast"),
        99_991_400: VerdictRow(.throttled(throttlePause), "消息太快", "messages come too fast"),
        19001: VerdictRow(
            .channel, "地址里没有机器人的令牌：请检查 `url`", "the address has no bot's token: check `url`"),
        19021: VerdictRow(
            .channel, "签名不对，或时间相差超过一小时：请检查 `secret` 和本机时钟",
            "the signature does not match, or the time is more than an hour off: check `secret` "
                + "and this host's clock"),
        19022: VerdictRow(
            .channel, "本机地址不在机器人的名单上", "this host's address is not on the bot's list"),
        19024: VerdictRow(
            .channel, "消息里没有机器人的关键词：请检查 `keyword`",
            "the bot's keyword is not in the message: check `keyword`"),
        19002: VerdictRow(.message, "参数缺少或有误", "a parameter is missing or wrong"),
        badRequest: VerdictRow(.message, "格式有误，或超过 20 KB", "malformed, or longer than 20 KB"),
        11246: VerdictRow(.message, "卡片被拒绝", "the card was refused"),
        230_099: VerdictRow(.message, "卡片被拒绝", "the card was refused"),
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let reply = ReplyJSON(response.body)
        let isSuccess = (200..<300).contains(response.status)
        guard let code = reply?["code"]?.int ?? reply?["StatusCode"]?.int,
            isSuccess || (code != 0 && codes[code] != nil)
        else {
            guard isSuccess else {
                return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
            }
            return .unavailable(
                retryAfter: nil,
                answer: Bilingual(
                    "HTTP \(response.status)，却不是机器人的回答：\(answer)",
                    "HTTP \(response.status), but not a bot's answer: \(answer)"
                ).text(in: language))
        }
        let text = reply?["msg"]?.text ?? reply?["StatusMessage"]?.text ?? ""
        let isTooMany = code == badRequest && text.lowercased().contains("too many")
        let row =
            isTooMany
            ? VerdictRow(.throttled(throttlePause), "消息太快", "messages come too fast") : codes[code]
        guard let row else {
            return .refusedMessage(
                reason: Bilingual("不认识的 code \(code)：\(text)", "unknown code \(code): \(text)")
                    .text(in: language))
        }
        return row.outcome(
            "code \(code): \(text)", wish: response.retryAfter, in: language, at: now)
    }
}
