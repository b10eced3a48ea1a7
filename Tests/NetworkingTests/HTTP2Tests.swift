import Testing

@testable import Networking

extension LoopbackTests {
    @Suite(
        "HTTP/2",
        .enabled(if: LoopbackCertificate.isAvailable, "there is no python3 or openssl in /usr/bin"))
    struct HTTP2Tests {
        /// A server that gives these answers, and a request to it.
        private static func start(
            _ answers: String
        ) throws -> (server: LoopbackServer, request: HTTPRequest) {
            let certificates = try TestCertificates.shared.get()
            let server = try LoopbackServer(
                .http2, "certificate=\(certificates.server)", "answers=\(answers)")
            var request = HTTPRequest(
                .post, url: server.url("/", scheme: "https", host: "localhost"), body: [1, 2, 3])
            request.connection = .trusting(certificates.authority)
            request.timeout = .milliseconds(1500)
            return (server, request)
        }

        @Test("is spoken where the server offers it, and one connection carries many at once")
        func streams() async throws {
            let (server, request) = try Self.start("ok,wait,wait,wait")
            try await withTransport { transport in
                let first = try await transport.send(request)
                #expect(first.status == 200)
                #expect(first.body == Array("ok".utf8))
                // The server answers three of these when it has a fourth.
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<4 {
                        group.addTask { try await transport.send(request).status }
                    }
                    for try await status in group { #expect(status == 200) }
                }
            }
            let seen = server.finish().filter { !$0.hasPrefix("ended") && $0 != "given up" }
            #expect(seen == ["connection"] + Array(repeating: "request 3", count: 5))
        }

        @Test("many that come before there is any connection share one")
        func waitingForOne() async throws {
            let (server, request) = try Self.start("wait,wait,wait,wait,wait,wait,wait")
            try await withTransport { transport in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<8 {
                        group.addTask { try await transport.send(request).status }
                    }
                    for try await status in group { #expect(status == 200) }
                }
            }
            #expect(server.finish().filter { $0 == "connection" }.count == 1)
        }

        @Test(
            "a request goes out once, whatever becomes of its stream on a kept connection",
            arguments: ["drop", "goaway", "refused", "reset"])
        func once(fault: String) async throws {
            let (server, request) = try Self.start("ok,\(fault)")
            try await withTransport { transport in
                #expect(try await transport.send(request).status == 200)
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(error.code == .connectionLost)
                #expect(error.mayHaveBeenDelivered)
                #expect(server.finishCount(of: "request 3") == 2)
            }
        }

        @Test(
            "what comes after a fault is not harmed by it", arguments: ["drop", "goaway", "reset"])
        func afterwards(fault: String) async throws {
            let (server, request) = try Self.start("ok,\(fault)")
            try await withTransport { transport in
                #expect(try await transport.send(request).status == 200)
                _ = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(try await transport.send(request).status == 200)
            }
            #expect(server.finishCount(of: "request 3") == 3)
        }

        @Test(
            "time and size are bounded here, too",
            arguments: [
                ("never", .timeout), ("trickle", .timeout), ("fields", .responseTooLarge),
                // libcurl's HTTP/2 ends the connection before we see any of it.
                ("flood", .connectionLost),
            ] as [(String, TransportError.Code)])
        func bounds(fault: String, code: TransportError.Code) async throws {
            let (server, request) = try Self.start(fault)
            try await withTransport { transport in
                let start = ContinuousClock.now
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                #expect(error.code == code)
                #expect(error.mayHaveBeenDelivered)
                #expect(ContinuousClock.now - start < .seconds(3))
            }
            #expect(server.finishCount(of: "request 3") == 1)
        }

        @Test("a slow stream holds up no other of its connection")
        func independence() async throws {
            let (server, request) = try Self.start("ok,never")
            try await withTransport { transport in
                #expect(try await transport.send(request).status == 200)
                let slow = Task {
                    try await failure { () throws(TransportError) in
                        try await transport.send(request)
                    }
                }
                server.wait(for: "request")
                server.wait(for: "request")
                let start = ContinuousClock.now
                #expect(try await transport.send(request).status == 200)
                #expect(ContinuousClock.now - start < .milliseconds(700))
                let error = try await slow.value
                #expect(error.code == .timeout)
            }
            #expect(server.finishCount(of: "connection") == 1)
        }
    }
}

extension LoopbackServer {
    /// How often this happened, the server being gone afterwards.
    fileprivate func finishCount(of event: String) -> Int {
        finish().filter { $0 == event }.count
    }
}
