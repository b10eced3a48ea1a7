import Networking
import Pipeline
import Testing

@testable import Channels

/// What is said of an answer is in the language of the messages; what it means is the same.
struct VerdictLanguageTests {
    /// Answers that services explain, or that are not theirs.
    static let answers: [(status: Int, body: String)] = [
        (200, "<html>hello</html>"), (200, "{}"), (200, "ok"), (202, ""), (204, ""), (301, ""),
        (400, "{}"), (500, ""), (200, #"{"errcode":310000,"errmsg":"sign not match"}"#),
        (200, #"{"errcode":310000,"errmsg":"keywords not in content"}"#),
        (200, #"{"errcode":310000,"errmsg":"invalid timestamp"}"#),
        (200, #"{"errcode":310000,"errmsg":"not in whitelist"}"#),
        (200, #"{"errcode":310000,"errmsg":"x"}"#), (200, #"{"errcode":77,"errmsg":"x"}"#),
        (200, #"{"status":1111,"wait":5}"#), (200, #"{"code":19021,"msg":"x"}"#),
        (200, #"{"code":77,"msg":"x"}"#), (200, "not_ok"), (404, "no_service"),
        (404, #"{"code":10015,"message":"x"}"#),
        (
            400,
            #"{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-1}}"#
        ),
        (401, #"{"error":{"code":"SignatureMismatch","message":"x"}}"#),
    ]

    private static func hasHan(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.value >= 0x4E00 }
    }

    @Test(
        "An answer means the same in both languages, and is explained in the one",
        arguments: PauseTests.verdicts.keys.sorted())
    func answers(service: String) throws {
        let verdict = try #require(PauseTests.verdicts[service])
        var explained = 0
        for (status, body) in Self.answers {
            let response = HTTPResponse(status: status, body: Array(body.utf8))
            let english = verdict.outcome(response, answer: body, in: .english, at: Sample.now)
            let chinese = verdict.outcome(response, answer: body, in: .chinese, at: Sample.now)
            #expect(english.kind == chinese.kind)
            #expect(!Self.hasHan(english.text), "\(english)")
            #expect(chinese.text == english.text || Self.hasHan(chinese.text), "\(chinese)")
            if Self.hasHan(chinese.text) { explained += 1 }
        }
        // A page in place of an answer, and a redirect, at least.
        #expect(explained >= 2)
    }

    /// A row of each kind that says something to people.
    @Test(
        "The words of a robot's refusal, in both languages",
        arguments: [
            (
                #"{"errcode":310000,"errmsg":"sign not match"}"#,
                "the signature does not match: check `secret` (errcode 310000: sign not match)",
                "签名不对：请检查 `secret`（errcode 310000: sign not match）"
            ),
            (
                #"{"errcode":130101,"errmsg":"x"}"#,
                "more than 20 messages in a minute (errcode 130101: x)",
                "一分钟内超过 20 条（errcode 130101: x）"
            ),
            (#"{"errcode":7,"errmsg":"x"}"#, "unknown errcode 7: x", "不认识的 errcode 7：x"),
        ])
    func robot(body: String, english: String, chinese: String) {
        let response = HTTPResponse(status: 200, body: Array(body.utf8))
        for (language, text) in [(MessageContext.Language.english, english), (.chinese, chinese)] {
            let outcome = DingTalkVerdict.outcome(
                response, answer: body, in: language, at: Sample.now)
            #expect(outcome.text == text)
        }
    }

    static let codes: [TransportError.Code] = [
        .cancelled, .stopped, .overloaded, .invalidRequest, .addressRefused, .protocolRefused,
        .resolve, .connect, .tls, .timeout, .connectionLost, .responseTooLarge, .badResponse,
        .authenticationNotOffered, .authenticationRefused(status: 535), .mail(status: 550),
        .unexpected(7),
    ]

    @Test("A failed call is explained, with the transport's own sentence", arguments: codes)
    func failures(code: TransportError.Code) {
        for mayBe in [false, true] {
            let error = TransportError(code, mayHaveBeenDelivered: mayBe, message: "told so")
            let english = HTTPVerdict.outcome(of: error, in: .english)
            let chinese = HTTPVerdict.outcome(of: error, in: .chinese)
            #expect(english.kind == chinese.kind && english.text == error.description)
            #expect(Self.hasHan(chinese.text) && chinese.text.hasSuffix("（told so）"))
            #expect(chinese.text.contains("也可能已送达") == mayBe)
            let mail = EmailVerdict.outcome(of: error, in: .chinese)
            #expect(mail.kind == EmailVerdict.outcome(of: error, in: .english).kind)
        }
    }

    @Test("A message that went out as plain text says so in the language of the messages")
    func plainText() async throws {
        for (language, said) in [
            (MessageContext.Language.english, "sent as plain text"), (.chinese, "以纯文本发出"),
        ] {
            let slack = try Slack(url: "https://hooks.slack.com/services/T0/B0/abc")
            let replies = [
                HTTPResponse(status: 400, body: Array("invalid_blocks".utf8)),
                HTTPResponse(status: 200, body: Array("ok".utf8)),
            ]
            let channel = ServiceChannel(
                name: "s", service: slack, context: MessageContext(language: language),
                transport: ReplayTransport(replies))
            let message = try #require(
                channel.messages(for: [Sample.alertWithContext], in: Sample.flush).first)
            let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
            #expect(outcome.kind == "delivered" && outcome.text.contains(said))
        }
    }
}
