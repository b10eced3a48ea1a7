/// A setting of a source or a channel that cannot be used.
///
/// It names the setting and the remedy, and never repeats a value that may be secret.
package struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting's key: `url`, `secret`, `roles.agent`.
    package let key: String
    package let problem: Problem

    package enum Problem: Hashable, Sendable {
        case missing
        /// Known, and planned, but not in this release.
        case notInThisRelease(String)
        case tooMany(limit: Int)
        /// What is wrong, and what to write instead, for people.
        case wrong(Bilingual, hint: Bilingual?)
    }

    package init(_ key: String, _ problem: Problem) {
        self.key = key
        self.problem = problem
    }

    /// A setting that is wrong, and what would be right.
    package init(_ key: String, wrong message: Bilingual, hint: Bilingual? = nil) {
        self.init(key, .wrong(message, hint: hint))
    }

    package var description: String {
        [message.english, hint?.english].compactMap(\.self).joined(separator: "; ")
    }

    /// What is wrong, for people.
    package var message: Bilingual {
        switch problem {
        case .missing: Bilingual("缺少 `\(key)`", "`\(key)` is missing")
        case .notInThisRelease(let what):
            Bilingual("`\(key)`：本版还没有 \(what)", "`\(key)`: \(what) is not in this release")
        case .tooMany(let limit):
            Bilingual("`\(key)` 超过 \(limit) 项", "`\(key)` has more than \(limit) entries")
        case .wrong(let what, _):
            Bilingual("`\(key)`：\(what.chinese)", "`\(key)`: \(what.english)")
        }
    }

    /// What to do about it.
    package var hint: Bilingual? {
        if case .wrong(_, let hint) = problem { return hint }
        return nil
    }
}
