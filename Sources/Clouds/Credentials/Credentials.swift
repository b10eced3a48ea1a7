package import Pipeline

/// What a request is signed with.
///
/// It never shows: descriptions, mirrors and dumps say nothing of it.
package struct Credentials: Hashable, Sendable {
    package let accessKeyID: String
    package let accessKeySecret: String
    /// With temporary credentials.
    package let securityToken: String?
    /// Which provider gave them, for people: `environment`, `cli profile “default”`.
    package let origin: String

    package init(
        accessKeyID: String, accessKeySecret: String, securityToken: String? = nil,
        origin: String = "settings"
    ) {
        self.accessKeyID = accessKeyID
        self.accessKeySecret = accessKeySecret
        self.securityToken = securityToken.flatMap { $0.isEmpty ? nil : $0 }
        self.origin = origin
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(credentials from \(origin))" }

    package var debugDescription: String { description }

    /// Without children, because `dump` and test reports print what a mirror shows.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Gives the credentials of a source.
package protocol CredentialsProvider: Sendable {
    /// The credentials for the next request.
    ///
    /// With `renewed` it looks anew instead of giving what it found before: the cloud has just said
    /// that they have expired.
    func credentials(renewed: Bool) async throws(CredentialsError) -> Credentials
}

/// Why there are no credentials, provider by provider; free of secrets.
package struct CredentialsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What each provider said, in the order asked.
    package let attempts: [Attempt]

    package struct Attempt: Hashable, Sendable {
        package let provider: String
        package let reason: String

        package init(_ provider: String, _ reason: String) {
            self.provider = provider
            self.reason = reason
        }
    }

    package init(_ attempts: [Attempt]) {
        self.attempts = attempts
    }

    package var description: String {
        "no credentials: " + attempts.map { "\($0.provider): \($0.reason)" }.joined(separator: "; ")
    }
}

/// Credentials that stand in the settings.
package struct FixedCredentials: CredentialsProvider {
    private let fixed: Credentials

    /// The most bytes of a key's id or secret.
    package static let keyLimit = 256
    /// The most bytes of a security token.
    package static let tokenLimit = 8192

    /// Credentials from the settings `credentials.access-key-id`, `.access-key-secret` and
    /// `.security-token`.
    package init(
        accessKeyID: String, accessKeySecret: String, securityToken: String? = nil
    ) throws(SettingsError) {
        try Self.check(accessKeyID, "credentials.access-key-id", limit: Self.keyLimit)
        try Self.check(accessKeySecret, "credentials.access-key-secret", limit: Self.keyLimit)
        if let securityToken {
            try Self.check(securityToken, "credentials.security-token", limit: Self.tokenLimit)
        }
        fixed = Credentials(
            accessKeyID: accessKeyID, accessKeySecret: accessKeySecret,
            securityToken: securityToken)
    }

    package func credentials(renewed: Bool) async throws(CredentialsError) -> Credentials { fixed }

    private static func check(
        _ text: String, _ key: String, limit: Int
    ) throws(SettingsError) {
        guard !text.isEmpty else { throw SettingsError(key, .missing) }
        guard text.utf8.count <= limit, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw SettingsError(
                key,
                wrong: Bilingual(
                    "只能是不含空白的 ASCII，最多 \(limit) 字节",
                    "use printable ASCII without blanks, at most \(limit) bytes"))
        }
    }
}
