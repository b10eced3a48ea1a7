import Pipeline

/// What one code of a service means: a row of its verdict table.
struct VerdictRow: Sendable {
    enum Class: Hashable, Sendable {
        case delivered
        /// It may work later.
        case busy
        /// The whole channel is to rest for so long.
        case throttled(Duration)
        /// This message will never be taken.
        case message
        /// None will be taken until the settings change.
        case channel
    }

    let kind: Class
    let meaning: Bilingual

    init(_ kind: Class, _ chinese: String, _ english: String) {
        self.init(kind, Bilingual(chinese, english))
    }

    init(_ kind: Class, _ meaning: Bilingual) {
        self.kind = kind
        self.meaning = meaning
    }

    /// `said` is the code and the service's own words; a `wish` makes a pause longer.
    func outcome(
        _ said: String, wish: Duration? = nil, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let explained = Bilingual(
            "\(meaning.chinese)（\(said)）", "\(meaning.english) (\(said))"
        ).text(in: language)
        if case .throttled(let pause) = kind {
            return kind.outcome(explained, pausing: max(wish ?? .zero, pause), at: now)
        }
        return kind.outcome(kind == .delivered ? said : explained, pausing: wish, at: now)
    }
}

extension VerdictRow.Class {
    /// `pause` is the service's own wish, in place of the usual pause.
    func outcome(_ said: String, pausing pause: Duration? = nil, at now: Timestamp) -> Outcome {
        let wish = pause.map { min($0, HTTPVerdict.longestPause) }
        return switch self {
        case .delivered: .delivered(answer: said)
        case .busy: .unavailable(retryAfter: wish, answer: said)
        case .throttled(let usual):
            .throttled(until: now + (wish ?? min(usual, HTTPVerdict.longestPause)), answer: said)
        case .message: .refusedMessage(reason: said)
        case .channel: .refusedChannel(reason: said)
        }
    }
}
