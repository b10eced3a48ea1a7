/// All addresses with the same first bits, as in `10.0.0.0/8`.
package struct AddressRange: Sendable, Hashable {
    /// The first address of the range.
    package let first: IPAddress

    /// How many bits all its addresses share: 0...32, or 0...128.
    package let prefixLength: Int

    /// Reads `10.0.0.0/8`, `fd00::/8`, or a single address; bits behind the prefix are taken as
    /// zero.
    ///
    /// Returns `nil` for anything else, other spellings of IPv4 addresses (`10/8`, `0x7f.1`)
    /// included.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        let width = address.width
        var length = width
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= width
            else { return nil }
            length = number
        }
        prefixLength = length
        first = address.keeping(length)
    }

    /// Whether the address, or the IPv4 address inside it, is in the range.
    package func contains(_ address: IPAddress) -> Bool {
        if address.width == first.width && address.keeping(prefixLength) == first { return true }
        guard let embedded = address.embedded else { return false }
        return contains(embedded)
    }
}

extension AddressRange: CustomStringConvertible {
    package var description: String { "\(first)/\(prefixLength)" }
}

extension IPAddress {
    /// How many bits the address has.
    fileprivate var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// The address with all but its first bits set to zero.
    fileprivate func keeping(_ length: Int) -> IPAddress {
        switch self {
        case .v4(let bits): .v4(bits & ~(length == 0 ? .max : UInt32.max >> length))
        case .v6(let bits): .v6(bits & ~(length == 0 ? .max : UInt128.max >> length))
        }
    }
}
