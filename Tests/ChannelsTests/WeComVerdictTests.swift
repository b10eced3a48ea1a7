import Foundation
import Pipeline
import Testing

@testable import Channels

struct WeComVerdictTests {
    static func outcome(_ body: String, status: Int = 200, retryAfter: Duration? = nil) -> Outcome {
        WeComVerdict.outcome(
            status: status, retryAfter: retryAfter, body: Array(body.utf8), answer: body,
            at: Sample.now)
    }

    @Test(
        "A code means what the verdict table says",
        arguments: [
            (0, "delivered"), (-1, "unavailable"), (45009, "throttled"),
            (93000, "refusedChannel"), (40007, "refusedMessage"), (40008, "refusedMessage"),
            (40058, "refusedMessage"), (42045, "refusedMessage"), (43002, "refusedMessage"),
            (44004, "refusedMessage"), (301_019, "refusedMessage"), (77, "refusedMessage"),
        ])
    func code(_ code: Int, kind: String) {
        #expect(Self.outcome(#"{"errcode":\#(code),"errmsg":"text"}"#).kind == kind)
        #expect(Self.outcome(#"{"errcode":"\#(code)"}"#).kind == kind)
    }

    @Test("A throttled robot rests a minute, or as long as it is told")
    func pauses() {
        func wait(_ wish: Duration?) -> Duration? {
            Self.outcome(#"{"errcode":45009}"#, retryAfter: wish).wait(from: Sample.now)
        }
        #expect(wait(nil) == .seconds(60) && wait(.seconds(90)) == .seconds(90))
    }

    @Test(
        "An answer that is none of the robot's may be better next time",
        arguments: ["", "<html></html>", "ok", "[]", "{}", #"{"errcode":null}"#])
    func garbage(_ body: String) {
        #expect(Self.outcome(body).kind == "unavailable")
    }

    @Test(
        "A status other than 200 decides by itself",
        arguments: [
            (302, "refusedChannel"), (400, "refusedMessage"), (404, "refusedChannel"),
            (429, "throttled"), (500, "unavailable"), (502, "unavailable"),
        ])
    func status(_ status: Int, kind: String) {
        #expect(Self.outcome(#"{"errcode":0}"#, status: status).kind == kind)
    }

    @Test("Every golden reply", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenReplies() throws {
        struct File: Decodable { let responses: [GoldenResponse] }
        let rows = try Golden.channel("wecom", as: File.self).responses
        #expect(rows.count >= 7)
        for row in rows {
            let outcome = WeComVerdict.outcome(
                status: row.status, retryAfter: nil, body: row.body, answer: "", at: Sample.now)
            #expect(outcome.goldenOutcome == row.outcome, "\(row.name)")
            #expect(
                outcome.wait(from: Sample.now) ?? .zero >= .seconds(row.retryAfter ?? 0),
                "\(row.name)")
        }
    }
}
