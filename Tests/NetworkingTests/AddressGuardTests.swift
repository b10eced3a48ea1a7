import Testing

@testable import Networking

extension LoopbackTests {
    @Suite(
        "The address guard",
        .enabled(if: LoopbackServer.isAvailable, "there is no \(LoopbackServer.python)"))
    struct AddressGuardTests {
        @Test(
            "lets no spelling of the local machine through, and none is even connected to",
            arguments: [
                "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1.",
                "[::ffff:127.0.0.1]", "localhost", "0.0.0.0", "[::]",
            ])
        func refusal(host: String) async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                // Some range is allowed, so that plain http: is not what is refused.
                var request = HTTPRequest(.post, url: server.url("/ok", host: host), body: [1])
                request.addressPolicy = .public(allowing: [try #require(AddressRange("10.0.0.0/8"))]
                )
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                // Some systems do not look up the last spelling at all.
                let codes: [TransportError.Code] =
                    host.hasSuffix(".") ? [.addressRefused, .resolve] : [.addressRefused]
                #expect(codes.contains(error.code))
                #expect(!error.mayHaveBeenDelivered)
            }
            #expect(server.finish() == [])
        }

        @Test("lets an allowed range through", arguments: ["127.0.0.1", "localhost", "127.1"])
        func allowance(host: String) async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                var request = HTTPRequest(.post, url: server.url("/ok", host: host), body: [1])
                request.addressPolicy = .public(allowing: [
                    try #require(AddressRange("127.0.0.0/8"))
                ])
                #expect(try await transport.send(request).status == 200)
            }
        }

        @Test("judges a kept connection that another request opened")
        func keptConnection() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                // A name, so that it is not judged by its spelling before a connection is taken.
                var request = HTTPRequest(
                    .post, url: server.url("/ok", host: "localhost"), body: [1])
                _ = try await transport.send(request)
                request.addressPolicy = .public(allowing: [try #require(AddressRange("10.0.0.0/8"))]
                )
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(error.code == .addressRefused)
                #expect(!error.mayHaveBeenDelivered)
            }
            #expect(server.finish().filter { $0.hasPrefix("POST") }.count == 1)
        }
    }
}
