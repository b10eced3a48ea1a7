import Testing

@testable import Networking

extension LoopbackTests {
    @Suite(
        "TLS",
        .enabled(if: LoopbackCertificate.isAvailable, "there is no python3 or openssl in /usr/bin"))
    struct TLSTests {
        @Test("refuses a certificate that nobody trusts, and accepts it with its file")
        func trust() async throws {
            let certificate = try LoopbackCertificate.shared.get()
            let server = try LoopbackServer(.http, "tls", "certificate=\(certificate.path)")
            try await withTransport { transport in
                var request = HTTPRequest(.post, url: server.url("/ok", scheme: "https"), body: [1])
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(error.code == .tls)
                #expect(error.message == "the certificate is not trusted: self-signed")
                #expect(!error.mayHaveBeenDelivered)

                request.connection = .trusting(certificate.path)
                #expect(try await transport.send(request).status == 200)

                // The connection made with that trust is not for those without it.
                request.connection = nil
                let again = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(again.code == .tls)
            }
            #expect(server.finish().filter { $0.hasPrefix("POST") }.count == 1)
        }

        @Test("a file of certificates that is not there is named as such")
        func missingFile() async throws {
            let certificate = try LoopbackCertificate.shared.get()
            let server = try LoopbackServer(.http, "tls", "certificate=\(certificate.path)")
            var configuration = CurlTransport.Configuration()
            configuration.connection.caFile = "/nowhere/ca.pem"
            try await withTransport(configuration) { transport in
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(
                        HTTPRequest(.get, url: server.url("/ok", scheme: "https")))
                }
                #expect(error.code == .tls)
                #expect(error.message == "the file of trusted certificates cannot be read")
            }
        }

        @Test("a server that speaks no TLS is a failed handshake")
        func noTLS() async throws {
            // It speaks first, and not TLS.
            let server = try LoopbackServer(.smtp)
            try await withTransport { transport in
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(
                        HTTPRequest(.get, url: server.url("/ok", scheme: "https")))
                }
                #expect(error.code == .tls)
                #expect(!error.mayHaveBeenDelivered)
            }
        }
    }
}
