import CEL
import Text

/// What the program brings in.
///
/// The files in `Shared` are a link to those of the language's own tests, run here with the engines.
enum TestEngines {
    static let regex: (any RegexEngine)? = RE2Engine()
    static let zones: (any TimeZones)? = SystemTimeZones()
}
