import CEL
import Testing
import Text

/// Tests of texts against constants, against a search that is plainly right.
@Suite("Constant texts")
struct ConstantTextTests {
    static let environment: Environment = {
        var environment = Environment()
        environment.regexEngine = RE2Engine()
        environment.declare(object: "Sentence", fields: [Field("words", .string)])
        environment.declare(variable: "s", as: .object("Sentence"))
        environment.declare(variable: "text", as: .string)
        environment.declare(variable: "texts", as: .list(.string))
        return environment
    }()

    /// A text of few different characters, so that near misses are common.
    static func text(
        _ length: Int, _ random: inout some RandomNumberGenerator
    ) -> String {
        let alphabet = ["a", "b", "投", "诉", "退", "款", "é", "👍"]
        return (0..<length).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
    }

    static func holds(_ text: String, _ part: String, at offset: Int) -> Bool {
        Array(text.utf8.dropFirst(offset).prefix(part.utf8.count)) == Array(part.utf8)
    }

    static func isFound(_ part: String, in text: String) -> Bool {
        (0...text.utf8.count).contains { holds(text, part, at: $0) }
    }

    @Test("random texts are found, or not, as a plain search says", arguments: 0..<40)
    func random(seed: Int) throws {
        var random = SplitMix64(state: UInt64(seed) &* 7_919 &+ 1)
        let parts = (0..<4).map { _ in Self.text(Int.random(in: 0...6, using: &random), &random) }
        let quoted = parts.map { "'\($0)'" }
        let sources: [(String, (String) -> Bool)] = [
            ("X.contains(\(quoted[0]))", { Self.isFound(parts[0], in: $0) }),
            ("X.startsWith(\(quoted[0]))", { Self.holds($0, parts[0], at: 0) }),
            (
                "X.endsWith(\(quoted[0]))",
                { text in
                    let start = text.utf8.count - parts[0].utf8.count
                    return start >= 0 && Self.holds(text, parts[0], at: start)
                }
            ),
            ("X == \(quoted[0])", { Array($0.utf8) == Array(parts[0].utf8) }),
            (
                "X.matches('\(parts.joined(separator: "|"))')",
                { text in parts.contains { Self.isFound($0, in: text) } }
            ),
        ]
        let programs = try sources.flatMap { source, _ in
            try ["text", "s.words"].map {
                try Self.environment.compile(
                    source.replacingX(by: $0), expecting: .bool)
            } + [
                Self.environment.compile(
                    "texts.exists(x, \(source.replacingX(by: "x")))", expecting: .bool)
            ]
        }
        for length in 0..<40 {
            let text = Self.text(length, &random)
            var activation = Activation(Self.environment)
            try activation.set("text", to: .string(text))
            try activation.set("s", to: ["words": .string(text)])
            try activation.set("texts", to: [.string(text)])
            for (index, program) in programs.enumerated() {
                #expect(
                    try program.isTrue(activation) == sources[index / 3].1(text),
                    "\(program.source) on \(text)")
            }
        }
    }
}

extension String {
    fileprivate func replacingX(by name: String) -> String { name + dropFirst() }
}
