/// Something worth an alert that a generated conversation holds; named as the shipped rule for it.
package enum Trouble: String, CaseIterable, Hashable, Sendable {
    /// The analysis failed.
    case taskError = "task-error"
    /// It finished, with an error text all the same.
    case errorText = "task-error-text"
    /// The retrieval failed.
    case ragError = "rag-error"
    /// The retrieval succeeded and found nothing.
    case ragEmpty = "rag-empty"
    /// One sentence of the customer at 8 or more.
    case loud = "customer-loud"
    /// Three sentences of the customer in a row at 7.
    case loudStreak = "customer-loud-streak"
    /// The customer speaks of going further.
    case complaint = "complaint-words"
    /// The agent says what agents must not.
    case forbidden = "agent-forbidden-words"
    /// The agent never greets.
    case noOpening = "no-opening"
    /// Nobody speaks for over 20 s.
    case silence = "long-silence"
    /// It finished, and not a word was heard.
    case noTranscript = "no-transcript"
}

/// How troubles are dealt out: a deck with every trouble and enough clean conversations, shuffled
/// anew for each round, so that a small set shows everything and a large one is mostly clean.
struct Deck: Sendable {
    private let cards: [[Trouble]]
    private let seed: UInt64
    private let stream: String
    private var round: [[Trouble]] = []
    private var dealt = 0

    /// 13 troubled calls of 32.
    static func calls(seed: UInt64) -> Deck {
        let troubled: [[Trouble]] = [
            [.taskError], [.errorText], [.ragError], [.ragEmpty], [.loud], [.loud, .complaint],
            [.loudStreak], [.loudStreak, .complaint], [.complaint], [.forbidden], [.noOpening],
            [.silence], [.noTranscript],
        ]
        return Deck(troubled, clean: 19, seed: seed, stream: "calls")
    }

    /// 9 troubled records of 21: what the older API has no words for is left out.
    static func records(seed: UInt64) -> Deck {
        let troubled: [[Trouble]] = [
            [.taskError], [.loud], [.loud, .complaint], [.loudStreak], [.complaint], [.forbidden],
            [.noOpening], [.silence], [.noTranscript],
        ]
        return Deck(troubled, clean: 12, seed: seed, stream: "records")
    }

    private init(_ troubled: [[Trouble]], clean: Int, seed: UInt64, stream: String) {
        cards = troubled + Array(repeating: [], count: clean)
        self.seed = seed
        self.stream = stream
    }

    mutating func deal() -> [Trouble] {
        if round.isEmpty {
            var generator = SplitMix64(
                seed: seed, stream: "deck of \(stream)", number: dealt / cards.count)
            round = generator.shuffled(cards)
        }
        dealt += 1
        return round.removeLast()
    }
}
