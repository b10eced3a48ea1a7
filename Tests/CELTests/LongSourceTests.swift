import CEL
import Testing

/// The longest sources of the worst kinds: the work grows with the length, not with its square.
///
/// Where it grew with the square, one took minutes in a build without optimisation; and a recursion
/// without a bound ended the process.
@Suite("Long sources")
struct LongSourceTests {
    /// What comes first, what is repeated up to the limit, what comes last, and how many mistakes.
    static let rows: [(String, String, String, Int)] = [
        // One run of letters that starts with an operator again and again.
        ("", "a且", "", 51), ("", "a并且非", "", 51), ("", "非", "", 1), ("", "如果", "", 1),
        // A pattern that is looked for from every sign to the end of the line.
        ("", "/\\", "", 51), ("", "/\\\n", "", 51),
        // Brackets that are closed by others.
        ("", "(a]&&", "", 51), ("", "(;a]&&", "", 51), ("", "f(a]||", "", 51), ("", "(a],", "", 51),
        ("", "(", "", 1), ("", "[(", "", 1), ("", "count(", "", 1), ("", "(a", "", 1),
        // Halves of a choice.
        ("", "a?", "", 51), ("", "a?.b&&", "", 51), ("", "true?", "", 51), ("", "a?b:", "", 1),
        // Texts without an end.
        ("", "'\n", "", 51), ("", "“\n", "", 51), ("", "“ ", "", 51), ("", "`", "", 51),
        ("(", "\\q", "'", 51), ("", "\"\"\"", "", 2),
        // Parts of what is not whole, and of blocks.
        ("[", "optional.none(),", "", 1), ("f(", "x.y(1),", "", 51),
        ("cel.block([1,", "cel.index(0),", "1], cel.index(1)) == 1", 0),
        ("count in [", "1,", "]", 0), ("task.status in [", "'a',", "]", 0),
        ("", "count == 1 ||", " true", 0), ("", "raw.x ==", " true", 1),
    ]

    @Test("the longest source of each kind", .timeLimit(.minutes(1)), arguments: rows)
    func longest(head: String, piece: String, tail: String, mistakes: Int) throws {
        let room = Limits().sourceBytes - head.utf8.count - tail.utf8.count
        let source = head + String(repeating: piece, count: room / piece.utf8.count) + tail
        guard mistakes > 0 else {
            _ = try CheckerTests.environment.compile(source)
            return
        }
        let error = #expect(throws: CompilationError.self) {
            try CheckerTests.environment.compile(source)
        }
        #expect(error?.diagnostics.count == mistakes)
        for diagnostic in error?.diagnostics ?? [] {
            #expect(!diagnostic.rendered(of: source, in: .chinese).isEmpty)
        }
    }

    @Test("halves of a choice are told as ever")
    func halves() {
        for (source, places) in [
            ("count > 0 ? 1", [14]), ("count > 0 ? 1 ? 2", [15, 18]),
            ("count > 0 ? 1 ? 2 : 3 : 4", [15]), ("raw?.a == 1", [4]),
            ("raw?.a?.b == 1", [4, 7]),
        ] {
            let error = #expect(throws: CompilationError.self) {
                try CheckerTests.environment.parse(source)
            }
            #expect(error?.diagnostics.map(\.column) == places, "\(source)")
        }
    }
}
