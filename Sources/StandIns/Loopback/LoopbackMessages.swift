/// One request, whole, as the stand-ins judge it.
struct LoopbackRequest: Sendable {
    let method: String
    /// As on the request line, still encoded.
    let path: String
    /// As on the request line, still encoded, without the question mark.
    let rawQuery: String
    /// Every value of each header, by its name in lower case.
    let headers: [String: [String]]
    let body: [UInt8]

    init(
        method: String, target: String, headers: [String: [String]] = [:], body: [UInt8] = []
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        self.path = parts.first.map(String.init) ?? ""
        self.rawQuery = parts.count > 1 ? String(parts[1]) : ""
        self.headers = headers
        self.body = body
    }

    /// The first value of a header, named in lower case.
    func header(_ name: String) -> String? { headers[name]?.first }

    /// The content type without its parameters, in lower case.
    var mediaType: String {
        let value = header("content-type") ?? ""
        let type = value.prefix { $0 != ";" }
        return String(type).lowercased().filter { $0 != " " }
    }

    var query: [FormPair] { FormPair.decode(Array(rawQuery.utf8)) }

    /// The pairs of a form in the body; none when it is no form.
    var form: [FormPair] {
        mediaType == "application/x-www-form-urlencoded" ? FormPair.decode(body) : []
    }
}

/// One reply, and how it leaves.
struct LoopbackAnswer: Sendable {
    enum Ending: Sendable {
        case whole
        /// Half of the body leaves, then the connection closes.
        case cut
        /// Nothing leaves: the connection is reset.
        case reset
    }

    var status: Int
    var contentType: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]
    var ending = Ending.whole

    static func json(_ value: JSONValue, status: Int = 200) -> LoopbackAnswer {
        LoopbackAnswer(
            status: status, contentType: "application/json;charset=utf-8", body: value.bytes)
    }

    static func text(_ text: String, status: Int = 200) -> LoopbackAnswer {
        LoopbackAnswer(
            status: status, contentType: "text/plain;charset=utf-8", body: Array(text.utf8))
    }
}

/// A name and a value of a query or a form, decoded.
///
/// Bytes, since nobody promises UTF-8.
struct FormPair: Hashable, Sendable {
    var name: [UInt8]
    var value: [UInt8]

    init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }

    var nameText: String { String(decoding: name, as: UTF8.self) }
    var valueText: String { String(decoding: value, as: UTF8.self) }

    /// The pairs of `a=b&c=d`; a name without `=` has an empty value, empty pieces are passed over.
    static func decode(_ bytes: [UInt8]) -> [FormPair] {
        bytes.split(separator: UInt8(ascii: "&")).map { piece in
            let sign = piece.firstIndex(of: UInt8(ascii: "="))
            let value = sign.map { piece[piece.index(after: $0)...] } ?? []
            return FormPair(
                name: unescape(piece[..<(sign ?? piece.endIndex)]), value: unescape(value))
        }
    }

    /// `+` is a blank, `%41` an A; what is no escape stays as it is.
    private static func unescape(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap(\.hexDigit)
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                result.append(digits[0] << 4 | digits[1])
                rest = rest.dropFirst(2)
            } else {
                result.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return result
    }
}

extension [FormPair] {
    /// The value of the first pair of that name.
    func first(_ name: String) -> String? {
        first { $0.name.elementsEqual(name.utf8) }?.valueText
    }
}

extension UInt8 {
    /// 0...15 for a hexadecimal digit of either case.
    var hexDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
