import Networking
import Pipeline

/// What an Alertmanager's answer means: 200 with nothing in it is a success.
enum AlertmanagerVerdict: ServiceVerdict {
    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        switch status {
        case 200..<300:
            // A page of something that stands between says 200, too.
            guard answer.isEmpty else {
                return .unavailable(
                    retryAfter: nil,
                    answer: Bilingual(
                        "HTTP \(status)，却不是 Alertmanager 的回答：\(answer)",
                        "HTTP \(status), but not an Alertmanager's answer: \(answer)"
                    ).text(in: language))
            }
            return .delivered(answer: "HTTP \(status)")
        case 405:
            return .refusedChannel(reason: "HTTP 405: \(answer)")
        default:
            return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
        }
    }
}
