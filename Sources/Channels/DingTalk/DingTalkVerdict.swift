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
        0: VerdictRow(.delivered, "ok"),
        -1: VerdictRow(.busy, "the service is busy"),
        130101: VerdictRow(.throttled(throttlePause), "more than 20 messages in a minute"),
        410100: VerdictRow(.throttled(throttlePause), "messages come too fast"),
        660026: VerdictRow(.throttled(throttlePause), "too many messages in a minute"),
        310000: VerdictRow(.channel, "the robot's security settings refuse the message"),
        300001: VerdictRow(.channel, "the access token is unknown"),
        300005: VerdictRow(.channel, "the access token is unknown"),
        400013: VerdictRow(.channel, "the group was dissolved"),
        400101: VerdictRow(.channel, "the access token is unknown"),
        400102: VerdictRow(.channel, "the robot is disabled"),
        400106: VerdictRow(.channel, "there is no such robot"),
        40035: VerdictRow(.message, "a parameter is missing or wrong"),
        43002: VerdictRow(.message, "the request was no POST"),
        43004: VerdictRow(.message, "the Content-Type was refused"),
        400105: VerdictRow(.message, "the kind of message was refused"),
        430101: VerdictRow(.message, "refused for its content (a link)"),
        430102: VerdictRow(.message, "refused for its content (a text)"),
        430103: VerdictRow(.message, "refused for its content (a picture)"),
        430104: VerdictRow(.message, "refused for its content"),
        460101: VerdictRow(.message, "longer than 20000 bytes"),
    ]

    /// The documents show `errcode` as a text and as a number.
    static func outcome(
        _ response: HTTPResponse, answer: String, at now: Timestamp
    ) -> Outcome {
        guard (200..<300).contains(response.status) else {
            return HTTPVerdict.outcome(response, answer: answer, at: now)
        }
        guard let reply = ReplyJSON(response.body), reply.isObject else {
            return .unavailable(
                retryAfter: nil,
                answer: "HTTP \(response.status), but not a robot's answer: \(answer)")
        }
        if let code = reply["errcode"]?.int {
            return outcome(
                code: code, text: reply["errmsg"]?.text ?? "", wish: response.retryAfter, at: now)
        }
        guard reply["status"]?.int == gatewayStatus else {
            return .unavailable(
                retryAfter: nil,
                answer: "HTTP \(response.status), but without an errcode: \(answer)")
        }
        let wait = reply["wait"]?.wait() ?? response.retryAfter ?? gatewayPause
        return .throttled(
            until: now + min(wait, HTTPVerdict.longestPause),
            answer: "throttled by the gateway: \(answer)")
    }

    private static func outcome(
        code: Int64, text: String, wish: Duration?, at now: Timestamp
    ) -> Outcome {
        guard let row = codes[code] else {
            return .refusedMessage(reason: "unknown errcode \(code): \(text)")
        }
        let meaning = code == 310000 ? securityMeaning(text) : row.meaning
        return VerdictRow(row.kind, meaning).outcome(
            "errcode \(code): \(text)", wish: wish, at: now)
    }

    /// One code, four meanings, in texts that changed over the years.
    private static func securityMeaning(_ text: String) -> String {
        if text.contains("timestamp") && !text.contains("签名") {
            return "the time is more than an hour off: check this host's clock"
        }
        if text.contains("sign") || text.contains("签名") {
            return "the signature does not match: check `secret`"
        }
        if text.contains("keyword") || text.contains("关键词") {
            return "the robot's keyword is not in the message: check `keyword`"
        }
        if text.contains("whitelist") || text.contains("白名单") {
            return "this host's address is not on the robot's list"
        }
        return "the robot's security settings refuse the message"
    }

}
