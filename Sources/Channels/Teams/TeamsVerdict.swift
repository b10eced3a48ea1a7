import Foundation
import Pipeline

/// What a flow's answer means: its status, and the code of an error in the body.
///
/// Success is 202, and means no more than that the flow was started.
enum TeamsVerdict {
    /// One row for each code that is known.
    private static let codes: [String: VerdictRow] = [
        "WorkflowTriggerIsNotEnabled": VerdictRow(.channel, "the flow is off or deleted"),
        "WorkflowNotFound": VerdictRow(.channel, "there is no such flow"),
        "DirectApiAuthorizationRequired": VerdictRow(
            .channel, "`sig` is missing in the address, or the trigger is not open to anyone"),
        "SignatureMismatch": VerdictRow(.channel, "`sig` in the address is wrong"),
        "InvalidRequestContent": VerdictRow(.message, "the body was refused"),
        "WorkflowTriggerThrottled": VerdictRow(
            .throttled(HTTPVerdict.usualPause), "messages come too fast"),
        "NoResponse": VerdictRow(.busy, "the service failed"),
    ]

    static func outcome(
        status: Int, retryAfter: Duration?, body: [UInt8], answer: String, at now: Timestamp
    ) -> Outcome {
        if status == 202 { return .delivered(answer: "HTTP 202: the flow was started") }
        if (200..<300).contains(status) {
            // A page is someone else's answer.
            guard body.first(where: { $0 > 0x20 }) != UInt8(ascii: "<") else {
                return .unavailable(
                    retryAfter: nil, answer: "HTTP \(status), but not a flow's answer: \(answer)")
            }
            return .delivered(answer: "HTTP \(status)")
        }
        let reply = try? JSONDecoder().decode(Reply.self, from: Data(body))
        guard status != 429, let error = reply?.error, let row = codes[error.code] else {
            return HTTPVerdict.outcome(
                status: status, retryAfter: retryAfter, answer: answer, at: now)
        }
        return row.outcome(
            "HTTP \(status), \(error.code): \(error.message ?? "")", wish: retryAfter, at: now)
    }

    private struct Reply: Decodable {
        struct Failure: Decodable {
            let code: String
            let message: String?
        }
        let error: Failure
    }
}
