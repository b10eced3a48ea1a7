import CEL
import JSON

/// A conversation as the rules see it, and its plain sentences.
struct TextConversation {
    let tape: Tape
    /// The words of each sentence, UTF-8, by who speaks.
    private let sentences: [(side: Side, words: [UInt8])]

    init(_ dialogue: Dialogue) throws {
        let objects = dialogue.utterances.enumerated().map(Self.object)
        func list(_ side: Side?) -> String {
            let chosen = zip(dialogue.utterances, objects)
                .filter { side == nil || $0.0.side == side }.map(\.1)
            return "[" + chosen.joined(separator: ",") + "]"
        }
        tape = try JSON.parse(
            """
            {"sentences":\(list(nil)),"customer":{"sentences":\(list(.customer))},\
            "agent":{"sentences":\(list(.agent))}}
            """)
        sentences = dialogue.utterances.map { ($0.side, Array($0.words.utf8)) }
    }

    /// All words, in bytes.
    var byteCount: Int { sentences.reduce(0) { $0 + $1.words.count } }

    func sentences(in scope: TextRule.Scope) -> [[UInt8]] {
        switch scope {
        case .all: sentences.map(\.words)
        case .customer: sentences.filter { $0.side == .customer }.map(\.words)
        case .agent: sentences.filter { $0.side == .agent }.map(\.words)
        }
    }

    /// Made for each evaluation, so that nothing is known from the one before.
    func activation(_ environment: Environment) -> Activation {
        var activation = Activation(environment)
        for name in ["sentences", "customer", "agent"] {
            if let node = tape.root[name] { activation.set(name, to: node) }
        }
        return activation
    }

    private static func object(_ index: Int, _ utterance: Utterance) -> String {
        let isAgent = utterance.side == .agent
        let seconds = utterance.begin / 1000
        let at = "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
        return """
            {"index":\(index),"begin":\(utterance.begin),"end":\(utterance.end),"at":"\(at)",\
            "speaker":"\(isAgent ? "agent" : "customer")","role":"\(utterance.side.rawValue)",\
            "roleName":"\(isAgent ? "客服" : "客户")","words":\(JSON.quoted(utterance.words)),\
            "emotionValue":\(utterance.loudness),"speechRate":\(utterance.rate),\
            "silence":\(utterance.silence),"overlap":0}
            """
    }
}

extension TextRules {
    /// The names that the rules use, as rule files have them.
    func environment() throws -> Environment {
        var environment = Declarations.standard
        environment.declare(
            object: "Sentence",
            fields: [
                Field("index", .int), Field("begin", .int), Field("end", .int),
                Field("at", .string), Field("speaker", .string), Field("role", .string),
                Field("roleName", .string), Field("words", .string), Field("emotionValue", .int),
                Field("speechRate", .int), Field("silence", .int), Field("overlap", .int),
            ])
        environment.declare(
            object: "Side", fields: [Field("sentences", .list(.object("Sentence")))])
        environment.declare(variable: "sentences", as: .list(.object("Sentence")))
        environment.declare(variable: "customer", as: .object("Side"))
        environment.declare(variable: "agent", as: .object("Side"))
        environment.declare(
            object: "Lists", fields: lists.map { Field($0.name, .list(.string)) })
        let words = lists.map { (Value.string($0.name), Value.list($0.words.map(Value.string))) }
        try environment.declare(
            constant: "lists", as: .object("Lists"),
            value: .map(Dictionary(uniqueKeysWithValues: words)))
        return environment
    }
}
