import CEL
import Text

/// One limit of the language, and expressions of any size to try it with.
struct LimitRow: Sendable {
    var name: String
    /// The largest size that works.
    var limit: Int
    /// The code of what is larger by one.
    var code: String
    /// The part of the source that is blamed then, or its start.
    var place: String
    /// Whether there is more to say about it than the message.
    var hasHint = true
    /// A smaller bound, where the default one takes long to reach.
    var bound: (any WritableKeyPath<Limits, Int> & Sendable, Int)?
    /// A condition of a size.
    var source: @Sendable (Int) -> String
}

extension LimitRow {
    /// `inner` within so many pairs of brackets, calls or operators.
    private static func nested(
        _ count: Int, _ open: String, _ inner: String, _ close: String = ""
    ) -> String {
        String(repeating: open, count: count) + inner + String(repeating: close, count: count)
    }

    /// `name` with what nests, one level each, and the rest of a condition.
    private static func nesting(
        _ name: String, _ open: String, _ inner: String, _ close: String = "",
        rest: String = "", besides: Int = 0, place: String
    ) -> LimitRow {
        // The innermost part, and the comparison around it all, are levels of their own.
        LimitRow(
            name: name, limit: Limits().nesting - 1 - besides, code: "too-deep", place: place
        ) { nested($0, open, inner, close) + rest }
    }

    /// The limits of sources.
    static let sources: [LimitRow] = [
        LimitRow(
            name: "source size", limit: Limits().sourceBytes, code: "source-too-large", place: ""
        ) { "true" + String(repeating: " ", count: $0 - 4) },
        nesting("brackets", "(", "true", ")", place: "true"),
        nesting("not", "!", "yes", place: "!"),
        nesting("minus", "-", "one", rest: " != 0", besides: 1, place: "-"),
        nesting("minus and brackets", "-(", "one", ")", rest: " != 0", besides: 1, place: "-(-("),
        nesting("lists", "[", "", "]", rest: " != [[]]", place: "[[[["),
        nesting("maps", "{1: ", "1", "}", rest: " != {}", besides: 1, place: "{1: {"),
        nesting("calls", "dyn(", "true", ")", place: "true"),
        nesting("methods", "", "text", ".trim()", rest: " == ''", besides: 1, place: "text.trim"),
        nesting("sums", "one + ", "one", rest: " > 0", besides: 1, place: "one"),
        nesting(
            "sums on the right", "one + (", "one", ")", rest: " > 0", besides: 1,
            place: "one + (one"),
        nesting("fields", "", "deep", ".b", rest: " != 1", besides: 1, place: "deep.b"),
        nesting("choices", "yes ? true : ", "true", place: "true"),
        nesting(
            "indexes", "[one - 1][", "0", "]", rest: " == 0", besides: 3,
            place: "[one - 1][[one"),
        nesting("names of values", "cel.bind(x, yes, ", "x", ")", place: "x"),
        nesting(
            "optionals", "optional.of(", "1", ")", rest: ".hasValue()", besides: 1,
            place: "optional.of(opt"),
        nesting("hand-made trees", "", "deep", "", besides: 1, place: "size(nested").handMade,
        LimitRow(
            name: "what names stand for", limit: (Limits().evaluationDepth - 6) / 4,
            code: "too-deep", place: "a"
        ) { size in
            // Half of the levels are in each value.
            let inner = nested(2 * size, "[", "yes", "]"), outer = nested(2 * size, "[", "a", "]")
            return "cel.bind(a, \(inner), cel.bind(b, \(outer), size(b) == 1))"
        },
        LimitRow(
            name: "what numbered values stand for", limit: (Limits().evaluationDepth - 4) / 2,
            code: "too-deep", place: "size(cel.index"
        ) { size in
            let values = (1..<size).map { ", [cel.index(\($0 - 1))]" }.joined()
            return "cel.block([[1]\(values)], size(cel.index(\(size - 1))) == 1)"
        },
        LimitRow(
            name: "loops in loops", limit: Limits().loopNesting, code: "loops-too-deep",
            place: "[1]"
        ) { nested($0, "[1].all(x, ", "true", ")") },
        LimitRow(
            name: "loops over loops", limit: Limits().loopNesting, code: "loops-too-deep",
            place: "[1]"
        ) { "[1]" + nested($0 - 1, "", "", ".map(x, x)") + ".all(x, true)" },
        LimitRow(
            name: "nodes", limit: 1_000, code: "too-many-nodes", place: "[one",
            bound: (\.nodes, 1_003)
        ) { "[one" + nested($0 - 1, ", one", "") + "] != []" },
        LimitRow(
            name: "nodes used twice", limit: 8, code: "too-many-nodes", place: "size(twice",
            bound: (\.nodes, 1_024)
        ) { "size(" + nested($0, "twice(", "1", ")") + ") > 0" },
        LimitRow(
            name: "pattern size", limit: Limits().patternBytes, code: "bad-pattern", place: "'a"
        ) { "'x'.matches('\(nested($0, "a", ""))') || true" },
        LimitRow(
            name: "pattern to extract", limit: Limits().patternBytes, code: "bad-pattern",
            place: "'a"
        ) { "regex.extract('x', '\(nested($0, "a", ""))') == optional.none()" },
        LimitRow(
            name: "pattern made while evaluating", limit: Limits().patternBytes,
            code: "bad-pattern", place: "'x'", hasHint: false
        ) { "!'x'.matches(text + '\(nested($0, "a", ""))')" },
        LimitRow(
            name: "repetitions in a pattern", limit: 1_000, code: "bad-pattern", place: "'a{",
            hasHint: false
        ) { "!'x'.matches('a{\($0)}')" },
        LimitRow(
            name: "patterns together", limit: 1, code: "patterns-too-large", place: "r'",
            bound: (\.patternInstructions, 1)
        ) { (1...$0).map { "!'x'.matches(r'\\pL\($0)')" }.joined(separator: " && ") },
    ]

    /// The limits of evaluations.
    static let evaluations: [LimitRow] = [
        LimitRow(
            name: "growth of a list", limit: 1_000, code: "memory-exceeded", place: "",
            bound: (\.builtBytes, 16_000)
        ) { "lists.range(\($0) * one).size() > 0" },
        LimitRow(
            name: "growth of a text", limit: 40, code: "memory-exceeded", place: "",
            bound: (\.builtBytes, 4_096)
        ) { size in
            let letters = "'\(nested(size, "a", ""))'"
            return "[letter, letter].join().replace('a', \(letters)).replace('a', \(letters)) != ''"
        },
        LimitRow(
            name: "places of words", limit: 10_000, code: "too-large", place: "'a", hasHint: false
        ) { "'\(nested($0, "a", ""))'.countOf(letter) > 0" },
        LimitRow(
            name: "digits of a number", limit: 200, code: "bad-format", place: "'%", hasHint: false
        ) {
            "'%.\($0)f'.format([one]) != ''"
        },
        LimitRow(
            name: "levels of a value made by a function", limit: Tape.nestingLimit,
            code: "too-deep", place: "levels"
        ) { "levels(\($0)) != 1" },
        LimitRow(
            name: "levels of a value made piece by piece", limit: Tape.nestingLimit,
            code: "too-deep", place: ""
        ) { "pieces(\($0)) == pieces(\($0))" },
        LimitRow(
            name: "levels of a value printed", limit: Tape.nestingLimit, code: "too-deep",
            place: "'%s'"
        ) { "'%s'.format([pieces(\($0))]) != ''" },
    ]

    /// A row whose levels are made by a macro.
    private var handMade: LimitRow {
        var row = self
        row.limit -= 1
        row.source = { "size(nested(\($0))) > 0" }
        return row
    }
}
