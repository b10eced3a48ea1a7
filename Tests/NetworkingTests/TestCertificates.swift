import Foundation

@testable import Networking

/// An authority of the tests' own, with certificates for every case.
///
/// One for each test process, which removes it at its end.
struct TestCertificates {
    /// What is trusted: the authority.
    let authority: String
    /// A folder with the authority as OpenSSL looks for it there.
    let authorityFolder: String

    /// Of servers, with their keys.
    let server: String
    let otherHost: String
    let expired: String

    /// Of clients: certificate and key in one file, or apart.
    let client: String
    let clientCertificate: String
    let clientKey: String
    let clientKeyWithPassword: String
    /// A client whose authority nobody knows.
    let stranger: String

    static let password = "pässword SECRET"

    static let shared = Result { try TestCertificates() }

    /// How a client's identity can be given.
    enum Form: CaseIterable { case oneFile, twoFiles, password }

    func identity(_ form: Form) -> ClientIdentity {
        switch form {
        case .oneFile: ClientIdentity(certificateFile: client)
        case .twoFiles: ClientIdentity(certificateFile: clientCertificate, keyFile: clientKey)
        case .password:
            ClientIdentity(
                certificateFile: clientCertificate, keyFile: clientKeyWithPassword,
                keyPassword: Self.password)
        }
    }

    private static let folder = FileManager.default.temporaryDirectory
        .appending(path: "certificates-\(ProcessInfo.processInfo.processIdentifier)")

    private init() throws {
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: TestCertificates.folder) }
        try Self.makeAuthority("ca")
        try Self.makeAuthority("strange-ca")
        try Self.sign("server", name: "localhost", hosts: "DNS:localhost,IP:127.0.0.1")
        try Self.sign("other", name: "other.example", hosts: "DNS:other.example")
        try Self.sign("expired", name: "localhost", hosts: "DNS:localhost,IP:127.0.0.1", days: -1)
        try Self.sign("client", name: "tocsin")
        try Self.sign("stranger", name: "stranger", by: "strange-ca")
        try Self.openSSL(
            "pkey", "-in", Self.path("client.key"), "-aes256", "-passout", "pass:\(Self.password)",
            "-out", Self.path("client-encrypted.key"))
        let hashed = Self.folder.appending(path: "hashed")
        try FileManager.default.createDirectory(at: hashed, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: Self.path("ca.pem"), toPath: hashed.appending(path: "ca.pem").path())
        try Self.openSSL("rehash", hashed.path())
        authority = Self.path("ca.pem")
        authorityFolder = hashed.path()
        server = Self.path("server.both")
        otherHost = Self.path("other.both")
        expired = Self.path("expired.both")
        client = Self.path("client.both")
        clientCertificate = Self.path("client.pem")
        clientKey = Self.path("client.key")
        clientKeyWithPassword = Self.path("client-encrypted.key")
        stranger = Self.path("stranger.both")
    }

    private static func path(_ name: String) -> String { folder.appending(path: name).path() }

    private static func makeAuthority(_ name: String) throws {
        try openSSL(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=\(name)", "-keyout", path(name + ".key"), "-out",
            path(name + ".pem"))
    }

    private static func sign(
        _ file: String, name: String, hosts: String? = nil, days: Int = 2,
        by authority: String = "ca"
    ) throws {
        let extensions = hosts.map { "subjectAltName=\($0)\n" } ?? "basicConstraints=CA:FALSE\n"
        try extensions.write(toFile: path(file + ".ext"), atomically: true, encoding: .utf8)
        try openSSL(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
            "/CN=\(name)", "-keyout", path(file + ".key"), "-out", path(file + ".csr"))
        try openSSL(
            "x509", "-req", "-in", path(file + ".csr"), "-CA", path(authority + ".pem"), "-CAkey",
            path(authority + ".key"), "-CAcreateserial", "-days", "\(days)", "-extfile",
            path(file + ".ext"), "-out", path(file + ".pem"))
        let both = try ["pem", "key"].map {
            try String(contentsOfFile: path("\(file).\($0)"), encoding: .utf8)
        }
        try both.joined().write(toFile: path(file + ".both"), atomically: true, encoding: .utf8)
    }

    private struct Failure: Error {
        var arguments: [String]
    }

    private static func openSSL(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: LoopbackCertificate.openSSL)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(arguments: arguments) }
    }
}
