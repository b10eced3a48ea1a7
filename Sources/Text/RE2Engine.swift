package import CEL
internal import CRE2
private import Synchronization

/// RE2 as the language's regular expression engine: linear time, RE2's syntax, UTF-8.
package struct RE2Engine: RegexEngine {
    /// The most memory that one pattern's programs may take, in bytes: RE2's own default.
    ///
    /// It bounds
    /// repeat counts such as `(a{100}){100}`.
    package static let memoryLimit: Int64 = 8 << 20

    /// An engine.
    package init() {}

    /// Compiles a pattern, or says in RE2's words why it is not one.
    package func compile(_ pattern: String) throws(PatternError) -> any RegexMatcher {
        try RE2Pattern(pattern)
    }
}

/// A compiled pattern, freed with its last reference.
///
/// RE2's matching is const and documented to be safe for concurrent use.
package final class RE2Pattern: RegexMatcher, @unchecked Sendable {  // because matching is const
    private let pattern: OpaquePointer
    /// The expression as it was written.
    private let text: String
    /// What a text needs for a match, found out when the first text is asked about: many expressions
    /// are compiled for their mistakes alone.
    private let filter = AtomicLazyReference<Filter>()
    /// How many capturing groups the pattern has.
    package let groupCount: Int
    /// How many instructions RE2's program has.
    package let size: Int

    /// Room for RE2's reason in an error, in bytes.
    private static let reasonCapacity = 256

    /// Compiles a pattern.
    ///
    /// Throws a ``PatternError`` with RE2's reason.
    package init(_ text: String) throws(PatternError) {
        var text = text
        self.text = text
        let compiled: Result<OpaquePointer, PatternError> = text.withUTF8 { bytes in
            withUnsafeTemporaryAllocation(
                of: CChar.self, capacity: RE2Pattern.reasonCapacity
            ) { reason in
                reason.initialize(repeating: 0)
                if let made = cre2_compile(
                    bytes.baseAddress, bytes.count, RE2Engine.memoryLimit, reason.baseAddress,
                    reason.count)
                {
                    return .success(made)
                }
                let shown = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                return .failure(PatternError(reason: String(decoding: shown, as: UTF8.self)))
            }
        }
        pattern = try compiled.get()
        groupCount = Int(cre2_group_count(pattern))
        size = Int(cre2_program_size(pattern))
    }

    deinit { cre2_free(pattern) }

    /// Whether what a match needs has been found out.
    var hasFilter: Bool { filter.load() != nil }

    private var words: LiteralFilter? {
        // Two threads may make it; the first one stays.
        (filter.load() ?? filter.storeIfNil(Filter(of: text))).words
    }

    private final class Filter: Sendable {
        let words: LiteralFilter?

        init(of pattern: String) { words = LiteralFilter(RequiredWords.sets(of: pattern)) }
    }

    /// Whether the pattern is found anywhere in the text.
    package func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if let words, !words.passes(text) { return false }
        return cre2_matches(pattern, text.baseAddress, text.count) != 0
    }

    /// The first match at or after a byte offset: the whole, then the groups.
    package func firstMatch(
        in text: UnsafeBufferPointer<UInt8>, from offset: Int
    ) -> [Range<Int>?]? {
        guard offset >= 0, offset <= text.count else { return nil }
        let count = groupCount + 1
        return withUnsafeTemporaryAllocation(of: Int64.self, capacity: count * 2) { ranges in
            ranges.initialize(repeating: -1)
            guard
                cre2_find(
                    pattern, text.baseAddress, text.count, offset, ranges.baseAddress,
                    Int32(truncatingIfNeeded: count)) != 0
            else { return nil }
            return (0..<count).map { group in
                let start = Int(ranges[group * 2]), end = Int(ranges[group * 2 + 1])
                return start < 0 ? nil : start..<max(start, end)
            }
        }
    }
}
