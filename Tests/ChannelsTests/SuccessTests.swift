import Networking
import Pipeline
import Testing

@testable import Channels

/// Success as the operator's condition tells it.
struct SuccessTests {
    static func outcome(
        _ success: String, status: Int = 200, body: String = "", headers: [HTTPHeader] = [],
        retryAfter: Duration? = nil, language: MessageContext.Language = .english
    ) throws -> Outcome {
        let condition = try #require(Hook.read("success: |\n  \(success)").success)
        let response = HTTPResponse(
            status: status, headers: headers, body: Array(body.utf8), retryAfter: retryAfter)
        return WebhookVerdict(success: condition, language: language).outcome(
            of: response, answer: body, at: Sample.now)
    }

    @Test(
        "The condition decides where the receiver could",
        arguments: [
            ("json.code == 0", 200, #"{"code":0}"#, "delivered"),
            ("json.code == 0", 200, #"{"code":7}"#, "unavailable"),
            ("json.code == 0", 200, "", "unavailable"),
            ("json.code == 0", 200, "<html>", "unavailable"),
            ("json.code == 0", 200, #"{"cod":0}"#, "unavailable"),
            ("has(json.code) && json.code == 0", 200, "{}", "unavailable"),
            ("json == null", 204, "", "delivered"), ("body == 'ok'", 200, "ok", "delivered"),
            ("body.contains('成功')", 200, "发送成功", "delivered"),
            ("body.matches('(?i)^OK')", 201, "ok.", "delivered"),
            ("status == 409", 409, "", "delivered"), ("status == 409", 400, "", "unavailable"),
            ("status == 302", 302, "", "delivered"), ("status == 302", 301, "", "refusedChannel"),
            ("true", 410, "", "delivered"), ("false", 410, "", "refusedChannel"),
            ("false", 413, "", "refusedMessage"), ("true", 500, "", "unavailable"),
            ("true", 503, "", "unavailable"), ("true", 429, "", "throttled"),
            ("true", 599, "", "unavailable"), ("true", 600, "", "delivered"),
            ("headers['x-result'] == 'a, b'", 200, "", "delivered"),
            ("headers['X-Result'] == 'a, b'", 200, "", "unavailable"),
        ])
    func table(success: String, status: Int, body: String, kind: String) throws {
        let headers = [HTTPHeader("X-Result", "a"), HTTPHeader("x-RESULT", "b")]
        let outcome = try Self.outcome(success, status: status, body: body, headers: headers)
        #expect(outcome.kind == kind, "\(outcome)")
    }

    @Test("What is not success says so, with the answer, in the language of messages")
    func words() throws {
        #expect(
            try Self.outcome("json.code == 0", body: #"{"code":7}"#)
                == .unavailable(
                    retryAfter: nil,
                    answer: #"`success` does not hold; HTTP 200: {"code":7}"#))
        let unknown = try Self.outcome("json.code == 0", body: "no").text
        #expect(
            unknown.hasPrefix("`success` could not be judged (")
                && unknown.hasSuffix("HTTP 200: no"))
        let chinese = try Self.outcome("json.code == 0", body: "no", language: .chinese).text
        #expect(chinese.hasPrefix("`success` 无法判断（"))
        #expect(try Self.outcome("false", status: 404).text == "`success` does not hold; HTTP 404")
        #expect(try Self.outcome("true", status: 409, body: "again").text == "HTTP 409: again")
    }

    @Test("The receiver's wish is honoured up to an hour")
    func retryAfter() throws {
        func wait(_ wish: Duration) throws -> Duration? {
            try Self.outcome("false", retryAfter: wish).wait(from: Sample.now)
        }
        #expect(
            try wait(.seconds(3599)) == .seconds(3599) && wait(.seconds(3600)) == .seconds(3600))
        #expect(try wait(.seconds(3601)) == .seconds(3600))
    }

    @Test("A condition that takes too long is no success, and ends")
    func cost() throws {
        let list = "[1,2,3,4,5,6,7,8,9,10]"
        let slow =
            "\(list).all(a, \(list).all(b, \(list).all(c, \(list).all(d, \(list).all(e, \(list).all(f, a + b + c + d + e + f < 100))))))"
        let outcome = try Self.outcome(slow)
        #expect(outcome.kind == "unavailable" && outcome.text.contains("could not be judged"))
    }

    @Test("A long answer is read whole, and shown redacted")
    func longAnswer() async throws {
        let body = Array((String(repeating: "投", count: 300_000) + "done Bearer secret-key").utf8)
        let transport = ScriptedTransport(http: .success(HTTPResponse(status: 200, body: body)))
        let done = try Hook.channel(
            "headers: { Authorization: Bearer secret-key }\nsuccess: body.endsWith('secret-key')",
            transport: transport)
        let message = try #require(done.messages(for: [Sample.alert()], in: Sample.flush).first)
        let outcome = await done.send(Sample.delivery(message), at: Sample.now)
        #expect(outcome.kind == "delivered" && !outcome.text.contains("secret-key"))
        #expect(outcome.text.count <= Outcome.answerLimit)
        let short = ScriptedTransport(
            http: .success(HTTPResponse(status: 200, body: Array("no: Bearer secret-key".utf8))))
        let failing = try Hook.channel(
            "headers: { Authorization: Bearer secret-key }\nsuccess: body == 'yes'",
            transport: short)
        let failed = await failing.send(Sample.delivery(message), at: Sample.now)
        #expect(failed.kind == "unavailable" && failed.text.contains("no: ***"))
    }
}
