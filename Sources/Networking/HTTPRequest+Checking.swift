extension HTTPRequest {
    static let longestURL = 8 << 10
    static let mostHeaders = 100
    static let mostHeaderBytes = 64 << 10
    static let largestBody = 64 << 20
    static let largestResponseLimit = 1 << 30

    var isEncrypted: Bool { url.prefix(6).lowercased() == "https:" }

    /// Refuses what must not reach libcurl, which would put some of it on the wire as it is.
    ///
    /// The proxy is the one that will be gone through; empty for none.
    func check(proxy: String) throws(TransportError) {
        try checkURL(proxy: proxy)
        try checkHeaders()
        try Self.check(proxy: proxy)
        guard method != .get || body.isEmpty else { throw .invalid("a GET has no body") }
        guard body.count <= Self.largestBody else {
            throw .invalid("the body is over \(Self.largestBody) bytes")
        }
        guard caFile?.utf8.contains(0) != true else {
            throw .invalid("the path of the certificates holds a NUL")
        }
    }

    private func checkURL(proxy: String) throws(TransportError) {
        guard url.utf8.count <= Self.longestURL else {
            throw .invalid("the address is over \(Self.longestURL) bytes")
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw .invalid(
                "the address holds a character outside printable ASCII"
                    + " (percent-encode it; write an international host as xn--…)")
        }
        guard let parts = URLParts(url) else { throw .invalid("the address cannot be read") }
        guard parts.scheme == "https" || parts.scheme == "http" else {
            throw TransportError(
                .protocolRefused, message: "the address is neither https: nor http:")
        }
        // Where there is no host (`https:///path`), libcurl takes the path for it.
        let afterSlashes = url.utf8.dropFirst(parts.scheme.utf8.count + 3).first
        guard !parts.host.isEmpty, afterSlashes != UInt8(ascii: "/") else {
            throw .invalid("the address has no host")
        }
        guard !parts.hasCredentials else { throw .invalid("the address holds a user name") }
        try checkPolicy(parts, proxy: proxy)
    }

    private func checkPolicy(_ parts: URLParts, proxy: String) throws(TransportError) {
        guard case .public(let ranges) = addressPolicy else { return }
        if parts.scheme == "http" && (ranges.isEmpty || !proxy.isEmpty) {
            throw TransportError(
                .protocolRefused,
                message: proxy.isEmpty
                    ? "plain http: is permitted to allowed address ranges alone, and there are none"
                    : "plain http: is not permitted through a proxy")
        }
        if let address = parts.address,
            !addressPolicy.permits(address, encrypted: parts.scheme == "https")
        {
            throw TransportError(
                .addressRefused, message: "the host is at an address that is not permitted")
        }
    }

    private func checkHeaders() throws(TransportError) {
        guard headers.count <= Self.mostHeaders else {
            throw .invalid("there are more than \(Self.mostHeaders) header fields")
        }
        var bytes = 0
        for header in headers {
            bytes += header.name.utf8.count + header.value.utf8.count
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(Self.isTokenByte) else {
                throw .invalid("the name of a header field holds a character it must not")
            }
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
                throw .invalid("the value of a header field holds a control character")
            }
            guard !Self.ownHeaders.contains(where: header.isNamed) else {
                throw .invalid("a header field is the transport's own")
            }
        }
        guard bytes <= Self.mostHeaderBytes else {
            throw .invalid("the header fields are over \(Self.mostHeaderBytes) bytes")
        }
    }

    /// What says where a request ends, or changes the connection.
    private static let ownHeaders = [
        "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Expect", "TE", "Trailer",
        "Proxy-Connection", "Keep-Alive", "HTTP2-Settings",
    ]

    private static let tokenMarks = Array("!#$%&'*+-.^_`|~".utf8)

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: tokenMarks.contains(byte)
        }
    }

    private static let proxySchemes = ["http", "https", "socks4a", "socks5", "socks5h"]

    private static func check(proxy: String) throws(TransportError) {
        guard !proxy.isEmpty else { return }
        guard proxy.utf8.count <= longestURL, proxy.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            let parts = URLParts(proxy), proxySchemes.contains(parts.scheme)
        else {
            throw .invalid(
                "the proxy must be written as scheme://host:port,"
                    + " with one of the schemes \(proxySchemes.joined(separator: ", "))")
        }
    }
}

extension TransportError {
    static func invalid(_ message: String) -> TransportError {
        TransportError(.invalidRequest, message: message)
    }
}
