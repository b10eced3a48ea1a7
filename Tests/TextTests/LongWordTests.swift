import CEL
import Testing
import Text

/// A scan for many words takes time by the text, not by the text times the length or number of words.
@Suite("Scans for long words and many alike")
struct LongWordTests {
    private static let environment: Environment = {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.textScanners = WordScanners()
        environment.declare(variable: "texts", as: .list(.string))
        environment.declare(variable: "text", as: .string)
        return environment
    }()

    private static func set(_ sources: [String]) throws -> ProgramSet {
        ProgramSet(
            try sources.map { try environment.compile($0, expecting: .bool) }, environment)
    }

    private static func answers(_ set: ProgramSet, _ texts: [String]) throws -> [Bool] {
        var activation = Activation(environment)
        try activation.set("texts", to: .list(texts.map { .string($0) }))
        return try set.asking(activation) { questions in
            set.programs.indices.map { index in
                Result { () throws(EvaluationError) in try questions.isTrue(index) }
            }
        }.map { try $0.get() }
    }

    @Test("a long word is found as a whole, wherever it is cut")
    func long() throws {
        let words = [
            String(repeating: "a", count: 64), String(repeating: "a", count: 65),
            String(repeating: "a", count: 64) + "b", String(repeating: "投诉", count: 20),
            "a" + String(repeating: "投诉", count: 20), "ab" + String(repeating: "投诉", count: 20),
            String(repeating: "😀", count: 30), String(repeating: "é", count: 40),
            String(repeating: "0123456789", count: 20),
        ]
        let set = try Self.set(words.map { "texts.exists(t, t.contains('\($0)'))" })
        for word in words {
            for text in [word, "x" + word + "y", String(word.dropLast()), word + word] {
                #expect(
                    try Self.answers(set, ["nothing", text]) == words.map { text.contains($0) },
                    "\(text)")
            }
        }
    }

    @Test("a long word that a text nearly holds everywhere takes little time")
    func nearlyEverywhere() throws {
        let sources = (0..<30).map { number in
            "texts.exists(t, t.contains('\(String(repeating: "a", count: 16_000))b\(number)'))"
        }
        let set = try Self.set(sources)
        let text = String(repeating: "a", count: 40_000)
        let time = try processorTime { _ = try Self.answers(set, [text]) }
        // Of a debug build; compared whole, the words take a minute.
        #expect(time < .seconds(4), "\(time)")
    }

    @Test("many words with one beginning take little time where a text is full of it")
    func alike() throws {
        // Each rule by itself ends at once: nothing else is measured than the scan.
        let sources = (0..<4_000).map { "false && texts.exists(t, t.contains('aaaa\($0)b'))" }
        let set = try Self.set(sources)
        let text = String(repeating: "a", count: 100_000)
        let time = try processorTime { _ = try Self.answers(set, [text]) }
        #expect(time < .seconds(4), "\(time)")
    }

    @Test("a condition of very many different texts is compiled in little time")
    func compiling() throws {
        let source = (0..<3_000).map { "text.contains('0x\($0)')" }.joined(separator: " || ")
        var program: Program?
        let time = try processorTime { program = try Self.environment.compile(source) }
        #expect(time < .seconds(4), "\(time)")
        var activation = Activation(Self.environment)
        try activation.set("text", to: "has 0x2999")
        #expect(try program?.isTrue(activation) == true)
    }
}
