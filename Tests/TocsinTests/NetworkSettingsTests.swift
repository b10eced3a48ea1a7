import CEL
import Foundation
import Networking
import Pipeline
import Testing

@testable import tocsin

/// `network:`, of the whole file and of one channel: what is read, and each mistake.
struct NetworkSettingsTests {
    /// Files that hold what their names say, in a folder of this test process's own.
    static let folder: String = {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "network-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit {
            try? FileManager.default.removeItem(atPath: NetworkSettingsTests.folder)
        }
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        let plain = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
        let encrypted = plain.replacing("PRIVATE", with: "ENCRYPTED PRIVATE")
        let old = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n"
        for (name, text) in [
            ("roots.pem", certificate), ("certificate.pem", certificate), ("plain.key", plain),
            ("encrypted.key", encrypted), ("old.key", old), ("both.pem", certificate + plain),
            ("encrypted.both", certificate + encrypted), ("empty.pem", ""),
            ("client.pem", certificate),
            ("client.key", plain), ("smtp", "pass123456\n"),
        ] {
            try? text.write(
                toFile: folder.appending(path: name).path(), atomically: true, encoding: .utf8)
        }
        return folder.path()
    }()

    private static func path(_ name: String) -> String { "\(folder)/\(name)" }

    private static func read(_ keys: String) -> (network: NetworkSettings?, findings: [Finding]) {
        let (settings, findings) = Reading.read("network:\n    {\(keys)}\n", in: folder)
        return (settings?.network, findings)
    }

    /// A channel's settings over those of the file.
    private static func channel(
        _ type: String, _ keys: String, file: String = "allow-private: []"
    ) -> (channel: ChannelSettings?, findings: [Finding]) {
        let (settings, findings) = Reading.read(
            "network: { \(file) }\nchannels:\n  c:\n    {\(keys), \(type)}\n", in: folder)
        return (settings?.channels.first, findings)
    }

    private static let hook = "type: webhook, url: 'https://example.com/x'"
    private static let mail = "type: email, server: 'smtp://h.cn', from: a@b.cn, to: c@d.cn"

    // MARK: What is read

    /// Keys, and what the connection settings are then.
    struct Row: Sendable, CustomTestStringConvertible {
        let keys: String
        let connection: ConnectionSettings
        var testDescription: String { keys }

        init(_ keys: String, _ change: (inout ConnectionSettings) -> Void) {
            self.keys = keys
            var connection = ConnectionSettings()
            change(&connection)
            self.connection = connection
        }
    }

    static let rows = [
        Row("allow-private: 10.0.0.0/8") { _ in },
        Row("proxy: 'http://proxy.example.com:3128'") {
            $0.proxy = Proxy("http://proxy.example.com:3128")
        },
        Row(
            "proxy: 'socks5h://127.0.0.1:1080', proxy-username: me, proxy-password: '${env:PASSWORD}', no-proxy: [example.com, 10.0.0.0/8]"
        ) {
            $0.proxy = Proxy("socks5h://127.0.0.1:1080", username: "me", password: "pass123456")
            $0.proxyExceptions = ["example.com", "10.0.0.0/8"].compactMap(ProxyException.init)
        },
        Row("proxy: '${env:PROXY}', no-proxy: '*'") {
            $0.proxy = Proxy(
                "http://127.0.0.1:3128", username: "me", password: "pass123456")
            $0.proxyExceptions = [.everything]
        },
        Row("proxy: ''") { _ in },
        Row("proxy: ~") { _ in },
        Row("ca-file: roots.pem") { $0.caFile = path("roots.pem") },
        Row("ca-file: '\(folder)/roots.pem', system-ca: false") {
            $0.caFile = path("roots.pem")
            $0.trustsSystem = false
        },
        Row("system-ca: true") { _ in },
        Row("client-certificate: both.pem") {
            $0.identity = ClientIdentity(certificateFile: path("both.pem"))
        },
        Row("client-certificate: certificate.pem, client-key: plain.key") {
            $0.identity = ClientIdentity(
                certificateFile: path("certificate.pem"), keyFile: path("plain.key"))
        },
        Row(
            "client-certificate: certificate.pem, client-key: encrypted.key, client-key-password: '${env:PASSWORD}'"
        ) {
            $0.identity = ClientIdentity(
                certificateFile: path("certificate.pem"), keyFile: path("encrypted.key"),
                keyPassword: "pass123456")
        },
        Row("client-certificate: encrypted.both, client-key-password: '${env:PASSWORD}'") {
            $0.identity = ClientIdentity(
                certificateFile: path("encrypted.both"), keyPassword: "pass123456")
        },
        Row("client-certificate: ~") { _ in },
    ]

    @Test("What it says is read", arguments: rows)
    func reading(_ row: Row) {
        let (network, findings) = Self.read(row.keys)
        #expect(findings.allSatisfy { $0.code == "proxy-looks-up" }, "\(findings)")
        #expect(network?.connection == row.connection)
    }

    @Test("The ranges of one's own are read")
    func ranges() {
        let (network, findings) = Self.read("allow-private: [10.0.0.0/8, 'fd00::/8', 127.0.0.1]")
        #expect(findings.isEmpty)
        #expect(
            network?.allowed.map(\.description) == [
                "10.0.0.0/8", "fd00:0:0:0:0:0:0:0/8", "127.0.0.1/32",
            ])
    }

    @Test("A proxy comes with a warning: it looks up the names, not the guard")
    func proxyWarning() throws {
        let (_, findings) = Self.read("proxy: 'http://proxy.example.com:3128'")
        let finding = try #require(findings.first)
        #expect(findings.count == 1)
        #expect(finding.code == "proxy-looks-up" && finding.severity == .warning)
    }

    @Test(
        "A password that stands in the file itself is a warning",
        arguments: [
            "proxy: 'http://me:pass123456@127.0.0.1:3128'",
            "proxy: 'http://127.0.0.1:3128', proxy-username: me, proxy-password: pass123456",
            "client-certificate: encrypted.both, client-key-password: pass123456",
        ])
    func inlineSecret(keys: String) {
        let (_, findings) = Self.read(keys)
        #expect(findings.filter { $0.code == "inline-secret" }.count == 1)
        for finding in findings {
            for language in [Language.chinese, .english] {
                #expect(!finding.rendered(in: language).contains("pass123456"))
            }
        }
    }

    // MARK: One channel's own

    @Test("A channel without one has none; what it does not say stays as the file has it")
    func ownNetwork() throws {
        let file = "ca-file: roots.pem, proxy: 'http://127.0.0.1:3128'"
        let (plain, _) = Self.channel(Self.hook, "enabled: true", file: file)
        #expect(plain != nil && plain?.connection == nil)
        let (own, findings) = Self.channel(
            Self.hook, "network: { client-certificate: both.pem, proxy: '' }", file: file)
        #expect(findings.allSatisfy { $0.code == "proxy-looks-up" }, "\(findings)")
        var connection = ConnectionSettings()
        connection.caFile = Self.path("roots.pem")
        connection.identity = ClientIdentity(certificateFile: Self.path("both.pem"))
        #expect(own?.connection == connection)
    }

    @Test("A channel's own ranges take the place of the file's")
    func ownRanges() {
        let url = "type: webhook, url: 'http://127.0.0.1:9/x'"
        let own = "network: { allow-private: 127.0.0.0/8 }"
        #expect(Self.channel(url, own).findings.isEmpty)
        let file = "allow-private: 127.0.0.0/8"
        #expect(Self.channel(url, "enabled: true", file: file).findings.isEmpty)
        let none = Self.channel(url, "network: { allow-private: [] }", file: file)
        #expect(none.findings.map(\.code) == ["bad-setting"])
    }

    @Test("Mail has what is about TLS, and passes over the file's proxy")
    func mail() throws {
        let (channel, findings) = Self.channel(
            Self.mail,
            "network: { ca-file: roots.pem, system-ca: false, client-certificate: both.pem }",
            file: "proxy: 'http://127.0.0.1:3128'")
        #expect(findings.allSatisfy { $0.code == "proxy-looks-up" }, "\(findings)")
        let connection = try #require(channel?.connection)
        #expect(connection.caFile == Self.path("roots.pem") && !connection.trustsSystem)
        #expect(connection.identity == ClientIdentity(certificateFile: Self.path("both.pem")))
        let own = Self.channel(Self.mail, "ca-file: roots.pem")
        #expect(own.findings.isEmpty && own.channel != nil)
    }

    // MARK: Mistakes

    @Test("Every mistake is told in both languages, at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) {
        mistake.check(line: 2) { Self.read($0).findings }
    }

    @Test("So it is in a channel of mails", arguments: mailMistakes)
    func mailMistake(_ mistake: Mistake) {
        mistake.check(line: 4) { Self.channel(Self.mail, $0).findings }
    }

    @Test("Where TLS is on, or no certificate is given, a mail channel may say how it is")
    func shownIdentity() {
        for (server, keys) in [
            ("smtp://h.cn", "network: { client-certificate: both.pem }"),
            ("smtp://h.cn", "tls: required, network: { client-certificate: both.pem }"),
            // Encrypted from the start, whatever `tls` says.
            ("smtps://h.cn", "tls: none, network: { client-certificate: both.pem }"),
            ("smtp://h.cn", "tls: none, network: { client-certificate: ~ }"),
            ("smtp://h.cn", "tls: none, network: { ca-file: roots.pem }"),
        ] {
            let channel = "type: email, server: '\(server)', from: a@b.cn, to: c@d.cn"
            let (settings, findings) = Self.channel(channel, keys)
            #expect(settings != nil && findings.isEmpty, "\(server) \(keys) \(findings)")
        }
    }

    @Test("No message repeats a secret", arguments: mistakes + mailMistakes)
    func secrecy(_ mistake: Mistake) {
        for finding in Self.read(mistake.keys.replacing("▸", with: "")).findings {
            for language in [Language.chinese, .english] {
                let text = finding.rendered(in: language)
                for secret in ["pass123456", "a\nb"] { #expect(!text.contains(secret)) }
            }
        }
    }

    @Test("An empty file of one channel does not bring the system's certificates back unseen")
    func emptiedTrust() {
        let (_, findings) = Self.channel(
            Self.hook, "network: { ca-file: '' }", file: "ca-file: roots.pem, system-ca: false")
        #expect(findings.map(\.code) == ["bad-trust"])
    }
}
