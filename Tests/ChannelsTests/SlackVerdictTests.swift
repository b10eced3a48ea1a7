import Foundation
import Pipeline
import Testing

@testable import Channels

struct SlackVerdictTests {
    static func outcome(_ body: String, status: Int = 200, retryAfter: Duration? = nil) -> Outcome {
        SlackVerdict.outcome(
            status: status, retryAfter: retryAfter, body: Array(body.utf8), answer: body,
            at: Sample.now)
    }

    @Test(
        "A word means what the verdict table says",
        arguments: [
            ("invalid_payload", 400, "refusedMessage"), ("invalid_blocks", 400, "refusedMessage"),
            ("invalid_attachments", 400, "refusedMessage"),
            ("msg_blocks_too_long", 400, "refusedMessage"), ("no_text", 400, "refusedMessage"),
            ("missing_text_or_fallback_or_attachments", 400, "refusedMessage"),
            ("too_many_attachments", 400, "refusedMessage"),
            ("user_not_found", 400, "refusedMessage"), ("other_word", 400, "refusedMessage"),
            ("action_prohibited", 403, "refusedChannel"), ("invalid_token", 403, "refusedChannel"),
            ("posting_to_general_channel_denied", 403, "refusedChannel"),
            ("channel_not_found", 404, "refusedChannel"), ("no_service", 404, "refusedChannel"),
            ("no_team", 404, "refusedChannel"), ("channel_is_archived", 410, "refusedChannel"),
            ("rate_limited", 429, "throttled"), ("rollup_error", 500, "unavailable"),
        ])
    func word(_ word: String, status: Int, kind: String) {
        #expect(Self.outcome(word, status: status).kind == kind)
        // A status of success does not make it one.
        #expect(Self.outcome(word).kind == kind)
    }

    @Test("Success is `ok`, and nothing else")
    func success() {
        #expect(Self.outcome("ok") == .delivered(answer: "HTTP 200: ok"))
        #expect(Self.outcome("ok\n").kind == "delivered")
        #expect(Self.outcome("something").kind == "refusedMessage")
        #expect(Self.outcome("okay").kind == "refusedMessage")
        #expect(Self.outcome("ok", status: 500).kind == "unavailable")
    }

    @Test(
        "A page is not the webhook's answer, and may be better next time",
        arguments: ["", "<html>ok</html>", "{\"ok\":true}", String(repeating: "a", count: 70)])
    func garbage(_ body: String) {
        #expect(Self.outcome(body).kind == "unavailable")
    }

    @Test("A pause is the service's wish, or half a minute")
    func pauses() {
        func wait(_ wish: Duration?) -> Duration? {
            Self.outcome("rate_limited", status: 429, retryAfter: wish).wait(from: Sample.now)
        }
        #expect(wait(nil) == .seconds(30) && wait(.seconds(3)) == .seconds(3))
        #expect(wait(.seconds(90_000)) == .seconds(3600))
    }

    @Test(
        "A status without a known word decides by itself",
        arguments: [
            (302, "refusedChannel"), (400, "refusedMessage"), (401, "refusedChannel"),
            (404, "refusedChannel"), (410, "refusedChannel"), (413, "refusedMessage"),
            (429, "throttled"), (500, "unavailable"), (503, "unavailable"),
        ])
    func status(_ status: Int, kind: String) {
        #expect(Self.outcome("", status: status).kind == kind)
    }

    @Test("Every golden reply", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenReplies() throws {
        struct File: Decodable { let responses: [GoldenResponse] }
        let rows = try Golden.channel("slack", as: File.self).responses
        #expect(rows.count >= 16)
        for row in rows {
            let outcome = SlackVerdict.outcome(
                status: row.status,
                retryAfter: row.headers["Retry-After"].flatMap { Int($0) }.map { .seconds($0) },
                body: row.body, answer: "", at: Sample.now)
            #expect(outcome.goldenOutcome == row.outcome, "\(row.name)")
            #expect(
                outcome.wait(from: Sample.now) ?? .zero >= .seconds(row.retryAfter ?? 0),
                "\(row.name)")
        }
    }
}
