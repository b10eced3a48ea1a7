import Testing

@testable import Networking

extension LoopbackTests {
    /// Whom mails trust, and as whom they come, against a mail server that asks.
    @Suite(
        "Mail: trust and identity",
        .enabled(if: LoopbackCertificate.isAvailable, "there is no python3 or openssl in /usr/bin"))
    struct MailTrustTests {
        let certificates: TestCertificates

        init() throws { certificates = try TestCertificates.shared.get() }

        private static let kinds = [MailServer.Security.implicitTLS, .startTLS]

        private func server(
            _ security: MailServer.Security, _ flags: [String]
        ) throws -> LoopbackServer {
            try LoopbackServer(.smtp, [security == .implicitTLS ? "tls" : "starttls"] + flags)
        }

        private func demanding(_ version: String = "1.3") -> [String] {
            [
                "certificate=\(certificates.server)", "client-ca=\(certificates.authority)",
                "tls-at-most=\(version)",
            ]
        }

        private func submission(
            _ server: LoopbackServer, _ security: MailServer.Security,
            _ connection: ConnectionSettings?, caFile: String? = nil
        ) throws -> MailSubmission {
            var mail = try mail(server, security: security)
            mail.caFile = caFile
            mail.connection = connection
            return mail
        }

        @Test(
            "shows its certificate to a mail server that asks for it",
            arguments: kinds, TestCertificates.Form.allCases)
        func identity(security: MailServer.Security, form: TestCertificates.Form) async throws {
            var connection = ConnectionSettings.trusting(certificates.authority)
            connection.identity = certificates.identity(form)
            for version in ["1.2", "1.3"] {
                let server = try server(security, demanding(version))
                try await withTransport { transport in
                    for _ in 0..<2 {
                        let mail = try submission(server, security, connection)
                        #expect(try await transport.send(mail).status == 250)
                    }
                }
                let seen = server.finish()
                #expect(seen.filter { $0 == "shown tocsin" }.count == 1)
                #expect(seen.messages.count == 2)
            }
        }

        @Test(
            "is told when the mail server wants a certificate, or another one",
            arguments: kinds, ["none", "stranger"])
        func refusedIdentity(security: MailServer.Security, identity: String) async throws {
            var connection = ConnectionSettings.trusting(certificates.authority)
            if identity == "stranger" {
                connection.identity = ClientIdentity(certificateFile: certificates.stranger)
            }
            let server = try server(security, demanding())
            try await withTransport { transport in
                let mail = try submission(server, security, connection)
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(mail)
                }
                #expect(error.code == .tls)
                #expect(!error.mayHaveBeenDelivered)
                #expect(
                    error.message
                        == (identity == "stranger"
                            ? "the server does not accept the client certificate"
                            : "the server wants a client certificate"))
            }
            #expect(server.finish().messages.isEmpty)
        }

        @Test("a wrong password of the key is told, and not shown", arguments: kinds)
        func wrongPassword(security: MailServer.Security) async throws {
            var connection = ConnectionSettings.trusting(certificates.authority)
            connection.identity = ClientIdentity(
                certificateFile: certificates.clientCertificate,
                keyFile: certificates.clientKeyWithPassword, keyPassword: "SECRET")
            let server = try server(security, demanding())
            try await withTransport { transport in
                let mail = try submission(server, security, connection)
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(mail)
                }
                #expect(error.code == .tls && !"\(error)".contains("SECRET"))
            }
            #expect(server.finish().messages.isEmpty)
        }

        @Test("the system's certificates count, unless the file is to be alone", arguments: kinds)
        func systemCertificates(security: MailServer.Security) async throws {
            let own = try LoopbackCertificate.shared.get().path
            var both = ConnectionSettings.trusting(own)
            both.systemFolder = certificates.authorityFolder
            var alone = both
            alone.trustsSystem = false
            for (certificate, connection, isTrusted) in [
                (certificates.server, both, true), (own, both, true),
                (certificates.server, alone, false), (own, alone, true),
                (certificates.server, ConnectionSettings(), false),
            ] {
                let server = try server(security, ["certificate=\(certificate)"])
                try await withTransport { transport in
                    let mail = try submission(server, security, connection)
                    var code: TransportError.Code?
                    do throws(TransportError) {
                        _ = try await transport.send(mail)
                    } catch {
                        code = error.code
                    }
                    #expect(code == (isTrusted ? nil : .tls))
                }
                #expect(server.finish().messages.count == (isTrusted ? 1 : 0))
            }
        }

        @Test("the nearest setting holds: the mail's, its channel's, the transport's")
        func precedence() async throws {
            let own = try LoopbackCertificate.shared.get().path
            let server = try server(.implicitTLS, ["certificate=\(certificates.server)"])
            var configuration = CurlTransport.Configuration()
            configuration.connection = .trusting(certificates.authority)
            // A proxy for HTTP, where nothing answers: mails do not go through it.
            configuration.connection.proxy = Proxy("http://127.0.0.1:9")
            try await withTransport(configuration) { transport in
                let plain = try submission(server, .implicitTLS, nil)
                #expect(try await transport.send(plain).status == 250)
                let channel = transport.connecting(by: .trusting(own))
                let refused = try await failure { () throws(TransportError) in
                    try await channel.send(plain)
                }
                #expect(refused.code == .tls)
                let fixed = try submission(
                    server, .implicitTLS, nil, caFile: certificates.authority)
                #expect(try await channel.send(fixed).status == 250)
            }
            #expect(server.finish().messages.count == 2)
        }

        @Test("a session of one identity is not for another")
        func separateSessions() async throws {
            let server = try server(.startTLS, demanding())
            try await withTransport { transport in
                var connection = ConnectionSettings.trusting(certificates.authority)
                connection.identity = ClientIdentity(certificateFile: certificates.client)
                let known = try submission(server, .startTLS, connection)
                #expect(try await transport.send(known).status == 250)
                connection.identity = nil
                let stranger = try submission(server, .startTLS, connection)
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(stranger)
                }
                #expect(error.code == .tls)
                #expect(try await transport.send(known).status == 250)
            }
            #expect(server.finish().messages.count == 2)
        }
    }
}
