import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// No secret in any text that is stored or shown, whatever a service answers.
struct SecrecyTests {
    static let token = "b1f4c0ffee0123456789abcdef"
    static let robotURL = "https://oapi.dingtalk.com/robot/send?access_token=\(token)"
    static let hookURL = "https://hooks.example.com/services/T000/B000/\(token)?key=s3cr3tvalue"
    static let feishuURL = "https://open.feishu.cn/open-apis/bot/v2/hook/\(token)"
    static let weComURL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=\(token)"
    static let slackURL = "https://hooks.slack.com/services/T111/B111/\(token)"
    static let teamsURL =
        "https://p.logic.azure.com:443/workflows/\(token)/triggers/manual/paths/invoke?sig=\(token)"
    static let discordURL = "https://discord.com/api/v10/webhooks/4174216298/\(token)"
    static let robotSecret = "SECc32bb7345c0f73da2b9786f0f7dd5083bd768a29"
    static let password = "p@ss  wörd-9"
    static let authorization = "Bearer 0123456789"

    /// What each channel, by its name, must keep.
    static let secrets = [
        "d": [token, robotSecret], "f": [token, robotSecret], "c": [token],
        "s": [token, "/services/T111"], "t": [token], "i": [token],
        "w": [token, "s3cr3tvalue", WebhookTests.secret, authorization, "/services/T000"],
        "m": [password, PlainText.line(password), "cEBzcyAgd8O2cmQtOQ=="],
    ]

    static func channels(_ transport: ScriptedTransport) throws -> [String: any Channel] {
        let robot = try DingTalk(
            url: robotURL, secret: Secret(robotSecret), keyword: "质检")
        let hook = try WebhookChannel.Settings(
            url: hookURL, secrets: [Secret(WebhookTests.secret)],
            headers: ["Authorization": Secret(authorization)])
        let mail = try EmailChannel.Settings(
            server: "smtp://mail.example.com",
            login: EmailLogin(username: Secret("user"), password: Secret(password)),
            from: "a@example.com", to: ["b@example.com"])
        let context = Sample.chinese
        let feishu = try Feishu(url: feishuURL, secret: Secret(robotSecret))
        return [
            "f": ServiceChannel(
                name: "f", service: feishu, context: context, transport: transport),
            "c": ServiceChannel(
                name: "c", service: try WeCom(url: weComURL), context: context,
                transport: transport),
            "s": ServiceChannel(
                name: "s", service: try Slack(url: slackURL), context: context,
                transport: transport),
            "t": ServiceChannel(
                name: "t", service: try Teams(url: teamsURL), context: context,
                transport: transport),
            "i": ServiceChannel(
                name: "i", service: try Discord(url: discordURL),
                context: context, transport: transport),
            "d": ServiceChannel(
                name: "d", service: robot, context: context, transport: transport),
            "w": WebhookChannel(name: "w", settings: hook, context: context, transport: transport),
            "m": EmailChannel(name: "m", settings: mail, context: context, transport: transport),
        ]
    }

    /// Everything that a spiteful service could say back.
    static let echo =
        "You sent \(feishuURL), \(weComURL), \(slackURL), \(teamsURL), \(discordURL), "
        + "\(robotURL)&sign=x, \(hookURL), \(robotSecret), \(WebhookTests.secret),\r\n"
        + "\(password) (cEBzcyAgd8O2cmQtOQ==) and \(authorization).\u{1B}[2J\u{202E}\n"

    @Test("A service that repeats every secret does not get one into an outcome")
    func echoes() async throws {
        let bodies = [
            Self.echo, #"{"errcode":310000,"errmsg":"\#(Self.flatEcho)"}"#,
            #"{"errcode":0,"errmsg":"\#(Self.flatEcho)"}"#,
            #"{"errcode":130101,"errmsg":"\#(Self.flatEcho)"}"#,
            #"{"errcode":77,"errmsg":"\#(Self.flatEcho)"}"#,
            #"{"code":19021,"msg":"\#(Self.flatEcho)"}"#,
            #"{"code":50035,"message":"\#(Self.flatEcho)"}"#,
            #"{"id":"\#(Self.flatEcho)"}"#,
            #"{"error":{"code":"InvalidRequestContent","message":"\#(Self.flatEcho)"}}"#,
            String(repeating: "x", count: Redaction.readLimit - 20) + Self.token,
        ]
        for status in [200, 204, 301, 400, 403, 410, 413, 429, 500, 503] {
            for body in bodies {
                let response = HTTPResponse(status: status, body: Array(body.utf8))
                let reply = MailReply(
                    status: 550, lines: [body],
                    recipients: [.init(address: "b@example.com", status: 550, text: body)])
                try await check(
                    ScriptedTransport(http: .success(response), mail: .success(reply)))
            }
        }
    }

    @Test("Nor does a failed call")
    func failures() async throws {
        let codes: [TransportError.Code] = [
            .cancelled, .invalidRequest, .addressRefused, .resolve, .connect, .tls, .timeout,
            .connectionLost, .badResponse, .authenticationNotOffered,
            .authenticationRefused(status: 535), .mail(status: 554),
        ]
        for code in codes {
            let error = TransportError(
                code, mayHaveBeenDelivered: true, message: "it failed: \(Self.echo)",
                mailReply: MailReply(status: 554, lines: [Self.echo], recipients: []))
            try await check(ScriptedTransport(http: .failure(error), mail: .failure(error)))
        }
    }

    @Test("Messages, settings, channels and errors show none")
    func descriptions() throws {
        for (name, channel) in try Self.channels(ScriptedTransport()) {
            var dumped = ""
            dump(channel, to: &dumped)
            let shown = dumped + "\(channel)" + String(reflecting: channel)
            let bodies = channel.messages(for: [Sample.alert()], in: Sample.flush).map(\.body)
            for text in bodies + [shown] { Self.expectNoSecret(in: text, of: name) }
        }
        let endpoint = try Endpoint(Self.robotURL, allowing: [])
        #expect("\(endpoint)" == "https://oapi.dingtalk.com/…cdef")
        #expect(
            "\(try Endpoint("https://example.com/hook", allowing: []))" == "https://example.com/…")
    }

    @Test("A settings error repeats nothing of what it refuses")
    func errors() {
        let urls = [
            Self.robotURL + " ", Self.hookURL + "#", "ftp" + Self.robotURL, "x" + Self.token,
        ]
        for url in urls {
            #expect { try Endpoint(url, allowing: []) } throws: { error in
                Self.expectNoSecret(in: "\(error)" + String(reflecting: error), of: "w")
                return true
            }
        }
        #expect { try StandardWebhooksKey(Secret(Self.robotSecret + "!")) } throws: { error in
            Self.expectNoSecret(in: String(reflecting: error), of: "d")
            return true
        }
    }

    /// For inside a JSON text.
    private static var flatEcho: String { PlainText.line(echo) }

    private func check(_ transport: ScriptedTransport) async throws {
        for (name, channel) in try Self.channels(transport) {
            let message = try #require(
                channel.messages(for: [Sample.alert()], in: Sample.flush).first)
            let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
            Self.expectNoSecret(in: outcome.text, of: name)
            #expect(outcome.text.count <= Outcome.answerLimit)
            #expect(outcome.text == PlainText.line(outcome.text), "one line, no controls")
        }
    }

    static func expectNoSecret(in text: String, of channel: String) {
        for secret in secrets[channel] ?? [] {
            #expect(!text.contains(secret))
        }
    }
}
