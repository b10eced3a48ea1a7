/// A proxy, with the login it asks for.
///
/// Its description shows nothing.
package struct Proxy: Sendable, Hashable {
    /// `scheme://host:port`, without a login.
    package let url: String

    /// Empty for a proxy that asks for none.
    package let username: String
    package let password: String

    /// A socks proxy looks the name up itself (`socks5h:`): with `socks5:` libcurl would do that
    /// and the address guard would not see what it found.
    package static let schemes = ["http", "https", "socks5h"]

    /// The longest address of a proxy, in bytes.
    package static let longestURL = 2048
    /// The longest name, and the longest password (RFC 1929 has one byte for the length).
    package static let longestLogin = 255

    /// Reads `scheme://host:port`; a login in it (`//name:password@`) is percent-decoded.
    ///
    /// A login given beside it takes its place. Returns `nil` for what is none of this.
    package init?(_ text: String, username: String? = nil, password: String? = nil) {
        guard text.utf8.count <= Self.longestURL,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            let parts = URLParts(text), Self.schemes.contains(parts.scheme), !parts.host.isEmpty,
            let port = parts.port, parts.hasNothingBehindPort
        else { return nil }
        url = "\(parts.scheme)://\(parts.host):\(port)"
        self.username = username ?? parts.user
        self.password = password ?? parts.password
        for text in [self.username, self.password] {
            guard text.utf8.count <= Self.longestLogin, text.utf8.allSatisfy({ $0 >= 0x20 }) else {
                return nil
            }
        }
        // Basic has a colon between the two.
        guard !self.username.utf8.contains(UInt8(ascii: ":")) else { return nil }
    }

    /// Whether it may see what is asked of a server without TLS.
    var isSOCKS: Bool { url.hasPrefix("socks") }
}

/// What is not gone to through a proxy.
package enum ProxyException: Sendable, Hashable {
    case everything
    /// Hosts that are written as an address.
    case range(AddressRange)
    /// A name in small letters, and all names under it.
    case name(String)

    /// Reads `*`, an address, a range of addresses, or a name (`example.com`, `.example.com`).
    ///
    /// Returns `nil` for anything else.
    package init?(_ text: String) {
        if text == "*" {
            self = .everything
        } else if let range = AddressRange(text) {
            self = .range(range)
        } else {
            let name = HostName.comparable(text.hasPrefix(".") ? String(text.dropFirst()) : text)
            guard HostName.isSound(name) else { return nil }
            self = .name(name)
        }
    }

    func covers(host: String, address: IPAddress?) -> Bool {
        switch self {
        case .everything: return true
        case .range(let range): return address.map(range.contains) ?? false
        case .name(let name):
            return address == nil && HostName.isOrIsUnder(name, HostName.comparable(host))
        }
    }
}

/// Names of hosts, compared as the name system does.
enum HostName {
    /// RFC 1035, 2.3.4.
    private static let longest = 253

    /// In small letters, without the dot at the end that says that it is whole.
    static func comparable(_ host: String) -> String {
        let name = host.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    /// Letters, digits, `-` and `_`, in pieces between dots.
    static func isSound(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= longest
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { piece in
                !piece.isEmpty && piece.utf8.allSatisfy(isNameByte)
            }
    }

    static func isOrIsUnder(_ name: String, _ host: String) -> Bool {
        host == name || host.hasSuffix("." + name)
    }

    /// Whether the name belongs to a machine or a network of one's own, whoever is asked for it (RFC
    /// 6761, 6762, 8375, and the top-level domain `internal`).
    static func isLocal(_ host: String) -> Bool {
        let name = comparable(host)
        return localNames.contains { isOrIsUnder($0, name) }
    }

    private static let localNames = [
        "localhost", "local", "internal", "home.arpa", "localdomain", "ip6-localhost",
        "ip6-loopback",
    ]

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

extension Proxy: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "proxy" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
