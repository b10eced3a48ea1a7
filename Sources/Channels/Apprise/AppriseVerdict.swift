import Networking
import Pipeline

/// What an Apprise API's answer means.
///
/// A 204 is no success: it says that there was nobody to tell.
enum AppriseVerdict: ServiceVerdict {
    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        let reply = ReplyJSON(response.body)
        let error = reply?["error"]?.text
        let said = "HTTP \(status): \(error ?? answer)"
        switch status {
        case 204:
            return .refusedChannel(
                reason: Bilingual(
                    "HTTP 204：什么都没发，KEY 不存在或没有目标",
                    "HTTP 204: nothing was sent, as the key is unknown or has no targets"
                ).text(in: language))
        case 200..<300:
            // The gate before it may speak JSON, too, but knows no `error` that is null.
            guard let reply, reply.has("error"), reply["error"] == nil else {
                return .unavailable(
                    retryAfter: nil,
                    answer: Bilingual(
                        "HTTP \(status)，却没有成功：\(answer)",
                        "HTTP \(status), but no success: \(answer)"
                    ).text(in: language))
            }
            return .delivered(answer: "HTTP \(status)")
        case 424:
            // Some targets have it, so they get it again; but those that have not, must.
            return .unavailable(retryAfter: response.retryAfter, answer: said)
        case 405, 406: return .refusedChannel(reason: said)
        case 431: return .refusedMessage(reason: said)
        default:
            return HTTPVerdict.outcome(response, answer: error ?? answer, in: language, at: now)
        }
    }
}
