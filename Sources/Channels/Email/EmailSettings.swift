import Networking
package import Pipeline

extension EmailChannel {
    /// What the settings say of a mail channel, checked.
    package struct Settings: Sendable {
        let server: MailServer
        let login: EmailLogin?
        package let from: MailAddress
        package let to: [MailAddress]
        /// Certificates to trust besides the system's.
        let caFile: String?
        /// Mails under way at once, each in a session of its own with the server.
        let connections: Int

        /// Whether a connection that is not encrypted from the start must become so.
        package enum Security: String, CaseIterable, Sendable {
            /// STARTTLS, or nothing is sent.
            case required
            /// In the clear: for a relay on this machine.
            case none
        }

        /// The most recipients: each is a delivery of its own.
        package static let recipientLimit = 100
        /// Providers refuse a client with more than a few sessions.
        package static let connectionLimit = 4
        package static let defaultConnections = 2

        /// Checks them all.
        ///
        /// The server is `smtps://host[:465]`, always encrypted, or `smtp://host[:587]`, for which
        /// `security` holds.
        package init(
            server: String, security: Security = .required, login: EmailLogin? = nil,
            from: String, to: [String], caFile: String? = nil,
            connections: Int = defaultConnections
        ) throws(SettingsError) {
            self.server = try Self.server(server, security)
            self.login = login
            try Self.check(login, self.server)
            self.from = try MailAddress(from, key: "from")
            guard !self.from.isInternational else {
                throw SettingsError(
                    "from",
                    wrong: Bilingual(
                        "@ 前面只能用 ASCII，不然许多服务器退不回信",
                        "in ASCII only before the @: many servers could not answer another"))
            }
            self.to = try Self.recipients(to)
            if let caFile, caFile.isEmpty || caFile.utf8.contains(0) {
                throw SettingsError("ca-file", .missing)
            }
            self.caFile = caFile
            self.connections = min(max(connections, 1), Self.connectionLimit)
        }

        private static func recipients(_ texts: [String]) throws(SettingsError) -> [MailAddress] {
            guard !texts.isEmpty else { throw SettingsError("to", .missing) }
            guard texts.count <= recipientLimit else {
                throw SettingsError("to", .tooMany(limit: recipientLimit))
            }
            var recipients: [MailAddress] = []
            for text in texts {
                let recipient = try MailAddress(text, key: "to")
                // Twice the same would be two deliveries of one mail to one person.
                guard !recipients.contains(where: { $0.address == recipient.address }) else {
                    throw SettingsError(
                        "to", wrong: Bilingual("有一个地址写了两次", "an address stands there twice"))
                }
                recipients.append(recipient)
            }
            return recipients
        }

        /// A password never travels in the clear, but to this machine.
        private static func check(
            _ login: EmailLogin?, _ server: MailServer
        ) throws(SettingsError) {
            guard let login, server.security == .none, !server.isHere,
                login.mechanisms != [.cramMD5]
            else { return }
            throw SettingsError(
                "tls",
                wrong: Bilingual("密码会以明文上网", "the password would travel in the clear"),
                hint: Bilingual(
                    "删去 `tls: none`，或用 smtps://；明文登录只许发往本机",
                    "leave out `tls: none`, or use smtps://; only this machine is told one so"))
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

extension MailServer {
    /// Whether it is on this machine.
    fileprivate var isHere: Bool {
        let name = host.lowercased()
        return name == "localhost" || name == "::1"
            || name.hasPrefix("127.") && IPAddress(name) != nil
    }
}
