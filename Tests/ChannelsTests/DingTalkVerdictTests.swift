import Foundation
import Pipeline
import Testing

@testable import Channels

struct DingTalkVerdictTests {
    static func outcome(_ body: String, status: Int = 200, retryAfter: Duration? = nil) -> Outcome {
        DingTalkVerdict.outcome(
            status: status, retryAfter: retryAfter, body: Array(body.utf8), answer: body,
            at: Sample.now)
    }

    @Test(
        "A code means what the verdict table says",
        arguments: [
            (0, "delivered"), (-1, "unavailable"), (130101, "throttled"), (410100, "throttled"),
            (660026, "throttled"), (310000, "refusedChannel"), (300001, "refusedChannel"),
            (300005, "refusedChannel"), (400013, "refusedChannel"), (400101, "refusedChannel"),
            (400102, "refusedChannel"), (400106, "refusedChannel"), (40035, "refusedMessage"),
            (43002, "refusedMessage"), (43004, "refusedMessage"), (400105, "refusedMessage"),
            (430101, "refusedMessage"), (430102, "refusedMessage"), (430103, "refusedMessage"),
            (430104, "refusedMessage"), (460101, "refusedMessage"), (999999, "refusedMessage"),
        ])
    func code(_ code: Int, kind: String) {
        #expect(Self.outcome(#"{"errcode":\#(code),"errmsg":"text"}"#).kind == kind)
        #expect(Self.outcome(#"{"errcode":"\#(code)","errmsg":"text"}"#).kind == kind)
        #expect(Self.outcome(#"{"errcode":\#(code)}"#).kind == kind)
    }

    @Test("A throttled robot rests ten minutes, the gateway says how long")
    func pauses() {
        func wait(_ body: String) -> Duration? { Self.outcome(body).wait(from: Sample.now) }
        #expect(wait(#"{"errcode":130101,"errmsg":"send too fast"}"#) == .seconds(600))
        let gateway = #"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"x"}"#
        #expect(wait(gateway) == .seconds(5))
        #expect(wait(#"{"status":1111}"#) == .seconds(60))
        #expect(wait(#"{"status":1111,"wait":-9}"#) == .zero)
        #expect(wait(#"{"status":1111,"wait":9223372036854775807}"#) == .seconds(3600))
    }

    @Test(
        "The four meanings of 310000 are told apart, in old and new words",
        arguments: [
            ("keywords not in content", "keyword"), ("description:关键词不匹配;", "keyword"),
            ("invalid timestamp", "clock"), ("sign not match", "secret"),
            ("description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳", "secret"),
            ("ip 203.0.113.9 not in whitelist", "address"), ("?", "security settings"),
        ])
    func meaning(text: String, word: String) {
        let outcome = Self.outcome(#"{"errcode":310000,"errmsg":"\#(text)"}"#)
        #expect(outcome.kind == "refusedChannel" && outcome.text.contains(word))
    }

    @Test(
        "An answer that is none of the robot's may be better next time",
        arguments: [
            "", "<html></html>", "ok", "[]", "{}", #"{"errcode":null}"#, #"{"errcode":{}}"#,
            #"{"status":200}"#, "\u{0}", #"{"errcode":99999999999999999999}"#,
        ])
    func garbage(_ body: String) {
        #expect(Self.outcome(body).kind == "unavailable")
    }

    @Test(
        "A status other than 200 decides by itself",
        arguments: [
            (301, "refusedChannel"), (400, "refusedMessage"), (401, "refusedChannel"),
            (403, "refusedChannel"), (404, "refusedChannel"), (408, "unavailable"),
            (410, "refusedChannel"), (413, "refusedMessage"), (415, "refusedMessage"),
            (422, "refusedMessage"), (425, "unavailable"), (429, "throttled"),
            (500, "unavailable"), (502, "unavailable"), (503, "unavailable"),
        ])
    func status(_ status: Int, kind: String) {
        #expect(Self.outcome(#"{"errcode":0}"#, status: status).kind == kind)
    }

    @Test("Every golden reply", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenReplies() throws {
        struct File: Decodable { let responses: [GoldenResponse] }
        let rows = try Golden.channel("dingtalk", as: File.self).responses
        #expect(rows.count >= 24)
        for row in rows {
            let outcome = DingTalkVerdict.outcome(
                status: row.status, retryAfter: nil, body: row.body, answer: "", at: Sample.now)
            #expect(outcome.goldenOutcome == row.outcome, "\(row.name)")
            let wait = outcome.wait(from: Sample.now) ?? .zero
            #expect(wait >= .seconds(row.retryAfter ?? 0), "\(row.name)")
        }
    }
}
