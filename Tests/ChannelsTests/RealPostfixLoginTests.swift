import Networking
import Pipeline
import Testing

@testable import Channels

@Suite(
    "Logins and encryption at a real Postfix", .serialized,
    .enabled(if: Postfix.isThere, "Postfix is not installed, or this is not root"),
    .timeLimit(.minutes(3)))
struct RealPostfixLoginTests {
    private static func login(
        _ way: EmailLogin.Way? = nil, isRight: Bool = true
    ) throws -> EmailLogin? {
        let takesToken = way?.mechanism.takesToken ?? false
        let secret = Secret(
            (takesToken ? Postfix.token : Postfix.password) + (isRight ? "" : "-wrong"))
        return try EmailLogin(
            username: Secret("ring"), password: takesToken ? nil : secret,
            token: takesToken ? secret : nil, way: way)
    }

    @Test("Logs in by every way, over TLS of either kind")
    func ways() async throws {
        try await Postfix.beside { server, transport in
            for way in EmailLogin.Way.allCases {
                for path in [Postfix.Way.startTLS, .implicitTLS] {
                    let channel = try server.channel(
                        transport, by: path, login: try Self.login(way))
                    let outcomes = await channel.outcomes()
                    #expect(outcomes.map(\.kind) == ["delivered"], "\(way) \(outcomes)")
                }
                let used = try await server.log(
                    "sasl_method=\(way.rawValue.uppercased()), sasl_username=ring", count: 2)
                #expect(used.count == 2, "\(way)")
            }
            let byChoice = try server.channel(transport, login: try Self.login())
            #expect(await byChoice.outcomes().map(\.kind) == ["delivered"])
            let count = EmailLogin.Way.allCases.count * 2 + 1
            #expect(try await server.mails(of: "qa", count: count).count == count)
        }
    }

    @Test("A wrong password or token parks nothing in the queue: the channel is refused, by name")
    func wrong() async throws {
        try await Postfix.beside { server, transport in
            for way in EmailLogin.Way.allCases {
                let channel = try server.channel(
                    transport, login: try Self.login(way, isRight: false))
                let outcomes = await channel.outcomes()
                #expect(outcomes.map(\.kind) == ["refusedChannel"], "\(way) \(outcomes)")
                #expect(
                    outcomes[0].text.contains(
                        "refused the login with \(way == .xoauth2 ? 334 : 535)"),
                    "\(way) \(outcomes)")
            }
            #expect(try await server.log("status=sent", count: 0).isEmpty)
        }
    }

    @Test("Where a login is set and none is offered, nothing is sent, on a kept session neither")
    func notOffered() async throws {
        try await Postfix.beside(["smtpd_sasl_auth_enable = no"]) { server, transport in
            let open = try server.channel(transport)
            let channel = try server.channel(transport, login: try Self.login())
            #expect(await open.outcomes().map(\.kind) == ["delivered"])
            for _ in 0..<2 {
                let outcomes = await channel.outcomes()
                #expect(outcomes.map(\.kind) == ["refusedChannel"])
                #expect(outcomes[0].text.contains("does not offer PLAIN or LOGIN"))
            }
            #expect(try await server.mails(of: "qa", count: 1).count == 1)
        }
    }

    @Test("A server whose certificate nobody vouches for gets nothing, by STARTTLS or by TLS")
    func untrusted() async throws {
        try await Postfix.beside { server, transport in
            for way in [Postfix.Way.startTLS, .implicitTLS] {
                let channel = try server.channel(
                    transport, by: way, login: try Self.login(), isTrusted: false)
                let outcomes = await channel.outcomes()
                #expect(outcomes.map(\.kind) == ["unavailable"])
                #expect(outcomes[0].text.contains("not trusted"), "\(outcomes)")
            }
            #expect(try await server.log("sasl_method", count: 0).isEmpty)
            #expect(try await server.log("status=sent", count: 0).isEmpty)
        }
    }

    @Test("Where STARTTLS is not offered nothing is sent, unless the settings say so")
    func noTLS() async throws {
        try await Postfix.beside(["smtpd_tls_security_level = none"]) { server, transport in
            let outcomes = try await server.channel(transport).outcomes()
            #expect(outcomes.map(\.kind) != ["delivered"])
            #expect(outcomes[0].text.contains("STARTTLS"), "\(outcomes)")
            #expect(try await server.log("status=sent", count: 0).isEmpty)
            let clear = try await server.channel(transport, by: .clear).outcomes()
            #expect(clear.map(\.kind) == ["delivered"])
        }
    }
}
