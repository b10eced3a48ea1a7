/// How a request gets to its server: whom it trusts, as whom it comes, and through what.
///
/// Its description shows nothing: paths and proxies are nobody else's business.
package struct ConnectionSettings: Sendable, Hashable {
    /// A file of certificates (PEM) to trust.
    package var caFile: String?

    /// Whether the system's certificates are trusted as well as those of ``caFile``.
    ///
    /// Without a file the system's are trusted in any case.
    package var trustsSystem = true

    /// Shown to a server that asks who calls; `nil` means nobody in particular.
    package var identity: ClientIdentity?

    /// The proxy to go through; `nil` means none.
    ///
    /// The variables of the environment are never looked at.
    package var proxy: Proxy?

    /// What is not gone to through the proxy.
    package var proxyExceptions: [ProxyException] = []

    /// A folder of certificates in the place of the system's, for tests of ``trustsSystem`` alone.
    var systemFolder: String?

    package init() {}

    /// What has to be gone through to get to a host, with its address where it is written as one.
    func proxy(toHost host: String, address: IPAddress?) -> Proxy? {
        guard let proxy else { return nil }
        let isException = proxyExceptions.contains { $0.covers(host: host, address: address) }
        return isException ? nil : proxy
    }

    func proxy(toURL url: String) -> Proxy? {
        guard proxy != nil, let parts = URLParts(url) else { return nil }
        return proxy(toHost: parts.host, address: parts.address)
    }
}

/// The certificate a client shows, and the key that proves it.
package struct ClientIdentity: Sendable, Hashable {
    /// A file with the certificate (PEM), those of its issuers behind it where the server needs
    /// them.
    package var certificateFile: String

    /// The file with the private key (PEM); `nil` means that it stands beside the certificate.
    package var keyFile: String?

    /// Empty for a key that is not encrypted.
    package var keyPassword: String

    package init(certificateFile: String, keyFile: String? = nil, keyPassword: String = "") {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.keyPassword = keyPassword
    }
}

extension ConnectionSettings {
    /// Refuses what libcurl would cut short.
    func check() throws(TransportError) {
        guard caFile != nil || identity != nil else { return }
        let texts = [
            caFile, identity?.certificateFile, identity?.keyFile, identity?.keyPassword,
        ]
        guard !texts.contains(where: { $0?.utf8.contains(0) == true }) else {
            throw .invalid("a setting of the connection holds a NUL")
        }
    }
}

extension ConnectionSettings: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package var description: String { "connection settings" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension ClientIdentity: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "client identity" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
