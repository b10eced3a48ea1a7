import Testing

@testable import Networking

extension LoopbackTests {
    /// One libcurl handle serves one request after the other, and keeps options between two alike.
    @Suite(
        "A handle that is used again",
        .enabled(if: LoopbackServer.isAvailable, "there is no \(LoopbackServer.python)"))
    struct HandleReuseTests {
        @Test("sends each request, after any other, as if it were the first")
        func pairs() async throws {
            let server = try LoopbackServer(.http)
            let requests = Self.requests(to: server)
            var alone: [Said] = []
            for request in requests { alone.append(await Self.said(to: [request])) }
            // So that two that differ would be told apart.
            #expect(Set(alone).count == requests.count)
            for before in requests {
                for (place, request) in requests.enumerated() {
                    let said = await Self.said(to: [before, request, request])
                    #expect(said == alone[place], "after \(before.method) \(before.headers)")
                }
            }
        }

        /// What an answer says of the request, which the server sends back.
        private enum Said: Hashable {
            case answer(status: Int, request: String)
            case failure(TransportError.Code)
        }

        /// What is said to the last one, over one transport.
        private static func said(to requests: [HTTPRequest]) async -> Said {
            let transport = CurlTransport()
            var said = Said.failure(.stopped)
            for request in requests {
                do throws(TransportError) {
                    let response = try await transport.send(request)
                    said = .answer(
                        status: response.status,
                        request: String(decoding: response.body, as: UTF8.self))
                } catch {
                    said = .failure(error.code)
                }
            }
            await transport.shutdown()
            return said
        }

        private static func requests(to server: LoopbackServer) -> [HTTPRequest] {
            let plain = HTTPRequest(.post, url: server.url("/echo/plain"), body: Array("{}".utf8))
            var long = plain
            long.url = server.url("/echo/long")
            long.body = [UInt8](repeating: 0x61, count: 100_000)
            var signed = plain
            signed.headers = [HTTPHeader("Authorization", "Bearer one"), HTTPHeader("X-Empty", "")]
            var empty = plain
            empty.body = []
            var limited = plain
            limited.responseLimit = 3
            var refused = plain
            refused.addressPolicy = .public(allowing: [])
            var proxied = plain
            proxied.connection = ConnectionSettings()
            proxied.connection?.proxy = Proxy("http://127.0.0.1:1")
            return [
                plain, long, signed, empty, limited, refused, proxied,
                HTTPRequest(.get, url: server.url("/echo/get")),
                HTTPRequest(.put, url: server.url("/echo/put"), body: Array("three".utf8)),
                HTTPRequest(.get, url: server.url("/status/503")),
            ]
        }
    }
}
