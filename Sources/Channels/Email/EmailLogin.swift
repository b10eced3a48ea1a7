import Foundation
import Networking
package import Pipeline

/// How a mail channel logs in at its server.
package struct EmailLogin: Sendable {
    /// `auth:` of the settings; without it, what the server offers of those that fit.
    package enum Way: String, CaseIterable, Sendable {
        case plain
        case login
        case cramMD5 = "cram-md5"
        case oauthBearer = "oauthbearer"
        case xoauth2

        var mechanism: MailCredentials.Mechanism {
            switch self {
            case .plain: .plain
            case .login: .login
            case .cramMD5: .cramMD5
            case .oauthBearer: .oauthBearer
            case .xoauth2: .xoauth2
            }
        }
    }

    /// What is shown besides the name.
    enum Proof: Sendable {
        case password(Secret)
        case token(Secret)
        /// A file that someone else keeps fresh: it is read before every mail, as tokens live an
        /// hour.
        case tokenFile(path: String)
    }

    let username: Secret
    let proof: Proof
    let mechanisms: Set<MailCredentials.Mechanism>

    /// The most bytes of a user name or password.
    package static let limit = 512
    /// The most bytes of a token.
    package static let tokenLimit = 16 << 10

    /// Nil when there is nothing to show.
    ///
    /// User name and one of password, token and token file come together or not at all.
    package init?(
        username: Secret?, password: Secret?, token: Secret? = nil, tokenFile: String? = nil,
        way: Way? = nil
    ) throws(SettingsError) {
        let proofs = [
            password.map { ("password", Proof.password($0)) },
            token.map { ("token", Proof.token($0)) },
            tokenFile.map { ("token-file", Proof.tokenFile(path: $0)) },
        ].compactMap(\.self)
        guard proofs.count <= 1 else {
            throw SettingsError(
                proofs[1].0,
                wrong: Bilingual(
                    "不能和 `\(proofs[0].0)` 同时用", "it cannot stand beside `\(proofs[0].0)`"))
        }
        guard let (key, proof) = proofs.first else {
            if username != nil { throw SettingsError("password", .missing) }
            if way != nil { throw SettingsError("username", .missing) }
            return nil
        }
        guard let username else { throw SettingsError("username", .missing) }
        try Self.check(username, key: "username", limit: Self.limit)
        self.username = username
        self.proof = proof
        switch proof {
        case .password(let password):
            try Self.check(password, key: key, limit: Self.limit)
            mechanisms = way.map { [$0.mechanism] } ?? [.plain, .login]
        case .token(let token):
            try Self.check(token, key: key, limit: Self.tokenLimit)
            mechanisms = way.map { [$0.mechanism] } ?? [.oauthBearer, .xoauth2]
        case .tokenFile(let path):
            guard !path.isEmpty, !path.utf8.contains(0) else { throw SettingsError(key, .missing) }
            mechanisms = way.map { [$0.mechanism] } ?? [.oauthBearer, .xoauth2]
        }
        guard mechanisms.allSatisfy({ $0.takesToken == (key != "password") }) else {
            throw SettingsError(
                "auth",
                wrong: Bilingual(
                    "这种登录方式不用 `\(key)`", "this way of logging in does not take `\(key)`"),
                hint: Bilingual(
                    "oauthbearer、xoauth2 用 `token`，其余用 `password`",
                    "oauthbearer and xoauth2 take `token`, the others `password`"))
        }
    }

    /// What must never be shown, also as the login protocols spell it.
    var secrets: [String] {
        switch proof {
        case .password(let secret), .token(let secret): Self.spellings(username, secret)
        case .tokenFile: []
        }
    }

    /// The credentials of this moment.
    ///
    /// - throws: What is wrong with the file of the token.
    func credentials() throws(TokenFileError) -> MailCredentials {
        let secret =
            switch proof {
            case .password(let secret), .token(let secret): secret.value
            case .tokenFile(let path): try Self.token(at: path)
            }
        return MailCredentials(
            username: username.value, password: secret, mechanisms: mechanisms)
    }

    struct TokenFileError: Error {
        let explained = Bilingual(
            "读不了 `token-file` 的文件，或里面不是一个令牌",
            "the file of `token-file` cannot be read, or does not hold one token")
    }

    /// The file's only line.
    private static func token(at path: String) throws(TokenFileError) -> String {
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: tokenLimit + 1), data.count <= tokenLimit
        else { throw TokenFileError() }
        let token = String(decoding: data, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw TokenFileError()
        }
        return token
    }

    private static func check(
        _ secret: Secret, key: String, limit: Int
    ) throws(SettingsError) {
        let bytes = secret.value.utf8
        guard !bytes.isEmpty else { throw SettingsError(key, .missing) }
        guard bytes.count <= limit, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw SettingsError(
                key, wrong: Bilingual("太长，或有换行", "it is too long, or has line ends"))
        }
    }

    static func spellings(_ username: Secret, _ secret: Secret) -> [String] {
        let user = Array(username.value.utf8)
        let bytes = Array(secret.value.utf8)
        let token = secret.value
        return [
            token, Base64.text(bytes), Base64.text([0] + user + [0] + bytes),
            Base64.text(
                Array("user=\(username.value)\u{1}auth=Bearer \(token)\u{1}\u{1}".utf8)),
        ]
    }
}
