import CEL
import JSON
package import Networking
package import Pipeline

/// A reply that is not the result: what it said, and what is to be done.
package struct ReplyFailure: Error, Hashable, Sendable {
    package var errorClass: ErrorClass
    /// As the cloud wrote it; nil when the reply names none.
    package var code: String?
    /// The cloud's words, or ours.
    package var message: String
    package var requestID: String?
    /// Nil for a stored reply.
    package var httpStatus: Int?
    package var wait: Duration?
    /// How far this machine's clock is ahead of the cloud's; negative when it is behind.
    package var clockOffset: Duration?

    package init(
        _ errorClass: ErrorClass, code: String? = nil, message: String, requestID: String? = nil,
        httpStatus: Int? = nil
    ) {
        self.errorClass = errorClass
        self.code = code
        self.message = message
        self.requestID = requestID
        self.httpStatus = httpStatus
    }

    /// A reply that cannot be read.
    package static func badReply(_ reason: String) -> ReplyFailure {
        ReplyFailure(.unavailable, message: "bad reply: \(reason)")
    }

    /// Adds what only the whole answer tells.
    package func completed(from response: HTTPResponse, at now: Pipeline.Timestamp) -> ReplyFailure
    {
        var failure = self
        failure.httpStatus = response.status
        failure.requestID = requestID ?? response.header("x-acs-request-id")
        failure.wait = RetryHint.duration(in: response)
        // 429 without a code comes from a gateway; only its wish to wait makes it a limit.
        if code == nil, response.status == 429, failure.wait != nil {
            failure.errorClass = .throttled
        }
        if errorClass == .clock, let serverTime = response.serverTime {
            let (milliseconds, overflow) = serverTime.multipliedReportingOverflow(by: 1000)
            if !overflow {
                failure.clockOffset = now - Pipeline.Timestamp(milliseconds: milliseconds)
            }
        }
        return failure
    }

    /// The reply that a failure of class `later` stands for, or the error of the `Cloud` port.
    ///
    /// The `secrets` are what must not be shown when the cloud repeats it.
    package func reply(to bytes: [UInt8], secrets: [String]) throws(CloudError) -> TaskReply {
        guard errorClass == .later else { throw cloudError(hiding: secrets) }
        var builder = TapeBuilder()
        builder.null()
        let empty = try? builder.finish()
        guard let tape = (try? JSON.parse(bytes)) ?? empty else {
            throw .unavailable(reason: message)
        }
        return TaskReply(conversations: [], status: .queue, bytes: bytes, tape: tape)
    }

    /// The same in the words of the `Cloud` port.
    package func cloudError(hiding secrets: [String]) -> CloudError {
        let reason = reason(hiding: secrets)
        switch errorClass {
        case .throttled:
            let isPerMinute = code?.lowercased().contains("qpm") ?? false
            return .throttled(retryAfter: wait, perMinute: isPerMinute, reason: reason)
        case .unavailable, .later, .resign: return .unavailable(reason: reason)
        case .refusedTask: return .refusedTask(reason: reason)
        case .refusedAccess, .clock, .refusedEndpoint, .renewCredentials:
            return .refusedSource(reason: reason)
        }
    }

    /// What the cloud said, cut and redacted, and what that means, whole.
    private func reason(hiding secrets: [String]) -> String {
        let said = code.map { "\($0): \(message)" } ?? message
        var parts = [Redaction.text(said, hiding: secrets)]
        switch errorClass {
        case .clock:
            parts.append(clockAdvice)
        case .renewCredentials:
            parts.append("the security token is no longer good: renew the credentials")
        case .refusedEndpoint:
            parts.append("this endpoint does not answer that action or version")
        default: break
        }
        var details: [String] = []
        if let httpStatus, httpStatus != 200 { details.append("HTTP \(httpStatus)") }
        let request = Redaction.text(requestID ?? "", hiding: secrets, limit: 64)
        if !request.isEmpty { details.append("request \(request)") }
        if !details.isEmpty { parts.append("(\(details.joined(separator: ", ")))") }
        return parts.joined(separator: " ")
    }

    private var clockAdvice: String {
        guard let clockOffset else { return "set this machine's clock right" }
        let seconds = clockOffset.components.seconds
        let direction = seconds < 0 ? "behind" : "ahead of"
        return "this machine's clock is \(Self.words(seconds.magnitude)) \(direction) the cloud's"
    }

    private static func words(_ seconds: UInt64) -> String {
        switch seconds {
        case 0..<120: "\(seconds) s"
        case 120..<7200: "\((seconds + 30) / 60) min"
        default: "\(seconds / 3600) h"
        }
    }
}
