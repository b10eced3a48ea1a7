import Foundation
import Pipeline

/// What a bot's answer means.
///
/// Success is code 0, whatever the HTTP status says; older answers have `StatusCode` in its place.
enum FeishuVerdict {
    /// A bot over its rate, or a service under pressure, is asked again soon.
    static let throttlePause: Duration = .seconds(10)
    /// One code, two meanings: told apart by the text.
    private static let badRequest = 9499

    /// One row for each code that is known.
    private static let codes: [Int: VerdictRow] = [
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
        status: Int, retryAfter: Duration?, body: [UInt8], answer: String, at now: Timestamp
    ) -> Outcome {
        let reply = try? JSONDecoder().decode(Reply.self, from: Data(body))
        let code = reply?.code ?? reply?.legacyCode
        let isSuccess = (200..<300).contains(status)
        guard let reply, let code, isSuccess || (code != 0 && codes[code] != nil) else {
            guard isSuccess else {
                return HTTPVerdict.outcome(
                    status: status, retryAfter: retryAfter, answer: answer, at: now)
            }
            return .unavailable(
                retryAfter: nil, answer: "HTTP \(status), but not a bot's answer: \(answer)")
        }
        let said = "code \(code): \(reply.text)"
        if code == badRequest, reply.text.lowercased().contains("too many") {
            return VerdictRow(.throttled(throttlePause), "messages come too fast")
                .outcome(said, wish: retryAfter, at: now)
        }
        guard let row = codes[code] else {
            return .refusedMessage(reason: "unknown \(said)")
        }
        return row.outcome(said, wish: retryAfter, at: now)
    }

    private struct Reply: Decodable {
        let code: Int?
        let legacyCode: Int?
        let text: String

        private enum Key: String, CodingKey {
            case code, msg
            case legacyCode = "StatusCode"
            case legacyText = "StatusMessage"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            code = (try? container.decode(LooseInt.self, forKey: .code))?.value
            legacyCode = (try? container.decode(LooseInt.self, forKey: .legacyCode))?.value
            text =
                (try? container.decode(String.self, forKey: .msg))
                ?? (try? container.decode(String.self, forKey: .legacyText)) ?? ""
        }
    }
}
