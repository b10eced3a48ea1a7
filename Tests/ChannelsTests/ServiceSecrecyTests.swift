import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// No secret of a service in any text that is stored or shown, whatever it answers.
struct ServiceSecrecyTests {
    static let secrets = [
        TelegramTests.token, "abcdefg_hijklmnop-ABCDEFGHIJKLMNOPQ", "syt_token0123456789",
        "tk_0123456789", "bWU6cGFzczEyMzQ1Ng==", "pass123456", PagerDutyTests.key,
        AttachmentTests.mattermostURL, "3ccdd113474722377935511fc8", "AbCdEfGhIjKlMnOpQrStU",
        "mailto://user:passw0rd123@example.com", "passw0rd123", "a plain secret",
    ]

    static func channels(_ transport: any Transport) throws -> [any Channel] {
        let plans: [any ChannelPlan] = [
            try Telegram(token: Secret(TelegramTests.token), chat: "-100123"),
            try MatrixTests.settings(),
            try ChatHook(.mattermost, url: AttachmentTests.mattermostURL),
            try ChatHook(.rocketChat, url: AttachmentTests.rocketURL),
            try Ntfy(topic: "a", token: Secret("tk_0123456789")),
            try Ntfy(topic: "a", username: "me", password: Secret("pass123456")),
            try PagerDuty(routingKey: Secret(PagerDutyTests.key)),
            try Alertmanager(
                url: "https://am.example.com", token: Secret("tk_0123456789")),
            try AppriseTests.settings(
                "https://apprise.example.com/notify",
                urls: ["mailto://user:passw0rd123@example.com"]),
        ]
        let hook = try WebhookChannel.Settings(
            url: "https://example.com/", secrets: [Secret("a plain secret")],
            signature: "hub-sha256")
        return plans.map { $0.channel(named: "c", context: Sample.chinese, transport: transport) }
            + [
                WebhookChannel(
                    name: "w", settings: hook, context: Sample.chinese, transport: transport)
            ]
    }

    /// The secrets that one channel knows, as a service that says all back would say them.
    static func expectNone(in text: String, but own: String, _ place: String) {
        for secret in secrets { #expect(!text.contains(secret), "\(place): \(own)") }
    }

    /// What the request itself holds, said back: path, headers and body.
    static func echo(_ request: HTTPRequest) -> String {
        let headers = request.headers.map { "\($0.name): \($0.value)" }.joined(separator: " ")
        let body = String(decoding: request.body.prefix(2000), as: UTF8.self)
        return "\(request.url) \(headers) \(body)"
    }

    /// Says back what it was sent.
    actor Echo: Transport {
        private let status: Int
        private let wrap: @Sendable (String) -> String

        init(_ status: Int, _ wrap: @escaping @Sendable (String) -> String) {
            self.status = status
            self.wrap = wrap
        }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            HTTPResponse(
                status: status, body: Array(wrap(ServiceSecrecyTests.echo(request)).utf8))
        }

        func send(_ mail: MailSubmission) async throws(TransportError) -> MailReply {
            throw TransportError(.connect, message: "no mail here")
        }
    }

    @Test("A service that says the whole request back does not get a secret into an outcome")
    func echoes() async throws {
        let wraps: [@Sendable (String) -> String] = [
            { $0 },
            { #"{"ok":false,"error_code":400,"description":\#(JSONText.string($0))}"# },
            { #"{"errcode":"M_FORBIDDEN","error":\#(JSONText.string($0))}"# },
            { #"{"id":"web.incoming_webhook.text.app_error","message":\#(JSONText.string($0))}"# },
            { #"{"success":false,"error":\#(JSONText.string($0))}"# },
            { #"{"code":40007,"error":\#(JSONText.string($0))}"# },
            { #"{"errors":[\#(JSONText.string($0))]}"# },
            { #"{"event_id":\#(JSONText.string($0))}"# },
        ]
        for status in [200, 400, 403, 429, 500] {
            for wrap in wraps {
                for channel in try Self.channels(Echo(status, wrap)) {
                    let message = try #require(
                        channel.messages(for: [Sample.alert()], in: Sample.flush).first)
                    let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
                    Self.expectNone(in: outcome.text, but: "\(outcome)", "HTTP \(status)")
                    #expect(outcome.text.count <= Outcome.answerLimit)
                }
            }
        }
    }

    @Test("Messages and descriptions show none")
    func descriptions() throws {
        for channel in try Self.channels(ReplayTransport([])) {
            var dumped = ""
            dump(channel, to: &dumped)
            for message in channel.messages(for: [Sample.alert()], in: Sample.flush) {
                dumped += message.body + (message.plain ?? "")
            }
            Self.expectNone(in: dumped + "\(channel)", but: "", "\(type(of: channel))")
        }
    }
}
