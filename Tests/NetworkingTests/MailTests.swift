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
            server.wait(for: "QUIT")
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
            "logs in by whatever way is set, and by no other",
            arguments: [
                ([.cramMD5], "PLAIN+LOGIN+CRAM-MD5"), ([.login], "PLAIN+LOGIN"),
                ([.plain], "PLAIN+LOGIN"), ([.xoauth2], "PLAIN+XOAUTH2+OAUTHBEARER"),
                ([.oauthBearer], "PLAIN+XOAUTH2+OAUTHBEARER"),
                ([.oauthBearer, .xoauth2], "PLAIN+XOAUTH2"),
                ([.oauthBearer, .xoauth2], "OAUTHBEARER+PLAIN"),
            ] as [(Set<MailCredentials.Mechanism>, String)])
        func mechanisms(mechanisms: Set<MailCredentials.Mechanism>, offered: String) async throws {
            let server = try LoopbackServer(.smtp, "auth=\(offered)")
            try await withTransport { transport in
                var mail = try mail(server, login: "ring")
                mail.credentials?.mechanisms = mechanisms
                for _ in 0..<2 { #expect(try await transport.send(mail).status == 250) }
            }
            let events = server.finish()
            let used = events.filter { $0.hasPrefix("by ") }.map { String($0.dropFirst(3)) }
            #expect(used.count == 1 && mechanisms.contains { $0.rawValue == used[0] })
            #expect(events.filter { $0 == "login True" }.count == 1)
            #expect(events.messages.count == 2)
        }

        @Test("a name outside ASCII needs SMTPUTF8, which is asked for then and only then")
        func international() async throws {
            let names = ["警钟@xn--fsqu00a.cn", "\"q a\\\"@\"@example.com"]
            let knows = try LoopbackServer(.smtp, "utf8")
            try await withTransport { transport in
                for name in names {
                    let reply = try await transport.send(mail(knows, to: [name]))
                    #expect(reply.recipients.map(\.status) == [250])
                }
            }
            let events = knows.finish()
            #expect(
                events.filter { $0.hasPrefix("MAIL") }.map { $0.contains("SMTPUTF8") } == [
                    true, false,
                ])
            // The server writes bytes as Latin-1.
            let spelt = names.map { name in
                String(String.UnicodeScalarView(name.utf8.map { Unicode.Scalar($0) }))
            }
            #expect(
                events.filter { $0.hasPrefix("RCPT") } == spelt.map { "RCPT TO:<\($0)>" })
            let plain = try LoopbackServer(.smtp)
            try await withTransport { transport in
                _ = try await transport.send(mail(plain, to: [names[1]]))
                let international = try mail(plain, to: [names[0]])
                for _ in 0..<2 {
                    let error = try await failure { () throws(TransportError) in
                        try await transport.send(international)
                    }
                    #expect(error.code == .invalidRequest && !error.mayHaveBeenDelivered)
                }
            }
            #expect(plain.finish().filter { $0.hasPrefix("MAIL") }.count == 1)
        }

        @Test("a session without mails is closed after a while, politely")
        func idleSession() async throws {
            let server = try LoopbackServer(.smtp)
            var configuration = CurlTransport.Configuration()
            configuration.mailIdleTime = .milliseconds(200)
            try await withTransport(configuration) { transport in
                _ = try await transport.send(mail(server))
                server.wait(for: "QUIT")
                _ = try await transport.send(mail(server))
            }
            let events = server.finish()
            #expect(events.filter { $0 == "connection" }.count == 2)
            #expect(events.messages.count == 2)
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

        @Test("a session that the server dropped meanwhile costs no mail, and doubles none")
        func droppedSession() async throws {
            let server = try LoopbackServer(.smtp, "idle=300")
            try await withTransport { transport in
                for number in 0..<4 {
                    let mail = try mail(server, message: "Subject: \(number)\r\n\r\nx\r\n")
                    #expect(try await transport.send(mail).status == 250)
                    server.wait(for: "gone")
                }
            }
            let events = server.finish()
            #expect(events.messages == (0..<4).map { "Subject: \($0)\r\n\r\nx\r\n" })
            #expect(events.filter { $0 == "connection" }.count == 4)
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

        @Test("while mails are few, one session is enough; when many come at once, four")
        func sessions() async throws {
            let server = try LoopbackServer(.smtp, "delay=150")
            try await withTransport { transport in
                for _ in 0..<6 { _ = try await transport.send(mail(server)) }
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<12 {
                        let mail = try mail(server)
                        group.addTask { try await transport.send(mail).status }
                    }
                    for try await status in group { #expect(status == 250) }
                }
            }
            let events = server.finish()
            let firstMany = try #require(
                events.indices.filter { events[$0].hasPrefix("message") }.dropFirst(5).first)
            #expect(events[...firstMany].filter { $0 == "connection" }.count == 1)
            #expect(events.filter { $0 == "connection" }.count == MailLane.mostThreads)
            #expect(events.messages.count == 18)
        }

        @Test("a mail that waits for its turn can be cancelled, and ends in time")
        func waiting() async throws {
            let server = try LoopbackServer(.smtp, "hang")
            try await withTransport { transport in
                let busy = try (0..<MailLane.mostThreads).map { _ in
                    var mail = try mail(server)
                    mail.timeout = .milliseconds(1500)
                    return Task { [mail] in
                        try await failure { () throws(TransportError) in
                            try await transport.send(mail)
                        }
                    }
                }
                server.wait(for: "connection")
                try await Task.sleep(for: .milliseconds(200))
                let start = ContinuousClock.now
                let waiting = try mail(server)
                let call = Task {
                    try await failure { () throws(TransportError) in
                        try await transport.send(waiting)
                    }
                }
                try await Task.sleep(for: .milliseconds(100))
                call.cancel()
                #expect(try await call.value.code == .cancelled)
                #expect(ContinuousClock.now - start < .milliseconds(900))
                var late = try mail(server)
                late.timeout = .milliseconds(100)
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(late)
                }
                #expect(error.code == .timeout && !error.mayHaveBeenDelivered)
                #expect(ContinuousClock.now - start < .seconds(4))
                for task in busy { #expect(try await task.value.code == .timeout) }
            }
            _ = server.finish()
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
