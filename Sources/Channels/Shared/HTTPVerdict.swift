import Networking
import Pipeline

/// What every HTTP channel makes of a failed call, and of a status by itself.
enum HTTPVerdict {
    /// The longest pause that a service's own wish (`Retry-After`) can bring about.
    static let longestPause: Duration = .seconds(3600)
    /// The pause after a 429 that names none.
    static let usualPause: Duration = .seconds(60)

    /// A status that is not the success of the service, for services that keep to HTTP:
    /// 429 parks, what a redirect or a refusal of the caller says needs a change of the settings,
    /// what speaks of this content is final for it, and all else may pass.
    static func outcome(
        status: Int, retryAfter: Duration?, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let said = answer.isEmpty ? "HTTP \(status)" : "HTTP \(status): \(answer)"
        let wish = retryAfter.map { min($0, longestPause) }
        switch status {
        case 429: return .throttled(until: now + (wish ?? usualPause), answer: said)
        case 300..<400: return .refusedChannel(reason: redirected(status).text(in: language))
        case 401, 403, 404, 410: return .refusedChannel(reason: said)
        case 400, 413, 415, 422: return .refusedMessage(reason: said)
        default: return .unavailable(retryAfter: wish, answer: said)
        }
    }

    /// The same of a whole response.
    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        outcome(
            status: response.status, retryAfter: response.retryAfter, answer: answer,
            in: language, at: now)
    }

    static func redirected(_ status: Int) -> Bilingual {
        Bilingual(
            "HTTP \(status)：不跟随重定向，请填它指向的地址",
            "HTTP \(status): redirects are not followed; set the address they lead to")
    }

    /// A call that brought no answer.
    ///
    /// After `mayHaveBeenDelivered` it is tried again all the same, with the same delivery id:
    /// twice is better than never.
    static func outcome(
        of error: TransportError, in language: MessageContext.Language
    ) -> Outcome {
        let said = error.explained.text(in: language)
        return switch error.code {
        case .invalidRequest, .addressRefused, .protocolRefused:
            .refusedChannel(reason: said)
        case .authenticationNotOffered, .authenticationRefused, .mail:
            .unavailable(retryAfter: nil, answer: said)
        case .cancelled, .stopped, .overloaded, .resolve, .connect, .tls, .timeout,
            .connectionLost, .responseTooLarge, .badResponse, .unexpected:
            .unavailable(retryAfter: nil, answer: said)
        }
    }
}

extension Outcome {
    /// The same with its text made fit to be stored.
    func redacted(by redaction: Redaction) -> Outcome {
        switch self {
        case .delivered(let answer, let opens):
            // The service's word, which must not be one of ours.
            .delivered(
                answer: redaction.cleaned(answer),
                opens: opens.flatMap { redaction.cleaned($0) == $0 ? $0 : nil })
        case .throttled(let until, let answer):
            .throttled(until: until, answer: redaction.cleaned(answer))
        case .unavailable(let retryAfter, let answer):
            .unavailable(retryAfter: retryAfter, answer: redaction.cleaned(answer))
        case .postponed(let answer): .postponed(answer: redaction.cleaned(answer))
        case .refusedMessage(let reason): .refusedMessage(reason: redaction.cleaned(reason))
        case .refusedChannel(let reason): .refusedChannel(reason: redaction.cleaned(reason))
        }
    }
}
