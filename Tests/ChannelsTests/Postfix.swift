import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

/// A real mail server for one test: see `Servers/postfix.py`.
struct Postfix: Decodable {
    let folder: String
    /// The file with the certificate to trust.
    let authority: String
    /// The port for STARTTLS.
    let smtp: Int
    /// The port for TLS from the start.
    let smtps: Int

    static let password = "päss wörd"
    static let token = "a-token.of-someone"

    /// Postfix lets itself be started by root alone.
    static let isThere =
        geteuid() == 0 && Python.isThere
        && ["/usr/lib/postfix/sbin/master", "/usr/bin/openssl"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: $0)
        }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Servers/postfix.py").path()

    /// Runs a test beside a Postfix with these lines in its settings, with a transport of its own.
    static func beside(
        _ settings: [String] = [],
        _ body: (Postfix, CurlTransport) async throws -> Void
    ) async throws {
        let process = Process()
        process.executableURL = URL(filePath: try #require(Python.path))
        process.arguments = [script] + settings
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = await Self.elsewhere { output.fileHandleForReading.availableData }
        let result: Result<Void, any Error>
        do {
            let server = try JSONDecoder().decode(Postfix.self, from: line)
            result = await Self.result(of: body, server)
        } catch {
            result = .failure(error)
        }
        // Not the end of the pipe alone: a process that was started meanwhile may hold it, too.
        try? input.fileHandleForWriting.write(contentsOf: Data("quit\n".utf8))
        await Self.elsewhere { process.waitUntilExit() }
        try result.get()
    }

    private static func result(
        of body: (Postfix, CurlTransport) async throws -> Void, _ server: Postfix
    ) async -> Result<Void, any Error> {
        let transport = CurlTransport()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(server, transport))
        } catch {
            result = .failure(error)
        }
        await transport.shutdown()
        return result
    }

    /// Waits on a thread that may be held up: the tests' own are few.
    private static func elsewhere<Value: Sendable>(
        _ body: @escaping @Sendable () -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    /// How a channel reaches it.
    enum Way: CaseIterable {
        case startTLS, implicitTLS, clear
    }

    func channel(
        _ transport: CurlTransport, by way: Way = .startTLS, to: [String] = ["qa@example.com"],
        from: String = "Tocsin <tocsin@example.com>", login: EmailLogin? = nil,
        isTrusted: Bool = true
    ) throws -> any Channel {
        let settings = try EmailChannel.Settings(
            server: way == .implicitTLS ? "smtps://localhost:\(smtps)" : "smtp://localhost:\(smtp)",
            security: way == .clear ? .none : .required, login: login, from: from, to: to,
            caFile: isTrusted ? authority : nil)
        return settings.channel(named: "mail", context: Sample.chinese, transport: transport)
    }

    /// The mails in a box, as soon as there are so many, or as many as there are after a while.
    func mails(of box: String, count: Int) async throws -> [String] {
        let url = URL(filePath: folder).appending(path: "mail/\(box)/new")
        var files: [String] = []
        for _ in 0..<200 {
            files = (try? FileManager.default.contentsOfDirectory(atPath: url.path())) ?? []
            if files.count >= count { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        return try files.map { file in
            String(decoding: try Data(contentsOf: url.appending(path: file)), as: UTF8.self)
        }
    }

    /// The lines of its log that hold a text, as soon as there are so many.
    func log(_ text: String, count: Int = 1) async throws -> [String] {
        let url = URL(filePath: folder).appending(path: "log/mail.log")
        var lines: [String] = []
        for _ in 0..<200 {
            let log = String(decoding: (try? Data(contentsOf: url)) ?? Data(), as: UTF8.self)
            lines = log.split(separator: "\n").map(String.init).filter { $0.contains(text) }
            if lines.count >= count { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        return lines
    }
}

extension Channel {
    /// Sends the alert to each recipient, one after another.
    func outcomes(
        of alert: Alert = Sample.alert(), in flush: Flush = Sample.flush
    ) async -> [Outcome] {
        var outcomes: [Outcome] = []
        for message in messages(for: [alert], in: flush) {
            outcomes.append(await send(Sample.delivery(message), at: Sample.now))
        }
        return outcomes
    }
}
