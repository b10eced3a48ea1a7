import Pipeline
import Testing

@testable import Channels

struct TelegramVerdictTests {
    static func outcome(_ body: String, status: Int, retryAfter: Duration? = nil) -> Outcome {
        TelegramVerdict.outcome(
            status: status, retryAfter: retryAfter, body: Array(body.utf8),
            answer: body, at: Sample.now)
    }

    @Test(
        "A code and its text mean what the verdict table says",
        arguments: [
            (400, "Bad Request: chat not found", "refusedChannel"),
            (400, "Bad Request: group chat was upgraded to a supergroup chat", "refusedChannel"),
            (400, "Bad Request: not enough rights to send text messages", "refusedChannel"),
            (400, "Bad Request: message thread not found", "refusedChannel"),
            (400, "Bad Request: TOPIC_CLOSED", "refusedChannel"),
            (400, "Bad Request: TOPIC_DELETED", "refusedChannel"),
            (400, "Bad Request: chat_id is empty", "refusedChannel"),
            (400, "Bad Request: have no rights to send a message", "refusedChannel"),
            (400, "Bad Request: need administrator rights in the channel chat", "refusedChannel"),
            (400, "Bad Request: PEER_ID_INVALID", "refusedChannel"),
            (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "refusedChannel"),
            (400, "Bad Request: CHAT_RESTRICTED", "refusedChannel"),
            (400, "Bad Request: can't parse entities: x", "refusedMessage"),
            (400, "Bad Request: message is too long", "refusedMessage"),
            (400, "Bad Request: message text is empty", "refusedMessage"),
            (401, "Unauthorized", "refusedChannel"),
            (403, "Forbidden: bot was blocked by the user", "refusedChannel"),
            (403, "Forbidden: bot was kicked from the supergroup chat", "refusedChannel"),
            (404, "Not Found", "refusedChannel"),
            (413, "Request Entity Too Large", "refusedMessage"),
            (429, "Too Many Requests: retry after 35", "throttled"),
            (500, "Internal Server Error", "unavailable"), (502, "Bad Gateway", "unavailable"),
        ])
    func code(code: Int, text: String, kind: String) {
        let body = #"{"ok":false,"error_code":\#(code),"description":"\#(text)"}"#
        let outcome = Self.outcome(body, status: code)
        #expect(outcome.kind == kind && outcome.text.contains(text))
    }

    @Test("How long to wait is said in the body first, then in the head")
    func pauses() {
        func wait(_ seconds: String, _ retryAfter: Duration? = nil) -> Duration? {
            let body =
                #"{"ok":false,"error_code":429,"description":"x","parameters":{\#(seconds)}}"#
            return Self.outcome(body, status: 429, retryAfter: retryAfter).wait(from: Sample.now)
        }
        #expect(wait(#""retry_after":35"#, .seconds(9)) == .seconds(35))
        #expect(wait("", .seconds(9)) == .seconds(9))
        #expect(wait("") == .seconds(60))
        #expect(wait(#""retry_after":-1"#) == .zero)
        #expect(wait(#""retry_after":999999999"#) == .seconds(3600))
    }

    @Test(
        "Only `ok` is a success",
        arguments: [
            ("", 200), ("ok", 200), ("{}", 200), ("<html></html>", 200), (#"{"ok":"true"}"#, 200),
            (#"{"ok":true}"#, 500), ("[]", 204),
        ])
    func garbage(body: String, status: Int) {
        #expect(Self.outcome(body, status: status).kind == "unavailable")
        #expect(
            Self.outcome(#"{"ok":true,"result":[{"message_id":"x"}]}"#, status: 200)
                .kind == "delivered")
    }

    @Test("Every golden reply", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenReplies() throws {
        try GoldenReplies.check("telegram", least: 10) { row in
            TelegramVerdict.outcome(
                status: row.status, retryAfter: nil, body: row.body, answer: "",
                at: Sample.now)
        }
    }
}
