import Networking
import Pipeline

/// What a flow's answer means: its status, and the code of an error in the body.
///
/// Success is 202, and means no more than that the flow was started.
enum TeamsVerdict: ServiceVerdict {
    /// One row for each code that is known.
    private static let codes: [String: VerdictRow] = [
        "WorkflowTriggerIsNotEnabled": VerdictRow(
            .channel, "工作流已关闭或删除", "the flow is off or deleted"),
        "WorkflowNotFound": VerdictRow(.channel, "没有这个工作流", "there is no such flow"),
        "DirectApiAuthorizationRequired": VerdictRow(
            .channel, "地址里缺 `sig`，或触发器没有对所有人开放",
            "`sig` is missing in the address, or the trigger is not open to anyone"),
        "SignatureMismatch": VerdictRow(.channel, "地址里的 `sig` 不对", "`sig` in the address is wrong"),
        "InvalidRequestContent": VerdictRow(.message, "正文被拒绝", "the body was refused"),
        "WorkflowTriggerThrottled": VerdictRow(
            .throttled(HTTPVerdict.usualPause), "消息太快", "messages come too fast"),
        "NoResponse": VerdictRow(.busy, "服务方出错", "the service failed"),
    ]

    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        if status == 202 {
            return .delivered(
                answer: Bilingual("HTTP 202：工作流已启动", "HTTP 202: the flow was started").text(
                    in: language))
        }
        if (200..<300).contains(status) {
            guard isFlowAnswer(response.body) else {
                return .unavailable(
                    retryAfter: nil,
                    answer: Bilingual(
                        "HTTP \(status)，却不是工作流的回答：\(answer)",
                        "HTTP \(status), but not a flow's answer: \(answer)"
                    ).text(in: language))
            }
            return .delivered(answer: "HTTP \(status)")
        }
        let error = ReplyJSON(response.body)?["error"]
        guard status != 429, let code = error?["code"]?.text, let row = codes[code] else {
            return HTTPVerdict.outcome(response, answer: answer, in: language, at: now)
        }
        let said = "HTTP \(status), \(code): \(error?["message"]?.text ?? "")"
        return row.outcome(said, wish: response.retryAfter, in: language, at: now)
    }
    /// Whether a body with a status of success can be a flow's: what its author wrote, or nothing.
    ///
    /// A page is someone else's, JSON that breaks off was not answered to the end, and bytes are
    /// no text.
    private static func isFlowAnswer(_ body: [UInt8]) -> Bool {
        switch body.first(where: { $0 > 0x20 }) {
        case UInt8(ascii: "<"): false
        case UInt8(ascii: "{"), UInt8(ascii: "["): ReplyJSON(body) != nil
        default: !body.contains(0) && String(validating: body, as: UTF8.self) != nil
        }
    }
}
