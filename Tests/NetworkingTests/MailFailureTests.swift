import Testing

@testable import Networking

extension LoopbackTests {
    @Suite(
        "Mail when it fails",
        .enabled(if: LoopbackCertificate.isAvailable, "there is no python3 or openssl in /usr/bin"))
    struct MailFailureTests {
        private func error(
            _ flags: [String], security: MailServer.Security = .none, login: String? = nil,
            to recipients: [String] = ["qa@example.com"], timeout: Duration = .seconds(10)
        ) async throws -> (TransportError, [String]) {
            let certificate = try LoopbackCertificate.shared.get()
            let server = try LoopbackServer(.smtp, flags + ["certificate=\(certificate.path)"])
            var result: TransportError?
            try await withTransport { transport in
                var mail = try mail(server, security: security, login: login, to: recipients)
                mail.timeout = timeout
                result = try await failure { () throws(TransportError) in
                    try await transport.send(mail)
                }
            }
            return (try #require(result), server.finish())
        }

        @Test(
            "where TLS is required and not to be had, nothing is sent",
            arguments: [
                ["starttls=refused"], [],
            ])
        func noTLS(flags: [String]) async throws {
            let (error, events) = try await error(
                flags + ["auth=PLAIN"], security: .startTLS, login: "ring")
            #expect(error.code == .tls)
            #expect(!error.mayHaveBeenDelivered)
            #expect(!events.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
        }

        @Test("a certificate that nobody trusts ends it before the login")
        func untrusted() async throws {
            let certificate = try LoopbackCertificate.shared.get()
            let server = try LoopbackServer(
                .smtp, "starttls", "auth=PLAIN", "certificate=\(certificate.path)")
            try await withTransport { transport in
                var mail = try mail(server, security: .startTLS, login: "ring")
                mail.caFile = nil
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(mail)
                }
                #expect(error.code == .tls)
                #expect(!error.mayHaveBeenDelivered)
            }
            #expect(!server.finish().contains { $0.hasPrefix("AUTH") })
        }

        @Test(
            "with credentials no mail goes out without a login, not the second either",
            arguments: [[], ["auth=CRAM-MD5"]])
        func loginNotOffered(flags: [String]) async throws {
            let server = try LoopbackServer(.smtp, flags)
            try await withTransport { transport in
                for _ in 0..<3 {
                    let mail = try mail(server, login: "ring")
                    let error = try await failure { () throws(TransportError) in
                        try await transport.send(mail)
                    }
                    #expect(error.code == .authenticationNotOffered)
                    #expect(!error.mayHaveBeenDelivered)
                }
            }
            #expect(!server.finish().contains { $0.hasPrefix("MAIL") })
        }

        @Test("a wrong password is a refused login")
        func wrongPassword() async throws {
            let (error, events) = try await error(["auth=PLAIN"], login: "wrong")
            #expect(error.code == .authenticationRefused(status: 535))
            #expect(!error.mayHaveBeenDelivered)
            #expect(!events.contains { $0.hasPrefix("MAIL") })
        }

        @Test(
            "a refusal says at which code, and that nothing was delivered",
            arguments: [
                ("greeting=421 busy", 421), ("greeting=554 go away", 554), ("mail=451 later", 451),
                ("mail=552 too large", 552), ("reject-qa=550_nobody", 550), ("end=451 later", 451),
                ("end=554-no|554 spam", 554),
            ])
        func refusals(flag: String, status: Int) async throws {
            let (error, _) = try await error([flag])
            #expect(error.code == .mail(status: status))
            #expect(!error.mayHaveBeenDelivered)
            #expect(error.mailReply?.status == status)
        }

        @Test("when all recipients are refused, each has its code")
        func allRefused() async throws {
            let (error, events) = try await error(
                ["reject-a=550_nobody", "reject-b=452_full"],
                to: ["a@example.com", "b@example.com"])
            #expect(error.code == .mail(status: 452))
            #expect(error.mailReply?.recipients.map(\.status) == [550, 452])
            #expect(!error.mayHaveBeenDelivered)
            #expect(events.messages == [])
        }

        @Test("a connection lost after the message leaves open whether it was taken")
        func lostAfterMessage() async throws {
            let (error, events) = try await error(["drop"])
            #expect(error.code == .connectionLost)
            #expect(error.mayHaveBeenDelivered)
            #expect(events.messages.count == 1)
        }

        @Test("time up after the message leaves it open too; before, nothing was delivered")
        func timeouts() async throws {
            let (late, _) = try await error(["delay=5000"], timeout: .milliseconds(700))
            #expect(late.code == .timeout)
            #expect(late.mayHaveBeenDelivered)
            let (early, _) = try await error(["hang"], timeout: .milliseconds(700))
            #expect(early.code == .timeout)
            #expect(!early.mayHaveBeenDelivered)
        }

        @Test("a mail cancelled while the server thinks ends within a second or so")
        func cancelledAtTheEnd() async throws {
            let server = try LoopbackServer(.smtp, "delay=6000")
            try await withTransport { transport in
                let mail = try mail(server)
                let call = Task {
                    try await failure { () throws(TransportError) in try await transport.send(mail)
                    }
                }
                server.wait(for: "message")
                let start = ContinuousClock.now
                call.cancel()
                let error = try await call.value
                #expect(error.code == .cancelled)
                #expect(error.mayHaveBeenDelivered)
                #expect(ContinuousClock.now - start < .seconds(3))
            }
        }

        @Test(
            "a mail cancelled, or stopped, before its message sends no part of one",
            arguments: [
                true, false,
            ])
        func cancelledBefore(isCancelled: Bool) async throws {
            let server = try LoopbackServer(.smtp, "slow-mail=3000")
            let transport = CurlTransport()
            let mail = try mail(server)
            let call = Task {
                try await failure { () throws(TransportError) in try await transport.send(mail) }
            }
            server.wait(for: "MAIL")
            if isCancelled { call.cancel() } else { await transport.shutdown() }
            let error = try await call.value
            #expect(error.code == (isCancelled ? .cancelled : .stopped))
            #expect(!error.mayHaveBeenDelivered)
            await transport.shutdown()
            #expect(!server.finish().contains { $0.hasPrefix("DATA") || $0 == "." })
        }

        @Test("a mail cancelled in the middle of its message is not delivered by half")
        func cancelledWithin() async throws {
            // The server reads slowly, and the message is larger than the buffers on the way.
            let server = try LoopbackServer(.smtp, "slow-data=1500")
            let line = String(repeating: "x", count: 76) + "\r\n"
            try await withTransport { transport in
                let mail = try mail(
                    server, message: "Subject: x\r\n\r\n" + String(repeating: line, count: 100_000))
                let call = Task {
                    try await failure { () throws(TransportError) in try await transport.send(mail)
                    }
                }
                server.wait(for: "DATA")
                // Until the buffers are full.
                try await Task.sleep(for: .milliseconds(300))
                call.cancel()
                let error = try await call.value
                #expect(error.code == .cancelled)
                #expect(!error.mayHaveBeenDelivered)
            }
            server.wait(for: "reading")
            try await Task.sleep(for: .milliseconds(500))
            let events = server.finish()
            #expect(!events.contains { $0.hasPrefix("message") || $0.hasPrefix("large") })
            #expect(events.contains { $0.hasPrefix("cut after") || $0.hasPrefix("ended") })
        }

        @Test("shutting down does not wait for a mail server that does not say goodbye")
        func slowQuit() async throws {
            let server = try LoopbackServer(.smtp, "slow-quit=8000")
            let transport = CurlTransport()
            _ = try await transport.send(mail(server))
            let start = ContinuousClock.now
            await transport.shutdown()
            #expect(ContinuousClock.now - start < .seconds(2))
        }

        @Test(
            "what could be read as something else is refused before anything is sent",
            arguments: [
                { $0.from = "a@example.com\r\nRCPT TO:<x@y.example>" },
                { $0.recipients = ["a@example.com>\r\nDATA"] }, { $0.recipients = [] },
                { $0.recipients = ["a b@example.com"] }, { $0.from = "警@example.com" },
                { $0.recipients = ["\"a\"b@example.com"] },
                { $0.recipients = ["\"ab@example.com"] },
                { $0.recipients = ["\"a\\\"@example.com"] }, { $0.recipients = ["a@b@c.cn"] },
                { $0.recipients = ["\"a\r\nDATA\"@example.com"] },
                { $0.recipients = ["a\u{85}b@example.com"] },
                { $0.recipients = ["a\u{7f}b@example.com"] },
                { $0.recipients = ["a@警.cn"] }, { $0.recipients = ["<a@example.com>"] },
                { $0.recipients = ["nobody"] }, { $0.recipients = ["@example.com"] },
                { $0.recipients = ["a@"] }, { $0.recipients = ["a\0@example.com"] },
                { $0.recipients = Array(repeating: "a@example.com", count: 101) },
                { $0.from = "" }, { $0.helloName = "a\r\nb" }, { $0.helloName = "" },
                { $0.server.host = "a/b" }, { $0.server.host = "a\r\n" }, { $0.server.host = "" },
                { $0.server.port = 0 }, { $0.server.port = 65536 }, { $0.server.port = -1 },
                { $0.credentials = MailCredentials(username: "a\0b", password: "c") },
                { $0.credentials = MailCredentials(username: "", password: "c") },
                { $0.credentials = MailCredentials(username: "a", password: "b", mechanisms: []) },
                {
                    $0.credentials = MailCredentials(
                        username: "a", password: "b", mechanisms: [.plain, .xoauth2])
                }, { $0.message = Array("a\0b".utf8) }, { $0.message = Array("警".utf8) },
                { $0.message = [UInt8](repeating: 0x61, count: 999) },
            ] as [@Sendable (inout MailSubmission) -> Void])
        func checks(change: @Sendable (inout MailSubmission) -> Void) async throws {
            try await withTransport { transport in
                var mail = MailSubmission(
                    server: MailServer(host: "localhost", port: 9, security: .none),
                    from: "a@example.com", recipients: ["b@example.com"], message: Array("x".utf8))
                change(&mail)
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(mail)
                }
                #expect(error.code == .invalidRequest)
            }
        }
    }
}
