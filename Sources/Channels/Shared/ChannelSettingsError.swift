/// A channel's setting that cannot be used.
///
/// It names the setting and the remedy, and never repeats a value that may be secret.
package struct ChannelSettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting's key: `url`, `secret`, `to`.
    package let key: String
    package let problem: Problem

    package enum Problem: Hashable, Sendable {
        case missing
        /// What is wrong, and what would be right.
        case unusable(String)
        /// Known, and planned, but not in this release.
        case notInThisRelease(String)
        case tooMany(limit: Int)
    }

    package init(_ key: String, _ problem: Problem) {
        self.key = key
        self.problem = problem
    }

    package var description: String {
        switch problem {
        case .missing: "`\(key)` is missing"
        case .unusable(let reason): "`\(key)`: \(reason)"
        case .notInThisRelease(let what): "`\(key)`: \(what) is not in this release"
        case .tooMany(let limit): "`\(key)` has more than \(limit) entries"
        }
    }
}
