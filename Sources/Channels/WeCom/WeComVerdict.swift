import Networking
import Pipeline

/// What a robot's answer means.
///
/// All answers come with HTTP 200: the code decides, and the text only explains.
enum WeComVerdict: ServiceVerdict {
    /// The window of the 20 messages that a robot has.
    static let throttlePause: Duration = .seconds(60)

    /// One row for each code that is known.
    private static let codes: [Int64: VerdictRow] = [
        0: VerdictRow(.delivered, "成功", "ok"),
        -1: VerdictRow(.busy, "服务方繁忙", "the service is busy"),
        45009: VerdictRow(
            .throttled(throttlePause), "一分钟内超过 20 条", "more than 20 messages in a minute"),
        93000: VerdictRow(
            .channel, "机器人的 key 不存在：请检查 `url`", "the robot's key is unknown: check `url`"),
        40007: VerdictRow(.message, "不认识文件", "a file is unknown"),
        40008: VerdictRow(.message, "消息类型被拒绝", "the kind of message was refused"),
        40058: VerdictRow(.message, "参数有误或过长", "a parameter is wrong or too long"),
        42045: VerdictRow(.message, "卡片没有动作", "the card has no action"),
        43002: VerdictRow(.message, "请求不是 POST", "the request was no POST"),
        44004: VerdictRow(.message, "消息为空", "the message is empty"),
        301_019: VerdictRow(.message, "图片的校验值不对", "the picture does not have its checksum"),
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        guard (200..<300).contains(response.status) else {
            return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
        }
        let reply = ReplyJSON(response.body)
        guard let code = reply?["errcode"]?.int else {
            return .unavailable(
                retryAfter: nil,
                answer: Bilingual(
                    "HTTP \(response.status)，却不是机器人的回答：\(answer)",
                    "HTTP \(response.status), but not a robot's answer: \(answer)"
                ).text(in: language))
        }
        let said = "errcode \(code): \(reply?["errmsg"]?.text ?? "")"
        guard let row = codes[code] else {
            return .refusedMessage(
                reason: Bilingual("不认识的 \(said)", "unknown \(said)").text(in: language))
        }
        return row.outcome(said, wish: response.retryAfter, in: language, at: now)
    }
}
