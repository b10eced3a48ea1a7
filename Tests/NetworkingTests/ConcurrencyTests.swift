import Testing

@testable import Networking

extension LoopbackTests {
    @Suite(
        "Many calls at once",
        .enabled(if: LoopbackServer.isAvailable, "there is no \(LoopbackServer.python)"))
    struct ConcurrencyTests {
        @Test("answers forty parallel calls, each with its own answer")
        func parallel() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            let body = Array("call \(number)".utf8)
                            let response = try await transport.send(
                                HTTPRequest(.post, url: server.url("/echo"), body: body))
                            return response.body.suffix(body.count).elementsEqual(body)
                        }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
            }
            #expect(server.finish().filter { $0.hasPrefix("POST") }.count == 40)
        }

        @Test("the time of slow calls is not added up")
        func overlapping() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let start = ContinuousClock.now
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<10 {
                        group.addTask {
                            _ = try await transport.send(
                                HTTPRequest(.get, url: server.url("/slow/500")))
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(ContinuousClock.now - start < .milliseconds(2500))
            }
        }

        @Test("a cancelled task ends its call at once, and the connection with it")
        func cancellation() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let call = Task {
                    try await failure { () throws(TransportError) in
                        try await transport.send(
                            HTTPRequest(.post, url: server.url("/never"), body: [1]))
                    }
                }
                server.wait(for: "POST")
                let start = ContinuousClock.now
                call.cancel()
                let error = try await call.value
                #expect(error.code == .cancelled)
                #expect(error.mayHaveBeenDelivered)
                #expect(ContinuousClock.now - start < .milliseconds(500))
                #expect(
                    try await transport.send(HTTPRequest(.get, url: server.url("/ok"))).status
                        == 200)
            }
        }

        @Test("a call of a task that is cancelled already sends nothing")
        func cancelledBefore() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let call = Task {
                    while !Task.isCancelled { await Task.yield() }
                    return try await failure { () throws(TransportError) in
                        try await transport.send(HTTPRequest(.post, url: server.url("/ok")))
                    }
                }
                call.cancel()
                let error = try await call.value
                #expect(error.code == .cancelled)
                #expect(!error.mayHaveBeenDelivered)
            }
            #expect(server.finish() == [])
        }

        @Test("every one of many calls cancelled at any moment is answered once")
        func cancellationStorm() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let outcomes = try await withThrowingTaskGroup(of: TransportError.Code?.self) {
                    group in
                    for number in 0..<200 {
                        group.addTask {
                            let call = Task { () -> TransportError.Code? in
                                do throws(TransportError) {
                                    _ = try await transport.send(
                                        HTTPRequest(.get, url: server.url("/slow/20")))
                                    return nil
                                } catch {
                                    return error.code
                                }
                            }
                            try await Task.sleep(for: .microseconds(number * 300))
                            call.cancel()
                            return await call.value
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(outcomes.count == 200)
                #expect(outcomes.allSatisfy { $0 == nil || $0 == .cancelled })
                #expect(outcomes.contains(.cancelled))
            }
        }

        @Test("shutting down answers what is under way and what comes later with stopped")
        func shutdown() async throws {
            let server = try LoopbackServer(.http)
            let transport = CurlTransport()
            let calls = (0..<3).map { _ in
                Task {
                    try await failure { () throws(TransportError) in
                        try await transport.send(HTTPRequest(.get, url: server.url("/never")))
                    }
                }
            }
            for _ in calls { server.wait(for: "GET") }
            let start = ContinuousClock.now
            await transport.shutdown()
            #expect(ContinuousClock.now - start < .milliseconds(500))
            for call in calls {
                let error = try await call.value
                #expect(error.code == .stopped)
                #expect(error.mayHaveBeenDelivered)
            }
            let late = try await failure { () throws(TransportError) in
                try await transport.send(HTTPRequest(.get, url: server.url("/ok")))
            }
            #expect(late.code == .stopped)
            #expect(!late.mayHaveBeenDelivered)
            await transport.shutdown()
        }

        @Test("more calls than there is room for are refused, and room comes back")
        func overload() async throws {
            let server = try LoopbackServer(.http)
            var configuration = CurlTransport.Configuration()
            configuration.calls = 2
            try await withTransport(configuration) { transport in
                let calls = (0..<2).map { _ in
                    Task {
                        try await transport.send(HTTPRequest(.get, url: server.url("/slow/600")))
                    }
                }
                for _ in calls { server.wait(for: "GET") }
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(HTTPRequest(.get, url: server.url("/ok")))
                }
                #expect(error.code == .overloaded)
                for call in calls { #expect(try await call.value.status == 200) }
                #expect(
                    try await transport.send(HTTPRequest(.get, url: server.url("/ok"))).status
                        == 200)
            }
        }

        @Test("what does not fit at once waits its turn")
        func queue() async throws {
            let server = try LoopbackServer(.http)
            var configuration = CurlTransport.Configuration()
            configuration.connections = 2
            try await withTransport(configuration) { transport in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            try await transport.send(HTTPRequest(.get, url: server.url("/slow/20")))
                                .status
                        }
                    }
                    for try await status in group { #expect(status == 200) }
                }
            }
            #expect(server.finish().filter { $0 == "connection" }.count <= 2)
        }
    }
}
