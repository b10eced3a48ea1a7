import Networking
package import Pipeline

extension EmailChannel {
    /// What the settings say of a mail channel, checked.
    package struct Settings: Sendable {
        let server: MailServer
        let login: Login?
        package let from: MailAddress
        package let to: [MailAddress]

        struct Login: Sendable {
            let username: Secret
            let password: Secret
        }

        /// Whether a connection that is not encrypted from the start must become so.
        package enum Security: String, CaseIterable, Sendable {
            /// STARTTLS, or nothing is sent.
            case required
            /// In the clear: for a relay on this machine.
            case none
        }

        /// The most recipients: each is a delivery of its own.
        package static let recipientLimit = 100
        /// The most bytes of a user name or password.
        package static let loginLimit = 512

        /// Checks them all.
        ///
        /// The server is `smtps://host[:465]`, always encrypted, or `smtp://host[:587]`, for which
        /// `security` holds. User name and password come both or not at all.
        package init(
            server: String, security: Security = .required, username: Secret? = nil,
            password: Secret? = nil, from: String, to: [String]
        ) throws(SettingsError) {
            self.server = try Self.server(server, security)
            switch (username, password) {
            case (nil, nil): login = nil
            case (let username?, let password?):
                try Self.check(username, key: "username")
                try Self.check(password, key: "password")
                login = Login(username: username, password: password)
            case (nil, _?): throw SettingsError("username", .missing)
            case (_?, nil): throw SettingsError("password", .missing)
            }
            self.from = try MailAddress(from, key: "from")
            guard !to.isEmpty else { throw SettingsError("to", .missing) }
            guard to.count <= Self.recipientLimit else {
                throw SettingsError("to", .tooMany(limit: Self.recipientLimit))
            }
            var recipients: [MailAddress] = []
            for text in to {
                let recipient = try MailAddress(text, key: "to")
                // Twice the same would be two deliveries of one mail to one person.
                guard !recipients.contains(where: { $0.address == recipient.address }) else {
                    throw SettingsError(
                        "to", wrong: Bilingual("有一个地址写了两次", "an address stands there twice"))
                }
                recipients.append(recipient)
            }
            self.to = recipients
        }

        private static func check(_ secret: Secret, key: String) throws(SettingsError) {
            let bytes = secret.value.utf8
            guard !bytes.isEmpty else { throw SettingsError(key, .missing) }
            guard bytes.count <= loginLimit, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw SettingsError(
                    key, wrong: Bilingual("太长，或有换行", "it is too long, or has line ends"))
            }
        }

        private static func server(_ text: String, _ security: Security)
            throws(SettingsError) -> MailServer
        {
            guard !text.isEmpty else { throw SettingsError("server", .missing) }
            let isImplicit = text.hasPrefix("smtps://")
            guard isImplicit || text.hasPrefix("smtp://") else {
                throw SettingsError(
                    "server",
                    wrong: Bilingual(
                        "须以 smtps:// 或 smtp:// 开头", "start it with smtps:// or smtp://"))
            }
            var rest = text.dropFirst(isImplicit ? 8 : 7)
            if rest.hasSuffix("/") { rest = rest.dropLast() }
            guard let place = HostAndPort(rest) else {
                throw SettingsError(
                    "server",
                    wrong: Bilingual(
                        "写成 smtps://主机:端口，不带用户名和路径",
                        "write smtps://host:port, without user name or path"))
            }
            return MailServer(
                host: place.host, port: place.port ?? (isImplicit ? 465 : 587),
                security: isImplicit ? .implicitTLS : security == .required ? .startTLS : .none)
        }
    }
}
