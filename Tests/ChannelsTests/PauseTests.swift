import Networking
import Pipeline
import Testing

@testable import Channels

/// How long each service's answer makes its channel wait: a row for each spelling of each.
struct PauseTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let service: String
        let status: Int
        let body: String
        /// What the transport made of `Retry-After`.
        let retryAfter: Duration?
        let headers: [HTTPHeader]
        let wait: Duration?

        init(
            _ service: String, _ status: Int, _ body: String = "", retryAfter: Duration? = nil,
            headers: [HTTPHeader] = [], wait: Duration?
        ) {
            self.service = service
            self.status = status
            self.body = body
            self.retryAfter = retryAfter
            self.headers = headers
            self.wait = wait
        }

        var testDescription: String {
            "\(service) \(status) \(retryAfter.map { "\($0)" } ?? "-") \(body)"
        }

        var outcome: Outcome {
            let response = HTTPResponse(
                status: status, headers: headers, body: Array(body.utf8), retryAfter: retryAfter)
            guard let verdict = PauseTests.verdicts[service] else {
                return WebhookVerdict().outcome(of: response, answer: body, at: Sample.now)
            }
            return verdict.outcome(response, answer: body, in: .english, at: Sample.now)
        }
    }

    static var verdicts: [String: any ServiceVerdict.Type] {
        [
            "alertmanager": AlertmanagerVerdict.self, "apprise": AppriseVerdict.self,
            "dingtalk": DingTalkVerdict.self, "discord": DiscordVerdict.self,
            "feishu": FeishuVerdict.self, "matrix": MatrixVerdict.self,
            "mattermost": MattermostVerdict.self, "ntfy": NtfyVerdict.self,
            "pagerduty": PagerDutyVerdict.self, "rocketchat": RocketChatVerdict.self,
            "slack": SlackVerdict.self, "teams": TeamsVerdict.self,
            "telegram": TelegramVerdict.self,
            "wecom": WeComVerdict.self,
        ]
    }

    private static func discord(_ value: String) -> String {
        #"{"message":"You are being rate limited.","retry_after":\#(value),"global":false}"#
    }

    private static func telegram(_ value: String) -> String {
        #"{"ok":false,"error_code":429,"description":"Too Many Requests","#
            + #""parameters":{"retry_after":\#(value)}}"#
    }

    private static func matrix(_ value: String) -> String {
        #"{"errcode":"M_LIMIT_EXCEEDED","error":"Too Many Requests","retry_after_ms":\#(value)}"#
    }

    private static func gateway(_ value: String) -> String {
        #"{"status":1111,"wait":\#(value),"punish":"deny"}"#
    }

    private static func reset(_ value: String) -> [HTTPHeader] {
        [HTTPHeader("X-RateLimit-Reset-After", value)]
    }

    /// What services have as fields of their own.
    static let ownFields = [
        Row("discord", 429, discord("0.65"), wait: .milliseconds(650)),
        Row("discord", 429, discord("1.0001"), wait: .milliseconds(1001)),
        Row("discord", 429, discord("64"), wait: .seconds(64)),
        Row("discord", 429, discord("\"2.5\""), wait: .milliseconds(2500)),
        Row("discord", 429, discord("0.65"), retryAfter: .seconds(1), wait: .seconds(1)),
        Row("discord", 429, discord("-3"), wait: .zero),
        Row("discord", 429, discord("1e300"), wait: .seconds(3600)),
        Row("discord", 429, discord("9223372036854775807"), wait: .seconds(3600)),
        Row("discord", 429, discord("\"nan\""), wait: .seconds(60)),
        Row("discord", 429, discord("\"inf\""), wait: .seconds(3600)),
        Row("discord", 429, discord("null"), wait: .seconds(60)),
        Row("discord", 429, discord("[]"), wait: .seconds(60)),
        Row("discord", 429, "error code: 1015", retryAfter: .seconds(600), wait: .seconds(600)),
        Row("discord", 429, headers: reset("7.25"), wait: .milliseconds(7250)),
        Row("discord", 429, discord("3"), headers: reset("1.5"), wait: .seconds(3)),
        Row("discord", 429, headers: reset("nan"), wait: .seconds(60)),
        Row("telegram", 429, telegram("35"), wait: .seconds(35)),
        Row("telegram", 429, telegram("\"35\""), wait: .seconds(35)),
        Row("telegram", 429, telegram("2.5"), wait: .milliseconds(2500)),
        Row("telegram", 429, telegram("-1"), wait: .zero),
        Row("telegram", 429, telegram("86400"), wait: .seconds(3600)),
        Row("telegram", 429, telegram("9223372036854775807"), wait: .seconds(3600)),
        Row("telegram", 429, telegram("\"soon\""), retryAfter: .seconds(4), wait: .seconds(4)),
        Row("telegram", 429, telegram("{}"), wait: .seconds(60)),
        Row("matrix", 429, matrix("2000"), wait: .seconds(2)),
        Row("matrix", 429, matrix("1.5"), wait: .milliseconds(2)),
        Row("matrix", 429, matrix("2000"), retryAfter: .seconds(9), wait: .seconds(9)),
        Row("matrix", 429, matrix("-2000"), wait: .zero),
        Row("matrix", 429, matrix("9223372036854775807"), wait: .seconds(3600)),
        Row("matrix", 429, matrix("\"nan\""), wait: .seconds(60)),
        Row("dingtalk", 200, gateway("5"), wait: .seconds(5)),
        Row("dingtalk", 200, gateway("\"5\""), wait: .seconds(5)),
        Row("dingtalk", 200, gateway("0.5"), wait: .milliseconds(500)),
        Row("dingtalk", 200, gateway("-5"), wait: .zero),
        Row("dingtalk", 200, gateway("9223372036854775807"), wait: .seconds(3600)),
        Row("dingtalk", 200, gateway("null"), wait: .seconds(60)),
        Row("dingtalk", 200, gateway("null"), retryAfter: .seconds(8), wait: .seconds(8)),
        Row(
            "mattermost", 429, "limit exceeded", headers: [HTTPHeader("X-RateLimit-Reset", "2")],
            wait: .seconds(2)),
        Row(
            "mattermost", 429, "limit exceeded", headers: [HTTPHeader("X-RateLimit-Reset", "-2")],
            wait: .zero),
        Row(
            "rocketchat", 429,
            #"{"success":false,"error":"Too many requests. You must wait 42 seconds before"}"#,
            wait: .seconds(42)),
        Row(
            "rocketchat", 429,
            #"{"success":false,"error":"You must wait 42000000000000000000 seconds"}"#,
            wait: .seconds(60)),
    ]

    /// Codes that come without a wait: the service's own rule, which a wish only makes longer.
    static let ownCodes = [
        Row("dingtalk", 200, #"{"errcode":130101,"errmsg":"x"}"#, wait: .seconds(600)),
        Row("dingtalk", 200, #"{"errcode":"660026","errmsg":"x"}"#, wait: .seconds(600)),
        Row("dingtalk", 200, #"{"errcode":410100}"#, retryAfter: .seconds(5), wait: .seconds(600)),
        Row(
            "dingtalk", 200, #"{"errcode":410100}"#, retryAfter: .seconds(900), wait: .seconds(900)),
        Row("feishu", 200, #"{"code":11232,"msg":"x"}"#, wait: .seconds(10)),
        Row("feishu", 400, #"{"code":99991400,"msg":"x"}"#, wait: .seconds(10)),
        Row("feishu", 200, #"{"code":9499,"msg":"too many request"}"#, wait: .seconds(10)),
        Row("feishu", 200, #"{"code":11232}"#, retryAfter: .seconds(30), wait: .seconds(30)),
        Row("wecom", 200, #"{"errcode":45009,"errmsg":"x"}"#, wait: .seconds(60)),
        Row("wecom", 200, #"{"errcode":45009}"#, retryAfter: .seconds(90), wait: .seconds(90)),
        Row("ntfy", 429, #"{"code":42901,"http":429}"#, wait: .seconds(5)),
        Row("ntfy", 429, #"{"code":42908,"http":429}"#, wait: .seconds(3600)),
        Row("ntfy", 429, #"{"code":42901}"#, retryAfter: .seconds(11), wait: .seconds(11)),
        Row("slack", 429, "rate_limited", wait: .seconds(30)),
        Row("slack", 200, "rate_limited", wait: .seconds(30)),
        Row("pagerduty", 429, wait: .seconds(30)),
        Row(
            "teams", 429, #"{"error":{"code":"WorkflowTriggerThrottled"}}"#, wait: .seconds(60)),
    ]

    @Test("Each service's own field is read, in whatever spelling", arguments: ownFields)
    func ownField(_ row: Row) { check(row) }

    @Test("A code without a wait has that of its service", arguments: ownCodes)
    func ownCode(_ row: Row) { check(row) }

    private func check(_ row: Row) {
        let outcome = row.outcome
        guard case .throttled = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(outcome.wait(from: Sample.now) == row.wait)
    }

    @Test(
        "The header parks every service after a 429, and for an hour at most",
        arguments: ["webhook"] + verdicts.keys.sorted())
    func header(service: String) {
        for (wish, wait) in [
            (Duration.milliseconds(1500), Duration.milliseconds(1500)),
            (.seconds(120), .seconds(120)),
            (.seconds(3600), .seconds(3600)), (.seconds(3601), .seconds(3600)),
            (HTTPResponse.longestRetryAfter, .seconds(3600)),
        ] { check(Row(service, 429, "later", retryAfter: wish, wait: wait)) }
        let usual: Duration =
            service == "slack" || service == "pagerduty" ? .seconds(30) : .seconds(60)
        check(Row(service, 429, "later", wait: usual))
    }

    @Test(
        "The header of a 503 is the service's wish, and that of a success is none",
        arguments: ["webhook"] + verdicts.keys.sorted())
    func unavailable(service: String) {
        for (wish, wait) in [
            (nil, nil), (.zero, .zero), (.seconds(20), .seconds(20)),
            (HTTPResponse.longestRetryAfter, .seconds(3600)),
        ] as [(Duration?, Duration?)] {
            let outcome = Row(service, 503, "later", retryAfter: wish, wait: nil).outcome
            guard case .unavailable(let retryAfter, _) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(retryAfter == wait)
        }
    }
}
