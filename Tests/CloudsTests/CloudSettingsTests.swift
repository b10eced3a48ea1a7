import Clouds
import Networking
import Pipeline
import Testing

@Suite struct CloudSettingsTests {
    @Test(arguments: [
        ("https://a.example.com", "a.example.com"), ("https://A.Example.com/", "a.example.com"),
        ("https://a.example.com:443", "a.example.com"), ("http://127.0.0.1:80/", "127.0.0.1"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"), ("HTTP://[::1]:8080", "[::1]:8080"),
        ("https://a:80", "a:80"),
    ])
    func anEndpointIsSchemeHostAndPort(text: String, authority: String) throws {
        #expect(try CloudEndpoint(text).authority == authority)
    }

    @Test(arguments: [
        "", "a.example.com", "ftp://a", "https://", "https://user:pass@a", "https://a/path",
        "https://a?x=1", "https://a#f", "https://a:0", "https://a:65536", "https://a:x",
        "https://a b", "https://例子", "https://a\\b", "https://[::1", "https://[::1]8",
    ])
    func anEndpointThatCannotBeUsedIsRefusedByItsKey(text: String) {
        let error = #expect(throws: SettingsError.self) { try CloudEndpoint(text) }
        #expect(error?.key == "endpoint")
    }

    @Test func theSettingsOfRecordsAreChecked() {
        func key(_ make: () throws -> AliyunQualitycheck.Settings) -> String? {
            do {
                _ = try make()
                return nil
            } catch { return (error as? SettingsError)?.key }
        }
        #expect(key { try .init(appKey: "") } == "app-key")
        #expect(key { try .init(appKey: "a b") } == "app-key")
        #expect(key { try .init(appKey: "a", version: "2020-01-01") } == "version")
        #expect(key { try .init(appKey: "a", method: "PUT") } == "method")
        #expect(key { try .init(appKey: "a", method: "get") } == "method")
        #expect(key { try .init(appKey: "a", signature: "v2") } == "signature")
        #expect(key { try .init(appKey: "a", version: "2016-08-01", method: "GET") } == nil)
    }

    @Test func aRoleNameSpeaksForOneSideOnly() throws {
        #expect(throws: SettingsError.self) {
            try SpeakerRoles(agent: ["客服"], customer: [" 客服 "])
        }
        #expect(throws: SettingsError.self) { try SpeakerRoles(agent: [" "]) }
        let roles = try SpeakerRoles(agent: ["客服"], customer: ["客户"])
        #expect(roles.speaker(named: " 客服\n") == .agent)
        #expect(roles.speaker(named: "") == .other)
    }

    @Test(
        arguments: [
            ([HTTPHeader("X-Acs-Retry-After", "1500")], 1500),
            (
                [
                    HTTPHeader("x-acs-retry-after", "0"),
                    HTTPHeader("x-ratelimit-user", "TimeLeft:7"),
                ], 7
            ),
            (
                [
                    HTTPHeader("x-ratelimit-user", "TimeLeft:7"),
                    HTTPHeader("x-ratelimit-user-api", "Limit:1,Remain:0, timeleft: 20 ,Reset:1"),
                ], 20
            ),
            ([HTTPHeader("x-acs-retry-after", "99999999999999999")], 900_000),
            ([HTTPHeader("x-acs-retry-after", "soon")], nil), ([], nil),
        ] as [([HTTPHeader], Int?)])
    func theMostTrustedHintCounts(headers: [HTTPHeader], milliseconds: Int?) {
        let response = HTTPResponse(status: 400, headers: headers)
        #expect(RetryHint.duration(in: response) == milliseconds.map { .milliseconds($0) })
    }

    @Test(
        arguments: [
            ("CCAI.THROTTLING.QPS", ErrorClass.throttled), ("Flow.Throttling.X", .throttled),
            ("Forbidden.RAM", .refusedAccess), ("NoPermission", .refusedAccess),
            ("MissingTimestamp", .refusedAccess), ("InvalidAccessKeyId.Inactive", .refusedAccess),
            ("InvalidVersion", .refusedEndpoint), ("InvalidAction.NotFound", .refusedEndpoint),
            ("InvalidTimeStamp.Format", .clock), ("CCAI.ParamNotfound.MissParam", .refusedTask),
            ("InvalidSecurityToken.Malformed", .renewCredentials), ("SomethingNew", .unavailable),
        ] as [(String, ErrorClass)])
    func theClassOfAnErrorComesFromItsCode(code: String, expected: ErrorClass) {
        #expect(ErrorClass(code: code) == expected)
    }
}
