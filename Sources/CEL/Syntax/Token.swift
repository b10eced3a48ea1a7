/// A piece of the source text.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case name(String)
        case quotedName(String)
        case literal(Literal)
        /// A number too large for int that is right behind a minus sign.
        case leastInt
        case symbol(Symbol)
        /// A mistake that stands where an operand or a name may stand.
        case faulty
        case end
    }

    var kind: Kind
    var range: Range<Int>
    /// Whether a mistake in it has been told already.
    var isDoubtful = false
}

extension Token.Kind {
    /// Whether an operand may end with it: a `/` behind it divides.
    var endsOperand: Bool {
        switch self {
        case .name(let name): !Parser.wordOperators.keys.contains(name.lowercased())
        case .quotedName, .literal, .leastInt, .faulty: true
        case .symbol(.closeParenthesis), .symbol(.closeBracket), .symbol(.closeBrace): true
        case .symbol, .end: false
        }
    }
}

/// A constant written in the source.
enum Literal: Hashable, Sendable {
    case null, bool(Bool), int(Int64), uint(UInt64), double(Double), string(String), bytes([UInt8])
}

/// An operator or a bracket.
enum Symbol: String, Sendable, CaseIterable {
    case and = "&&"
    case or = "||"
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case modulo = "%"
    case not = "!"
    case question = "?"
    case colon = ":"
    case comma = ","
    case dot = "."
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case openBrace = "{"
    case closeBrace = "}"
}

extension Token: CustomStringConvertible {
    /// As tests print it.
    var description: String {
        switch kind {
        case .name(let name): name
        case .quotedName(let name): "`\(name)`"
        case .literal(let literal): literal.description
        case .leastInt: "9223372036854775808"
        case .symbol(let symbol): symbol.rawValue
        case .faulty: "�"
        case .end: ""
        }
    }
}

extension Literal {
    var isNumber: Bool {
        switch self {
        case .int, .uint, .double: true
        case .null, .bool, .string, .bytes: false
        }
    }
}

extension Literal: CustomStringConvertible {
    /// As the source would say it.
    var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): "\(value)"
        case .uint(let value): "\(value)u"
        case .double(let value): value.description
        case .string(let value): "\"\(Literal.escaped(value.unicodeScalars))\""
        case .bytes(let value): "b\"\(Literal.escaped(value))\""
        }
    }

    private static func escaped(_ scalars: String.UnicodeScalarView) -> String {
        var text = ""
        for scalar in scalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                text += "\\x" + hex(UInt8(truncatingIfNeeded: scalar.value))
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): text += "\\\""
            case UInt8(ascii: "\\"): text += "\\\\"
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "\\x" + hex(byte)
            }
        }
        return text
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
