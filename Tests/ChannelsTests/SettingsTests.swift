import Networking
import Pipeline
import Testing

@testable import Channels

struct SettingsTests {
    static let loopback = [AddressRange("127.0.0.0/8")].compactMap { $0 }

    /// The setting that an error is about; nil when there is none.
    static func failure(_ make: () throws(SettingsError) -> some Any) -> String? {
        do throws(SettingsError) {
            _ = try make()
            return nil
        } catch {
            return error.key
        }
    }

    @Test(
        "An address that can be used",
        arguments: [
            "https://example.com/hook", "https://example.com", "https://example.com:8443/?a=b",
            "HTTPS://EXAMPLE.com/x", "https://[2001:db8::1]:443/x", "http://127.0.0.1:8080/x",
            "http://hook.internal/x", "https://xn--fiq228c.example/x",
        ])
    func soundURL(_ url: String) {
        #expect(
            Self.failure { () throws(SettingsError) in
                try Endpoint(url, allowing: Self.loopback)
            } == nil)
    }

    @Test(
        "An address that cannot",
        arguments: [
            "", "example.com/hook", "ftp://example.com/", "file:///etc/passwd", "https://",
            "https:///path", "https://user:word@example.com/", "https://exa mple.com/",
            "https://example.com/a b", "https://example.com/\r\nX: y", "https://例子.com/",
            "https://example.com:0/", "https://example.com:99999/", "https://example.com:80a/",
            "https://example.com/#x", "https://exam\\ple.com/", "http://10.0.0.1/x",
            "http://8.8.8.8/", "https://[::1/x", "https://a:b:c/",
            "https://example.com/" + String(repeating: "a", count: 5000),
        ])
    func unsoundURL(_ url: String) {
        #expect(
            Self.failure { () throws(SettingsError) in
                try Endpoint(url, allowing: Self.loopback)
            } == "url")
    }

    @Test("Plain http is refused where no range is allowed")
    func plainHTTP() {
        for url in ["http://example.com/x", "http://127.0.0.1/x", "http://localhost/x"] {
            #expect(
                Self.failure { () throws(SettingsError) in
                    try Endpoint(url, allowing: [])
                } == "url")
        }
    }

    @Test("More values are added to whatever an address has")
    func appending() throws {
        func address(_ url: String) throws -> String {
            try Endpoint(url, allowing: []).appending([("sign", "a+/=")])
        }
        #expect(try address("https://h.cn") == "https://h.cn/?sign=a%2B%2F%3D")
        #expect(try address("https://h.cn/p") == "https://h.cn/p?sign=a%2B%2F%3D")
        #expect(try address("https://h.cn/p?") == "https://h.cn/p?sign=a%2B%2F%3D")
        #expect(try address("https://h.cn/p?t=1") == "https://h.cn/p?t=1&sign=a%2B%2F%3D")
        #expect(try address("https://h.cn?t=1&") == "https://h.cn/?t=1&sign=a%2B%2F%3D")
        #expect(try Endpoint("https://h.cn/p", allowing: []).appending([]) == "https://h.cn/p")
    }

    @Test(
        "A key in an address is taken out of an answer, however its service spells it",
        arguments: [
            "no such hook: tokSECRETAC", #"{"path":"\/hooks\/tokSECRETAC"}"#,
            "next=%2Fhooks%2FtokSECRETAC", "next=%2fhooks%2ftokSECRETAC",
            "https://h.cn/hooks/tokSECRETAC is gone",
        ])
    func repeated(answer: String) throws {
        let endpoint = try Endpoint("https://h.cn/hooks/tokSECRETAC", allowing: [])
        let shown = Redaction(endpoint.secrets).cleaned(answer)
        #expect(!shown.contains("tokSECRET"))
    }

    @Test("Short words of an address may be said")
    func words() throws {
        let endpoint = try Endpoint("https://h.cn/incoming/hooks/team-1", allowing: [])
        let answer = "the hooks of the team are closed"
        #expect(Redaction(endpoint.secrets).cleaned(answer) == answer)
    }

    @Test("A webhook's settings name what is wrong")
    func webhook() {
        func failure(
            secrets: [Secret] = [], headers: [String: Secret] = [:]
        ) -> String? {
            Self.failure { () throws(SettingsError) in
                try WebhookChannel.Settings(
                    url: "https://example.com/", secrets: secrets, headers: headers)
            }
        }
        #expect(failure(secrets: [Secret(WebhookTests.secret), Secret("AAECAwQFBgc=")]) == nil)
        #expect(failure(secrets: [Secret("whsec_not base64")]) == "secret")
        #expect(failure(secrets: [Secret("whsec_")]) == "secret")
        #expect(failure(secrets: Array(repeating: Secret("AAAA"), count: 9)) == "secret")
        #expect(failure(headers: ["X-Team": Secret("a b")]) == nil)
        #expect(failure(headers: ["X Team": Secret("a")]) == "headers")
        #expect(failure(headers: ["X-Team": Secret("a\r\nHost: x")]) == "headers")
        #expect(failure(headers: ["X-Team": Secret("一")]) == "headers")
        #expect(failure(headers: ["Webhook-ID": Secret("a")]) == "headers")
        #expect(failure(headers: ["Content-type": Secret("a")]) == "headers")
        #expect(failure(headers: ["ce-id": Secret("a")]) == "headers")
    }

    @Test("A webhook's headers keep their bounds, and one more does not")
    func webhookHeaders() {
        func failure(_ headers: [String: Secret]) -> String? {
            Self.failure { () throws(SettingsError) in
                try WebhookChannel.Settings(url: "https://example.com/", headers: headers)
            }
        }
        func many(_ count: Int, of bytes: Int = 1) -> [String: Secret] {
            Dictionary(
                uniqueKeysWithValues: (0..<count).map { number in
                    ("X\(number)", Secret(String(repeating: "a", count: bytes)))
                })
        }
        #expect(failure(many(32)) == nil && failure(many(33)) == "headers")
        #expect(failure(many(1, of: 4096)) == nil && failure(many(1, of: 4097)) == "headers")
        // Six names of two bytes, and 24 KiB together.
        #expect(failure(many(6, of: 4094)) == nil && failure(many(6, of: 4095)) == "headers")
        #expect(failure([String(repeating: "a", count: 256): Secret("a")]) == nil)
        #expect(failure([String(repeating: "a", count: 257): Secret("a")]) == "headers")
    }

    @Test("A robot's settings name what is wrong")
    func dingTalk() {
        func failure(
            _ url: String = "https://oapi.dingtalk.com/robot/send?access_token=T",
            secret: String? = "SECabc", keyword: String = "质检", mobiles: [String] = []
        ) -> String? {
            Self.failure { () throws(SettingsError) in
                try DingTalk(
                    url: url, secret: secret.map { Secret($0) }, keyword: keyword,
                    mentions: Mentions(People(mobiles: mobiles)))
            }
        }
        #expect(failure() == nil && failure(secret: nil, keyword: "") == nil)
        #expect(failure("https://oapi.dingtalk.com/robot/send") == "url")
        #expect(failure(secret: "") == "secret" && failure(secret: "SECa\n") == "secret")
        #expect(failure(keyword: "质\n检") == "keyword" && failure(keyword: " a") == "keyword")
        #expect(failure(keyword: String(repeating: "质", count: 65)) == "keyword")
        #expect(failure(mobiles: ["138 0000"]) == "at" && failure(mobiles: [""]) == "at")
        #expect(failure(mobiles: Array(repeating: "138", count: 51)) == "at")
    }
}
