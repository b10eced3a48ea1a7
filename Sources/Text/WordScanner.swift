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
/// or the digits that each match holds; those that many ask for are decided here.
final class WordScanner: TextScanner {
    /// The patterns of which nothing is known beforehand.
    private let unknown: [Int]
    /// Of those the ones that are decided here.
    private let decided: [Int]
    /// Those that need so many digits in a row.
    private let numbers: [(digits: Int, pattern: Int)]
    /// By pattern: what decides it; nil when its words do, or nothing.
    private let matchers: [RE2Pattern?]
    /// The same without counted references, which take longer than most questions.
    private let references: [Unmanaged<RE2Pattern>?]
    /// By pattern: whether it is decided here.
    private let decides: [Bool]
    private let index: WordIndex

    init(_ patterns: [TextPattern], _ uses: [Int]) {
        var unknown: [Int] = [], decided: [Int] = [], numbers: [(Int, Int)] = []
        var matchers: [RE2Pattern?] = []
        var askers: [[UInt8]: [Int32]] = [:]
        for (number, pattern) in patterns.enumerated() {
            let isShared = uses[number] >= WordScanners.sharedUses
            let matcher = isShared ? WordScanner.matcher(of: pattern) : nil
            matchers.append(matcher)
            guard let needed = Needed(pattern) else {
                if matcher == nil { unknown.append(number) } else { decided.append(number) }
                continue
            }
            if let digits = needed.digits { numbers.append((digits, number)) }
            for word in needed.words where askers[word]?.last != Int32(number) {
                askers[word, default: []].append(Int32(number))
            }
        }
        self.unknown = unknown
        self.decided = decided
        self.numbers = numbers.map { (digits: $0.0, pattern: $0.1) }
        self.matchers = matchers
        references = matchers.map { $0.map(Unmanaged.passUnretained) }
        decides = zip(patterns, matchers).map { $0.expressions.isEmpty || $1 != nil }
        index = WordIndex(askers)
    }

    /// What decides a pattern that is one regular expression.
    private static func matcher(of pattern: TextPattern) -> RE2Pattern? {
        guard pattern.words.isEmpty, pattern.expressions.count == 1 else { return nil }
        return try? RE2Pattern(pattern.expressions[0])
    }

    /// What a text that has a pattern holds: any of some words, or digits in a row.
    private struct Needed {
        var words: [[UInt8]] = []
        /// The fewest digits.
        var digits: Int?

        /// Nil when nothing is known.
        init?(_ pattern: TextPattern) {
            var texts = pattern.words
            for expression in pattern.expressions {
                switch RequiredWords.of(expression) {
                case .words(let words): texts += words
                case .digits(let count): digits = min(digits ?? count, count)
                case nil: return nil
                }
            }
            guard !texts.contains("") else { return nil }
            words = texts.map { Array($0.utf8) }
        }
    }

    func decides(pattern: Int) -> Bool { decides[pattern] }

    func scan(_ texts: [UnsafeBufferPointer<UInt8>], _ hits: inout TextHits) {
        for number in unknown { hits.addUnknown(pattern: number) }
        // By pattern: the last text for which it was decided.
        var asked = Array(repeating: -1, count: matchers.count)
        for (number, text) in texts.enumerated() where !decided.isEmpty {
            for pattern in decided where matchers[pattern]?.matches(text) == true {
                hits.add(pattern: pattern, text: number)
            }
        }
        func found(_ pattern: Int, _ number: Int) {
            guard let matcher = references[pattern] else {
                return hits.add(pattern: pattern, text: number)
            }
            if asked[pattern] == number { return }
            asked[pattern] = number
            if matcher._withUnsafeGuaranteedRef({ $0.matches(texts[number]) }) {
                hits.add(pattern: pattern, text: number)
            }
        }
        index.scan(texts, found) { number, digits in
            if digits == 0 { return }
            for needed in numbers where digits >= needed.digits { found(needed.pattern, number) }
        }
    }
}
