import Networking
package import Pipeline

extension ChannelSettingsError {
    /// A setting that is wrong, and what would be right.
    package init(_ key: String, wrong message: Bilingual, hint: Bilingual? = nil) {
        self.init(key, .wrong(message, hint: hint))
    }
}

/// Checks that the settings of several services share.
enum ServiceCheck {
    /// The most bytes of a key or a password.
    static let secretLimit = 2048

    /// A secret that travels in a header or a path: printable ASCII without blanks.
    static func key(_ secret: Secret?, _ key: String) throws(ChannelSettingsError) -> Secret {
        guard let secret, !secret.value.isEmpty else { throw ChannelSettingsError(key, .missing) }
        guard secret.value.utf8.count <= secretLimit,
            secret.value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw ChannelSettingsError(
                key,
                wrong: Bilingual(
                    "有空格、换行或非 ASCII 字符", "it has blanks, line ends or other than ASCII"),
                hint: Bilingual("原样复制服务给出的值", "copy it as the service shows it"))
        }
        return secret
    }

    /// The address of a service whose paths are known: without a query.
    static func base(
        _ url: String, allowing ranges: [AddressRange]
    ) throws(ChannelSettingsError) -> Endpoint {
        let endpoint = try Endpoint(url, allowing: ranges)
        guard !endpoint.target.contains("?") else {
            throw ChannelSettingsError(
                "url", wrong: Bilingual("地址里不能有 ?…", "no query (?…) belongs here"),
                hint: Bilingual("只写服务的地址", "give the address of the service alone"))
        }
        return endpoint
    }
}

extension Endpoint {
    /// The address with a path behind its own; `path` starts with `/`.
    func joined(_ path: String) -> String {
        let base = target.hasSuffix("/") ? String(target.dropLast()) : target
        return "\(scheme)://\(authority)\(base)\(path)"
    }
}

/// How a request shows who sends it: by a token, or by name and password.
package struct HTTPLogin: Sendable {
    /// The value of `Authorization`.
    let authorization: Secret
    /// What must not be shown.
    let secrets: [Secret]

    /// Nil when there is nothing to show.
    package init?(
        token: Secret? = nil, username: String? = nil, password: Secret? = nil
    ) throws(ChannelSettingsError) {
        if let token {
            guard username == nil, password == nil else {
                throw ChannelSettingsError(
                    "token",
                    wrong: Bilingual("不能和用户名、密码同时用", "use it or a user name with a password"))
            }
            let token = try ServiceCheck.key(token, "token")
            authorization = Secret("Bearer \(token.value)")
            secrets = [token, authorization]
            return
        }
        guard username != nil || password != nil else { return nil }
        guard let username, !username.isEmpty else {
            throw ChannelSettingsError("username", .missing)
        }
        guard let password, !password.value.isEmpty else {
            throw ChannelSettingsError("password", .missing)
        }
        guard !username.contains(":"), PlainText.line(username) == username else {
            throw ChannelSettingsError(
                "username", wrong: Bilingual("不能有冒号或换行", "no colon and no line end in it"))
        }
        let encoded = Base64.text(Array("\(username):\(password.value)".utf8))
        authorization = Secret("Basic \(encoded)")
        secrets = [password, Secret(encoded), authorization]
    }

    var header: HTTPHeader { HTTPHeader("Authorization", authorization.value) }
}
