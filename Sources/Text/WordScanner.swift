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
/// or the digits that each match holds; those of which nothing is certain and that many ask for are
/// decided here.
final class WordScanner: TextScanner {
    /// The patterns of which nothing is known beforehand.
    private let unknown: [Int]
    /// Of those the ones that are decided here.
    private let shared: [(pattern: Int, matcher: RE2Pattern)]
    /// Those that need so many digits in a row, the fewest first.
    private let numbers: [(digits: Int, pattern: Int32)]
    /// By pattern: whether only texts that have it are noted for it.
    private let decides: [Bool]
    private let index: WordIndex

    /// The most bytes of a word that are looked for; of a longer one the beginning is.
    ///
    /// Without a bound a word would be compared over its whole length wherever a text begins like it.
    static let wordLimit = 64
    /// The most words with the same first characters that are looked for.
    ///
    /// Each of them is compared wherever a text has these. Of patterns with more nothing is known
    /// beforehand.
    static let chainLimit = 256

    init(_ patterns: [TextPattern], _ uses: [Int]) {
        var unknown: [Int] = [], shared: [(Int, RE2Pattern)] = [], numbers: [(Int, Int32)] = []
        var askers: [[UInt8]: [Int32]] = [:]
        decides = WordScanner.needed(by: patterns).enumerated().map { number, needed in
            guard let needed else {
                guard uses[number] >= WordScanners.sharedUses,
                    let matcher = WordScanner.matcher(of: patterns[number])
                else {
                    unknown.append(number)
                    return false
                }
                shared.append((number, matcher))
                return true
            }
            if let digits = needed.digits { numbers.append((digits, Int32(number))) }
            for word in needed.words where askers[word]?.last != Int32(number) {
                askers[word, default: []].append(Int32(number))
            }
            return needed.isAll
        }
        self.unknown = unknown
        self.shared = shared.map { (pattern: $0.0, matcher: $0.1) }
        self.numbers = numbers.sorted { $0 < $1 }.map { (digits: $0.0, pattern: $0.1) }
        index = WordIndex(askers)
    }

    /// By pattern: what a text that has it holds; nil when nothing is known, or words that begin so
    /// are too many.
    private static func needed(by patterns: [TextPattern]) -> [Needed?] {
        let needed = patterns.map { Needed($0) }
        var chains: [UInt64: Set<[UInt8]>] = [:]
        for word in needed.flatMap({ $0?.words ?? [] }) {
            chains[WordIndex.beginning(of: word), default: []].insert(word)
        }
        let crowded = chains.filter { $0.value.count > chainLimit }
        guard !crowded.isEmpty else { return needed }
        return needed.map { needed in
            let isCrowded = needed?.words.contains { crowded[WordIndex.beginning(of: $0)] != nil }
            return isCrowded == true ? nil : needed
        }
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
        /// Whether each text that holds any of it has the pattern.
        var isAll = true

        /// Nil when nothing is known.
        init?(_ pattern: TextPattern) {
            var texts = pattern.words
            for expression in pattern.expressions {
                switch RequiredWords.of(expression) {
                case .alternatives(let words): texts += words
                case .words(let words):
                    texts += words
                    isAll = false
                case .digits(let count):
                    digits = min(digits ?? count, count)
                    isAll = false
                case nil: return nil
                }
            }
            guard !texts.contains("") else { return nil }
            words = texts.map { Array($0.utf8) }
            for index in words.indices where words[index].count > WordScanner.wordLimit {
                var end = WordScanner.wordLimit
                // A word ends where a character does.
                while end > 0, words[index][end] & 0xC0 == 0x80 { end -= 1 }
                words[index].removeSubrange(end...)
                isAll = false
            }
        }
    }

    func decides(pattern: Int) -> Bool { decides[pattern] }

    func scan(_ texts: [UnsafeBufferPointer<UInt8>], _ hits: inout TextHits) {
        for number in unknown { hits.addUnknown(pattern: number) }
        for (number, text) in texts.enumerated() {
            for (pattern, matcher) in shared where matcher.matches(text) {
                hits.add(pattern: pattern, text: number)
            }
        }
        index.scan(texts) { askers, number in
            hits.add(patterns: askers, text: number)
        } done: { number, digits in
            for needed in numbers {
                if needed.digits > digits { break }
                hits.add(pattern: Int(needed.pattern), text: number)
            }
        }
    }
}
