import Networking
import Pipeline

/// What the Bot API's answer means: `ok` decides, the code and its text explain.
enum TelegramVerdict: ServiceVerdict {
    /// What a 400 says that only a change of the settings helps against; the rest is about the
    /// message.
    private static let channelTexts = [
        "chat not found", "upgraded to a supergroup", "chat_id is empty", "not enough rights",
        "have no rights", "need administrator rights", "message thread not found", "topic_closed",
        "topic_deleted", "peer_id_invalid", "chat_write_forbidden", "chat_restricted",
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        guard let reply = TelegramReply(response.body) else {
            guard !(200..<300).contains(status) else {
                return .unavailable(
                    retryAfter: nil,
                    answer: Bilingual(
                        "HTTP \(status)，却不是 Bot API 的回答：\(answer)",
                        "HTTP \(status), but not the Bot API's: \(answer)"
                    ).text(in: language))
            }
            return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
        }
        if reply.ok {
            guard (200..<300).contains(status) else {
                return .unavailable(retryAfter: nil, answer: "HTTP \(status): \(answer)")
            }
            guard let message = reply.messageID else { return .delivered(answer: "ok") }
            return .delivered(
                answer: "message \(message)", opens: message > 0 ? String(message) : nil)
        }
        let code = reply.code ?? Int64(status)
        let said = "error \(code): \(reply.description)"
        let wait = reply.retryAfter ?? response.retryAfter
        switch code {
        case 429:
            let pause = min(wait ?? HTTPVerdict.usualPause, HTTPVerdict.longestPause)
            return .throttled(until: now + pause, answer: said)
        case 400:
            let text = reply.description.lowercased()
            if let chat = reply.migratedTo {
                return .refusedChannel(
                    reason: Bilingual(
                        "\(said)：请把 `chat` 改成 \(chat)", "\(said): set `chat` to \(chat)"
                    ).text(in: language))
            }
            return channelTexts.contains(where: text.contains)
                ? .refusedChannel(reason: said) : .refusedMessage(reason: said)
        case 401, 403, 404: return .refusedChannel(reason: said)
        case 413: return .refusedMessage(reason: said)
        default: return .unavailable(retryAfter: wait, answer: said)
        }
    }
}

/// An answer of the Bot API.
struct TelegramReply {
    let ok: Bool
    let code: Int64?
    let description: String
    let retryAfter: Duration?
    /// The group is another chat now.
    let migratedTo: Int64?
    let messageID: Int64?

    /// Nil when it is none.
    init?(_ body: [UInt8]) {
        guard let reply = ReplyJSON(body), let ok = reply["ok"]?.bool else { return nil }
        self.ok = ok
        code = reply["error_code"]?.int
        description = reply["description"]?.text ?? ""
        retryAfter = reply["parameters"]?["retry_after"]?.wait()
        migratedTo = ok ? nil : reply["parameters"]?["migrate_to_chat_id"]?.int
        messageID = reply["result"]?["message_id"]?.int
    }
}
