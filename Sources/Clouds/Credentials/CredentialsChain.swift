import Synchronization

/// Alibaba Cloud's default chain: environment, OIDC, CLI profile, ini file, ECS role, URI.
///
/// The first provider that has credentials gives them, and they are kept until the cloud says that
/// they have expired. Providers that are not in this release are passed over, by name, in their
/// place of the order.
package final class CredentialsChain: CredentialsProvider {
    private let host: CredentialsHost
    private let found = Mutex<Credentials?>(nil)

    package init(_ host: CredentialsHost = .process) {
        self.host = host
    }

    package func credentials(renewed: Bool) async throws(CredentialsError) -> Credentials {
        if !renewed, let known = found.withLock({ $0 }) { return known }
        let credentials = try Self.resolve(host).credentials
        found.withLock { $0 = credentials }
        return credentials
    }

    /// Credentials, and what the providers before them said.
    package struct Resolution: Sendable {
        package let credentials: Credentials
        package let passedOver: [CredentialsError.Attempt]
    }

    /// Asks the providers in their order.
    package static func resolve(
        _ host: CredentialsHost
    ) throws(CredentialsError) -> Resolution {
        var passedOver: [CredentialsError.Attempt] = []
        for (name, provider) in providers {
            switch provider(host) {
            case .found(let credentials):
                return Resolution(credentials: credentials, passedOver: passedOver)
            case .passed(let reason): passedOver.append(CredentialsError.Attempt(name, reason))
            case .notAsked: break
            }
        }
        throw CredentialsError(passedOver)
    }

    /// What one provider says.
    enum Finding: Sendable {
        case found(Credentials)
        case passed(String)
        /// Its variables are not set, or it is switched off.
        case notAsked
    }

    private static let providers: [(String, @Sendable (CredentialsHost) -> Finding)] = [
        ("environment", environment),
        ("OIDC role", oidc),
        ("CLI profile", CLIProfile.credentials),
        ("credentials file", CredentialsFile.credentials),
        ("ECS role", ecsRole),
        ("credentials URI", credentialsURI),
    ]

    private static func environment(_ host: CredentialsHost) -> Finding {
        guard let id = host.variable("ALIBABA_CLOUD_ACCESS_KEY_ID") else {
            return .passed("ALIBABA_CLOUD_ACCESS_KEY_ID is not set")
        }
        guard let secret = host.variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET") else {
            return .passed("ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set")
        }
        return .found(
            Credentials(
                accessKeyID: id, accessKeySecret: secret,
                securityToken: host.variable("ALIBABA_CLOUD_SECURITY_TOKEN"),
                origin: "environment"))
    }

    private static func oidc(_ host: CredentialsHost) -> Finding {
        let names = [
            "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_ROLE_ARN",
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
        ]
        guard names.allSatisfy({ host.variable($0) != nil }) else { return .notAsked }
        return .passed("not in this release")
    }

    private static func ecsRole(_ host: CredentialsHost) -> Finding {
        host.isSet("ALIBABA_CLOUD_ECS_METADATA_DISABLED")
            ? .notAsked : .passed("not in this release")
    }

    private static func credentialsURI(_ host: CredentialsHost) -> Finding {
        host.variable("ALIBABA_CLOUD_CREDENTIALS_URI") == nil
            ? .notAsked : .passed("not in this release")
    }
}

extension CredentialsHost {
    /// A variable that is set and not empty.
    func variable(_ name: String) -> String? {
        environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a switch is on.
    func isSet(_ name: String) -> Bool { variable(name)?.lowercased() == "true" }
}
