import Networking
import Pipeline

/// What a robot's answer means.
///
/// All answers come with HTTP 200: the code decides, and the text only explains.
enum DingTalkVerdict: ServiceVerdict {
    /// A robot over its 20 messages a minute is blocked for this long.
    static let throttlePause: Duration = .seconds(600)
    /// When the gateway throttles and does not say for how long.
    static let gatewayPause: Duration = .seconds(60)
    /// What the gateway calls a throttled request.
    private static let gatewayStatus: Int64 = 1111

    /// One row for each code that is known.
    private static let codes: [Int64: VerdictRow] = [
        0: VerdictRow(.delivered, "成功", "ok"),
        -1: VerdictRow(.busy, "服务方繁忙", "the service is busy"),
        130101: VerdictRow(
            .throttled(throttlePause), "一分钟内超过 20 条", "more than 20 messages in a minute"),
        410100: VerdictRow(.throttled(throttlePause), "消息太快", "messages come too fast"),
        660026: VerdictRow(.throttled(throttlePause), "一分钟内消息太多", "too many messages in a minute"),
        310000: VerdictRow(
            .channel, "机器人的安全设置拒绝了消息", "the robot's security settings refuse the message"),
        300001: VerdictRow(.channel, "access_token 不存在：请检查 `url`", "the access token is unknown"),
        300005: VerdictRow(.channel, "access_token 不存在：请检查 `url`", "the access token is unknown"),
        400013: VerdictRow(.channel, "群已解散", "the group was dissolved"),
        400101: VerdictRow(.channel, "access_token 不存在：请检查 `url`", "the access token is unknown"),
        400102: VerdictRow(.channel, "机器人已停用", "the robot is disabled"),
        400106: VerdictRow(.channel, "没有这个机器人", "there is no such robot"),
        40035: VerdictRow(.message, "参数缺少或有误", "a parameter is missing or wrong"),
        43002: VerdictRow(.message, "请求不是 POST", "the request was no POST"),
        43004: VerdictRow(.message, "Content-Type 被拒绝", "the Content-Type was refused"),
        400105: VerdictRow(.message, "消息类型被拒绝", "the kind of message was refused"),
        430101: VerdictRow(.message, "内容被拒绝（链接）", "refused for its content (a link)"),
        430102: VerdictRow(.message, "内容被拒绝（文字）", "refused for its content (a text)"),
        430103: VerdictRow(.message, "内容被拒绝（图片）", "refused for its content (a picture)"),
        430104: VerdictRow(.message, "内容被拒绝", "refused for its content"),
        460101: VerdictRow(.message, "超过 20000 字节", "longer than 20000 bytes"),
    ]

    /// The documents show `errcode` as a text and as a number.
    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        guard (200..<300).contains(response.status) else {
            return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
        }
        guard let reply = ReplyJSON(response.body), reply.isObject else {
            return .unavailable(
                retryAfter: nil,
                answer: Bilingual(
                    "HTTP \(response.status)，却不是机器人的回答：\(answer)",
                    "HTTP \(response.status), but not a robot's answer: \(answer)"
                ).text(in: language))
        }
        if let code = reply["errcode"]?.int {
            return outcome(
                code: code, text: reply["errmsg"]?.text ?? "", wish: response.retryAfter,
                in: language, at: now)
        }
        guard reply["status"]?.int == gatewayStatus else {
            return .unavailable(
                retryAfter: nil,
                answer: Bilingual(
                    "HTTP \(response.status)，却没有 errcode：\(answer)",
                    "HTTP \(response.status), but without an errcode: \(answer)"
                ).text(in: language))
        }
        let wait = reply["wait"]?.wait() ?? response.retryAfter ?? gatewayPause
        return .throttled(
            until: now + min(wait, HTTPVerdict.longestPause),
            answer: Bilingual("被网关限流：\(answer)", "throttled by the gateway: \(answer)").text(
                in: language))
    }

    private static func outcome(
        code: Int64, text: String, wish: Duration?, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        guard let row = codes[code] else {
            return .refusedMessage(
                reason: Bilingual(
                    "不认识的 errcode \(code)：\(text)", "unknown errcode \(code): \(text)"
                ).text(in: language))
        }
        let meaning = code == 310000 ? securityMeaning(text) : row.meaning
        return VerdictRow(row.kind, meaning).outcome(
            "errcode \(code): \(text)", wish: wish, in: language, at: now)
    }

    /// One code, four meanings, in texts that changed over the years.
    private static func securityMeaning(_ text: String) -> Bilingual {
        if text.contains("timestamp") && !text.contains("签名") {
            return Bilingual(
                "时间相差超过一小时：请检查本机时钟",
                "the time is more than an hour off: check this host's clock")
        }
        if text.contains("sign") || text.contains("签名") {
            return Bilingual(
                "签名不对：请检查 `secret`", "the signature does not match: check `secret`")
        }
        if text.contains("keyword") || text.contains("关键词") {
            return Bilingual(
                "消息里没有机器人的关键词：请检查 `keyword`",
                "the robot's keyword is not in the message: check `keyword`")
        }
        if text.contains("whitelist") || text.contains("白名单") {
            return Bilingual(
                "本机地址不在机器人的名单上", "this host's address is not on the robot's list")
        }
        return Bilingual(
            "机器人的安全设置拒绝了消息", "the robot's security settings refuse the message")
    }

}
