/// An IP address, of version 4 or 6.
///
/// Texts are read strictly: no leading zeros in version 4, no zone (`%eth0`), and no version 4
/// address dressed as version 6 (`::ffff:10.0.0.1`), so that one address has one meaning.
struct NetworkAddress: Equatable {
    /// The address from its first bit on; one of version 4 fills the upper 32 bits.
    let bits: UInt128
    let isVersion4: Bool

    /// How many bits an address has.
    var width: Int { isVersion4 ? 32 : 128 }

    init(bits: UInt128, isVersion4: Bool) {
        self.bits = bits
        self.isVersion4 = isVersion4
    }

    /// Reads an address; nil when the text is not one.
    init?(_ text: Slice<UnsafeBufferPointer<UInt8>>) {
        if let address = NetworkAddress.version4(text) {
            self.init(bits: UInt128(address) << 96, isVersion4: true)
        } else if let bits = NetworkAddress.version6(text) {
            self.init(bits: bits, isVersion4: false)
            if bits >> 32 == 0xFFFF { return nil }
        } else {
            return nil
        }
    }

    private static func version4(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32? {
        var address: UInt32 = 0, number: UInt32 = 0
        var digits = 0, dots = 0
        for byte in text {
            switch byte {
            case 0x30...0x39:
                // A second digit must not follow a zero.
                guard digits < 3, digits == 0 || number > 0 else { return nil }
                number = number * 10 + UInt32(byte - 0x30)
                digits += 1
                guard number <= 255 else { return nil }
            case UInt8(ascii: "."):
                guard digits > 0, dots < 3 else { return nil }
                address = address << 8 | number
                (number, digits, dots) = (0, 0, dots + 1)
            default: return nil
            }
        }
        return digits > 0 && dots == 3 ? address << 8 | number : nil
    }

    private static func version6(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt128? {
        let colon = UInt8(ascii: ":"), end = text.endIndex
        var bits: UInt128 = 0
        /// Groups of 16 bits read so far, and how many there were before `::`.
        var groups = 0, gap: Int?
        var offset = text.startIndex
        if text.starts(with: [colon, colon]) {
            gap = 0
            offset += 2
        }
        while offset < end {
            let start = offset
            var group: UInt128 = 0
            while offset < end, offset - start < 4, let digit = hexDigit(text[offset]) {
                group = group << 4 | UInt128(digit)
                offset += 1
            }
            guard offset > start else { return nil }
            if offset < end, text[offset] == UInt8(ascii: ".") {
                // The last 32 bits may be written as version 4.
                guard groups <= 6, let tail = version4(text[start..<end]) else { return nil }
                bits = bits << 32 | UInt128(tail)
                groups += 2
                break
            }
            guard groups < 8 else { return nil }
            bits = bits << 16 | group
            groups += 1
            if offset == end { break }
            guard text[offset] == colon else { return nil }
            offset += 1
            guard offset < end else { return nil }
            if text[offset] == colon {
                guard gap == nil else { return nil }
                gap = groups
                offset += 1
            }
        }
        guard let gap else { return groups == 8 ? bits : nil }
        // `::` stands for at least one group.
        guard groups < 8 else { return nil }
        let behind = 16 * (groups - gap)
        let head = bits >> UInt128(behind)
        let tail = bits & ((1 << UInt128(behind)) - 1)
        return head << UInt128(16 * (8 - gap)) | tail
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

extension NetworkAddress {
    /// The first so many bits, right-aligned.
    private func first(_ count: Int) -> UInt128 { bits >> UInt128(128 - count) }

    var isUnspecified: Bool { bits == 0 }

    var isLoopback: Bool { isVersion4 ? first(8) == 127 : bits == 1 }

    private var isMulticast: Bool { isVersion4 ? first(4) == 0xE : first(8) == 0xFF }

    /// Sent to all hosts of one link: 224.0.0.0/24, and ff02 with any flags.
    var isLinkLocalMulticast: Bool {
        isVersion4 ? first(24) == 0xE00000 : first(16) & 0xFF0F == 0xFF02
    }

    /// Of use on one link only: 169.254.0.0/16, fe80::/10.
    var isLinkLocalUnicast: Bool {
        isVersion4 ? first(16) == 0xA9FE : first(10) == 0xFE80 >> 6
    }

    /// Of one host, beyond its link; private addresses are such too.
    var isGlobalUnicast: Bool {
        let isBroadcast = isVersion4 && first(32) == 0xFFFF_FFFF
        return !isUnspecified && !isBroadcast && !isLoopback && !isMulticast && !isLinkLocalUnicast
    }

    /// The address in its one canonical form, for version 6 that of RFC 5952.
    var text: String {
        if isVersion4 {
            return (1...4).map { String(first(8 * $0) & 0xFF) }.joined(separator: ".")
        }
        let groups = (1...8).map { first(16 * $0) & 0xFFFF }
        func joined(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        let gap = longestZeros(groups)
        // A single zero is written out.
        if gap.count < 2 { return joined(0..<8) }
        return "\(joined(0..<gap.lowerBound))::\(joined(gap.upperBound..<8))"
    }

    /// The longest run of zeros, of equal ones the first.
    private func longestZeros(_ groups: [UInt128]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<index + 1
            }
        }
        return longest
    }
}

/// The addresses that begin with the same bits (CIDR): `10.0.0.0/8`.
struct NetworkRange: Equatable {
    /// The address as it was written, bits beyond the length too.
    let address: NetworkAddress
    /// How many bits the addresses have in common.
    let length: Int

    init(address: NetworkAddress, length: Int) {
        self.address = address
        self.length = length
    }

    /// Reads `ADDRESS/LENGTH`; nil when the text is not that.
    init?(_ text: Slice<UnsafeBufferPointer<UInt8>>) {
        guard let slash = text.lastIndex(of: UInt8(ascii: "/")),
            let address = NetworkAddress(text[..<slash]),
            let length = NetworkRange.length(text[(slash + 1)...]), length <= address.width
        else { return nil }
        self.init(address: address, length: length)
    }

    /// One to three digits without a leading zero.
    private static func length(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard (1...3).contains(text.count), text.count == 1 || text.first != 0x30,
            text.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }

    private var mask: UInt128 { length == 0 ? 0 : ~0 << UInt128(128 - length) }

    func contains(_ other: NetworkAddress) -> Bool {
        other.isVersion4 == address.isVersion4 && (other.bits ^ address.bits) & mask == 0
    }

    func contains(_ other: NetworkRange) -> Bool {
        length <= other.length && contains(other.address)
    }

    /// The range with the bits beyond the length set to 0.
    var masked: NetworkRange {
        NetworkRange(
            address: NetworkAddress(bits: address.bits & mask, isVersion4: address.isVersion4),
            length: length)
    }

    var text: String { "\(address.text)/\(length)" }
}
