import Foundation
import Testing

@testable import Networking

extension LoopbackTests {
    @Suite(
        "HTTP when it fails",
        .enabled(if: LoopbackServer.isAvailable, "there is no \(LoopbackServer.python)"))
    struct HTTPFailureTests {
        @Test(
            "says what happened, and whether it may have been delivered",
            arguments: [
                ("/drop", .connectionLost), ("/reset", .connectionLost), ("/cut", .connectionLost),
                ("/never", .timeout), ("/garbage", .badResponse), ("/big/1001", .responseTooLarge),
                ("/stream", .responseTooLarge), ("/headers/300", .responseTooLarge),
                ("/bighead/70000", .responseTooLarge), ("/endless-interim", .responseTooLarge),
            ] as [(String, TransportError.Code)])
        func faults(path: String, code: TransportError.Code) async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                var request = HTTPRequest(.post, url: server.url(path), body: [1, 2, 3])
                request.timeout = .milliseconds(1500)
                request.responseLimit = 1000
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(error.code == code)
                #expect(error.mayHaveBeenDelivered)
                #expect(!"\(error)".contains("127"))
            }
        }

        @Test(
            "an answer that comes byte by byte is given up when the time is up",
            arguments: ["/trickle-head", "/trickle-body"])
        func slowAnswers(path: String) async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                var request = HTTPRequest(.post, url: server.url(path), body: [1, 2, 3])
                request.timeout = .milliseconds(800)
                let start = ContinuousClock.now
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(error.code == .timeout)
                // The receiver has it: a time-out says nothing about delivery.
                #expect(error.mayHaveBeenDelivered)
                #expect(ContinuousClock.now - start < .milliseconds(1600))
                #expect(
                    try await transport.send(HTTPRequest(.get, url: server.url("/ok"))).status
                        == 200)
            }
            #expect(server.finish().contains("POST \(path) 3"))
        }

        @Test("a receiver that does not read is given up when the time is up")
        func slowReader() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                // More than the sockets hold between them.
                var request = HTTPRequest(
                    .post, url: server.url("/deaf"), body: .init(repeating: 1, count: 32 << 20))
                request.headers = [HTTPHeader("X-Deaf", "1")]
                request.timeout = .milliseconds(800)
                let start = ContinuousClock.now
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(error.code == .timeout)
                #expect(error.mayHaveBeenDelivered)
                #expect(ContinuousClock.now - start < .milliseconds(2500))
            }
        }

        @Test("sixty slow receivers hold up nobody else")
        func manySlowOnes() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<60 {
                        group.addTask {
                            var request = HTTPRequest(
                                .post, url: server.url("/trickle-body"), body: [1])
                            request.timeout = .milliseconds(1500)
                            let error = try await failure { () throws(TransportError) in
                                try await transport.send(request)
                            }
                            #expect(error.code == .timeout)
                        }
                    }
                    for _ in 0..<60 { server.wait(for: "POST") }
                    let other = try LoopbackServer(.http)
                    let start = ContinuousClock.now
                    #expect(
                        try await transport.send(HTTPRequest(.get, url: other.url("/ok"))).status
                            == 200)
                    #expect(ContinuousClock.now - start < .milliseconds(1000))
                    try await group.waitForAll()
                }
            }
        }

        @Test("lets a body of exactly the limit through")
        func limit() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                var request = HTTPRequest(.get, url: server.url("/big/1000"))
                request.responseLimit = 1000
                #expect(try await transport.send(request).body.count == 1000)
                request.url = server.url("/ok")
                request.responseLimit = 0
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(error.code == .responseTooLarge)
            }
        }

        @Test(
            "a receiver that stores and hangs up on a kept connection gets it once",
            arguments: [
                "/drop", "/reset",
            ])
        func oneDelivery(path: String) async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                _ = try await transport.send(HTTPRequest(.post, url: server.url("/ok"), body: [1]))
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(
                        HTTPRequest(.post, url: server.url(path), body: [1, 2]))
                }
                #expect(error.code == .connectionLost)
                #expect(error.mayHaveBeenDelivered)
                // Nothing of it is left for the next request.
                let response = try await transport.send(HTTPRequest(.get, url: server.url("/ok")))
                #expect(response.status == 200)
            }
            #expect(
                server.finish().filter { $0.contains("/") } == [
                    "POST /ok 1", "POST \(path) 2", "GET /ok 0",
                ])
        }

        @Test("nobody listening is a connection that did not come about, and nothing was delivered")
        func refused() async throws {
            let server = try LoopbackServer(.http)
            _ = server.finish()
            try await withTransport { transport in
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(HTTPRequest(.post, url: server.url("/ok")))
                }
                #expect(error.code == .connect)
                #expect(!error.mayHaveBeenDelivered)
                #expect(error.message == "no connection came about: connection refused")
            }
        }

        @Test("a name that does not exist could not be looked up")
        func unknownName() async throws {
            try await withTransport { transport in
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(
                        HTTPRequest(.post, url: "https://no-such-host.invalid/SECRET"))
                }
                #expect(error.code == .resolve)
                #expect(!error.mayHaveBeenDelivered)
                #expect(!"\(error)".contains("invalid"))
            }
        }

        @Test("the time counts from the call, also for what waits for a connection")
        func waitingHasATime() async throws {
            let server = try LoopbackServer(.http)
            var configuration = CurlTransport.Configuration()
            configuration.connectionsPerHost = 1
            try await withTransport(configuration) { transport in
                async let first = transport.send(HTTPRequest(.get, url: server.url("/slow/2500")))
                server.wait(for: "GET")
                var request = HTTPRequest(.get, url: server.url("/ok"))
                request.timeout = .milliseconds(500)
                let start = ContinuousClock.now
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(error.code == .timeout)
                #expect(!error.mayHaveBeenDelivered)
                #expect(ContinuousClock.now - start < .milliseconds(1500))
                #expect(try await first.status == 200)
            }
        }
    }
}
