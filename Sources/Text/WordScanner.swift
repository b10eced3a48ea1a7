package import CEL

/// Makes scanners that look for all words of a set of programs in one pass over each text.
package struct WordScanners: TextScannerFactory {
    /// With this many uses a regular expression is decided once for all of them.
    static let sharedUses = 2

    /// A factory.
    package init() {}

    /// A scanner for patterns; of a regular expression the words that its matches need.
    package func makeScanner(_ patterns: [TextPattern], uses: [Int]) -> any TextScanner {
        WordScanner(patterns, uses)
    }
}

/// Looks for many patterns at once: words by a ``WordIndex``, and for regular expressions the words
/// that each match needs; those that many ask for are decided here.
final class WordScanner: TextScanner {
    /// The patterns of which nothing is known beforehand.
    private let unknown: [Int]
    /// Of those the ones that are decided here.
    private let decided: [Int]
    /// By pattern: what decides it; nil when its words do.
    private let matchers: [(any RegexMatcher)?]
    private let index: WordIndex

    init(_ patterns: [TextPattern], _ uses: [Int]) {
        var unknown: [Int] = [], decided: [Int] = []
        var matchers: [(any RegexMatcher)?] = []
        var askers: [[UInt8]: [Int32]] = [:]
        for (number, pattern) in patterns.enumerated() {
            let isShared = uses[number] >= WordScanners.sharedUses
            let matcher = isShared ? WordScanner.matcher(of: pattern) : nil
            matchers.append(matcher)
            guard let words = WordScanner.words(of: pattern) else {
                if matcher == nil { unknown.append(number) } else { decided.append(number) }
                continue
            }
            for word in words where askers[word]?.last != Int32(number) {
                askers[word, default: []].append(Int32(number))
            }
        }
        self.unknown = unknown
        self.decided = decided
        self.matchers = matchers
        index = WordIndex(askers)
    }

    /// What decides a pattern that is one regular expression.
    private static func matcher(of pattern: TextPattern) -> (any RegexMatcher)? {
        guard pattern.words.isEmpty, pattern.expressions.count == 1 else { return nil }
        return try? RE2Engine().compile(pattern.expressions[0])
    }

    /// The words of which a text that has the pattern has at least one; nil when nothing is known.
    private static func words(of pattern: TextPattern) -> [[UInt8]]? {
        var words = pattern.words
        for expression in pattern.expressions {
            guard let required = RequiredWords.of(expression) else { return nil }
            words += required
        }
        guard !words.contains("") else { return nil }
        return words.map { Array($0.utf8) }
    }

    func scan(_ texts: [UnsafeBufferPointer<UInt8>], _ hits: inout TextHits) {
        for number in unknown { hits.addUnknown(pattern: number) }
        // By pattern: the last text for which it was decided.
        var asked = Array(repeating: -1, count: matchers.count)
        for (number, text) in texts.enumerated() {
            for pattern in decided where matchers[pattern]?.matches(text) == true {
                hits.add(pattern: pattern, text: number)
            }
            index.scan(text) { pattern in
                guard let matcher = matchers[pattern] else {
                    return hits.add(pattern: pattern, text: number)
                }
                if asked[pattern] == number { return }
                asked[pattern] = number
                if matcher.matches(text) { hits.add(pattern: pattern, text: number) }
            }
        }
    }
}
