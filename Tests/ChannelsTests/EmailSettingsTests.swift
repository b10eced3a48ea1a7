import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct EmailSettingsTests {
    private static func settings(
        server: String = "smtps://mail.example.com",
        security: EmailChannel.Settings.Security = .required, user: String? = "u",
        password: String? = nil, token: String? = nil, tokenFile: String? = nil,
        way: EmailLogin.Way? = nil, from: String = "a@b.c", to: [String] = ["d@e.f"]
    ) throws(SettingsError) -> EmailChannel.Settings {
        try EmailChannel.Settings(
            server: server, security: security,
            login: EmailLogin(
                username: user.map { Secret($0) }, password: password.map { Secret($0) },
                token: token.map { Secret($0) }, tokenFile: tokenFile, way: way),
            from: from, to: to)
    }

    @Test("A mail channel's settings name what is wrong")
    func keys() {
        func failure(
            server: String = "smtps://mail.example.com", user: String? = "u",
            password: String? = "p", from: String = "a@b.c", to: [String] = ["d@e.f"]
        ) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try Self.settings(
                    server: server, user: user, password: password, from: from, to: to)
            }
        }
        #expect(failure() == nil && failure(user: nil, password: nil) == nil)
        #expect(failure(user: nil) == "username" && failure(password: nil) == "password")
        #expect(failure(password: "") == "password" && failure(password: "a\r\n") == "password")
        for server in [
            "", "mail.example.com", "https://x", "smtp://", "smtp://u:p@h", "smtp://h/x",
            "smtp://h:0", "smtp://h:x", "smtp://h\r\n", "smtps://邮件.cn",
        ] {
            #expect(failure(server: server) == "server", "\(server)")
        }
        #expect(failure(to: []) == "to" && failure(to: ["d@e.f", "D <d@E.F>"]) == "to")
        #expect(failure(to: (0...100).map { "a\($0)@b.c" }) == "to")
        #expect(failure(from: "警钟@b.c") == "from")
    }

    @Test("A token or a password, and a way of logging in that takes it")
    func login() throws {
        func failure(
            password: String? = nil, token: String? = nil, file: String? = nil,
            way: EmailLogin.Way? = nil, user: String? = "u"
        ) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try Self.settings(
                    user: user, password: password, token: token, tokenFile: file, way: way)
            }
        }
        func mechanisms(
            password: String? = nil, token: String? = nil, way: EmailLogin.Way? = nil
        ) throws -> Set<MailCredentials.Mechanism>? {
            try Self.settings(password: password, token: token, way: way).login?.mechanisms
        }
        #expect(failure(password: "p", token: "t") == "token")
        #expect(failure(token: "t", file: "/t") == "token-file")
        #expect(failure(token: "t", way: .plain) == "auth")
        #expect(failure(password: "p", way: .xoauth2) == "auth")
        #expect(failure(way: .plain, user: nil) == "username")
        #expect(failure(token: String(repeating: "t", count: 16_385)) == "token")
        #expect(try mechanisms(password: "p") == [.plain, .login])
        #expect(try mechanisms(token: "t") == [.oauthBearer, .xoauth2])
        for way in EmailLogin.Way.allCases {
            let known =
                way.mechanism.takesToken
                ? try mechanisms(token: "t", way: way) : try mechanisms(password: "p", way: way)
            #expect(known == [way.mechanism])
            #expect(way.mechanism.rawValue == way.rawValue.uppercased())
        }
    }

    @Test(
        "A password goes through the clear to this machine alone",
        arguments: [
            ("smtp://mail.example.com", false), ("smtp://10.0.0.1:25", false),
            ("smtp://localhost", true), ("smtp://127.0.0.1:2525", true), ("smtp://[::1]", true),
            ("smtp://127.evil.example.com", false), ("smtps://mail.example.com", true),
        ])
    func clear(server: String, isTaken: Bool) {
        func failure(_ way: EmailLogin.Way?) -> String? {
            SettingsTests.failure { () throws(SettingsError) in
                try Self.settings(server: server, security: .none, password: "p", way: way)
            }
        }
        #expect(failure(nil) == (isTaken ? nil : "tls"))
        #expect(failure(.login) == (isTaken ? nil : "tls"))
        #expect(failure(.cramMD5) == nil, "it does not show the password")
    }

    @Test(
        "A mail server is what its address says",
        arguments: [
            ("smtps://h", "h", 465, MailServer.Security.implicitTLS),
            ("smtp://h", "h", 587, .startTLS), ("smtp://h:25/", "h", 25, .startTLS),
            ("smtp://[::1]:2525", "::1", 2525, .startTLS),
        ])
    func server(text: String, host: String, port: Int, security: MailServer.Security) throws {
        let settings = try EmailChannel.Settings(server: text, from: "a@b.c", to: ["d@e.f"])
        #expect(settings.server == MailServer(host: host, port: port, security: security))
        let plain = try EmailChannel.Settings(
            server: text, security: .none, from: "a@b.c", to: ["d@e.f"])
        #expect(plain.server.security == (security == .startTLS ? .none : security))
    }

    @Test("A token is read from its file before every mail, and no outcome shows it")
    func tokenFile() async throws {
        let file = FileManager.default.temporaryDirectory.appending(
            path: "token-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let reply = MailReply(
            status: 250, lines: ["2.0.0 hello second-token"],
            recipients: [.init(address: "d@e.f", status: 250, text: "")])
        let transport = ScriptedTransport(mail: .success(reply))
        let settings = try Self.settings(tokenFile: file.path)
        let channel = settings.channel(
            named: "mail", context: Sample.english, transport: transport)
        let message = try #require(
            channel.messages(for: [Sample.alert()], in: Sample.flush).first)
        func send() async -> Outcome {
            await channel.send(Sample.delivery(message), at: Sample.now)
        }
        #expect(await send().kind == "unavailable")
        try Data("first-token\n".utf8).write(to: file)
        #expect(await send().kind == "delivered")
        try Data("second-token".utf8).write(to: file)
        #expect(await send() == .delivered(answer: "250 2.0.0 hello ***"))
        for wrong in [Data(), Data("a b".utf8), Data(count: 20_000), Data([0xFF, 0x00])] {
            try wrong.write(to: file)
            #expect(await send().kind == "unavailable")
        }
        let credentials = await transport.mails.map(\.credentials)
        #expect(credentials.map { $0?.password } == ["first-token", "second-token"])
        #expect(credentials.allSatisfy { $0?.mechanisms == [.oauthBearer, .xoauth2] })
    }
}
