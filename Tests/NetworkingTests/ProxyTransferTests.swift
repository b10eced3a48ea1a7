import Testing

@testable import Networking

extension LoopbackTests {
    @Suite(
        "Through a proxy",
        .enabled(if: LoopbackCertificate.isAvailable, "there is no python3 or openssl in /usr/bin"))
    struct ProxyTransferTests {
        private enum Kind: String, CaseIterable {
            case http
            case socks5h

            var server: LoopbackServer.Kind { self == .http ? .httpProxy : .socksProxy }
        }

        /// A request through a proxy, the other way round: what it brings, what the proxy saw, what
        /// the server saw.
        private struct Result {
            var status: Int?
            var error: TransportError?
            var proxy: [String]
            var server: [String]
        }

        private func send(
            _ kind: Kind, _ flags: [String] = [], host: String = "shop.example",
            scheme: String = "https", username: String? = nil, password: String? = nil,
            _ change: (inout HTTPRequest) -> Void = { _ in }
        ) async throws -> Result {
            let certificates = try TestCertificates.shared.get()
            let server = try LoopbackServer(
                .http,
                scheme == "https" ? ["tls", "certificate=\(certificates.server)"] : [])
            let proxy = try LoopbackServer(kind.server, flags)
            var result = Result(proxy: [], server: [])
            try await withTransport { transport in
                var request = HTTPRequest(
                    .post, url: server.url("/ok", scheme: scheme, host: host), body: [1])
                var connection = ConnectionSettings.trusting(certificates.authority)
                connection.proxy = Proxy(
                    proxy.url("", scheme: kind.rawValue), username: username,
                    password: password)
                request.connection = connection
                request.timeout = .seconds(5)
                change(&request)
                do throws(TransportError) {
                    result.status = try await transport.send(request).status
                } catch {
                    result.error = error
                    #expect(!"\(error)".contains("SECRET"))
                    #expect(!"\(error)".contains("127"))
                }
            }
            result.proxy = proxy.finish().map {
                $0.replacing(":\(server.port)", with: ":PORT")
            }
            result.server = server.finish()
            return result
        }

        @Test("goes through, and leaves the look-up to the proxy", arguments: Kind.allCases)
        private func through(kind: Kind) async throws {
            // The certificate is for localhost: that is what is asked for here.
            let result = try await send(kind, host: "localhost")
            #expect(result.status == 200)
            #expect(result.proxy == ["CONNECT localhost:PORT -"])
            #expect(result.server == ["connection", "POST /ok 1"])
        }

        @Test(
            "checks the certificate of the server, not of what is between", arguments: Kind.allCases
        )
        private func certificate(kind: Kind) async throws {
            let result = try await send(kind)
            #expect(result.error?.code == .tls)
            #expect(
                result.error?.message == "the certificate is not trusted: it is for another host")
            #expect(result.error?.mayHaveBeenDelivered == false)
            #expect(result.proxy == ["CONNECT shop.example:PORT -"])
        }

        @Test("plain http: goes through, too, where any address is permitted")
        func plain() async throws {
            let result = try await send(.http, scheme: "http")
            #expect(result.status == 200)
            #expect(result.proxy.count == 1)
            #expect(result.proxy.first?.hasPrefix("POST http://shop.example:PORT/ok") == true)
            let socks = try await send(.socks5h, scheme: "http")
            #expect(socks.status == 200)
            #expect(socks.proxy == ["CONNECT shop.example:PORT -"])
        }

        @Test("logs in, with any character in the password", arguments: Kind.allCases)
        private func login(kind: Kind) async throws {
            let result = try await send(
                kind, ["login=ring:p:ä@ SECRET"], host: "localhost", username: "ring",
                password: "p:ä@ SECRET")
            #expect(result.status == 200)
            #expect(result.proxy == ["CONNECT localhost:PORT ring:p:ä@ SECRET"])
            #expect(result.server == ["connection", "POST /ok 1"])
        }

        @Test(
            "says that the proxy wants a login, or another one; nothing was delivered",
            arguments: Kind.allCases, [false, true])
        private func wrongLogin(kind: Kind, isGiven: Bool) async throws {
            let result = try await send(
                kind, ["login=ring:right"], username: isGiven ? "ring" : nil,
                password: isGiven ? "SECRET" : nil)
            #expect(result.error?.code == .connect)
            #expect(result.error?.message.contains("wants a login, or another one") == true)
            #expect(result.error?.mayHaveBeenDelivered == false)
            #expect(result.server == [])
        }

        @Test("a 407 to plain http: is the proxy's, and no answer")
        func plainWithoutLogin() async throws {
            let result = try await send(.http, ["login=ring:right"], scheme: "http")
            #expect(result.error?.code == .connect)
            #expect(result.error?.mayHaveBeenDelivered == false)
            #expect(result.server == [])
        }

        @Test(
            "says what the proxy said",
            arguments: [
                (.http, "refuse=403", "the proxy did not connect: it answered with HTTP 403"),
                (.http, "refuse=502", "the proxy did not connect: it answered with HTTP 502"),
                (.socks5h, "refuse=2", "the proxy did not connect: it does not permit it"),
                (.socks5h, "refuse=4", "the proxy did not connect: no way to the host"),
                (.socks5h, "refuse=5", "the proxy did not connect: connection refused"),
                (.socks5h, "hang-up", "the proxy did not connect: it hung up"),
                (.http, "hang-up", "the proxy did not connect: it hung up"),
            ] as [(Kind, String, String)])
        private func refusal(kind: Kind, flag: String, message: String) async throws {
            let result = try await send(kind, [flag])
            #expect(result.error?.code == .connect)
            #expect(result.error?.message == message)
            #expect(result.error?.mayHaveBeenDelivered == false)
            #expect(result.server == [])
        }

        @Test("nobody at the proxy's port is told as such")
        func noProxy() async throws {
            let gone = try LoopbackServer(.httpProxy)
            _ = gone.finish()
            let result = try await send(.http) { request in
                request.connection?.proxy = Proxy(gone.url(""))
            }
            #expect(result.error?.code == .connect)
            #expect(
                result.error?.message
                    == "no connection to the proxy came about: connection refused")
        }

        @Test(
            "exceptions go straight there, and nothing goes by the environment",
            arguments: [
                ("localhost", "localhost"), ("127.0.0.1", "127.0.0.0/8"), ("localhost", "*"),
            ])
        func exceptions(host: String, exception: String) async throws {
            let exception = try #require(ProxyException(exception))
            let result = try await send(.http, host: host) { request in
                request.connection?.proxyExceptions = [exception]
            }
            #expect(result.status == 200)
            #expect(result.proxy == [])
        }

        @Test("under the guard an exception is judged, and what goes through is not looked up here")
        func guarded() async throws {
            let loopback = try #require(AddressRange("127.0.0.1"))
            let local = try await send(.http, host: "localhost") { request in
                request.addressPolicy = .public(allowing: [loopback])
            }
            #expect(local.error?.code == .addressRefused)
            #expect(local.proxy == [])

            let exception = try #require(ProxyException("localhost"))
            let judged = try await send(.http, host: "localhost") { request in
                request.addressPolicy = .public(allowing: [])
                request.connection?.proxyExceptions = [exception]
            }
            #expect(judged.error?.code == .addressRefused)
            #expect(judged.proxy == [])

            let permitted = try await send(.http, host: "localhost") { request in
                request.addressPolicy = .public(allowing: [loopback])
                request.connection?.proxyExceptions = [exception]
            }
            #expect(permitted.status == 200 || permitted.error?.code == .connect)

            // The name leads nowhere: only the proxy can say so.
            let far = try await send(.socks5h, host: "shop.example") { request in
                request.addressPolicy = .public(allowing: [])
            }
            #expect(far.proxy == ["CONNECT shop.example:PORT -"])
        }

        @Test("a connection through a proxy is not used again without it")
        func separateConnections() async throws {
            let server = try LoopbackServer(.http)
            let proxy = try LoopbackServer(.socksProxy)
            try await withTransport { transport in
                var request = HTTPRequest(.post, url: server.url("/ok"), body: [1])
                var connection = ConnectionSettings()
                connection.proxy = Proxy(proxy.url("", scheme: "socks5h"))
                request.connection = connection
                let first = try await transport.send(request)
                let second = try await transport.send(request)
                request.connection = nil
                let third = try await transport.send(request)
                #expect([first, second, third].map(\.status) == [200, 200, 200])
            }
            #expect(proxy.finish().count == 1)
            #expect(server.finish().filter { $0 == "connection" }.count == 2)
        }
    }
}
