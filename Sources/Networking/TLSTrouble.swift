import CCurl

/// Why TLS failed, beyond what libcurl's result says: read in OpenSSL's own words.
enum TLSTrouble: Hashable {
    /// The server wants to know who calls.
    case certificateWanted
    /// The server does not take the certificate it was shown.
    case certificateRefused
    /// The server has no TLS 1.2 or later.
    case tooOld
    /// The server gave up the handshake without a word.
    case handshakeRefused
    /// What came back is not TLS.
    case notTLS
    /// The server's certificate is for another host.
    case otherHost
    case certificateUnreadable
    case keyUnreadable
    case caFileUnreadable

    /// Reads OpenSSL's and libcurl's words; `nil` when none of them is known here, as those of
    /// another TLS library are not.
    init?(_ account: String) {
        guard !account.isEmpty,
            let found = Self.words.first(where: { account.contains($0.words) })
        else { return nil }
        self = found.trouble
    }

    private static let words: [(words: String, trouble: TLSTrouble)] = [
        ("alert certificate required", .certificateWanted),
        ("alert bad certificate", .certificateRefused),
        ("alert unsupported certificate", .certificateRefused),
        ("alert certificate unknown", .certificateRefused),
        ("alert certificate expired", .certificateRefused),
        ("alert certificate revoked", .certificateRefused),
        ("alert unknown ca", .certificateRefused),
        ("alert access denied", .certificateRefused),
        ("alert protocol version", .tooOld), ("unsupported protocol", .tooOld),
        ("alert handshake failure", .handshakeRefused),
        ("wrong version number", .notTLS), ("packet length too long", .notTLS),
        ("could not load PEM client certificate", .certificateUnreadable),
        ("unable to set private key file", .keyUnreadable),
        ("does not match the certificate public key", .keyUnreadable),
        ("matches target host name", .otherHost), ("does not match target host name", .otherHost),
        ("error adding trust anchors", .caFileUnreadable),
    ]

    /// Whether a result of libcurl can come of it, so that words in another's mouth count for
    /// nothing.
    func concerns(_ result: CURLcode) -> Bool {
        switch self {
        case .certificateWanted, .certificateRefused:
            result == CURLE_SSL_CONNECT_ERROR || result == CURLE_RECV_ERROR
                || result == CURLE_SEND_ERROR
        case .tooOld, .handshakeRefused, .notTLS: result == CURLE_SSL_CONNECT_ERROR
        case .otherHost: result == CURLE_PEER_FAILED_VERIFICATION
        case .certificateUnreadable, .keyUnreadable:
            result == CURLE_SSL_CERTPROBLEM
        case .caFileUnreadable: result == CURLE_SSL_CACERT_BADFILE
        }
    }

    var isAboutOurCertificate: Bool { self == .certificateWanted || self == .certificateRefused }

    var message: String {
        switch self {
        case .certificateWanted: "the server wants a client certificate"
        case .certificateRefused: "the server does not accept the client certificate"
        case .tooOld: "the TLS handshake failed: the server has no TLS 1.2 or later"
        case .handshakeRefused:
            "the TLS handshake failed: the server refused it"
                + " (perhaps it wants a client certificate)"
        case .notTLS: "the TLS handshake failed: the server does not speak TLS"
        case .certificateUnreadable: "the client certificate cannot be read"
        case .keyUnreadable:
            "the client key cannot be read, is that of another certificate,"
                + " or its password is wrong"
        case .otherHost: "the certificate is not trusted: it is for another host"
        case .caFileUnreadable: "the file of trusted certificates cannot be read"
        }
    }
}
