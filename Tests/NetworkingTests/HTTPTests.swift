import Foundation
import Testing

@testable import Networking

extension LoopbackTests {
    @Suite("HTTP", .enabled(if: LoopbackServer.isAvailable, "there is no \(LoopbackServer.python)"))
    struct HTTPTests {
        @Test(
            "sends what it is given, and nothing of its own but the host, the length and its name")
        func wire() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let request = HTTPRequest(
                    .post, url: server.url("/echo/%E8%AD%A6?a=b#fragment"),
                    headers: [
                        HTTPHeader("X-Empty", ""), HTTPHeader("Content-Type", "application/json"),
                        HTTPHeader("X-Name", "警钟"),
                    ], body: Array("{}".utf8))
                let response = try await transport.send(request)
                #expect(response.status == 200)
                let lines = String(decoding: response.body, as: UTF8.self).split(
                    separator: "\r\n", omittingEmptySubsequences: false)
                #expect(
                    lines == [
                        "POST /echo/%E8%AD%A6?a=b HTTP/1.1", "Host: 127.0.0.1:\(server.port)",
                        "X-Empty:", "Content-Type: application/json", "X-Name: 警钟",
                        "User-Agent: tocsin", "Content-Length: 2", "", "{}",
                    ])
            }
        }

        @Test(
            "sends each method as itself",
            arguments: [
                (HTTPRequest.Method.get, 0), (.post, 0), (.put, 0), (.post, 5), (.put, 5),
                (.post, 3_000_000),
            ])
        func methods(method: HTTPRequest.Method, size: Int) async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let body = [UInt8](repeating: 0x7a, count: size)
                let response = try await transport.send(
                    HTTPRequest(method, url: server.url("/echo"), body: body))
                #expect(response.body.suffix(size).elementsEqual(body))
                let head = String(decoding: response.body.dropLast(size), as: UTF8.self)
                #expect(!head.contains("Expect"))
                #expect(!head.contains("Content-Type"))
            }
            #expect(server.finish() == ["connection", "\(method.rawValue) /echo \(size)"])
        }

        @Test("takes a bad status for an answer", arguments: [204, 301, 400, 404, 429, 500, 503])
        func statuses(status: Int) async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let response = try await transport.send(
                    HTTPRequest(.get, url: server.url("/status/\(status)")))
                #expect(response.status == status)
            }
        }

        @Test("follows no redirect", arguments: [301, 302, 303, 307, 308])
        func redirects(status: Int) async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let response = try await transport.send(
                    HTTPRequest(.post, url: server.url("/redirect/\(status)")))
                #expect(response.status == status)
                #expect(response.header("location") == "/ok/landed")
            }
            #expect(server.finish() == ["connection", "POST /redirect/\(status) 0"])
        }

        @Test("gives the header of the final answer alone, and the server's time")
        func interim() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let response = try await transport.send(
                    HTTPRequest(.get, url: server.url("/interim")))
                #expect(response.header("x-late") == "2")
                #expect(response.header("X-Early") == nil)
                #expect(response.header("X-Trailer") == nil)
                #expect(response.serverTime == 784_111_777)
                #expect(response.body == Array("abc".utf8))
            }
        }

        @Test(
            "keeps room behind the body for a reader in vectors",
            arguments: [0, 1, 40_000, 3_000_000])
        func padding(size: Int) async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                let response = try await transport.send(
                    HTTPRequest(.get, url: server.url("/big/\(size)")))
                #expect(response.body.count == size)
                #expect(response.body.capacity - response.body.count >= HTTPResponse.padding)
            }
        }

        @Test(
            "reads Retry-After in all its spellings",
            arguments: [
                ("120", .seconds(120)), ("0", .zero), ("1.5", .milliseconds(1500)),
                ("0.0001", .milliseconds(1)),
                ("9999999999999999999", HTTPResponse.longestRetryAfter),
                ("604799", .seconds(604_799)), ("604801", HTTPResponse.longestRetryAfter),
                ("007", .seconds(7)), ("Sun, 06 Nov 1994 08:49:37 GMT", .zero),
                ("Sunday, 06-Nov-94 08:49:37 GMT", .zero), ("Sun Nov  6 08:49:37 1994", .zero),
                ("Fri, 31 Dec 9999 23:59:59 GMT", HTTPResponse.longestRetryAfter),
                ("soon", nil), ("", nil), ("-5", nil), ("+5", nil), ("1e3", nil), ("1.", nil),
                (".5", nil), ("5 s", nil), ("5, 5", nil), ("1.5.5", nil), ("NaN", nil),
            ] as [(String, Duration?)])
        func retryAfter(value: String, expected: Duration?) async throws {
            let server = try LoopbackServer(.http)
            let escaped = try #require(
                value.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            try await withTransport { transport in
                let response = try await transport.send(
                    HTTPRequest(.get, url: server.url("/retry-after/\(escaped)")))
                #expect(response.retryAfter == expected)
            }
        }

        @Test(
            "reads a date of Retry-After as the time until then",
            arguments: [
                "EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'",
                "EEE MMM dd HH:mm:ss yyyy",
            ])
        func retryAfterDate(form: String) async throws {
            let server = try LoopbackServer(.http)
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(secondsFromGMT: 0)
            formatter.dateFormat = form
            let date = formatter.string(from: Date().addingTimeInterval(90))
            let escaped = try #require(
                date.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            try await withTransport { transport in
                let response = try await transport.send(
                    HTTPRequest(.get, url: server.url("/retry-after/\(escaped)")))
                let wait = try #require(response.retryAfter)
                #expect(wait >= .seconds(80) && wait <= .seconds(91))
            }
        }

        @Test("uses a kept connection again")
        func reuse() async throws {
            let server = try LoopbackServer(.http)
            try await withTransport { transport in
                for _ in 0..<5 {
                    _ = try await transport.send(
                        HTTPRequest(.post, url: server.url("/ok"), body: [1]))
                }
            }
            #expect(server.finish().filter { $0 == "connection" }.count == 1)
        }
    }
}
