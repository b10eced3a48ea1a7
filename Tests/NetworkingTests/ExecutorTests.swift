import Foundation
import Synchronization
import Testing

@testable import Networking

extension LoopbackTests {
    /// Tasks on the thread of the requests.
    @Suite(
        "Tasks where the requests are",
        .enabled(if: LoopbackServer.isAvailable, "there is no \(LoopbackServer.python)"))
    struct ExecutorTests {
        /// The thread that a step of a task runs on.
        private static var place: pthread_t { pthread_self() }

        @Test("send and go on there, many at once")
        func sending() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let executor = try #require(transport.executor)
                let place = await Task(executorPreference: executor) { Self.place }.value
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<40 {
                        group.addTask(executorPreference: executor) {
                            for turn in 0..<5 {
                                let body = Array("call \(number), \(turn)".utf8)
                                let response = try await transport.send(
                                    HTTPRequest(.post, url: server.url("/echo"), body: body))
                                #expect(response.body.suffix(body.count).elementsEqual(body))
                                #expect(Self.place == place)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(server.finish().filter { $0.hasPrefix("POST") }.count == 200)
        }

        @Test("keep no request of others waiting by going on and on")
        func turns() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let executor = try #require(transport.executor)
                let isAnswered = Atomic(false)
                let busy = Task(executorPreference: executor) {
                    while !isAnswered.load(ordering: .relaxed), !Task.isCancelled {
                        await Task.yield()
                    }
                    return !Task.isCancelled
                }
                #expect(
                    try await transport.send(HTTPRequest(.get, url: server.url("/ok"))).status
                        == 200)
                isAnswered.store(true, ordering: .relaxed)
                #expect(await busy.value)
            }
        }

        @Test("go on elsewhere when the thread ends, each to its end")
        func ending() async throws {
            let server = try LoopbackServer(.http)
            let transport = CurlTransport()
            let executor = try #require(transport.executor)
            let place = await Task(executorPreference: executor) { Self.place }.value
            await withTaskGroup(of: TransportError.Code?.self) { group in
                for number in 0..<60 {
                    group.addTask(executorPreference: executor) {
                        do throws(TransportError) {
                            while true {
                                let url = server.url(number < 30 ? "/never" : "/ok")
                                _ = try await transport.send(HTTPRequest(.get, url: url))
                                await Task.yield()
                            }
                        } catch {
                            await Task.yield()
                            return error.code
                        }
                    }
                }
                server.wait(for: "GET /never")
                await transport.shutdown()
                for await code in group { #expect(code == .stopped) }
            }
            // A task of later runs as well.
            let late = Task(executorPreference: executor) {
                await Task.yield()
                return Self.place
            }
            #expect(await late.value != place)
        }
    }
}
