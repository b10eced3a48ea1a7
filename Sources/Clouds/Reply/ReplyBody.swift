package import CEL
import JSON

/// The body of a reply that succeeded as far as the cloud says.
package struct ReplyBody: Sendable {
    package let bytes: [UInt8]
    package let tape: Tape

    /// Reads the body, and looks at the status, then at `success` and `code`.
    ///
    /// Without a status it is a stored reply, which had succeeded. What is thrown is what the reply
    /// says of its failure; the class comes from the code.
    package init(bytes: [UInt8], httpStatus: Int?) throws(ReplyFailure) {
        if let httpStatus, !(200...299).contains(httpStatus) {
            throw Self.failure(of: bytes, httpStatus: httpStatus)
        }
        self.bytes = bytes
        do {
            tape = try JSON.parse(bytes)
        } catch {
            // The older actions answer in XML when something is wrong with the request.
            if let xml = XMLError(bytes) { throw xml.failure }
            throw .badReply(error.description)
        }
        guard tape.root.kind == .object else { throw .badReply("it is not a JSON object") }
        guard isSuccess else { throw Self.failure(in: tape.root) }
    }

    /// `success` is a bool, a text, null or absent; `code` a text, a number or absent.
    private var isSuccess: Bool {
        let root = tape.root
        let code = root.field(.code).map { trimmed($0.text).lowercased() }
        let isGoodCode = code.map { $0.isEmpty || $0 == "200" } ?? true
        switch root.field(.success)?.truth {
        case true: return isGoodCode || code == "0" || code == "ok" || code == "success"
        case false: return false
        case nil: return isGoodCode
        }
    }

    private static func failure(of bytes: [UInt8], httpStatus: Int) -> ReplyFailure {
        if let tape = try? JSON.parse(bytes), tape.root.kind == .object {
            return failure(in: tape.root)
        }
        if let xml = XMLError(bytes) { return xml.failure }
        return (300...399).contains(httpStatus)
            ? ReplyFailure(.unavailable, message: "a redirect, which is not followed")
            : ReplyFailure(.unavailable, message: "an answer without an error code")
    }

    private static func failure(in root: Tape.Node) -> ReplyFailure {
        let own = root.field(.errorCode)?.text ?? root.field(.code)?.text ?? ""
        let code = own.isEmpty || own == "200" ? nil : own
        let message =
            root.field(.errorInfo)?.text ?? root.field(.errorMessage)?.text
            ?? root.field(.message)?.text ?? ""
        return ReplyFailure(
            code.map(ErrorClass.init(code:)) ?? .unavailable, code: code,
            message: message.isEmpty ? "the request failed, without a reason" : message,
            requestID: root.field(.requestID)?.text)
    }
}

extension FieldName {
    static let code = FieldName("code")
    static let data = FieldName("data")
    static let errorCode = FieldName("errorCode")
    static let errorInfo = FieldName("errorInfo")
    static let errorMessage = FieldName("errorMessage")
    static let message = FieldName("message")
    static let requestID = FieldName("requestId")
    static let success = FieldName("success")
}
