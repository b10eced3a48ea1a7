/// The `<Error>` document that the gateway writes when it does not know that JSON is wanted.
struct XMLError {
    let code: String
    let message: String
    let requestID: String?

    /// How much of a body is looked at.
    private static let limit = 64 << 10

    /// Nil when the bytes are no such document.
    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes.prefix(Self.limit), as: UTF8.self)
        guard text.contains("<Error>"), let code = Self.element("Code", in: text), !code.isEmpty
        else { return nil }
        self.code = code
        message = Self.element("Message", in: text) ?? ""
        requestID = Self.element("RequestId", in: text)
    }

    var failure: ReplyFailure {
        ReplyFailure(
            ErrorClass(code: code), code: code, message: message, requestID: requestID)
    }

    private static func element(_ name: String, in text: String) -> String? {
        guard let open = text.firstRange(of: "<\(name)>"),
            let close = text[open.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        return trimmed(String(text[open.upperBound..<close.lowerBound]))
            .replacing("&lt;", with: "<").replacing("&gt;", with: ">")
            .replacing("&quot;", with: "\"").replacing("&apos;", with: "'")
            .replacing("&amp;", with: "&")
    }
}
