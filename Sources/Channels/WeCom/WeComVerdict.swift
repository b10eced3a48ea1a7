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
        0: VerdictRow(.delivered, "ok"),
        -1: VerdictRow(.busy, "the service is busy"),
        45009: VerdictRow(.throttled(throttlePause), "more than 20 messages in a minute"),
        93000: VerdictRow(.channel, "the robot's key is unknown: check `url`"),
        40007: VerdictRow(.message, "a file is unknown"),
        40008: VerdictRow(.message, "the kind of message was refused"),
        40058: VerdictRow(.message, "a parameter is wrong or too long"),
        42045: VerdictRow(.message, "the card has no action"),
        43002: VerdictRow(.message, "the request was no POST"),
        44004: VerdictRow(.message, "the message is empty"),
        301_019: VerdictRow(.message, "the picture does not have its checksum"),
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, at now: Timestamp
    ) -> Outcome {
        guard (200..<300).contains(response.status) else {
            return HTTPVerdict.outcome(response, answer: answer, at: now)
        }
        let reply = ReplyJSON(response.body)
        guard let code = reply?["errcode"]?.int else {
            return .unavailable(
                retryAfter: nil,
                answer: "HTTP \(response.status), but not a robot's answer: \(answer)")
        }
        let said = "errcode \(code): \(reply?["errmsg"]?.text ?? "")"
        guard let row = codes[code] else {
            return .refusedMessage(reason: "unknown \(said)")
        }
        return row.outcome(said, wish: response.retryAfter, at: now)
    }
}
