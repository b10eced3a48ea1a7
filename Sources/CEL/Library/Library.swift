/// A set of functions and macros beyond the standard ones.
public enum Library: Sendable, Hashable, CaseIterable {
    /// Text: `charAt`, `indexOf`, `join`, `format` …
    case strings
    /// Numbers: `math.greatest`, `math.round`, `math.bitAnd` …
    case math
    /// `base64.encode` and `base64.decode`.
    case encoders
    /// `cel.bind` and `cel.block`.
    case bindings
    /// Optional values: `optional.of`, `orValue`, `optMap` …
    case optionals
    /// Loops with two variables: `all(i, v, …)`, `transformList`, `transformMap` …
    case twoVariables
    /// IP addresses and their ranges: `ip`, `cidr`, `containsIP` …
    case network
    /// Lists: `sort`, `sortBy`, `distinct`, `flatten`, `slice`, `lists.range` …
    case lists
    /// Lists as sets: `sets.contains`, `sets.equivalent`, `sets.intersects`.
    case sets
    /// Parts of texts by pattern: `regex.extract`, `regex.extractAll`, `regex.replace`.
    case regex
    /// Words in texts: `containsAny`, `containsAll`, `countOf`, `containsNear`, `similarity` …
    case words
}
