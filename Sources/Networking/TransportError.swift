/// Why a call of a ``Transport`` brought no answer.
///
/// The message and the description may be logged and shown: no address, path, query, header,
/// password or body is ever in them. (``mailReply`` holds the server's own words and the
/// recipients: treat it as data.)
package struct TransportError: Error, Sendable, Hashable {
    package enum Code: Sendable, Hashable {
        /// The task that called was cancelled.
        case cancelled
        /// The transport has been shut down.
        case stopped
        /// More calls are under way than the transport has room for.
        case overloaded
        /// The request cannot be sent as it is; nothing was tried. Trying again is of no use.
        case invalidRequest
        /// The host is at no address that the request's ``AddressPolicy`` permits.
        case addressRefused
        /// The address has a scheme that is not permitted (here).
        case protocolRefused
        /// The host's name could not be looked up.
        case resolve
        /// No connection came about, to the host or to the proxy.
        case connect
        /// No trusted encrypted connection came about: certificate, version, or STARTTLS refused.
        case tls
        /// The time was up.
        case timeout
        /// The connection ended before the answer did.
        case connectionLost
        /// The body or the header of the answer is over its limit.
        case responseTooLarge
        /// The answer is none: not HTTP, not SMTP.
        case badResponse
        /// Credentials are set and the mail server offers no way of logging in that they are for.
        case authenticationNotOffered
        /// The mail server refused the login; 454 is temporary; 535, and 334 for a token, are not.
        case authenticationRefused(status: Int)
        /// The mail server refused the mail, at whatever step, with this code: 4yz try again, 5yz
        /// never.
        case mail(status: Int)
        /// Something that has no better name here; the number is libcurl's.
        case unexpected(Int)
    }

    package var code: Code

    /// Whether the far side may have received the whole of it and acted on it all the same.
    ///
    /// `false` is a promise: it has not. After `true`, sending again may deliver twice.
    package var mayHaveBeenDelivered: Bool

    /// A sentence for a person.
    package var message: String

    /// What the mail server said before the mail failed, if it came so far.
    package var mailReply: MailReply?

    package init(
        _ code: Code, mayHaveBeenDelivered: Bool = false, message: String,
        mailReply: MailReply? = nil
    ) {
        self.code = code
        self.mayHaveBeenDelivered = mayHaveBeenDelivered
        self.message = message
        self.mailReply = mailReply
    }
}

extension TransportError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        mayHaveBeenDelivered ? "\(message) (it may have been delivered)" : message
    }
    package var debugDescription: String { "TransportError.\(code): \(description)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
