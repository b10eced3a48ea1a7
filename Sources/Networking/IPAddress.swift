/// An IPv4 or IPv6 address as a number.
package enum IPAddress: Sendable, Hashable {
    case v4(UInt32)
    case v6(UInt128)

    /// Whether the address belongs to the public internet: to no range in ``nonPublic``.
    ///
    /// An IPv4 address inside an IPv6 one (`::ffff:a.b.c.d`, and `64:ff9b::a.b.c.d` of NAT64) is
    /// judged as the IPv4 address that will be reached.
    package var isPublic: Bool {
        let judged = embedded ?? self
        return !Self.nonPublic.contains { $0.contains(judged) }
    }

    /// The IPv4 address that this IPv6 address stands for, if it does.
    package var embedded: IPAddress? {
        guard case .v6(let bits) = self else { return nil }
        let prefix = bits >> 32
        guard prefix == Self.mappedPrefix || prefix == Self.translatedPrefix else { return nil }
        return .v4(UInt32(truncatingIfNeeded: bits))
    }

    private static let mappedPrefix: UInt128 = 0xffff  // ::ffff:0:0/96
    private static let translatedPrefix: UInt128 = 0x0064_ff9b << 64  // 64:ff9b::/96

    /// The ranges of IANA's special-purpose registries that nobody outside can own, and the
    /// transition mechanisms that could lead into them.
    package static let nonPublic: [AddressRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32",
        "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap(AddressRange.init)
}

extension IPAddress: CustomStringConvertible {
    /// The usual spelling; an IPv6 address as eight groups, nothing left out.
    package var description: String {
        switch self {
        case .v4(let bits):
            return [24, 16, 8, 0].map { String((bits >> $0) & 0xff) }.joined(separator: ".")
        case .v6(let bits):
            return stride(from: 112, through: 0, by: -16)
                .map { String((bits >> UInt128($0)) & 0xffff, radix: 16) }.joined(separator: ":")
        }
    }
}

extension IPAddress {
    /// An address in network byte order: 4 or 16 bytes.
    init?(bytes: InlineArray<16, UInt8>, count: Int) {
        switch count {
        case 4: self = .v4((0..<4).reduce(0) { $0 << 8 | UInt32(bytes[$1]) })
        case 16: self = .v6((0..<16).reduce(0) { $0 << 8 | UInt128(bytes[$1]) })
        default: return nil
        }
    }
}
