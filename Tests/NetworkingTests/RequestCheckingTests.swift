import Testing

@testable import Networking

@Suite("What is refused before it is sent")
struct RequestCheckingTests {
    private static func code(_ change: (inout HTTPRequest) -> Void) -> TransportError.Code? {
        var request = HTTPRequest(.post, url: "https://example.com/hook", body: [1])
        change(&request)
        do throws(TransportError) {
            try request.check(request.connection ?? ConnectionSettings())
        } catch {
            #expect(!error.mayHaveBeenDelivered)
            #expect(!"\(error)".contains("example"))
            return error.code
        }
        return nil
    }

    @Test(
        "addresses",
        arguments: [
            ("https://example.com/hook", nil), ("http://example.com:8080/?a=b#c", nil),
            ("HTTPS://EXAMPLE.COM", nil), ("https://[::1]:8443/", nil),
            ("", .invalidRequest), ("example.com", .invalidRequest), ("https://", .invalidRequest),
            ("https:///path", .invalidRequest), ("https://exa mple.com", .invalidRequest),
            ("https://example.com/a b", .invalidRequest), ("https://警钟.cn/", .invalidRequest),
            ("https://①②⑦.0.0.1/", .invalidRequest),
            ("https://example.com/\r\nX: y", .invalidRequest),
            ("https://example.com/\0", .invalidRequest), ("https://u@example.com", .invalidRequest),
            ("https://u:p@example.com", .invalidRequest),
            ("https://example.com:99999", .invalidRequest),
            ("ftp://example.com/x", .protocolRefused), ("file:///etc/passwd", .protocolRefused),
            ("gopher://example.com/", .protocolRefused), ("smtp://example.com/", .protocolRefused),
            ("https://example.com/" + String(repeating: "a", count: 9000), .invalidRequest),
        ] as [(String, TransportError.Code?)])
    func addresses(url: String, code: TransportError.Code?) {
        #expect(Self.code { $0.url = url } == code)
    }

    @Test("an address that was checked before is judged as if it were new")
    func checkedBefore() throws {
        let known = CheckedAddresses()
        func code(_ url: String, _ policy: AddressPolicy = .unrestricted) -> TransportError.Code? {
            var request = HTTPRequest(.post, url: url, body: [1])
            request.addressPolicy = policy
            do throws(TransportError) {
                try request.check(ConnectionSettings(), knowing: known)
                return nil
            } catch {
                return error.code
            }
        }
        let url = "https://127.0.0.1/K"
        for _ in 0..<2 {
            #expect(code(url) == nil)
            #expect(code(url, .public(allowing: [])) == .addressRefused)
            // The Kelvin sign: Swift holds the texts for equal.
            #expect(code("https://127.0.0.1/\u{212A}") == .invalidRequest)
            #expect(code("https://u@127.0.0.1/K") == .invalidRequest)
        }
        #expect(known.parts(of: url)?.host == "127.0.0.1")
        for number in 0...CheckedAddresses.limit {
            #expect(code("https://example.com/\(number)") == nil)
        }
        #expect(known.parts(of: url) == nil, "it has a bound")
        #expect(code(url) == nil)
    }

    @Test(
        "header fields",
        arguments: [
            ("X-A", "b", nil), ("X-A", "", nil), ("!#$%&'*+-.^_`|~09azAZ", "b", nil),
            ("X(A", "b", .invalidRequest), ("X/A", "b", .invalidRequest),
            ("X\"A", "b", .invalidRequest), ("X{A}", "b", .invalidRequest), ("X-A", "警钟 é\t!", nil),
            ("X-A", "b\r\nX-C: d", .invalidRequest), ("X-A", "b\nX-C: d", .invalidRequest),
            ("X-A", "b\rX", .invalidRequest), ("X-A", "b\0c", .invalidRequest),
            ("X-A", "\u{7f}", .invalidRequest), ("X\r\nB", "c", .invalidRequest),
            ("", "b", .invalidRequest), ("X A", "b", .invalidRequest),
            ("X:A", "b", .invalidRequest),
            ("X\0", "b", .invalidRequest), ("é", "b", .invalidRequest),
            ("content-LENGTH", "5", .invalidRequest),
            ("Transfer-Encoding", "chunked", .invalidRequest), ("Expect", "x", .invalidRequest),
            ("X", String(repeating: "y", count: 70_000), .invalidRequest),
        ] as [(String, String, TransportError.Code?)])
    func headers(name: String, value: String, code: TransportError.Code?) {
        #expect(Self.code { $0.headers = [HTTPHeader(name, value)] } == code)
    }

    @Test("sizes, and a body where none belongs")
    func sizes() {
        #expect(
            Self.code { $0.headers = Array(repeating: HTTPHeader("A", "b"), count: 101) }
                == .invalidRequest)
        #expect(Self.code { $0.method = .get } == .invalidRequest)
        #expect(
            Self.code {
                $0.method = .get
                $0.body = []
            } == nil)
        for change: (inout ConnectionSettings) -> Void in [
            { $0.caFile = "a\0b" }, { $0.identity = ClientIdentity(certificateFile: "a\0b") },
            { $0.identity = ClientIdentity(certificateFile: "a", keyPassword: "\0") },
        ] {
            #expect(
                Self.code {
                    var connection = ConnectionSettings()
                    change(&connection)
                    $0.connection = connection
                } == .invalidRequest)
        }
    }

    @Test(
        "the policy of addresses, where it can be told without a look-up",
        arguments: [
            ("https://example.com/", [], "", nil),
            ("http://example.com/", [], "", .protocolRefused),
            ("http://example.com/", ["10.0.0.0/8"], "", nil),
            ("http://example.com/", ["10.0.0.0/8"], "http://proxy:1", .protocolRefused),
            ("http://10.1.2.3/", ["10.0.0.0/8"], "", nil),
            ("http://8.8.8.8/", ["10.0.0.0/8"], "", .addressRefused),
            ("https://8.8.8.8/", [], "", nil), ("https://127.0.0.1/", [], "", .addressRefused),
            ("https://2130706433/", [], "", .addressRefused),
            ("https://0x7f000001/", [], "", .addressRefused),
            ("https://0177.0.0.1/", [], "", .addressRefused),
            ("https://127.1/", [], "", .addressRefused),
            ("https://[::1]/", [], "", .addressRefused),
            ("https://[::ffff:127.0.0.1]/", [], "", .addressRefused),
            ("https://[fe80::1%25eth0]/", [], "", .addressRefused),
            ("https://10.0.0.1/", [], "http://proxy:1", .addressRefused),
            ("https://2130706433/", [], "socks5h://proxy:1", .addressRefused),
            ("https://10.0.0.1/", ["10.0.0.0/8"], "http://proxy:1", nil),
            ("https://example.com/", [], "http://proxy:1", nil),
            ("https://localhost/", [], "http://proxy:1", .addressRefused),
            ("https://LOCALHOST./", [], "http://proxy:1", .addressRefused),
            ("https://metadata.google.internal/", [], "http://proxy:1", .addressRefused),
            ("https://printer.local/", [], "socks5h://proxy:1", .addressRefused),
            ("https://thelocal/", [], "http://proxy:1", nil),
        ] as [(String, [String], String, TransportError.Code?)])
    func policy(url: String, ranges: [String], proxy: String, code: TransportError.Code?) {
        #expect(
            Self.code {
                $0.url = url
                var connection = ConnectionSettings()
                connection.proxy = Proxy(proxy)
                $0.connection = connection
                $0.addressPolicy = .public(allowing: ranges.compactMap(AddressRange.init))
            } == code)
    }

    @Test("no description shows an address, a header, a body or a password")
    func descriptions() {
        let request = HTTPRequest(
            url: "https://example.com/SECRET", headers: [HTTPHeader("A", "SECRET")],
            body: Array("SECRET".utf8))
        let credentials = MailCredentials(username: "SECRET", password: "SECRET")
        let mail = MailSubmission(
            server: MailServer(host: "h", port: 25, security: .none), credentials: credentials,
            from: "SECRET@a.example", recipients: ["SECRET@b.example"],
            message: Array("SECRET".utf8))
        var dumped = ""
        var connection = ConnectionSettings()
        connection.caFile = "SECRET"
        connection.proxy = Proxy("http://SECRET:SECRET@SECRET:1")
        let identity = ClientIdentity(certificateFile: "SECRET", keyPassword: "SECRET")
        connection.identity = identity
        let values: [Any] = [
            request, credentials, mail, connection, identity, connection.proxy as Any,
        ]
        for value in values {
            dumped += "\(value) \(String(reflecting: value)) "
            dump(value, to: &dumped)
        }
        #expect(!dumped.contains("SECRET"))
        #expect(!dumped.contains("83, 69"))
    }
}
