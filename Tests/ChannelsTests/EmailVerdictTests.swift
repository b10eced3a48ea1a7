import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct EmailVerdictTests {
    static func error(
        _ code: TransportError.Code, reply: MailReply? = nil, lost: Bool = false
    ) -> TransportError {
        TransportError(code, mayHaveBeenDelivered: lost, message: "it failed", mailReply: reply)
    }

    /// What a server said: to the recipient, when it was asked, and last.
    static func reply(_ status: Int, _ text: String, recipient: Int = 0) -> MailReply {
        MailReply(
            status: status, lines: [text],
            recipients: [.init(address: "qa@example.com", status: recipient, text: text)])
    }

    @Test(
        "A reply after the recipient was taken means what the verdict table says",
        arguments: [
            (421, "4.3.2 closing", "unavailable"), (450, "4.7.1 Greylisting", "postponed"),
            (450, "come back", "postponed"), (451, "try again", "postponed"),
            (451, "4.7.1 Greylisted", "postponed"), (452, "4.3.1 storage", "unavailable"),
            (451, "4.4.3 no name server", "unavailable"), (447, "", "unavailable"),
            (451, "4.3.0 local error", "unavailable"), (452, "4.2.2 full", "postponed"),
            (452, "4.5.3 Too many recipients", "postponed"), (454, "", "unavailable"),
            (500, "5.5.2 Line too long", "refusedMessage"), (530, "5.7.0", "refusedChannel"),
            (534, "5.7.9 too weak", "refusedChannel"), (535, "5.7.8", "refusedChannel"),
            (538, "5.7.11", "refusedChannel"), (550, "5.1.1 unknown", "refusedMessage"),
            (550, "4.2.1 busy", "postponed"), (551, "5.1.6 moved", "refusedMessage"),
            (552, "5.3.4 too large", "refusedMessage"), (553, "5.1.3", "refusedMessage"),
            (554, "5.7.1 rejected", "refusedMessage"), (555, "", "refusedMessage"),
            (0, "", "unavailable"), (999, "", "unavailable"),
        ])
    func afterRecipient(status: Int, text: String, kind: String) {
        let error = Self.error(
            .mail(status: status), reply: Self.reply(status, text, recipient: 250))
        #expect(EmailVerdict.outcome(of: error).kind == kind)
        let refused = Self.error(
            .mail(status: status), reply: Self.reply(status, text, recipient: status))
        #expect(EmailVerdict.outcome(of: refused).kind == kind)
        #expect(EmailVerdict.outcome(of: Self.error(.mail(status: status))).kind.isEmpty == false)
    }

    @Test("A sender that is refused before any recipient is the channel's trouble")
    func sender() {
        func kind(_ status: Int, _ text: String) -> String {
            EmailVerdict.outcome(
                of: Self.error(.mail(status: status), reply: Self.reply(status, text))
            ).kind
        }
        #expect(kind(550, "5.7.1 not your address") == "refusedChannel")
        #expect(kind(554, "5.7.1 no service for you") == "refusedChannel")
        #expect(kind(552, "5.3.4 size") == "refusedMessage")
        #expect(kind(451, "4.7.1 later") == "unavailable")
        #expect(kind(450, "") == "unavailable")
        #expect(kind(421, "4.3.2") == "unavailable")
    }

    @Test(
        "A call that failed on the way",
        arguments: [
            (TransportError.Code.cancelled, "unavailable"), (.stopped, "unavailable"),
            (.overloaded, "unavailable"), (.resolve, "unavailable"), (.connect, "unavailable"),
            (.tls, "unavailable"), (.timeout, "unavailable"), (.connectionLost, "unavailable"),
            (.badResponse, "unavailable"), (.unexpected(2), "unavailable"),
            (.authenticationNotOffered, "refusedChannel"),
            (.authenticationRefused(status: 535), "refusedChannel"),
            (.authenticationRefused(status: 530), "refusedChannel"),
            (.authenticationRefused(status: 454), "unavailable"),
            (.invalidRequest, "refusedMessage"), (.addressRefused, "refusedChannel"),
            (.protocolRefused, "refusedChannel"),
        ])
    func failedCall(code: TransportError.Code, kind: String) {
        #expect(EmailVerdict.outcome(of: Self.error(code)).kind == kind)
    }

    @Test("A later without a place is the server's")
    func withoutPlace() {
        #expect(EmailVerdict.outcome(of: Self.error(.mail(status: 451))).kind == "unavailable")
    }

    @Test("A token's refusal is told in words, not in Base64")
    func refusedToken() {
        let outcome = EmailVerdict.outcome(
            of: Self.error(
                .authenticationRefused(status: 334),
                reply: Self.reply(334, "eyJzdGF0dXMiOiI0MDEifQ==")))
        #expect(outcome == .refusedChannel(reason: "it failed: {\"status\":\"401\"}"))
    }

    @Test("A STARTTLS that the server refuses for good is the channel's trouble, 454 is not")
    func startTLS() {
        func kind(_ status: Int) -> String {
            EmailVerdict.outcome(of: Self.error(.tls, reply: Self.reply(status, ""))).kind
        }
        #expect(kind(454) == "unavailable" && kind(502) == "refusedChannel")
    }

    @Test("Taken means delivered, with the server's own id of it")
    func taken() {
        let reply = Self.reply(250, "2.0.0 Ok: queued as 4F1C", recipient: 250)
        let outcome = EmailVerdict.outcome(of: reply)
        #expect(outcome == .delivered(answer: "250 2.0.0 Ok: queued as 4F1C"))
    }

    @Test("An answer that was lost is asked for again, and said to be so")
    func lostAnswer() {
        let outcome = EmailVerdict.outcome(of: Self.error(.timeout, lost: true))
        #expect(outcome.kind == "unavailable" && outcome.text.contains("may have been delivered"))
    }

    @Test("Every golden reply", .enabled(if: Golden.isThere, "no golden data here"))
    func goldenReplies() throws {
        struct File: Decodable {
            struct Row: Decodable { let reply, outcome: String }
            let replyOutcomes: [Row]
        }
        let rows = try Golden.channel("smtp", as: File.self).replyOutcomes
        #expect(rows.count >= 19)
        for row in rows {
            let words = row.reply.split(separator: " ", maxSplits: 1).map(String.init)
            let outcome =
                Int(words[0]).map { status in
                    EmailVerdict.outcome(
                        status: status, text: words[1], isAboutSender: false, in: .english)
                } ?? EmailVerdict.outcome(of: Self.error(.connectionLost, lost: true))
            let expected = row.outcome.hasPrefix("unknown") ? "retry" : row.outcome
            #expect(expected.hasPrefix(outcome.goldenOutcome), "\(row.reply)")
        }
    }

    @Test("Each recipient is a submission of its own, with login and envelope from the settings")
    func submission() async throws {
        let settings = try EmailChannel.Settings(
            server: "smtp://mail.example.com",
            login: EmailLogin(username: Secret("user"), password: Secret("p@ss wörd")),
            from: "Tocsin <tocsin@example.com>",
            to: ["qa@example.com", "lead@example.com"])
        let taken = Self.reply(250, "2.0.0 Ok", recipient: 250)
        let transport = ScriptedTransport(mail: .success(taken))
        let channel = EmailChannel(
            name: "mail", settings: settings, context: Sample.chinese, transport: transport)
        let messages = channel.messages(for: [Sample.alert()], in: Sample.flush)
        for message in messages {
            let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
            #expect(outcome == .delivered(answer: "250 2.0.0 Ok"))
        }
        let mails = await transport.mails
        #expect(mails.map(\.recipients) == [["qa@example.com"], ["lead@example.com"]])
        #expect(mails.map(\.message) == messages.map { Array($0.body.utf8) })
        let mail = try #require(mails.first)
        #expect(mail.server == MailServer(host: "mail.example.com", port: 587, security: .startTLS))
        #expect(mail.credentials == MailCredentials(username: "user", password: "p@ss wörd"))
        #expect(mail.from == "tocsin@example.com")
    }
}
