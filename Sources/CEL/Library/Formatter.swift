/// The work of `"…".format([…])`.
struct Formatter {
    /// The most digits after the point.
    static let precisionLimit = 200

    /// What a value other than a text takes when written, in bytes, roughly.
    private static let plainBytes = 16

    private let evaluation: Evaluation
    private var text = ""
    /// How many lists and maps are open.
    private var depth = 0

    init(_ evaluation: Evaluation) { self.evaluation = evaluation }

    /// The format with a value for each of its clauses; too few values are a fault.
    mutating func format(_ format: Cell, _ values: Cell) throws(Fault) -> Cell {
        let bytes = format.text
        var offset = 0, used = 0, plainStart = 0
        while offset < bytes.count {
            guard bytes[offset] == UInt8(ascii: "%") else {
                offset += 1
                continue
            }
            text += format.slice(plainStart, offset).string
            offset += 1
            guard offset < bytes.count else { throw Fault(.badFormat, format) }
            if bytes[offset] == UInt8(ascii: "%") {
                text += "%"
                offset += 1
            } else {
                let precision = try precision(bytes, &offset, format)
                try evaluation.charge(bytes: precision ?? 0)
                guard offset < bytes.count, used < values.count else {
                    throw Fault(.badFormat, format)
                }
                try write(values.child(used), as: bytes[offset], precision, format)
                used += 1
                offset += 1
            }
            plainStart = offset
            try evaluation.charge(bytes: Formatter.plainBytes)
        }
        text += format.slice(plainStart, bytes.count).string
        return try evaluation.make(text)
    }

    private func precision(
        _ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int, _ format: Cell
    ) throws(Fault) -> Int? {
        guard bytes[offset] == UInt8(ascii: ".") else { return nil }
        offset += 1
        var precision = 0
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) {
            precision = precision * 10 + Int(bytes[offset]) - 0x30
            guard precision <= Formatter.precisionLimit else { throw Fault(.badFormat, format) }
            offset += 1
        }
        return precision
    }

    private mutating func write(
        _ value: Cell, as clause: UInt8, _ precision: Int?, _ format: Cell
    ) throws(Fault) {
        switch clause {
        case UInt8(ascii: "s"): try writePlain(value)
        case UInt8(ascii: "d"): try writeDecimal(value)
        case UInt8(ascii: "f"): try writeDouble(value, precision ?? 6, withExponent: false)
        case UInt8(ascii: "e"): try writeDouble(value, precision ?? 6, withExponent: true)
        case UInt8(ascii: "b"): try writeRadix(value, 2, isUpper: false)
        case UInt8(ascii: "o"): try writeRadix(value, 8, isUpper: false)
        case UInt8(ascii: "x"): try writeHex(value, isUpper: false)
        case UInt8(ascii: "X"): try writeHex(value, isUpper: true)
        default: throw Fault(.badFormat, format)
        }
    }

    private mutating func writePlain(_ value: Cell) throws(Fault) {
        let isText = value.is(.string) || value.is(.bytes)
        try evaluation.charge(bytes: isText ? value.count : Formatter.plainBytes)
        switch value.kind {
        case .list:
            depth = try evaluation.deeper(than: depth)
            text += "["
            for index in 0..<value.count {
                if index > 0 { text += ", " }
                try writePlain(value.child(index))
            }
            text += "]"
            depth -= 1
        case .map, .object: try writeMap(value)
        case .int: text += String(value.int)
        case .uint: text += String(value.uint)
        case .string: text += value.string
        case .double: text += named(value.double) ?? shortText(of: value.double)
        case .bytes: text += String(decoding: value.text, as: UTF8.self)
        case .optional, .opaque: throw Fault(.badFormat, value)
        default: text += try evaluation.text(of: value).string
        }
    }

    /// Entries sorted by the text of their keys.
    private mutating func writeMap(_ map: Cell) throws(Fault) {
        var entries: [(key: String, index: Int)] = []
        depth = try evaluation.deeper(than: depth)
        for index in 0..<map.count {
            var part = Formatter(evaluation)
            part.depth = depth
            try part.writePlain(evaluation.key(map, index))
            entries.append((part.text, index))
        }
        entries.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        text += "{"
        for (place, entry) in entries.enumerated() {
            text += (place > 0 ? ", " : "") + entry.key + ": "
            try writePlain(evaluation.entryValue(map, entry.index))
        }
        text += "}"
        depth -= 1
    }

    private func named(_ value: Double) -> String? {
        if value.isNaN { return "NaN" }
        return value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : nil
    }

    private mutating func writeDecimal(_ value: Cell) throws(Fault) {
        switch value.kind {
        case .int: text += String(value.int)
        case .uint: text += String(value.uint)
        case .double: text += named(value.double) ?? shortText(of: value.double)
        default: throw Fault(.badFormat, value)
        }
    }

    private mutating func writeDouble(
        _ value: Cell, _ precision: Int, withExponent: Bool
    ) throws(Fault) {
        guard value.isNumber else { throw Fault(.badFormat, value) }
        let number = value.asDouble
        if let name = named(number) {
            text += name
        } else if withExponent {
            text += ExactDecimal(number).scientific(precision)
        } else {
            text += ExactDecimal(number).fixed(precision)
        }
    }

    private mutating func writeRadix(
        _ value: Cell, _ radix: Int, isUpper: Bool
    ) throws(Fault) {
        switch value.kind {
        case .int: text += String(value.int, radix: radix, uppercase: isUpper)
        case .uint: text += String(value.uint, radix: radix, uppercase: isUpper)
        case .bool where radix == 2: text += value.bool ? "1" : "0"
        default: throw Fault(.badFormat, value)
        }
    }

    private mutating func writeHex(_ value: Cell, isUpper: Bool) throws(Fault) {
        guard value.is(.string) || value.is(.bytes) else {
            return try writeRadix(value, 16, isUpper: isUpper)
        }
        try evaluation.charge(bytes: value.count * 2)
        for byte in value.text {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16, uppercase: isUpper)
        }
    }
}

/// A double as the exact decimal number that it is, to round it to any number of digits.
///
/// A double is a whole number times a power of two; as decimals it has at most 767 digits.
struct ExactDecimal {
    private let isNegative: Bool
    /// The digits without leading zeros; zero has none.
    private var digits: [UInt8]
    /// How many of the digits stand before the point.
    private let point: Int

    /// The number; NaN and the infinities are taken as zero.
    init(_ value: Double) {
        isNegative = value.sign == .minus
        guard value.isFinite, value != 0 else {
            digits = []
            point = 0
            return
        }
        var number: [UInt32] = []
        let significand = value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)
        number.append(UInt32(truncatingIfNeeded: significand))
        number.append(UInt32(truncatingIfNeeded: significand >> 32))
        let exponent = (value.isNormal ? Int(value.exponentBitPattern) : 1) - 1_075
        // m · 2^e, or for a negative e: m · 5^-e / 10^-e.
        for _ in 0..<abs(exponent) { ExactDecimal.multiply(&number, by: exponent > 0 ? 2 : 5) }
        digits = ExactDecimal.decimalDigits(of: number)
        point = digits.count + min(exponent, 0)
    }

    private static func multiply(_ number: inout [UInt32], by factor: UInt64) {
        var carry: UInt64 = 0
        for index in number.indices {
            let product = UInt64(number[index]) * factor + carry
            number[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry > 0 { number.append(UInt32(truncatingIfNeeded: carry)) }
    }

    private static func decimalDigits(of number: [UInt32]) -> [UInt8] {
        var number = number
        var digits: [UInt8] = []
        while !number.isEmpty {
            var rest: UInt64 = 0
            for index in number.indices.reversed() {
                let part = rest << 32 | UInt64(number[index])
                number[index] = UInt32(truncatingIfNeeded: part / 1_000_000_000)
                rest = part % 1_000_000_000
            }
            while number.last == 0 { number.removeLast() }
            for _ in 0..<9 {
                digits.append(UInt8(truncatingIfNeeded: rest % 10))
                rest /= 10
            }
        }
        while digits.last == 0 { digits.removeLast() }
        return digits.reversed()
    }

    /// The digits rounded to so many, half to even; and whether that made one digit more.
    private func rounded(to count: Int) -> (digits: [UInt8], hasGrown: Bool) {
        guard count >= 0 else { return ([], false) }
        guard count < digits.count else {
            return (digits + Array(repeating: 0, count: count - digits.count), false)
        }
        var kept = Array(digits[..<count])
        let next = digits[count]
        let isHalf = next == 5 && digits[(count + 1)...].allSatisfy { $0 == 0 }
        let isUp = isHalf ? (kept.last ?? 0) % 2 == 1 : next >= 5
        guard isUp else { return (kept, false) }
        var index = count - 1
        while index >= 0 {
            if kept[index] < 9 {
                kept[index] += 1
                return (kept, false)
            }
            kept[index] = 0
            index -= 1
        }
        return ([1] + kept, true)
    }

    /// `-123.500`.
    func fixed(_ precision: Int) -> String {
        let (kept, hasGrown) = rounded(to: point + precision)
        let before = point + (hasGrown ? 1 : 0)
        var text = isNegative ? "-" : ""
        var all = kept
        if before <= 0 {
            // Rounding cut everything when even the first digit lies behind the precision.
            let zeros = min(-before, precision)
            all = Array(repeating: 0, count: zeros) + kept
            text += "0"
        } else {
            text += ExactDecimal.text(all.prefix(before))
            all = Array(all.dropFirst(before))
        }
        if precision > 0 {
            let shown = all.prefix(precision)
            text += "." + ExactDecimal.text(shown)
            text += String(repeating: "0", count: max(0, precision - shown.count))
        }
        return text
    }

    /// `1.052033e+03`.
    func scientific(_ precision: Int) -> String {
        let sign = isNegative ? "-" : ""
        guard !digits.isEmpty else {
            return sign + "0" + (precision > 0 ? "." : "")
                + String(repeating: "0", count: precision) + "e+00"
        }
        let (kept, hasGrown) = rounded(to: precision + 1)
        let exponent = point - 1 + (hasGrown ? 1 : 0)
        let magnitude = String(abs(exponent))
        return sign + ExactDecimal.text(kept.prefix(1))
            + (precision > 0 ? "." + ExactDecimal.text(kept.dropFirst().prefix(precision)) : "")
            + (exponent < 0 ? "e-" : "e+") + (magnitude.count < 2 ? "0" : "") + magnitude
    }

    private static func text(_ digits: some Sequence<UInt8>) -> String {
        String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
    }
}
