/// Why a pattern was refused.
public struct PatternError: Error, Hashable, Sendable {
    /// The engine's own words.
    public let reason: String

    /// A refusal with its reason.
    public init(reason: String) { self.reason = reason }
}

/// A regular expression engine, brought in by the host.
///
/// The language asks for RE2's syntax and for time linear in the text; `matches` searches anywhere
/// in the text.
public protocol RegexEngine: Sendable {
    /// Compiles a pattern, or says why it is not one.
    func compile(_ pattern: String) throws(PatternError) -> any RegexMatcher
}

/// A compiled pattern, used by many evaluations at a time.
public protocol RegexMatcher: Sendable {
    /// How many capturing groups the pattern has.
    var groupCount: Int { get }

    /// How many instructions the compiled pattern has: what a byte of text may cost at worst.
    ///
    /// Work is
    /// counted by it; 0, the default, is for engines that look at each byte once.
    var size: Int { get }

    /// Whether the pattern is found anywhere in the UTF-8 text.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool

    /// The first match at or after a byte offset: the range of the whole, then of each group that
    /// took part.
    func firstMatch(in text: UnsafeBufferPointer<UInt8>, from offset: Int) -> [Range<Int>?]?
}

extension RegexMatcher {
    /// Nothing is known.
    public var size: Int { 0 }
}

/// A source of time zones, brought in by the host.
public protocol TimeZones: Sendable {
    /// The seconds east of UTC of a zone of the IANA database at a time, nil for an unknown zone.
    func offset(ofZone name: String, at second: Int64) -> Int32?
}

/// Looks for many patterns in many texts at once, brought in by the host for ``ProgramSet``.
public protocol TextScannerFactory: Sendable {
    /// A scanner for patterns, which it numbers from 0 in their order.
    ///
    /// `uses`: How many conditions ask for each pattern. What many ask for is worth deciding here,
    ///   once for all of them.
    func makeScanner(_ patterns: [TextPattern], uses: [Int]) -> any TextScanner
}

/// Finds which texts may have which patterns.
public protocol TextScanner: Sendable {
    /// Notes each pattern that a text may have, texts in their order.
    ///
    /// A text that has any of a pattern's words, or a match of any of its expressions, must be noted;
    /// one that has none may be noted too: it costs time and never changes a result. Texts are UTF-8,
    /// numbered from 0.
    func scan(_ texts: [UnsafeBufferPointer<UInt8>], _ hits: inout TextHits)

    /// Whether only texts that have a pattern are noted for it, so that it need not be looked for
    /// again.
    func decides(pattern: Int) -> Bool
}
