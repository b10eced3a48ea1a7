import Testing

@testable import Networking

@Suite("Proxies, as they are written")
struct ProxySettingsTests {
    @Test(
        "reads an address with or without a login, and takes the login out of it",
        arguments: [
            ("http://proxy:3128", "http://proxy:3128||"),
            ("http://proxy:3128/", "http://proxy:3128||"),
            ("http://u:p@proxy:3128", "http://proxy:3128|u|p"),
            ("http://u%40b:p%3A%2F@proxy:3128", "http://proxy:3128|u@b|p:/"),
            ("https://proxy:443", "https://proxy:443||"),
            ("socks5h://127.0.0.1:1080", "socks5h://127.0.0.1:1080||"),
            ("http://[::1]:3128", "http://[::1]:3128||"),
            ("", nil), ("proxy:3128", nil), ("http://proxy", nil), ("socks5://proxy:1", nil),
            ("socks4a://proxy:1", nil), ("ftp://proxy:1", nil), ("http://pro xy:1", nil),
            ("http://proxy:1/path", nil), ("http://proxy:1?a", nil), ("http://proxy:1#a", nil),
            ("http://proxy:1\r\n", nil), ("http://u%0a:p@proxy:1", nil),
            ("http://u:p%00@proxy:1", nil), ("http://u%3Ab:p@proxy:1", nil), ("http://:1", nil),
            ("http://代理:1", nil), ("http://proxy:1/" + String(repeating: "a", count: 3000), nil),
        ] as [(String, String?)])
    func reading(text: String, expected: String?) {
        let proxy = Proxy(text)
        #expect(proxy.map { "\($0.url)|\($0.username)|\($0.password)" } == expected)
    }

    @Test("a login beside the address takes the place of the one in it, and is taken as it is")
    func loginBeside() {
        let proxy = Proxy("http://a:b@proxy:1", username: "n%41", password: "密:@/")
        #expect(proxy?.username == "n%41")
        #expect(proxy?.password == "密:@/")
        #expect(Proxy("http://proxy:1", username: "a:b", password: "") == nil)
        #expect(Proxy("http://proxy:1", username: "a\nb", password: "") == nil)
        let long = String(repeating: "a", count: 256)
        #expect(Proxy("http://proxy:1", username: "a", password: long) == nil)
    }

    @Test(
        "exceptions",
        arguments: [
            ("*", "anything", true), ("*", "127.0.0.1", true),
            ("example.com", "example.com", true), ("example.com", "EXAMPLE.com.", true),
            ("example.com", "a.b.example.com", true), (".example.com", "example.com", true),
            (".Example.com", "a.example.com", true), ("example.com", "notexample.com", false),
            ("example.com", "example.com.cn", false), ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.1.2.3", false), ("10.0.0.0/8", "10.example.com", false),
            ("127.0.0.1", "127.0.0.1", true), ("::1", "::1", true), ("fd00::/8", "fd00::1", true),
            ("com", "10.1.2.3", false),
        ])
    func exceptions(text: String, host: String, isCovered: Bool) throws {
        let exception = try #require(ProxyException(text))
        #expect(exception.covers(host: host, address: IPAddress(host)) == isCovered)
    }

    @Test(
        "what is no exception",
        arguments: [
            "", ".", "..", "a..b", "10.0.0.0/33", "http://a", "a b", "a/b", "*.example.com",
        ])
    func noExceptions(text: String) { #expect(ProxyException(text) == nil) }

    @Test("an exception is for the host as it will be reached, however it is spelt")
    func spelling() {
        var settings = ConnectionSettings()
        settings.proxy = Proxy("http://proxy:1")
        settings.proxyExceptions = [ProxyException("127.0.0.0/8"), ProxyException("internal")]
            .compactMap { $0 }
        #expect(settings.proxy(toURL: "https://2130706433/") == nil)
        #expect(settings.proxy(toURL: "https://0x7f.1/") == nil)
        #expect(settings.proxy(toURL: "https://a.internal./") == nil)
        #expect(settings.proxy(toURL: "https://example.com/") != nil)
        #expect(settings.proxy(toURL: "https://8.8.8.8/") != nil)
    }
}
