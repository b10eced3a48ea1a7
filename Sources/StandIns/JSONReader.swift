/// Reads one JSON text (RFC 8259) and says where it is wrong.
///
/// Functions that take something are `mutating`; those that only look are not.
struct JSONReader {
    /// How deep lists and objects may stand in each other.
    static let nestingLimit = 64

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// The value that the bytes spell.
    static func read(_ bytes: [UInt8]) throws(StandInError) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.position == bytes.count else {
            throw reader.mistake("expected the end after the value")
        }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func mistake(_ what: String) -> StandInError {
        let before = bytes.prefix(position)
        let line = 1 + before.count { $0 == UInt8(ascii: "\n") }
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        // Columns count characters: bytes that do not continue one.
        let column = 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 }
        return StandInError("line \(line), column \(column): not JSON: \(what)")
    }

    private mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(StandInError) -> JSONValue {
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"):
            return try nested { reader throws(StandInError) in
                try reader.object()
            }
        case UInt8(ascii: "["):
            return try nested { reader throws(StandInError) in
                try reader.list()
            }
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw mistake("expected a value, found the end")
        default: return .number(try number())
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(StandInError) -> JSONValue
    ) throws(StandInError) -> JSONValue {
        guard depth < Self.nestingLimit else {
            throw mistake("over \(Self.nestingLimit) lists and objects in each other")
        }
        depth += 1
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(StandInError) -> JSONValue {
        var members: [JSONValue.Member] = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object([]) }
        while true {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw mistake("expected a name in quotes") }
            let name = try text()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw mistake("expected : after a name") }
            members.append(.init(name, try value()))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw mistake("expected , or } in an object") }
        }
    }

    private mutating func list() throws(StandInError) -> JSONValue {
        var elements: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .list([]) }
        while true {
            elements.append(try value())
            skipBlanks()
            if take(UInt8(ascii: "]")) { return .list(elements) }
            guard take(UInt8(ascii: ",")) else { throw mistake("expected , or ] in a list") }
        }
    }

    private mutating func word(
        _ word: String, _ value: JSONValue
    ) throws(StandInError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else {
            throw mistake("expected a value")
        }
        position += word.utf8.count
        return value
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func number() throws(StandInError) -> String {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let first = next
        let count = digits()
        guard count > 0, count == 1 || first != UInt8(ascii: "0") else {
            position = start
            throw mistake("expected a value")
        }
        if take(UInt8(ascii: ".")), digits() == 0 { throw mistake("expected digits after the .") }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if digits() == 0 { throw mistake("expected digits in the exponent") }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}

extension JSONReader {
    /// A text in quotes; the next byte is the opening one.
    private mutating func text() throws(StandInError) -> String {
        position += 1
        var content: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw mistake("the text before this is not UTF-8")
                }
                position += 1
                return text
            case UInt8(ascii: "\\"):
                position += 1
                content += String(Character(try escape())).utf8
            case 0..<0x20: throw mistake("a control character in a text")
            default:
                content.append(byte)
                position += 1
            }
        }
        throw mistake("a text without its closing quote")
    }

    /// What stands for the character after a backslash.
    private mutating func escape() throws(StandInError) -> Unicode.Scalar {
        guard let byte = next else { throw mistake("a text without its closing quote") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw mistake("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws(StandInError) -> Unicode.Scalar {
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw mistake("half of a surrogate pair")
        }
        let second = try fourDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw mistake("half of a surrogate pair") }
        return scalar
    }

    private mutating func fourDigits() throws(StandInError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next?.hexDigit else {
                throw mistake("expected four digits after \\u")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
