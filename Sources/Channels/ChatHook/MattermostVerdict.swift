import Networking
import Pipeline

/// What a Mattermost server's answer means: `ok` is a success, else the error's id decides.
///
/// The status alone would mislead: a hook that does not exist is answered with 400.
enum MattermostVerdict: ServiceVerdict {
    /// One row for each id that is known, without its ending `.app_error`.
    private static let ids: [String: VerdictRow.Class] = [
        "web.incoming_webhook.invalid": .channel, "web.incoming_webhook.disabled": .channel,
        "web.incoming_webhook.user": .channel, "web.incoming_webhook.channel": .channel,
        "web.incoming_webhook.channel_locked": .channel,
        "web.incoming_webhook.permissions": .channel, "web.incoming_webhook.parse": .message,
        "web.incoming_webhook.text": .message,
        "api.context.request_body_too_large": .message,
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        if (200..<300).contains(status) {
            return answer == "ok"
                ? .delivered(answer: answer)
                : .unavailable(
                    retryAfter: nil,
                    answer: Bilingual(
                        "HTTP \(status)，却不是 `ok`：\(answer)",
                        "HTTP \(status), but not `ok`: \(answer)"
                    ).text(in: language))
        }
        if let reply = ReplyJSON(response.body), let id = reply["id"]?.text {
            let said = "HTTP \(status), \(id): \(reply["message"]?.text ?? "")"
            if let kind = ids[id.replacing(".app_error", with: "")] {
                return kind.outcome(said, at: now)
            }
        }
        // The limiter tells in how many seconds it starts anew.
        let reset = response.header("X-RateLimit-Reset").flatMap { ReplyJSON.wait(inText: $0) }
        return HTTPVerdict.outcome(
            status: status,
            retryAfter: response.retryAfter ?? reset, answer: answer,
            in: language, at: now)
    }
}
