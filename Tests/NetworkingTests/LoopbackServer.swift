import Foundation
import Testing

@testable import Networking

/// A server of the folder `Servers` on a port of its own, for one test.
///
/// It ends with the test, or with the test process: it reads its standard input.
///
/// `@unchecked` because tasks beside the test's own read `port` alone, which never
/// changes.
final class LoopbackServer: @unchecked Sendable {
    enum Kind {
        case http
        case smtp
        case httpProxy
        case socksProxy
        case http2

        /// The script in `Servers`, and what it is to be.
        fileprivate var command: [String] {
            let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "Servers")
            let words =
                switch self {
                case .http: ["loopback.py", "http"]
                case .smtp: ["loopback.py", "smtp"]
                case .httpProxy: ["proxy.py", "http"]
                case .socksProxy: ["proxy.py", "socks5"]
                case .http2: ["http2.py"]
                }
            // -B: nothing is written beside the scripts.
            return ["-B", folder.appending(path: words[0]).path()] + words.dropFirst()
        }
    }

    let port: Int
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var pending: [UInt8] = []
    private var seen: [String] = []

    static let python = "/usr/bin/python3"

    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: python) }

    convenience init(_ kind: Kind, _ flags: String...) throws {
        try self.init(kind, flags)
    }

    init(_ kind: Kind, _ flags: [String]) throws {
        process.executableURL = URL(filePath: Self.python)
        process.arguments = kind.command + flags
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = try #require(Self.nextLine(output, &pending))
        port = try #require(Int(line))
    }

    deinit {
        if process.isRunning { _ = finish() }
    }

    /// Returns when an event that begins so has happened; it holds up its thread until then.
    func wait(for event: String) {
        while let line = Self.nextLine(output, &pending) {
            seen.append(line)
            if line.hasPrefix(event) { return }
        }
    }

    /// What has happened, in order; the server is gone afterwards.
    func finish() -> [String] {
        try? input.fileHandleForWriting.write(contentsOf: Data("quit\n".utf8))
        wait(for: "finished")
        process.waitUntilExit()
        return seen.filter { $0 != "finished" }
    }

    func url(_ path: String, scheme: String = "http", host: String = "127.0.0.1") -> String {
        "\(scheme)://\(host):\(port)\(path)"
    }

    private static func nextLine(_ pipe: Pipe, _ pending: inout [UInt8]) -> String? {
        while true {
            if let end = pending.firstIndex(of: 0x0a) {
                defer { pending.removeFirst(end + 1) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            let more = pipe.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            pending += more
        }
    }
}

/// A certificate for `localhost` and 127.0.0.1 that nobody trusts, with its key, in one file.
struct LoopbackCertificate {
    let path: String

    static let openSSL = "/usr/bin/openssl"

    /// One for each test process, which removes it at its end.
    private static let folder = FileManager.default.temporaryDirectory
        .appending(path: "networking-\(ProcessInfo.processInfo.processIdentifier)")

    static var isAvailable: Bool {
        LoopbackServer.isAvailable && FileManager.default.isExecutableFile(atPath: openSSL)
    }

    static let shared = Result { try LoopbackCertificate() }

    private init() throws {
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: LoopbackCertificate.folder) }
        let file = Self.folder.appending(path: "server.pem").path()
        let process = Process()
        process.executableURL = URL(filePath: Self.openSSL)
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", file, "-out", file + ".crt",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let key = try String(contentsOfFile: file, encoding: .utf8)
        let certificate = try String(contentsOfFile: file + ".crt", encoding: .utf8)
        try (certificate + key).write(toFile: file, atomically: true, encoding: .utf8)
        path = file
    }
}

/// Runs a test with a transport of its own, and ends it.
func withTransport(
    _ configuration: CurlTransport.Configuration = .init(),
    _ body: (CurlTransport) async throws -> Void
) async throws {
    let transport = CurlTransport(configuration)
    do {
        try await body(transport)
    } catch {
        await transport.shutdown()
        throw error
    }
    await transport.shutdown()
}

/// The error a call ends with; a call that succeeds is a failure of the test.
func failure<Reply>(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ call: () async throws(TransportError) -> Reply
) async throws -> TransportError {
    do throws(TransportError) {
        _ = try await call()
    } catch {
        return error
    }
    Issue.record("the call succeeded", sourceLocation: sourceLocation)
    throw CancellationError()
}

extension ConnectionSettings {
    /// Trusts the certificates of a file.
    static func trusting(_ file: String) -> ConnectionSettings {
        var settings = ConnectionSettings()
        settings.caFile = file
        return settings
    }
}
