import Networking
package import Pipeline

/// How a request shows who sends it: by a token, or by name and password.
package struct HTTPLogin: Sendable {
    /// The value of `Authorization`.
    let authorization: Secret
    /// What must not be shown.
    let secrets: [Secret]

    /// Nil when there is nothing to show.
    package init?(
        token: Secret? = nil, username: String? = nil, password: Secret? = nil
    ) throws(SettingsError) {
        if let token {
            guard username == nil, password == nil else {
                throw SettingsError(
                    "token",
                    wrong: Bilingual("不能和用户名、密码同时用", "use it or a user name with a password"))
            }
            let token = try SettingsCheck.key(token, "token")
            authorization = Secret("Bearer \(token.value)")
            secrets = [token, authorization]
            return
        }
        guard username != nil || password != nil else { return nil }
        guard let username, !username.isEmpty else {
            throw SettingsError("username", .missing)
        }
        guard let password, !password.value.isEmpty else {
            throw SettingsError("password", .missing)
        }
        guard !username.contains(":"), PlainText.line(username) == username else {
            throw SettingsError(
                "username", wrong: Bilingual("不能有冒号或换行", "no colon and no line end in it"))
        }
        let encoded = Base64.text(Array("\(username):\(password.value)".utf8))
        authorization = Secret("Basic \(encoded)")
        secrets = [password, Secret(encoded), authorization]
    }

    var header: HTTPHeader { HTTPHeader("Authorization", authorization.value) }
}
