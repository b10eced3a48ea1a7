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
            let requests = try Self.requests(to: server)
            var alone: [Said] = []
            for request in requests { alone += await Self.said(to: [request]) }
            // So that two that differ would be told apart.
            #expect(Set(alone).count == requests.count)
            for (first, before) in requests.enumerated() {
                for (second, request) in requests.enumerated() {
                    let said = await Self.said(to: [before, request, request])
                    #expect(
                        said == [alone[first], alone[second], alone[second]],
                        "\(before.url) before \(request.url)")
                }
            }
        }

        @Test("keeps nothing of a call that was cancelled half-way")
        func cancelled() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let signed = try Self.request(to: server, "never", [1, 2, 3])
                let call = Task { try? await transport.send(signed) }
                server.wait(for: "POST")
                call.cancel()
                #expect(await call.value == nil)
                let plain = try Self.request(to: server, "echo", [4])
                let response = try await transport.send(plain)
                #expect([response].map(Said.init) == (await Self.said(to: [plain])))
            }
        }

        /// What an answer says of the request, which the server sends back.
        private enum Said: Hashable {
            case answer(status: Int, request: String)
            case failure(TransportError.Code)

            init(_ response: HTTPResponse) {
                self = .answer(
                    status: response.status,
                    request: String(decoding: response.body, as: UTF8.self))
            }
        }

        /// What is said to each, over one transport.
        private static func said(to requests: [HTTPRequest]) async -> [Said] {
            let transport = CurlTransport()
            var said: [Said] = []
            for request in requests {
                do throws(TransportError) {
                    said.append(Said(try await transport.send(request)))
                } catch {
                    said.append(.failure(error.code))
                }
            }
            await transport.shutdown()
            return said
        }

        private static func request(
            to server: LoopbackServer, _ word: String, _ body: [UInt8]
        ) throws -> HTTPRequest {
            HTTPRequest(.post, url: server.url("/\(word)"), body: body)
        }

        private static func requests(to server: LoopbackServer) throws -> [HTTPRequest] {
            // Of one shape: they differ in what is set each time, and in what becomes of them.
            let plain = try request(to: server, "echo/plain", Array("{}".utf8))
            let long = try request(
                to: server, "echo/long", [UInt8](repeating: 0x61, count: 100_000))
            let empty = try request(to: server, "echo/empty", [])
            var signed = plain
            signed.headers = [HTTPHeader("Authorization", "Bearer one"), HTTPHeader("X-Empty", "")]
            let lost = try request(to: server, "drop", Array("lost".utf8))
            let garbled = try request(to: server, "garbage", Array("garbled".utf8))
            var late = try request(to: server, "never", Array("late".utf8))
            late.timeout = .milliseconds(100)
            // Of others.
            var limited = plain
            limited.responseLimit = 3
            var proxied = plain
            proxied.connection = ConnectionSettings()
            proxied.connection?.proxy = Proxy("http://one:two@127.0.0.1:1")
            // Two of one shape again: where the name leads to is permitted to one of them.
            var named = plain
            named.url = server.url("/echo/named", host: "name.test")
            named.lookups = ["name.test:\(server.port):127.0.0.1"]
            var refused = named
            refused.addressPolicy = .public(allowing: [try #require(AddressRange("10.0.0.0/8"))])
            return [
                plain, long, empty, signed, lost, garbled, late, limited, proxied, named,
                refused,
                HTTPRequest(.get, url: server.url("/echo/get")),
                HTTPRequest(.put, url: server.url("/echo/put"), body: Array("three".utf8)),
                HTTPRequest(.get, url: server.url("/status/503")),
            ]
        }
    }
}
