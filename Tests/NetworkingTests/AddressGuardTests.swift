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
                "127.0.0.1", "2130706433", "017700000001", "0x7f000001", "0X7F.0x0.0.1",
                "0177.0.0.1", "0177.0.0.0x1", "127.1", "127.0.1", "127.0.0.1.", "127.000.000.001",
                "127.255.255.254", "%31%32%37.0.0.1", "127%2e0%2e0%2e1", "0", "0x0", "0.0.0.0",
                "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]",
                "[::FFFF:7F00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[64:ff9b::7f00:1]",
                "[64:ff9b::127.0.0.1]", "[64:ff9b:1::127.0.0.1]", "[2002:7f00:1::]",
                "[2001:0:7f00:1::]", "localhost", "LOCALHOST", "localhost.",
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
                // Some systems do not look up these spellings at all.
                let isOdd = host.hasSuffix(".") || host.contains("%")
                let codes: [TransportError.Code] =
                    isOdd ? [.addressRefused, .resolve, .invalidRequest] : [.addressRefused]
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

        @Test(
            "a name is judged by what it leads to, each address by itself",
            arguments: [
                (["127.0.0.2"], false), (["127.0.0.1"], true), (["127.0.0.2", "127.0.0.1"], true),
                (["127.0.0.1", "169.254.169.254"], true), (["169.254.169.254"], false),
                (["10.0.0.1", "192.168.1.1", "100.100.100.200"], false),
                (["[::1]", "[fd00:ec2::254]"], false), (["[::ffff:127.0.0.2]"], false),
                (["0.0.0.0"], false), (["224.0.0.1"], false),
            ])
        func names(addresses: [String], isReached: Bool) async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let request = try Self.request(to: addresses, server)
                if isReached {
                    #expect(try await transport.send(request).status == 200)
                } else {
                    let error = try await failure { () throws(TransportError) in
                        try await transport.send(request)
                    }
                    #expect(error.code == .addressRefused)
                    #expect(!error.mayHaveBeenDelivered)
                }
            }
            #expect(server.finish().contains("POST /close 1") == isReached)
        }

        @Test("a name that leads elsewhere the second time gets nowhere")
        func rebinding() async throws {
            let server = try LoopbackServer(.http)
            let inner = try LoopbackServer(.http, "host=127.0.0.2", "port=\(server.port)")
            try await withTransport { transport in
                #expect(
                    try await transport.send(Self.request(to: ["127.0.0.1"], server)).status == 200)
                let rebound = try Self.request(to: ["127.0.0.2"], server)
                for _ in 0..<2 {
                    let error = try await failure { () throws(TransportError) in
                        try await transport.send(rebound)
                    }
                    #expect(error.code == .addressRefused)
                }
                #expect(
                    try await transport.send(Self.request(to: ["127.0.0.1"], server)).status == 200)
            }
            #expect(server.finish().filter { $0.hasPrefix("POST") }.count == 2)
            #expect(inner.finish() == [])
        }

        @Test("a redirect to the inside is an answer like any other")
        func redirect() async throws {
            let server = try LoopbackServer(.http)
            let inner = try LoopbackServer(.http, "host=127.0.0.2")
            try await withTransport { transport in
                var request = try Self.request(to: ["127.0.0.1"], server)
                request.url = server.url("/redirect-to/\(inner.port)", host: "rebind.test")
                let response = try await transport.send(request)
                #expect(response.status == 307)
                #expect(response.header("Location") == "http://127.0.0.2:\(inner.port)/ok")
            }
            #expect(inner.finish() == [])
        }

        /// To a name that leads to these addresses, of which 127.0.0.1 alone is allowed.
        private static func request(
            to addresses: [String], _ server: LoopbackServer
        ) throws -> HTTPRequest {
            var request = HTTPRequest(
                .post, url: server.url("/close", host: "rebind.test"), body: [1])
            request.lookups = [
                "rebind.test:\(server.port):" + addresses.joined(separator: ",")
            ]
            request.addressPolicy = .public(allowing: [try #require(AddressRange("127.0.0.1"))])
            return request
        }
    }
}
