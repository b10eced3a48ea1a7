/// How text from outside stands in each dialect without being taken for markup.
enum Escaping {
    /// For one line of a dialect of Markdown that documents no escape.
    ///
    /// Characters that would make markup are replaced by their full-width twins, which read the
    /// same. `@` after a letter or digit stays (a mail address), as does `_` between such (an id).
    static func markdownLine(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isAtStart = true
        var previous: Unicode.Scalar?
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            let isInsideWord = isWord(previous) && isWord(next)
            switch scalar {
            case "*", "`", "[", "]", "<", ">", "~", "\\", "|":
                result.append(fullWidth(scalar))
            case "!" where next == "[":
                result.append(fullWidth(scalar))
            case "&" where startsEntity(scalars, at: index):
                result.append(fullWidth(scalar))
            case "#", "-", "+", "=":
                result.append(isAtStart ? fullWidth(scalar) : scalar)
            case "_":
                result.append(isInsideWord ? scalar : fullWidth(scalar))
            case "@":
                result.append(isWord(previous) ? scalar : fullWidth(scalar))
            default:
                result.append(scalar)
            }
            if scalar != " " { isAtStart = false }
            previous = scalar
        }
        return String(result)
    }

    /// Whether an HTML entity begins there: some clients read them in Markdown, too.
    private static func startsEntity(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
        let longest = 32
        let rest = scalars[(index + 1)...].prefix(longest)
        guard let end = rest.firstIndex(of: ";"), end > rest.startIndex else { return false }
        return rest[..<end].allSatisfy { $0 == "#" || isWord($0) }
    }

    /// For HTML, in text and in quoted attributes.
    static func html(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// For one value in the query of a URL: all but the unreserved characters of RFC 3986.
    static func query(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar, scalar.isASCII else { return false }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || scalar == "_"
    }

    /// The twin in the block of half-width and full-width forms; only for U+0021…U+007E.
    private static func fullWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar
    }
}
