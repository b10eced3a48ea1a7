import Foundation
import Pipeline
import Testing

@testable import Channels

struct FeishuVerdictTests {
    static func outcome(_ body: String, status: Int = 200, retryAfter: Duration? = nil) -> Outcome {
        FeishuVerdict.outcome(
            status: status, retryAfter: retryAfter, body: Array(body.utf8), answer: body,
            at: Sample.now)
    }

    @Test(
        "A code means what the verdict table says, with any status that is no failure of the way",
        arguments: [
            (11232, "throttled"), (99_991_400, "throttled"), (2200, "unavailable"),
            (19001, "refusedChannel"), (19021, "refusedChannel"), (19022, "refusedChannel"),
            (19024, "refusedChannel"), (19002, "refusedMessage"), (9499, "refusedMessage"),
            (11246, "refusedMessage"), (230_099, "refusedMessage"),
        ])
    func code(_ code: Int, kind: String) {
        #expect(Self.outcome(#"{"code":\#(code),"msg":"text"}"#).kind == kind)
        #expect(Self.outcome(#"{"code":\#(code)}"#, status: 400).kind == kind)
        #expect(Self.outcome(#"{"code":\#(code)}"#, status: 500).kind == kind)
        // An unknown one is a failure, and the old success beside it does not help.
        #expect(Self.outcome(#"{"code":\#(code),"StatusCode":0}"#).kind == kind)
    }

    @Test("Success is code 0 with a success of HTTP; the old form alone is one, too")
    func success() {
        #expect(
            Self.outcome(#"{"code":0,"msg":"success"}"#) == .delivered(answer: "code 0: success"))
        #expect(
            Self.outcome(#"{"Extra":null,"StatusCode":0,"StatusMessage":"success"}"#).kind
                == "delivered")
        #expect(Self.outcome(#"{"code":0}"#, status: 500).kind == "unavailable")
        #expect(Self.outcome(#"{"code":77,"msg":"?"}"#).kind == "refusedMessage")
        #expect(Self.outcome(#"{"StatusCode":19021}"#).kind == "refusedChannel")
    }

    @Test("One code has two meanings, told apart by its text")
    func tooMany() {
        #expect(Self.outcome(#"{"code":9499,"msg":"too many request"}"#).kind == "throttled")
        #expect(
            Self.outcome(#"{"code":9499,"msg":"Bad Request"}"#, status: 400).kind
                == "refusedMessage")
    }

    @Test("A pause is the service's wish, or ten seconds, and an hour at most")
    func pauses() {
        func wait(_ wish: Duration?) -> Duration? {
            Self.outcome(#"{"code":11232}"#, retryAfter: wish).wait(from: Sample.now)
        }
        #expect(wait(nil) == .seconds(10) && wait(.seconds(3)) == .seconds(10))
        #expect(wait(.seconds(77)) == .seconds(77) && wait(.seconds(9999)) == .seconds(3600))
    }

    @Test(
        "An answer that is none of the bot's may be better next time",
        arguments: ["", "<html></html>", "ok", "[]", "{}", #"{"code":null}"#, #"{"code":{}}"#])
    func garbage(_ body: String) {
        #expect(Self.outcome(body).kind == "unavailable")
    }

    @Test(
        "A status without a known code decides by itself",
        arguments: [
            (301, "refusedChannel"), (400, "refusedMessage"), (404, "refusedChannel"),
            (413, "refusedMessage"), (429, "throttled"), (500, "unavailable"),
            (502, "unavailable"),
        ])
    func status(_ status: Int, kind: String) {
        #expect(Self.outcome("", status: status).kind == kind)
        #expect(Self.outcome(#"{"code":77}"#, status: status).kind == kind)
    }

    @Test("Every golden reply", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenReplies() throws {
        struct File: Decodable { let responses: [GoldenResponse] }
        let rows = try Golden.channel("feishu", as: File.self).responses
        #expect(rows.count >= 15)
        for row in rows {
            let outcome = FeishuVerdict.outcome(
                status: row.status, retryAfter: nil, body: row.body, answer: "", at: Sample.now)
            #expect(outcome.goldenOutcome == row.outcome, "\(row.name)")
            #expect(
                outcome.wait(from: Sample.now) ?? .zero >= .seconds(row.retryAfter ?? 0),
                "\(row.name)")
        }
    }
}
