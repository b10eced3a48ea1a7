/// One sentence as both clouds report it.
struct SpokenSentence: Hashable, Sendable {
    var isAgent: Bool
    /// Milliseconds from the start of the recording.
    var begin: Int
    var end: Int
    var words: String
    /// Loudness in decibels over ten, 1...10.
    var emotion: Int
    /// Characters a minute.
    var rate: Int
    /// Whole seconds of silence before it.
    var silence: Int
}

/// Writes one conversation: first who says what, then when and how loud.
struct ConversationWriter {
    private struct Turn {
        var isAgent: Bool
        var words: String
        var emotion: ClosedRange<Int>
        var pause: ClosedRange<Int>

        init(agent words: String, pause: ClosedRange<Int> = 200...1200) {
            isAgent = true
            self.words = words
            emotion = 4...6
            self.pause = pause
        }

        init(customer words: String, emotion: ClosedRange<Int> = 3...6) {
            isAgent = false
            self.words = words
            self.emotion = emotion
            pause = 200...1200
        }
    }

    /// Over any rule's 20 s.
    private static let silence = 21_000...45_000
    /// A pause that no rule minds, now and then.
    private static let thinking = 2_000...6_000

    private let topic: Phrases.Topic
    private let troubles: [Trouble]
    private let agentNumber: String
    private var generator: SplitMix64

    init(
        topic: Phrases.Topic, troubles: [Trouble], agentNumber: String, generator: SplitMix64
    ) {
        self.topic = topic
        self.troubles = troubles
        self.agentNumber = agentNumber
        self.generator = generator
    }

    /// The whole conversation, in order of `begin`.
    mutating func write() -> [SpokenSentence] {
        guard !troubles.contains(.noTranscript), !troubles.contains(.taskError) else { return [] }
        var turns = opening()
        let exchanges = middle()
        let half = exchanges.count / 2
        turns += exchanges[..<half].joined()
        turns += trouble()
        turns += exchanges[half...].joined()
        turns += [
            Turn(agent: Phrases.agentClosings[0]), Turn(customer: Phrases.customerClosings[0]),
            Turn(agent: Phrases.agentClosings[1]), Turn(customer: Phrases.customerClosings[1]),
        ]
        return timed(turns)
    }

    private mutating func opening() -> [Turn] {
        var turns: [Turn] = []
        if troubles.contains(.noOpening) {
            turns.append(Turn(agent: generator.pick(Phrases.curtOpenings)))
        } else {
            if generator.once(in: 3) {
                turns.append(Turn(customer: generator.pick(Phrases.customerHellos)))
            }
            var blanks = [topic.department, agentNumber]
            let greeting = generator.pick(Phrases.greetings).map { character in
                character == "%" && !blanks.isEmpty ? blanks.removeFirst() : String(character)
            }
            turns.append(Turn(agent: greeting.joined()))
        }
        return turns + [Turn(customer: filled(topic.request))]
    }

    /// Most of the topic's exchanges, in their order, with a few words between.
    private mutating func middle() -> [[Turn]] {
        var exchanges: [[Turn]] = []
        for exchange in topic.exchanges where !generator.once(in: 6) {
            var turns: [Turn] = []
            if generator.once(in: 4) {
                turns.append(Turn(agent: generator.pick(Phrases.agentFillers)))
                turns.append(Turn(customer: generator.pick(Phrases.customerFillers)))
            }
            let pause = generator.once(in: 8) ? Self.thinking : 200...1200
            turns.append(Turn(agent: filled(exchange.agent), pause: pause))
            turns.append(Turn(customer: filled(exchange.customer)))
            exchanges.append(turns)
        }
        return exchanges
    }

    /// What makes the conversation one that a rule should find, always between two exchanges.
    private mutating func trouble() -> [Turn] {
        var turns: [Turn] = []
        let hasComplaint = troubles.contains(.complaint)
        let complaint = hasComplaint ? generator.pick(Phrases.complaints) : ""
        if troubles.contains(.loudStreak) {
            var words = generator.pick(Phrases.shoutsInARow)
            if hasComplaint { words[words.count - 1] = complaint }
            turns += words.map { Turn(customer: $0, emotion: 7...7) }
        } else if troubles.contains(.loud) {
            let words = hasComplaint ? complaint : generator.pick(Phrases.shouts)
            turns.append(Turn(customer: words, emotion: 8...10))
        } else if hasComplaint {
            turns.append(Turn(customer: complaint))
        }
        if troubles.contains(.forbidden) {
            turns.append(Turn(agent: generator.pick(Phrases.forbidden)))
            turns.append(Turn(customer: generator.pick(Phrases.answersToForbidden)))
        }
        if troubles.contains(.silence) {
            turns.append(Turn(agent: Phrases.silenceBefore))
            turns.append(Turn(agent: Phrases.silenceAfter, pause: Self.silence))
        }
        if !turns.isEmpty, turns.allSatisfy({ !$0.isAgent }) {
            turns.append(Turn(agent: Phrases.agentFillers[1]))
        }
        return turns
    }

    private mutating func timed(_ turns: [Turn]) -> [SpokenSentence] {
        var sentences: [SpokenSentence] = []
        var clock = 0
        for turn in turns {
            // People cut in, a little, where nobody has shouted before.
            let pause =
                turn.pause.upperBound < 2_000 && clock > 0 && generator.once(in: 12)
                ? -generator.number(in: 50...250) : generator.number(in: turn.pause)
            let begin = max(0, clock + pause)
            let emotion = generator.number(in: turn.emotion)
            let rate = generator.number(in: emotion >= 7 ? 300...360 : 200...290)
            let end = begin + max(400, turn.words.count * 60_000 / rate)
            sentences.append(
                SpokenSentence(
                    isAgent: turn.isAgent, begin: begin, end: end, words: turn.words,
                    emotion: emotion, rate: rate, silence: max(0, pause) / 1000))
            clock = max(clock, end)
        }
        return sentences
    }

    /// The phrase with its digits and cities.
    private mutating func filled(_ phrase: String) -> String {
        var result = ""
        for character in phrase {
            switch character {
            case "#": result += String(generator.number(in: 1...9))
            case "@": result += generator.pick(Phrases.cities)
            default: result.append(character)
            }
        }
        return result
    }
}
