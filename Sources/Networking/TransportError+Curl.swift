import CCurl
import Glibc

extension TransportError {
    static let timeIsUp = TransportError(.timeout, message: "the time was up")

    /// What libcurl's result means, whatever the protocol.
    ///
    /// `hasBegun` says whether the request may have gone out.
    static func failure(
        _ result: CURLcode, _ facts: Ending.Facts, hasBegun: Bool
    ) -> TransportError {
        if let trouble = facts.trouble, trouble.concerns(result) {
            // With TLS 1.3 the server judges our certificate after the first bytes of the request
            // have gone out, and throws those away.
            return TransportError(
                .tls, mayHaveBeenDelivered: hasBegun && !trouble.isAboutOurCertificate,
                message: trouble.message)
        }
        let (code, message) = meaning(result, facts, hasBegun: hasBegun)
        return TransportError(code, mayHaveBeenDelivered: hasBegun, message: message)
    }

    private static func meaning(
        _ result: CURLcode, _ facts: Ending.Facts, hasBegun: Bool
    ) -> (Code, String) {
        switch result {
        case CURLE_UNSUPPORTED_PROTOCOL:
            // libcurl says so too of an answer that is not HTTP.
            hasBegun
                ? (.badResponse, "the answer is not HTTP")
                : (.protocolRefused, "the protocol of the address is not permitted")
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT:
            (.invalidRequest, "libcurl does not take the request: \(text(result))")
        case CURLE_COULDNT_RESOLVE_HOST:
            (.resolve, "the host's name could not be looked up")
        case CURLE_COULDNT_RESOLVE_PROXY:
            (.resolve, "the proxy's name could not be looked up")
        case CURLE_COULDNT_CONNECT:
            (
                .connect,
                "no connection\(facts.isThroughProxy ? " to the proxy" : "") came about"
                    + reason(systemError: facts.systemError)
            )
        case CURLE_PROXY:
            (.connect, "the proxy did not connect\(reason(proxyError: facts.proxyError))")
        case CURLE_RECV_ERROR where !hasBegun && facts.connectStatus >= 300:
            (
                .connect,
                facts.connectStatus == 407
                    ? proxyWantsLogin
                    : "the proxy did not connect: it answered with HTTP \(facts.connectStatus)"
            )
        case CURLE_OPERATION_TIMEDOUT:
            (
                .timeout,
                hasBegun ? "no whole answer came in time" : "no connection came about in time"
            )
        case CURLE_PEER_FAILED_VERIFICATION:
            (.tls, "the certificate is not trusted\(reason(verification: facts.verification))")
        case CURLE_SSL_CONNECT_ERROR:
            (.tls, "the TLS handshake failed")
        case CURLE_SSL_CACERT_BADFILE:
            (.tls, "the file of trusted certificates cannot be read")
        case CURLE_USE_SSL_FAILED:
            (.tls, "the mail server does not take STARTTLS")
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_INVALIDCERTSTATUS:
            (.tls, text(result))
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE,
            CURLE_HTTP2, CURLE_HTTP2_STREAM:
            facts.isThroughProxy && !hasBegun
                ? (.connect, "the proxy did not connect: it hung up")
                : (.connectionLost, "the connection ended before the answer was whole")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            (.badResponse, "the answer cannot be understood: \(text(result))")
        default:
            (.unexpected(Int(result.rawValue)), text(result))
        }
    }

    static let proxyWantsLogin = "the proxy wants a login, or another one (HTTP 407)"

    private static func text(_ result: CURLcode) -> String {
        EasyHandle.description(of: result)
    }

    private static func reason(systemError: Int) -> String {
        switch Int32(clamping: systemError) {
        case 0: ""
        case ECONNREFUSED: ": connection refused"
        case ECONNRESET: ": connection reset"
        case ETIMEDOUT: ": timed out"
        case ENETUNREACH: ": no way to the network"
        case EHOSTUNREACH: ": no way to the host"
        case EMFILE, ENFILE: ": too many open files"
        default: ": system error \(systemError)"
        }
    }

    /// What a SOCKS proxy answered.
    private static func reason(proxyError: Int) -> String {
        switch CURLproxycode(UInt32(clamping: proxyError)) {
        case CURLPX_USER_REJECTED, CURLPX_NO_AUTH: ": it wants a login, or another one"
        case CURLPX_REPLY_NOT_ALLOWED: ": it does not permit it"
        case CURLPX_REPLY_HOST_UNREACHABLE: ": no way to the host"
        case CURLPX_REPLY_NETWORK_UNREACHABLE: ": no way to the network"
        case CURLPX_REPLY_CONNECTION_REFUSED: ": connection refused"
        case CURLPX_REPLY_GENERAL_SERVER_FAILURE: ": it failed"
        case CURLPX_CLOSED: ": it hung up"
        default: ""
        }
    }

    /// OpenSSL's result of the verification: the ones an operator meets.
    private static func reason(verification: Int) -> String {
        switch verification {
        case 0: ""
        case 9: ": not yet valid"
        case 10: ": expired"
        case 18: ": self-signed"
        case 19: ": its chain ends in an unknown root"
        case 20, 21: ": its issuer is unknown"
        case 23: ": revoked"
        case 62: ": it is for another host"
        default: " (verification result \(verification))"
        }
    }
}
