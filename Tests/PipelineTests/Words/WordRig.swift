import CEL
import TestSupport
import Testing

@testable import Pipeline

/// Words of rules over small conversations, and what comes of them in one line.
enum WordRig {
    static let vocabulary = Vocabulary(lists: [
        "refund": ["退款", "退货", "refund"], "greeting": ["您好", "你好", "hello"],
        "bad": ["不知道", "没办法"], "none": [], "twice": ["退款", "退款"],
    ])

    /// One sentence a line: speaker (`A`, `C`, `O`), begin-end in seconds, words; `!7` is loudness
    /// and `@300` speech rate.
    static func conversation(_ script: String) -> [Sentence] {
        script.split(separator: "\n").compactMap { line in
            var parts = line.split(separator: " ").map(String.init)
            guard parts.count >= 2 else { return nil }
            let speaker: Speaker =
                switch parts.removeFirst() {
                case "A": .agent
                case "C": .customer
                default: .other
                }
            let times = parts.removeFirst().split(separator: "-").map { Double($0) ?? 0 }
            var sentence = Sentence(
                begin: Int64(times[0] * 1000), end: Int64(times[1] * 1000), speaker: speaker,
                words: "")
            sentence.emotionValue = number("!", &parts)
            sentence.speechRate = number("@", &parts)
            sentence.words = parts.joined(separator: " ")
            return sentence
        }
    }

    private static func number(_ mark: Character, _ parts: inout [String]) -> Int64? {
        guard let place = parts.firstIndex(where: { $0.first == mark }) else { return nil }
        return Int64(parts.remove(at: place).dropFirst())
    }

    static func facts(_ sentences: [Sentence]) throws -> Facts {
        var conversation = Conversation(status: .finish)
        conversation.sentences = sentences
        return try Facts(
            conversation, task: Samples.task(), reply: nil, at: Samples.now,
            in: vocabulary.environment)
    }

    /// Sentences as their places (`1 4+3.5s`), other values as messages have them.
    static func outcome(_ source: String, _ sentences: [Sentence]) throws -> String {
        let program = try vocabulary.environment.compile(source)
        let activation = try facts(sentences).activation
        return try program.withResult(activation, budget: Budget(cost: Rule.costLimit)) {
            result throws(EvaluationStop) in
            guard result.kind == .list, program.resultType == .sentences else {
                return ValueText.text(of: try result.value())
            }
            var reader = SentenceReader()
            let places = (0..<result.count).map { index in
                guard let sentence = result[index].flatMap({ reader.read($0) }) else { return "?" }
                let late = sentence.late.map { ($0 < 0 ? "" : "+") + "\(Double($0) / 1000)s" }
                return "\(sentence.index)\(late ?? "")"
            }
            return places.joined(separator: " ")
        }
    }

    static func outcome(_ source: String, _ script: String) throws -> String {
        try outcome(source, conversation(script))
    }

    /// The messages and hints about an expression that does not compile.
    static func mistakes(_ source: String, in language: Language = .english) -> [String] {
        do throws(CompilationError) {
            _ = try vocabulary.environment.compile(source)
            return []
        } catch {
            return error.diagnostics.flatMap { diagnostic in
                [diagnostic.message(in: language), diagnostic.hint(in: language)]
                    .compactMap(\.self)
            }
        }
    }
}
