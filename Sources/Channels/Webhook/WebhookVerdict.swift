import Networking
import Pipeline

/// What the answer of a generic webhook means: its status, and the operator's own condition.
struct WebhookVerdict {
    /// Of the settings; nil: the status says it.
    var success: SuccessCondition?
    /// Whether a refusal of the content type speaks of all messages: CloudEvents are sent in one mode.
    var isEvent = false
    var language = MessageContext.Language.english

    init(
        success: SuccessCondition? = nil, isEvent: Bool = false,
        language: MessageContext.Language = .english
    ) {
        self.success = success
        self.isEvent = isEvent
        self.language = language
    }

    init(settings: WebhookChannel.Settings, language: MessageContext.Language) {
        self.init(
            success: settings.success, isEvent: settings.content.format.isEvent, language: language)
    }

    /// `answer` is the response's body as it may be shown.
    ///
    /// 429 and 5xx speak of the receiver and not of the message, so no condition is asked then.
    /// Where it holds, the message is delivered whatever the status is; where it does not, a status
    /// of success is worth another try under the same id, and any other keeps its meaning.
    func outcome(of response: HTTPResponse, answer: String, at now: Timestamp) -> Outcome {
        let status = response.status
        let byStatus = outcome(
            status: status, retryAfter: response.retryAfter, answer: answer, at: now)
        guard let success, status != 429, !(500..<600).contains(status) else { return byStatus }
        let said = Self.said(status, answer)
        let problem: Bilingual
        switch success.judgement(of: response) {
        case .holds: return .delivered(answer: said)
        case .fails: problem = Bilingual("`success` 不成立", "`success` does not hold")
        case .unknown(let reason):
            problem = Bilingual(
                "`success` 无法判断（\(reason.chinese)）",
                "`success` could not be judged (\(reason.english))")
        }
        let text = problem.text(in: language)
        guard (200..<300).contains(status) else { return byStatus.noting([text]) }
        return .unavailable(
            retryAfter: response.retryAfter.map { min($0, HTTPVerdict.longestPause) },
            answer: "\(text); \(said)")
    }

    /// By the Standard Webhooks specification: 2xx is success, 410 ends the subscription, and
    /// everything else is tried again on the schedule, because a receiver that is being deployed or
    /// whose keys change answers all kinds of 4xx for a while.
    func outcome(
        status: Int, retryAfter: Duration?, answer: String, at now: Timestamp
    ) -> Outcome {
        let said = Self.said(status, answer)
        let wish = retryAfter.map { min($0, HTTPVerdict.longestPause) }
        switch status {
        case 200..<300: return .delivered(answer: said)
        case 300..<400:
            return .refusedChannel(reason: HTTPVerdict.redirected(status).text(in: language))
        case 410: return .refusedChannel(reason: said)
        case 413: return .refusedMessage(reason: said)
        case 415 where isEvent: return .refusedChannel(reason: said)
        case 429: return .throttled(until: now + (wish ?? HTTPVerdict.usualPause), answer: said)
        default: return .unavailable(retryAfter: wish, answer: said)
        }
    }

    private static func said(_ status: Int, _ answer: String) -> String {
        answer.isEmpty ? "HTTP \(status)" : "HTTP \(status): \(answer)"
    }
}
