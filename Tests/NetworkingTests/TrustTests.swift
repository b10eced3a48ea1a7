import Foundation
import Testing

@testable import Networking

extension LoopbackTests {
    @Suite(
        "Trust and identity",
        .enabled(if: LoopbackCertificate.isAvailable, "there is no python3 or openssl in /usr/bin"))
    struct TrustTests {
        let certificates: TestCertificates

        init() throws { certificates = try TestCertificates.shared.get() }

        /// A server with this certificate, and the error that a request to it ends with, or `nil`.
        private func error(
            from flags: [String], _ connection: ConnectionSettings, until event: String? = nil,
            seen: (([String]) -> Void)? = nil
        ) async throws -> TransportError? {
            let server = try LoopbackServer(.http, ["tls"] + flags)
            var result: TransportError?
            try await withTransport { transport in
                var request = HTTPRequest(
                    .post, url: server.url("/ok?key=SECRET", scheme: "https", host: "localhost"),
                    body: [1])
                request.connection = connection
                do throws(TransportError) {
                    let status = try await transport.send(request).status
                    #expect(status == 200)
                } catch {
                    result = error
                }
            }
            if let event { server.wait(for: event) }
            seen?(server.finish())
            return result
        }

        @Test("refuses a certificate that is for another host")
        func otherHost() async throws {
            let error = try await error(
                from: ["certificate=\(certificates.otherHost)"],
                .trusting(certificates.authority))
            #expect(error?.code == .tls)
            #expect(error?.message == "the certificate is not trusted: it is for another host")
            #expect(error?.mayHaveBeenDelivered == false)
        }

        @Test("refuses a certificate that has expired")
        func expired() async throws {
            let error = try await error(
                from: ["certificate=\(certificates.expired)"], .trusting(certificates.authority))
            #expect(error?.code == .tls)
            #expect(error?.message == "the certificate is not trusted: expired")
            #expect(error?.mayHaveBeenDelivered == false)
        }

        @Test("refuses a certificate of an authority that nobody trusts")
        func unknownAuthority() async throws {
            let error = try await error(
                from: ["certificate=\(certificates.server)"], ConnectionSettings())
            #expect(error?.code == .tls)
            #expect(error?.message == "the certificate is not trusted: its issuer is unknown")
        }

        @Test("TLS 1.1 is refused, and 1.2 is not", arguments: [("1.1", true), ("1.2", false)])
        func versions(version: String, isRefused: Bool) async throws {
            let error = try await error(
                from: ["certificate=\(certificates.server)", "tls-at-most=\(version)"],
                .trusting(certificates.authority)
            ) { seen in
                #expect(seen.contains("POST /ok?key=SECRET 1") != isRefused)
            }
            #expect((error?.code == .tls) == isRefused)
            if isRefused {
                #expect(
                    error?.message
                        == "the TLS handshake failed: the server has no TLS 1.2 or later")
            }
        }

        @Test("the system's certificates are trusted besides the file, unless it is to be alone")
        func systemCertificates() async throws {
            let own = try LoopbackCertificate.shared.get().path
            var connection = ConnectionSettings.trusting(own)
            connection.systemFolder = certificates.authorityFolder
            let flags = ["certificate=\(certificates.server)"]
            #expect(try await error(from: flags, connection) == nil)
            #expect(try await error(from: ["certificate=\(own)"], connection) == nil)
            connection.trustsSystem = false
            #expect(try await error(from: flags, connection)?.code == .tls)
            #expect(try await error(from: ["certificate=\(own)"], connection) == nil)
        }

        // MARK: Identity

        @Test(
            "shows its certificate to a server that asks for it",
            arguments: TestCertificates.Form.allCases, ["1.2", "1.3"])
        func identity(form: TestCertificates.Form, version: String) async throws {
            var connection = ConnectionSettings.trusting(certificates.authority)
            connection.identity = certificates.identity(form)
            let error = try await error(from: demanding(version), connection) { seen in
                #expect(seen == ["connection", "shown tocsin", "POST /ok?key=SECRET 1"])
            }
            #expect(error == nil)
        }

        private func demanding(_ version: String) -> [String] {
            [
                "certificate=\(certificates.server)", "client-ca=\(certificates.authority)",
                "tls-at-most=\(version)",
            ]
        }

        @Test(
            "is told when the server wants a certificate, or another one; nothing was delivered",
            arguments: ["none", "stranger"], ["1.2", "1.3"])
        func refusedIdentity(identity: String, version: String) async throws {
            var connection = ConnectionSettings.trusting(certificates.authority)
            if identity == "stranger" {
                connection.identity = ClientIdentity(certificateFile: certificates.stranger)
            }
            let error = try await error(
                from: demanding(version), connection, until: "no handshake"
            ) { seen in
                #expect(seen.prefix(2) == ["connection", "no handshake"])
                #expect(!seen.contains { $0.hasPrefix("POST") })
            }
            #expect(error?.code == .tls)
            #expect(error?.mayHaveBeenDelivered == false)
            let message =
                switch (identity, version) {
                case ("stranger", _): "the server does not accept the client certificate"
                case (_, "1.3"): "the server wants a client certificate"
                default:
                    "the TLS handshake failed: the server refused it"
                        + " (perhaps it wants a client certificate)"
                }
            #expect(error?.message == message)
        }

        @Test(
            "says what is wrong with its own certificate and key, and shows neither",
            arguments: ["no certificate", "no key", "no password", "wrong password", "other key"])
        func brokenIdentity(fault: String) async throws {
            var identity = ClientIdentity(
                certificateFile: certificates.clientCertificate, keyFile: certificates.clientKey)
            switch fault {
            case "no certificate": identity.certificateFile = "/nowhere/SECRET.pem"
            case "no key": identity.keyFile = "/nowhere/SECRET.key"
            case "no password": identity.keyFile = certificates.clientKeyWithPassword
            case "wrong password":
                identity.keyFile = certificates.clientKeyWithPassword
                identity.keyPassword = "SECRET"
            default: identity.keyFile = certificates.stranger
            }
            var connection = ConnectionSettings.trusting(certificates.authority)
            connection.identity = identity
            let start = ContinuousClock.now
            let error = try #require(try await error(from: demanding("1.3"), connection))
            #expect(error.code == .tls)
            #expect(!error.mayHaveBeenDelivered)
            #expect(!"\(error)".contains("SECRET"))
            #expect(!"\(error)".contains("/"))
            // OpenSSL did not ask for a password at the terminal.
            #expect(ContinuousClock.now - start < .seconds(5))
            let message =
                switch fault {
                case "no certificate": "the client certificate cannot be read"
                default:
                    "the client key cannot be read, is that of another certificate,"
                        + " or its password is wrong"
                }
            #expect(error.message == message)
        }

        @Test("a connection of one identity is not for another")
        func separateConnections() async throws {
            let server = try LoopbackServer(.http, ["tls"] + demanding("1.3"))
            try await withTransport { transport in
                var request = HTTPRequest(
                    .get, url: server.url("/ok", scheme: "https", host: "localhost"))
                var connection = ConnectionSettings.trusting(certificates.authority)
                connection.identity = ClientIdentity(certificateFile: certificates.client)
                request.connection = connection
                #expect(try await transport.send(request).status == 200)
                connection.identity = nil
                request.connection = connection
                let stranger = request
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(stranger)
                }
                #expect(error.code == .tls)
            }
            #expect(server.finish().filter { $0.hasPrefix("GET") }.count == 1)
        }
    }
}
