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

/// The login at a mail server (AUTH PLAIN, or LOGIN where that is all it knows).
///
/// Its description hides both.
package struct MailCredentials: Sendable, Hashable {
    package var username: String
    package var password: String

    package init(username: String, password: String) {
        self.username = username
        self.password = password
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

    /// The envelope's recipients: bare addresses in ASCII, at least one, ``mostRecipients`` at
    /// most.
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

    /// A file of certificates (PEM) to trust besides the system's; `nil` means the transport's own
    /// setting.
    package var caFile: String?

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
