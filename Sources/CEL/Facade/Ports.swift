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

    /// Whether the pattern is found anywhere in the UTF-8 text.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool

    /// The first match at or after a byte offset: the range of the whole, then of each group that
    /// took part.
    func firstMatch(in text: UnsafeBufferPointer<UInt8>, from offset: Int) -> [Range<Int>?]?
}

/// A source of time zones, brought in by the host.
public protocol TimeZones: Sendable {
    /// The seconds east of UTC of a zone of the IANA database at a time, nil for an unknown zone.
    func offset(ofZone name: String, at second: Int64) -> Int32?
}
