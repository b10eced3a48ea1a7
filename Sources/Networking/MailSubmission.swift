/// The server that takes the mails.
package struct MailServer: Sendable, Hashable {
    package enum Security: Sendable, Hashable {
        /// TLS from the first byte (`smtps:`, usually port 465).
        case implicitTLS
        /// In the clear until STARTTLS, which the server must offer (usually port 587).
        case startTLS
        /// In the clear: whoever listens reads the mail and the password. For a relay on the same
        /// machine.
        case none
    }

    /// A name in ASCII, or an address; an IPv6 address without brackets.
    package var host: String
    package var port: Int
    package var security: Security

    package init(host: String, port: Int, security: Security) {
        self.host = host
        self.port = port
        self.security = security
    }
}

/// The login at a mail server.
///
/// Its description hides name and password.
package struct MailCredentials: Sendable, Hashable {
    /// How the name and the password, or a token in its place, are shown to the server.
    package enum Mechanism: String, Sendable, CaseIterable {
        /// RFC 4616.
        case plain = "PLAIN"
        /// Older than its description, and all that some servers know.
        case login = "LOGIN"
        /// RFC 2195: the password itself stays here.
        case cramMD5 = "CRAM-MD5"
        /// RFC 7628, with an OAuth 2.0 token.
        case oauthBearer = "OAUTHBEARER"
        /// The same as Google and Microsoft had it before.
        case xoauth2 = "XOAUTH2"

        package var takesToken: Bool { self == .oauthBearer || self == .xoauth2 }
    }

    package var username: String
    /// The password; for a mechanism that takes one, the token.
    package var password: String
    /// Those to be used, at least one: either all take tokens or none does.
    ///
    /// Which of them is libcurl's choice, among those that the server offers.
    package var mechanisms: Set<Mechanism>

    package init(
        username: String, password: String, mechanisms: Set<Mechanism> = [.plain, .login]
    ) {
        self.username = username
        self.password = password
        self.mechanisms = mechanisms
    }

    var takesToken: Bool { mechanisms.contains { $0.takesToken } }

    /// Their names, as the standards order them here.
    var mechanismNames: [String] {
        Mechanism.allCases.filter(mechanisms.contains).map(\.rawValue)
    }
}

/// A mail to be handed to its server once.
///
/// With credentials the mail is never sent by a session that has not logged in; with `startTLS` or
/// `implicitTLS` it is never sent in the clear.
package struct MailSubmission: Sendable, Hashable {
    package var server: MailServer
    package var credentials: MailCredentials?

    /// The name this program gives itself in EHLO: a host name in ASCII.
    package var helloName: String

    /// The envelope's sender: a bare address (`tocsin@example.com`), in ASCII.
    package var from: String

    /// The envelope's recipients: bare addresses, at least one, ``mostRecipients`` at most.
    ///
    /// A domain is in ASCII (`xn--…`). Outside ASCII, the part before the @ needs a server that
    /// offers SMTPUTF8.
    package var recipients: [String]

    /// The message, header and body, in 7-bit ASCII with lines of at most 998 bytes.
    ///
    /// Bare CR and bare LF are sent as CRLF and a missing last CRLF is added; dots are stuffed on
    /// the way.
    package var message: [UInt8]

    /// How long name lookup, connection and the first TLS handshake may take together.
    package var connectTimeout: Duration = .seconds(5)

    /// How long everything may take, from the call of `send` to the server's last word.
    package var timeout: Duration = .seconds(30)

    /// A file of certificates (PEM) to trust, in the place of that of ``connection``.
    package var caFile: String?

    /// Whom to trust, and as whom to come; `nil` means the transport's own setting.
    ///
    /// A proxy in it is passed over: mails never go through one.
    package var connection: ConnectionSettings?

    /// What every server must take in one mail (RFC 5321, 4.5.3.1.8).
    package static let mostRecipients = 100

    package init(
        server: MailServer, credentials: MailCredentials? = nil, helloName: String = "localhost",
        from: String, recipients: [String], message: [UInt8]
    ) {
        self.server = server
        self.credentials = credentials
        self.helloName = helloName
        self.from = from
        self.recipients = recipients
        self.message = message
    }
}

extension MailCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    package var description: String { "mail credentials" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension MailSubmission: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        "mail of \(message.count) bytes for \(recipients.count) recipients"
    }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
