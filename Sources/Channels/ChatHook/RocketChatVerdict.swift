import Networking
import Pipeline

/// What a Rocket.Chat server's answer means: `success` decides, also under a status of 200.
enum RocketChatVerdict: ServiceVerdict {
    static func outcome(
        _ response: HTTPResponse, answer: String, in language: MessageContext.Language,
        at now: Timestamp
    ) -> Outcome {
        let status = response.status
        let isSuccess = (200..<300).contains(status)
        guard let reply = ReplyJSON(response.body), let success = reply["success"]?.bool else {
            return isSuccess
                ? .unavailable(
                    retryAfter: nil,
                    answer: Bilingual(
                        "HTTP \(status)，却没有 `success`：\(answer)",
                        "HTTP \(status), but no `success`: \(answer)"
                    ).text(in: language))
                : HTTPVerdict.outcome(
                    status: status, retryAfter: response.retryAfter, answer: answer, in: language,
                    at: now)
        }
        if isSuccess, success { return .delivered(answer: "success") }
        let text = reply["error"]?.text ?? answer
        let said = "HTTP \(status): \(text)"
        if isSuccess { return .refusedMessage(reason: said) }
        // The integration may not choose its channel: a matter of its settings, not of this text.
        if status == 400, text.contains("overriding destination") {
            return .refusedChannel(reason: said)
        }
        return HTTPVerdict.outcome(
            status: status, retryAfter: response.retryAfter ?? pause(in: text), answer: text,
            in: language, at: now)
    }

    /// `You must wait 42 seconds`: told in words alone.
    private static func pause(in text: String) -> Duration? {
        guard let match = text.firstMatch(of: /wait ([0-9]{1,6}) seconds/) else { return nil }
        return Int64(match.output.1).map { .seconds($0) }
    }
}
