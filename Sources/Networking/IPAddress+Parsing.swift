extension IPAddress {
    /// Reads an address in its usual spelling: four decimal numbers without leading zeros, or RFC
    /// 4291's forms of IPv6, without brackets; a zone (`%eth0`) is left aside.
    ///
    /// Returns `nil` for everything else, other spellings of IPv4 included: only what the system
    /// resolved, or what an operator wrote carefully, is read here.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.longestText else { return nil }
        if bytes.contains(UInt8(ascii: ":")) {
            let end = bytes.firstIndex(of: UInt8(ascii: "%")) ?? bytes.count
            guard let bits = Self.readV6(bytes[..<end]) else { return nil }
            self = .v6(bits)
        } else {
            guard let bits = Self.readV4(bytes[...]) else { return nil }
            self = .v4(bits)
        }
    }

    /// Eight groups with an embedded IPv4 address (45) and a zone, which is an interface's name
    /// (15) after `%`.
    private static let longestText = 64

    private static func readV4(_ text: ArraySlice<UInt8>) -> UInt32? {
        var bits: UInt32 = 0
        var parts = 1
        /// Of the part that is being read; nil before its first digit.
        var number: UInt32?
        for byte in text {
            switch (byte, number) {
            case (UInt8(ascii: "."), let part?) where parts < 4:
                bits = bits << 8 | part
                number = nil
                parts += 1
            case (UInt8(ascii: "0")...UInt8(ascii: "9"), 0): return nil
            case (UInt8(ascii: "0")...UInt8(ascii: "9"), let part):
                let longer = (part ?? 0) * 10 + UInt32(byte - UInt8(ascii: "0"))
                guard longer <= 255 else { return nil }
                number = longer
            default: return nil
            }
        }
        guard parts == 4, let number else { return nil }
        return bits << 8 | number
    }

    private static func readV6(_ text: ArraySlice<UInt8>) -> UInt128? {
        guard let gap = firstGap(in: text) else {
            guard let groups = readGroups(text, mayEndInV4: true), groups.count == 8 else {
                return nil
            }
            return number(groups)
        }
        guard let head = readGroups(text[..<gap], mayEndInV4: false),
            let tail = readGroups(text[(gap + 2)...], mayEndInV4: true),
            head.count + tail.count <= 7
        else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
        return number(head + zeros + tail)
    }

    /// Where `::` begins, if it is there.
    private static func firstGap(in text: ArraySlice<UInt8>) -> Int? {
        let colon = UInt8(ascii: ":")
        return text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
    }

    /// Reads groups of hexadecimal digits with a colon between two.
    private static func readGroups(_ text: ArraySlice<UInt8>, mayEndInV4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var groups: [UInt16] = []
        for (place, part) in parts.enumerated() {
            if part.contains(UInt8(ascii: ".")) {
                guard mayEndInV4, place == parts.count - 1, let bits = readV4(part) else {
                    return nil
                }
                groups += [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard let group = readGroup(part) else { return nil }
                groups.append(group)
            }
        }
        return groups.count <= 8 ? groups : nil
    }

    private static func readGroup(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(digits.count) else { return nil }
        var group: UInt16 = 0
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            group = group << 4 | UInt16(value)
        }
        return group
    }

    private static func number(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}
