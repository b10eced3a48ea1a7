extension HTTPRequest {
    static let longestURL = 8 << 10
    static let mostHeaders = 100
    static let mostHeaderBytes = 64 << 10
    static let largestBody = 64 << 20
    static let largestResponseLimit = 1 << 30

    var isEncrypted: Bool {
        let scheme = "https:".utf8
        return url.utf8.prefix(scheme.count).elementsEqual(scheme) { $0 | 0x20 == $1 }
    }

    /// Refuses what must not reach libcurl, which would put some of it on the wire as it is.
    ///
    /// Returns the proxy that is to be gone through.
    @discardableResult
    func check(
        _ settings: ConnectionSettings, knowing known: CheckedAddresses? = nil
    ) throws(TransportError) -> Proxy? {
        try checkCharacters()
        let parts: URLParts
        if let checked = known?.parts(of: url) {
            parts = checked
        } else {
            parts = try checkURL()
            known?.keep(parts, of: url)
        }
        let proxy = settings.proxy(toHost: parts.host, address: parts.address)
        try checkPolicy(parts, proxy: proxy)
        try checkHeaders()
        try settings.check()
        guard method != .get || body.isEmpty else { throw .invalid("a GET has no body") }
        guard body.count <= Self.largestBody else {
            throw .invalid("the body is over \(Self.largestBody) bytes")
        }
        return proxy
    }

    private func checkCharacters() throws(TransportError) {
        guard url.utf8.count <= Self.longestURL else {
            throw .invalid("the address is over \(Self.longestURL) bytes")
        }
        guard url.holdsOnly({ $0 > 0x20 && $0 < 0x7f }) else {
            throw .invalid(
                "the address holds a character outside printable ASCII"
                    + " (percent-encode it; write an international host as xn--…)")
        }
    }

    private func checkURL() throws(TransportError) -> URLParts {
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
        return parts
    }

    /// Applies what can be told of the policy before a name is looked up.
    ///
    /// Through a proxy it is all that can be told: the proxy looks names up, and where they lead is
    /// not seen here. So names that are local by their nature do not go through one.
    private func checkPolicy(_ parts: URLParts, proxy: Proxy?) throws(TransportError) {
        guard case .public(let ranges) = addressPolicy else { return }
        if parts.scheme == "http" && (ranges.isEmpty || proxy != nil) {
            throw TransportError(
                .protocolRefused,
                message: proxy == nil
                    ? "plain http: is permitted to allowed address ranges alone, and there are none"
                    : "plain http: is not permitted through a proxy")
        }
        if let address = parts.address,
            !addressPolicy.permits(address, encrypted: parts.scheme == "https")
        {
            throw TransportError(
                .addressRefused, message: "the host is at an address that is not permitted")
        }
        if proxy != nil, parts.address == nil, HostName.isLocal(parts.host) {
            throw TransportError(
                .addressRefused,
                message: "the host has a local name, which is not permitted through a proxy"
                    + " (make it an exception from the proxy, and its address is judged)")
        }
    }

    private func checkHeaders() throws(TransportError) {
        guard headers.count <= Self.mostHeaders else {
            throw .invalid("there are more than \(Self.mostHeaders) header fields")
        }
        var bytes = 0
        for header in headers {
            bytes += header.name.utf8.count + header.value.utf8.count
            guard !header.name.isEmpty, header.name.holdsOnly(Self.isTokenByte) else {
                throw .invalid("the name of a header field holds a character it must not")
            }
            guard header.value.holdsOnly({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
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

    /// Digits, letters and ``!#$%&'*+-.^_`|~`` (RFC 9110, 5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e...0x60, 0x7c, 0x7e: true
        default: false
        }
    }
}

extension String {
    /// Whether all bytes are such: as `utf8.allSatisfy`, over the bytes as they lie in memory.
    fileprivate func holdsOnly(_ isSuch: (UInt8) -> Bool) -> Bool {
        // `unsafe`: the bytes are not looked at beyond the call.
        let isAll = unsafe utf8.withContiguousStorageIfAvailable { unsafe $0.allSatisfy(isSuch) }
        return isAll ?? utf8.allSatisfy(isSuch)
    }
}

extension TransportError {
    static func invalid(_ message: String) -> TransportError {
        TransportError(.invalidRequest, message: message)
    }
}
