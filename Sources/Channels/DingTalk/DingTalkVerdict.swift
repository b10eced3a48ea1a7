import Foundation
import Pipeline

/// What a robot's answer means.
///
/// All answers come with HTTP 200: the code decides, and the text only explains.
enum DingTalkVerdict {
    /// A robot over its 20 messages a minute is blocked for this long.
    static let throttlePause: Duration = .seconds(600)
    /// When the gateway throttles and does not say for how long.
    static let gatewayPause: Duration = .seconds(60)
    /// What the gateway calls a throttled request.
    private static let gatewayStatus = 1111

    private enum Class { case delivered, busy, throttled, message, channel }

    /// One row for each code that is known.
    private static let codes: [Int: (class: Class, meaning: String)] = [
        0: (.delivered, "ok"),
        -1: (.busy, "the service is busy"),
        130101: (.throttled, "more than 20 messages in a minute"),
        410100: (.throttled, "messages come too fast"),
        660026: (.throttled, "too many messages in a minute"),
        310000: (.channel, "the robot's security settings refuse the message"),
        300001: (.channel, "the access token is unknown"),
        300005: (.channel, "the access token is unknown"),
        400013: (.channel, "the group was dissolved"),
        400101: (.channel, "the access token is unknown"),
        400102: (.channel, "the robot is disabled"),
        400106: (.channel, "there is no such robot"),
        40035: (.message, "a parameter is missing or wrong"),
        43002: (.message, "the request was no POST"),
        43004: (.message, "the Content-Type was refused"),
        400105: (.message, "the kind of message was refused"),
        430101: (.message, "refused for its content (a link)"),
        430102: (.message, "refused for its content (a text)"),
        430103: (.message, "refused for its content (a picture)"),
        430104: (.message, "refused for its content"),
        460101: (.message, "longer than 20000 bytes"),
    ]

    static func outcome(
        status: Int, retryAfter: Duration?, body: [UInt8], answer: String, at now: Timestamp
    ) -> Outcome {
        guard (200..<300).contains(status) else {
            return HTTPVerdict.outcome(
                status: status, retryAfter: retryAfter, answer: answer, at: now)
        }
        guard let reply = try? JSONDecoder().decode(Reply.self, from: Data(body)) else {
            return .unavailable(
                retryAfter: nil, answer: "HTTP \(status), but not a robot's answer: \(answer)")
        }
        if let code = reply.errcode { return outcome(code: code, text: reply.errmsg, at: now) }
        guard reply.status == gatewayStatus else {
            return .unavailable(
                retryAfter: nil, answer: "HTTP \(status), but without an errcode: \(answer)")
        }
        let wait = reply.wait.map { Duration.seconds(max(0, $0)) } ?? gatewayPause
        return .throttled(
            until: now + min(wait, HTTPVerdict.longestPause),
            answer: "throttled by the gateway: \(answer)")
    }

    private static func outcome(code: Int, text: String, at now: Timestamp) -> Outcome {
        guard let row = codes[code] else {
            return .refusedMessage(reason: "unknown errcode \(code): \(text)")
        }
        let meaning = code == 310000 ? securityMeaning(text) : row.meaning
        let said = "errcode \(code), \(meaning): \(text)"
        return switch row.class {
        case .delivered: .delivered(answer: "errcode \(code): \(text)")
        case .busy: .unavailable(retryAfter: nil, answer: said)
        case .throttled: .throttled(until: now + throttlePause, answer: said)
        case .message: .refusedMessage(reason: said)
        case .channel: .refusedChannel(reason: said)
        }
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

    /// The documents show `errcode` as a text and as a number.
    private struct Reply: Decodable {
        let errcode: Int?
        let errmsg: String
        let status: Int?
        let wait: Int?

        private enum Key: String, CodingKey { case errcode, errmsg, status, wait }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            errcode = Self.number(container, .errcode)
            errmsg = (try? container.decode(String.self, forKey: .errmsg)) ?? ""
            status = Self.number(container, .status)
            wait = Self.number(container, .wait)
        }

        private static func number(_ container: KeyedDecodingContainer<Key>, _ key: Key) -> Int? {
            (try? container.decode(Int.self, forKey: key))
                ?? (try? container.decode(String.self, forKey: key)).flatMap { Int($0) }
        }
    }
}
