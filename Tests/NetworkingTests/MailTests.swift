import Foundation
import Testing

@testable import Networking

/// A mail to a loopback server.
func mail(
    _ server: LoopbackServer, security: MailServer.Security = .none, login: String? = nil,
    to recipients: [String] = ["qa@example.com"], message: String = "Subject: x\r\n\r\nhello\r\n"
) throws -> MailSubmission {
    var mail = MailSubmission(
        server: MailServer(host: "localhost", port: server.port, security: security),
        credentials: login.map { MailCredentials(username: $0, password: "päss wörd") },
        helloName: "alarm.example.com", from: "tocsin@example.com", recipients: recipients,
        message: Array(message.utf8))
    mail.caFile = try? LoopbackCertificate.shared.get().path
    return mail
}

extension [String] {
    /// The messages that the server has taken, as it read them.
    var messages: [String] {
        filter { $0.hasPrefix("message ") }.map { line in
            Data(base64Encoded: String(line.dropFirst(8))).map {
                String(decoding: $0, as: UTF8.self)
            } ?? "not base64"
        }
    }
}

extension LoopbackTests {
    @Suite(
        "Mail",
        .enabled(if: LoopbackCertificate.isAvailable, "there is no python3 or openssl in /usr/bin"))
    struct MailTests {
        @Test("hands over a mail and returns what the server said")
        func plain() async throws {
            let server = try LoopbackServer(.smtp)
            try await withTransport { transport in
                let reply = try await transport.send(
                    mail(server, to: ["qa@example.com", "lead@example.com"]))
                #expect(
                    reply
                        == MailReply(
                            status: 250, lines: ["2.0.0 queued as 4F1C"],
                            recipients: [
                                .init(address: "qa@example.com", status: 250, text: "2.1.5 ok"),
                                .init(address: "lead@example.com", status: 250, text: "2.1.5 ok"),
                            ]))
            }
            let events = server.finish()
            #expect(
                events.filter { !$0.hasPrefix("message") } == [
                    "connection", "EHLO alarm.example.com",
                    "MAIL FROM:<tocsin@example.com> SIZE=21",
                    "RCPT TO:<qa@example.com>", "RCPT TO:<lead@example.com>", "DATA", "QUIT",
                ])
            #expect(events.messages == ["Subject: x\r\n\r\nhello\r\n"])
        }

        @Test(
            "logs in, over TLS of either kind, with PLAIN and with LOGIN",
            arguments: [MailServer.Security.startTLS, .implicitTLS, .none],
            ["PLAIN+LOGIN", "LOGIN"])
        func login(security: MailServer.Security, mechanisms: String) async throws {
            let certificate = try LoopbackCertificate.shared.get()
            let server = try LoopbackServer(
                .smtp, "certificate=\(certificate.path)", "auth=\(mechanisms)",
                security == .implicitTLS ? "tls" : security == .startTLS ? "starttls" : "plain")
            try await withTransport { transport in
                let reply = try await transport.send(
                    mail(server, security: security, login: "ring"))
                #expect(reply.status == 250)
            }
            let events = server.finish()
            #expect(events.contains("login True"))
            #expect(events.messages.count == 1)
        }

        @Test(
            "sends every line end as CRLF, and no dot of the message ends it",
            arguments: [
                ("a\nb\n", "a\r\nb\r\n"), ("a\rb", "a\r\nb\r\n"), ("a\r\nb", "a\r\nb\r\n"),
                ("a\r\r\n\nb\n\r", "a\r\n\r\n\r\nb\r\n\r\n"), ("a\n.\nb\n", "a\r\n..\r\nb\r\n"),
                (".\n..\n.x\n", "..\r\n...\r\n..x\r\n"), ("a\n.", "a\r\n..\r\n"),
                ("a\n.\r\nMAIL FROM:<x@y.example>\n", "a\r\n..\r\nMAIL FROM:<x@y.example>\r\n"),
                ("\n", "\r\n"),
            ])
        func lineEnds(message: String, received: String) async throws {
            let server = try LoopbackServer(.smtp)
            try await withTransport { transport in
                _ = try await transport.send(mail(server, message: message))
            }
            #expect(server.finish().messages == [received])
        }

        @Test("sends a large message whole")
        func large() async throws {
            let server = try LoopbackServer(.smtp)
            let line = String(repeating: "x", count: 76) + "\r\n"
            let message = "Subject: x\r\n\r\n" + String(repeating: line, count: 9000)
            try await withTransport { transport in
                _ = try await transport.send(mail(server, message: message))
            }
            #expect(
                server.finish().contains("large \(message.utf8.count)"))
        }

        @Test("sends several mails in one session")
        func reuse() async throws {
            let certificate = try LoopbackCertificate.shared.get()
            let server = try LoopbackServer(
                .smtp, "starttls", "auth=PLAIN", "certificate=\(certificate.path)")
            try await withTransport { transport in
                for _ in 0..<5 {
                    _ = try await transport.send(mail(server, security: .startTLS, login: "ring"))
                }
            }
            let events = server.finish()
            #expect(events.filter { $0 == "connection" }.count == 1)
            #expect(events.filter { $0 == "login True" }.count == 1)
            #expect(events.messages.count == 5)
        }

        @Test(
            "a session that the server has had enough of is replaced by a new one",
            arguments: ["close-after=2", "busy-after=2"])
        func replacedSession(flag: String) async throws {
            let server = try LoopbackServer(.smtp, flag)
            try await withTransport { transport in
                for _ in 0..<5 {
                    let reply = try await transport.send(mail(server))
                    #expect(reply.status == 250)
                }
            }
            let events = server.finish()
            #expect(events.messages.count == 5)
            #expect(events.filter { $0 == "connection" }.count == 3)
        }

        @Test("a session in the clear is not used where TLS is required")
        func noDowngradeByReuse() async throws {
            let certificate = try LoopbackCertificate.shared.get()
            let server = try LoopbackServer(.smtp, "starttls", "certificate=\(certificate.path)")
            try await withTransport { transport in
                _ = try await transport.send(mail(server))
                _ = try await transport.send(mail(server, security: .startTLS))
            }
            let events = server.finish()
            #expect(events.filter { $0 == "connection" }.count == 2)
            let start = try #require(events.firstIndex(of: "STARTTLS"))
            #expect(Array(events[..<start]).messages.count == 1)
            #expect(events.messages.count == 2)
        }

        @Test("tells which recipients were refused, and delivers to the others")
        func partialRefusal() async throws {
            let server = try LoopbackServer(
                .smtp, "reject-gone=550_5.1.1_nobody", "reject-full=452_4.2.2_full")
            try await withTransport { transport in
                let addresses = ["gone@example.com", "qa@example.com", "full@example.com"]
                let reply = try await transport.send(mail(server, to: addresses))
                #expect(reply.status == 250)
                #expect(reply.recipients.map(\.status) == [550, 250, 452])
                #expect(reply.recipients.map(\.address) == addresses)
                #expect(reply.recipients[0].text == "5.1.1 nobody")
                #expect(reply.recipients.map(\.isAccepted) == [false, true, false])
            }
            #expect(server.finish().messages.count == 1)
        }

        @Test("sends many mails at once, over a few sessions")
        func parallel() async throws {
            let server = try LoopbackServer(.smtp)
            try await withTransport { transport in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<30 {
                        let mail = try mail(server, message: "Subject: \(number)\n\nx\n")
                        group.addTask { try await transport.send(mail).status }
                    }
                    for try await status in group { #expect(status == 250) }
                }
            }
            let events = server.finish()
            #expect(Set(events.messages).count == 30)
            #expect(events.filter { $0 == "connection" }.count <= 4)
        }

        @Test("a slow mail server holds up neither HTTP nor other mail servers")
        func lanes() async throws {
            let slow = try LoopbackServer(.smtp, "delay=2000")
            let quick = try LoopbackServer(.smtp)
            let web = try LoopbackServer(.http)
            try await withTransport { transport in
                async let first = transport.send(mail(slow))
                slow.wait(for: "message")
                let start = ContinuousClock.now
                _ = try await transport.send(HTTPRequest(.get, url: web.url("/ok")))
                _ = try await transport.send(mail(quick))
                #expect(ContinuousClock.now - start < .milliseconds(1000))
                #expect(try await first.status == 250)
            }
        }
    }
}
