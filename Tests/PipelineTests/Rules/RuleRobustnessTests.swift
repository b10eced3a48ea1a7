import CEL
import Pipeline
import Testing

/// Rule files that are damaged: something is said of them, and nothing traps.
@Suite struct RuleRobustnessTests {
    /// SplitMix64: the same damage on every run.
    struct Chance: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// What files are damaged with.
    static let pieces = [
        "", "\n", "\t", " ", "\"", "'", "{{", "}}", "{", "]", "|", ">", "&a ", "*a", "!x", "? ",
        "- ", ": ", "#", " # ", "错", "\u{0}", "\u{FEFF}", "\u{85}", "\r\n", "\\u12", "---\n",
        "9999999999999999999", "null", "~", "sentences", "evidence[0]", "%",
    ]

    static func damaged(_ text: String, _ chance: inout Chance) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...4, using: &chance) where !scalars.isEmpty {
            let from = Int.random(in: 0..<scalars.count, using: &chance)
            let length = Int.random(in: 0...min(12, scalars.count - from), using: &chance)
            let piece = pieces[Int.random(in: 0..<pieces.count, using: &chance)]
            scalars.replaceSubrange(from..<from + length, with: Array(piece.unicodeScalars))
        }
        var damaged = String.UnicodeScalarView()
        damaged.append(contentsOf: scalars)
        return String(damaged)
    }

    @Test(arguments: 0..<8)
    func damagedFilesAreRefusedOrLoaded(_ seed: Int) throws {
        var chance = Chance(state: UInt64(seed))
        let documents = try ShippedRules.documents()
        var refused = 0
        for _ in 0..<60 {
            let whole = documents[Int.random(in: 0..<documents.count, using: &chance)]
            let document = Document(name: "d.yaml", text: Self.damaged(whole.text, &chance))
            let findings = Findings()
            let rules = RuleLoader.load([document], findings: findings)
            #expect((rules == nil) == findings.hasErrors, "\(document.text)")
            refused += rules == nil ? 1 : 0
            for finding in findings.sorted() {
                #expect(finding.line >= 1 && finding.column >= 1)
                #expect(finding.line <= document.text.utf8.count { $0 == 10 } + 1)
                #expect(!finding.rendered(in: .chinese).isEmpty)
            }
        }
        #expect(refused > 10)
    }
}
