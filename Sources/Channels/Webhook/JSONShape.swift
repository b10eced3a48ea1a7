import Pipeline

/// Reads the fixed text of a JSON template, byte by byte, and says where its holes stand.
///
/// A hole outside of quotes takes the place of a whole value, one inside of quotes is a part of the
/// text there. What passes is JSON whatever the values are.
struct JSONShape {
    /// What a hole is to become.
    enum Place { case value, text }

    /// The first thing that is wrong, and where.
    struct Mistake: Error, Hashable {
        let offset: Int
        let message: Bilingual
        var hint: Bilingual?
    }

    /// The deepest nesting of lists and objects.
    static let nestingLimit = 64
    /// The most bytes of a number.
    private static let literalLimit = 64

    private enum Expected { case value, valueOrEnd, key, keyOrEnd, colon, separator, nothing }
    private enum Inside { case structure, text, literal }

    private var expected = Expected.value
    private var inside = Inside.structure
    private var open: [(isObject: Bool, offset: Int)] = []
    private var start = 0
    private var isKey = false
    private var literal: [UInt8] = []
    /// Of an escape: 5 after the backslash, then how many hexadecimal digits are still to come.
    private var escape = 0

    /// Whether what comes next stands inside quotes.
    var isInText: Bool { inside == .text }

    /// A hole, or something else whose text is not known here.
    mutating func readHole(at offset: Int) throws(Mistake) -> Place {
        if inside == .text {
            guard escape == 0 else { throw Self.escapedHole(offset) }
            return .text
        }
        try endLiteral()
        if expected == .key || expected == .keyOrEnd {
            throw Mistake(
                offset: offset, message: Bilingual("键要放在引号里", "a key stands in quotes"),
                hint: Bilingual("写成 \"{{ … }}\": …", "write \"{{ … }}\": …"))
        }
        try beginValue(at: offset)
        endValue()
        return .value
    }

    mutating func read(_ byte: UInt8, at offset: Int) throws(Mistake) {
        switch inside {
        case .text: try readText(byte, at: offset)
        case .literal where !Self.isDelimiter(byte):
            literal.append(byte)
            guard literal.count <= Self.literalLimit else { throw Self.unknownWord(start) }
        default:
            try endLiteral()
            try readStructure(byte, at: offset)
        }
    }

    mutating func end(at offset: Int) throws(Mistake) {
        if inside == .text {
            throw Mistake(offset: start, message: Bilingual("引号没有闭合", "the quote is not closed"))
        }
        try endLiteral()
        if let last = open.last {
            let sign = last.isObject ? "{" : "["
            throw Mistake(
                offset: last.offset,
                message: Bilingual("`\(sign)` 没有闭合", "`\(sign)` is not closed"))
        }
        guard expected == .nothing else {
            throw Mistake(offset: offset, message: Bilingual("这里没有内容", "there is nothing here"))
        }
    }

    private mutating func readStructure(_ byte: UInt8, at offset: Int) throws(Mistake) {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: break
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try beginValue(at: offset)
            guard open.count < Self.nestingLimit else {
                throw Mistake(offset: offset, message: Bilingual("嵌套太深", "nested too deeply"))
            }
            let isObject = byte == UInt8(ascii: "{")
            open.append((isObject, offset))
            expected = isObject ? .keyOrEnd : .valueOrEnd
        case UInt8(ascii: "}"), UInt8(ascii: "]"): try close(byte, at: offset)
        case UInt8(ascii: ","):
            guard expected == .separator, let last = open.last else { throw unexpected(offset) }
            expected = last.isObject ? .key : .value
        case UInt8(ascii: ":"):
            guard expected == .colon else { throw unexpected(offset) }
            expected = .value
        case UInt8(ascii: "\""):
            isKey = expected == .key || expected == .keyOrEnd
            if !isKey { try beginValue(at: offset) }
            (inside, start, escape) = (.text, offset, 0)
        default:
            try beginValue(at: offset)
            (inside, start, literal) = (.literal, offset, [byte])
        }
    }

    private mutating func close(_ byte: UInt8, at offset: Int) throws(Mistake) {
        let isObject = byte == UInt8(ascii: "}")
        let mayEnd = expected == .separator || expected == (isObject ? .keyOrEnd : .valueOrEnd)
        guard mayEnd, open.last?.isObject == isObject else { throw unexpected(offset) }
        open.removeLast()
        endValue()
    }

    private mutating func readText(_ byte: UInt8, at offset: Int) throws(Mistake) {
        if escape == 5 {
            guard "\"\\/bfnrtu".utf8.contains(byte) else { throw Self.unknownEscape(offset) }
            escape = byte == UInt8(ascii: "u") ? 4 : 0
        } else if escape > 0 {
            guard Character(Unicode.Scalar(byte)).isHexDigit else {
                throw Self.unknownEscape(offset)
            }
            escape -= 1
        } else if byte == UInt8(ascii: "\\") {
            escape = 5
        } else if byte == UInt8(ascii: "\"") {
            inside = .structure
            if isKey { expected = .colon } else { endValue() }
        } else if byte < 0x20 {
            throw Mistake(
                offset: offset,
                message: Bilingual("引号里不能换行或有控制字符", "no line end or control character in quotes"),
                hint: Bilingual("换行写成 \\n", "write \\n for a line end"))
        }
    }

    private mutating func beginValue(at offset: Int) throws(Mistake) {
        guard expected == .value || expected == .valueOrEnd else { throw unexpected(offset) }
    }

    private mutating func endValue() { expected = open.isEmpty ? .nothing : .separator }

    private mutating func endLiteral() throws(Mistake) {
        guard inside == .literal else { return }
        let word = String(decoding: literal, as: UTF8.self)
        let isNumber = word.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
        guard isNumber || ["true", "false", "null"].contains(word) else {
            throw Self.unknownWord(start)
        }
        inside = .structure
        endValue()
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || "{}[],:\"".utf8.contains(byte)
    }
}

extension JSONShape {
    /// By what stands there in place of what was expected.
    private func unexpected(_ offset: Int) -> Mistake {
        let message =
            switch expected {
            case .value, .valueOrEnd: Bilingual("这里应是一个值", "a value is expected here")
            case .key, .keyOrEnd: Bilingual("这里应是带引号的键", "a key in quotes is expected here")
            case .colon: Bilingual("键后面缺少 `:`", "`:` is missing behind the key")
            case .separator:
                open.last?.isObject == true
                    ? Bilingual("这里应是 `,` 或 `}`", "`,` or `}` is expected here")
                    : Bilingual("这里应是 `,` 或 `]`", "`,` or `]` is expected here")
            case .nothing: Bilingual("JSON 到这里已经结束", "the JSON has ended before this")
            }
        return Mistake(offset: offset, message: message)
    }

    private static func unknownWord(_ offset: Int) -> Mistake {
        Mistake(
            offset: offset, message: Bilingual("JSON 里没有这样的值", "that is no value of JSON"),
            hint: Bilingual("文本要放在双引号里", "texts stand in double quotes"))
    }

    private static func unknownEscape(_ offset: Int) -> Mistake {
        Mistake(
            offset: offset, message: Bilingual("JSON 里没有这种 \\ 转义", "that is no escape of JSON"))
    }

    private static func escapedHole(_ offset: Int) -> Mistake {
        Mistake(
            offset: offset,
            message: Bilingual("`{{` 前面的 `\\` 转义不完整", "the `\\` before `{{` escapes nothing"))
    }
}
