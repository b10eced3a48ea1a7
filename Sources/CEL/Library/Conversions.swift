// Conversions between types.
extension Library {
    static let conversions: [Function] = [
        Function(
            "bool", "a bool of a text", "转换为布尔值",
            [
                identity("bool_to_bool", .bool),
                Overload("string_to_bool", [.string], .bool) { _, arguments throws(Fault) in
                    switch arguments[0].string {
                    case "1", "t", "T", "true", "True", "TRUE": return Cell(true)
                    case "0", "f", "F", "false", "False", "FALSE": return Cell(false)
                    default: throw Fault(.badConversion, arguments[0])
                    }
                },
            ]),
        Function(
            "int", "an int of a number, text or time", "转换为整数",
            [
                identity("int64_to_int64", .int), convert("uint64_to_int64", .uint, .int, toInt),
                convert("double_to_int64", .double, .int, toInt),
                convert("string_to_int64", .string, .int, toInt),
                convert("timestamp_to_int64", .timestamp, .int, toInt),
            ]),
        Function(
            "uint", "a uint of a number or text", "转换为无符号整数",
            [
                identity("uint64_to_uint64", .uint),
                convert("int64_to_uint64", .int, .uint, toUInt),
                convert("double_to_uint64", .double, .uint, toUInt),
                convert("string_to_uint64", .string, .uint, toUInt),
            ]),
        Function(
            "double", "a double of a number or text", "转换为浮点数",
            [
                identity("double_to_double", .double),
                convert("int64_to_double", .int, .double) { value throws(Fault) in
                    Cell(Double(value.int))
                },
                convert("uint64_to_double", .uint, .double) { value throws(Fault) in
                    Cell(Double(value.uint))
                },
                convert("string_to_double", .string, .double) { value throws(Fault) in
                    guard let number = Double(value.string) else {
                        throw Fault(.badConversion, value)
                    }
                    return Cell(number)
                },
            ]),
        Function(
            "string", "the text of a value", "转换为文本",
            [.string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration].map { type in
                Overload("\(type)_to_string", [type], .string) {
                    evaluation, arguments throws(Fault) in try evaluation.text(of: arguments[0])
                }
            }),
        Function(
            "bytes", "the UTF-8 bytes of a text", "转换为字节",
            [
                identity("bytes_to_bytes", .bytes),
                convert("string_to_bytes", .string, .bytes) { value throws(Fault) in
                    var copy = value
                    copy.tag = UInt32(Kind.bytes.rawValue)
                    return copy
                },
            ]),
        Function(
            "timestamp", "a time of RFC 3339 text or of seconds", "转换为时间",
            [
                identity("timestamp_to_timestamp", .timestamp),
                convert("string_to_timestamp", .string, .timestamp) { value throws(Fault) in
                    guard let time = Timestamp(rfc3339: value.text) else {
                        throw Fault(.badConversion, value)
                    }
                    return Cell(time)
                },
                convert("int64_to_timestamp", .int, .timestamp) { value throws(Fault) in
                    let time = Timestamp(seconds: value.int)
                    guard time.isInRange else { throw Fault(.outOfRange, value) }
                    return Cell(time)
                },
            ]),
        Function(
            "duration", "a span of time of text such as \"1h30m\"", "转换为时长，如 \"1h30m\"",
            [
                identity("duration_to_duration", .duration),
                convert("string_to_duration", .string, .duration) { value throws(Fault) in
                    guard let nanoseconds = parseDuration(value.text) else {
                        throw Fault(.badConversion, value)
                    }
                    return Cell(nanoseconds: nanoseconds)
                },
            ]),
    ]

    private static func identity(_ id: String, _ type: ValueType) -> Overload {
        Overload(id, [type], type) { _, arguments throws(Fault) in arguments[0] }
    }

    private static func convert(
        _ id: String, _ from: ValueType, _ to: ValueType,
        _ body: @escaping @Sendable (Cell) throws(Fault) -> Cell
    ) -> Overload {
        Overload(id, [from], to) { _, arguments throws(Fault) in try body(arguments[0]) }
    }

    private static let toInt: @Sendable (Cell) throws(Fault) -> Cell = { value throws(Fault) in
        switch value.kind {
        case .uint:
            guard let number = Int64(exactly: value.uint) else { throw Fault(.overflow, value) }
            return Cell(number)
        case .double:
            // The least int is refused as well, as the specification's tests ask.
            guard value.double > -0x1p63, value.double < 0x1p63 else {
                throw Fault(.overflow, value)
            }
            return Cell(Int64(value.double))
        case .timestamp: return Cell(value.timestamp.seconds)
        default:
            guard let number = Int64(value.string) else { throw Fault(.badConversion, value) }
            return Cell(number)
        }
    }

    private static let toUInt: @Sendable (Cell) throws(Fault) -> Cell = { value throws(Fault) in
        switch value.kind {
        case .int:
            guard let number = UInt64(exactly: value.int) else { throw Fault(.overflow, value) }
            return Cell(number)
        case .double:
            guard value.double >= 0, value.double < 0x1p64 else { throw Fault(.overflow, value) }
            return Cell(UInt64(value.double))
        default:
            guard value.text.first != UInt8(ascii: "+"), let number = UInt64(value.string) else {
                throw Fault(.badConversion, value)
            }
            return Cell(number)
        }
    }
}

extension UnsafeMutablePointer<Frame> {
    /// The text of a value, as `string(…)` gives it.
    func text(of value: Cell) throws(Fault) -> Cell {
        switch value.kind {
        case .string: return value
        case .bool: return try make(value.bool ? "true" : "false")
        case .int: return try make(String(value.int))
        case .uint: return try make(String(value.uint))
        case .double: return try make(shortText(of: value.double))
        case .timestamp: return try make(value.timestamp.rfc3339)
        case .duration: return try make(durationText(value.nanoseconds))
        case .type: return Cell(.string, bits: value.bits, length: value.length)
        case .null: return try make("null")
        case .bytes:
            try spend(bytes: value.count)
            guard String(validating: value.text, as: UTF8.self) != nil else {
                throw Fault(.notText)
            }
            return Cell(.string, bits: value.bits, length: value.length)
        case .opaque: return try make(opaqueText(value))
        default: throw Fault(.noSuchOverload, value)
        }
    }
}

/// A double as `string(…)` writes it: the shortest digits that read back, with an exponent of two
/// digits from 1e6 up and below 1e-4.
func shortText(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    let (digits, point) = decimalDigits(of: value.magnitude)
    let sign = value.sign == .minus ? "-" : ""
    let exponent = point - 1
    if value == 0 { return sign + "0" }
    if exponent < -4 || exponent >= 6 {
        let rest = digits.dropFirst()
        let magnitude = String(abs(exponent))
        return sign + digits.prefix(1) + (rest.isEmpty ? "" : "." + rest)
            + (exponent < 0 ? "e-" : "e+") + (magnitude.count < 2 ? "0" : "") + magnitude
    }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if digits.count <= point {
        return sign + digits + String(repeating: "0", count: point - digits.count)
    }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
}

/// The shortest decimal digits that read back as the number, and where the point is: 0.5 gives
/// ("5", 0), 12.5 gives ("125", 2).
private func decimalDigits(of value: Double) -> (digits: String, point: Int) {
    let text = value.description
    let halves = text.split(separator: "e")
    let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    let exponent = halves.count > 1 ? Int(halves[1]) ?? 0 : 0
    let whole = String(parts[0]), fraction = parts.count > 1 ? String(parts[1]) : ""
    var digits = whole + fraction
    var point = whole.count + exponent
    while digits.hasPrefix("0"), digits.count > 1 {
        digits.removeFirst()
        point -= 1
    }
    while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
    return (digits, point)
}
