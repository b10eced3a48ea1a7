/// A TZif file: when a zone's offset from UTC changed, and to what (RFC 8536).
struct TimeZoneFile: Sendable {
    private var transitions: [Int64] = []
    private var types: [UInt8] = []
    private var offsets: [Int32] = []
    private var rule: TimeZoneRule?

    /// Reads a file; nil when it is not one of version 2 or later.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        // The first block has times of 32 bits; the second, behind it, the same in 64.
        guard let first = reader.header(), first.version >= UInt8(ascii: "2"),
            reader.skip(first.size(timeWidth: 4)), let header = reader.header()
        else { return nil }
        for _ in 0..<header.times {
            guard let time = reader.number(8) else { return nil }
            transitions.append(time)
        }
        for _ in 0..<header.times {
            guard let type = reader.number(1) else { return nil }
            types.append(UInt8(truncatingIfNeeded: type))
        }
        for _ in 0..<header.types {
            guard let offset = reader.number(4), reader.skip(2) else { return nil }
            offsets.append(Int32(truncatingIfNeeded: offset))
        }
        guard !offsets.isEmpty, types.allSatisfy({ Int($0) < offsets.count }),
            reader.skip(
                header.characters + header.leaps * 12 + header.standards + header.universals)
        else { return nil }
        rule = TimeZoneRule(reader.footer())
    }

    /// The seconds east of UTC at a time.
    func offset(at second: Int64) -> Int32 {
        guard let last = transitions.last, let lastType = types.last, second >= transitions[0]
        else {
            return transitions.isEmpty ? rule?.offset(at: second) ?? offsets[0] : offsets[0]
        }
        if second >= last { return rule?.offset(at: second) ?? offsets[Int(lastType)] }
        // The last transition that is not later.
        var low = 0, high = transitions.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if transitions[middle] <= second { low = middle } else { high = middle }
        }
        return offsets[Int(types[low])]
    }
}

private struct Reader {
    struct Header {
        var version: UInt8
        var universals, standards, leaps, times, types, characters: Int

        func size(timeWidth: Int) -> Int {
            times * timeWidth + times + types * 6 + characters + leaps * (timeWidth + 4)
                + standards + universals
        }
    }

    let bytes: [UInt8]
    var offset = 0

    mutating func header() -> Header? {
        guard offset + 44 <= bytes.count, bytes[offset..<offset + 4].elementsEqual("TZif".utf8)
        else { return nil }
        let version = bytes[offset + 4]
        offset += 20
        var counts: [Int] = []
        for _ in 0..<6 {
            guard let count = number(4), (0...100_000).contains(count) else { return nil }
            counts.append(Int(count))
        }
        return Header(
            version: version, universals: counts[0], standards: counts[1], leaps: counts[2],
            times: counts[3], types: counts[4], characters: counts[5])
    }

    mutating func skip(_ count: Int) -> Bool {
        guard count <= bytes.count - offset else { return false }
        offset += count
        return true
    }

    /// A big-endian signed number.
    mutating func number(_ width: Int) -> Int64? {
        guard offset + width <= bytes.count else { return nil }
        var value: UInt64 = 0
        for _ in 0..<width {
            value = value << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return switch width {
        case 4: Int64(Int32(truncatingIfNeeded: value))
        case 1: Int64(value)
        default: Int64(bitPattern: value)
        }
    }

    /// The rule for times after the last transition, between two newlines.
    func footer() -> String {
        guard offset < bytes.count, bytes[offset] == 0x0A else { return "" }
        return String(decoding: bytes[(offset + 1)...].prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
