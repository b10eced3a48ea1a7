import CEL

/// What a host brings in: nothing here, so that these tests need the language alone.
///
/// The files in `Shared` are run by the tests of the engines too, with all of them.
enum TestEngines {
    static let regex: (any RegexEngine)? = nil
    static let zones: (any TimeZones)? = nil
}
