import ArgumentParser
import Foundation

/// `mail`: the outbox on disk to a mail server, beside libcurl alone with the same mails.
struct MailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail",
        abstract: "Times mails from the outbox on disk to a mail server, beside libcurl alone.")

    /// Where the mails go.
    enum Server: String, ExpressibleByArgument, CaseIterable {
        /// A sink in a process of its own.
        case sink
        /// A real Postfix, where it is installed; it must be started by root.
        case postfix
    }

    @Option(help: "How many mails a run sends.")
    var mails = 2000
    @Option(help: "How many rounds; the best of each line counts.")
    var rounds = 3
    @Option(help: "sink or postfix.")
    var server = Server.sink
    @Option(help: "The channel's `connections`.")
    var connections = 2

    func validate() throws {
        guard (1...100_000).contains(mails), (1...100).contains(rounds) else {
            throw ValidationError("1 to 100,000 mails, 1 to 100 rounds")
        }
        guard (1...4).contains(connections) else {
            throw ValidationError("1 to 4 connections")
        }
    }

    func run() async throws {
        let process = try MailServerProcess(server)
        defer { process.end() }
        let outbox = try MailOutbox(mails: mails, port: process.port, connections: connections)
        var bare = 0.0
        var bareMany = 0.0
        var ours = 0.0
        for _ in 0..<rounds {
            bare = max(bare, try BareMails.rate(outbox.bodies, to: process.port, sessions: 1))
            bareMany = max(
                bareMany, try BareMails.rate(outbox.bodies, to: process.port, sessions: connections)
            )
            ours = max(ours, try await outbox.rate())
        }
        let size = outbox.bodies.reduce(0) { $0 + $1.count } / outbox.bodies.count
        print("\(server.rawValue), \(mails) mails of \(size) bytes, best of \(rounds)")
        Self.show("libcurl, 1 session", bare)
        Self.show("libcurl, \(connections) sessions", bareMany)
        Self.show("tocsin, outbox on disk", ours)
        print("tocsin / libcurl, 1 session: \(Self.percent(ours / bare))")
        print("tocsin / libcurl, \(connections) sessions: \(Self.percent(ours / bareMany))")
    }

    private static func show(_ name: String, _ rate: Double) {
        let padding = String(repeating: " ", count: max(1, 26 - name.count))
        print("\(name)\(padding)\(Int(rate.rounded())) mails/s")
    }

    private static func percent(_ ratio: Double) -> String { "\(Int((ratio * 100).rounded())) %" }
}
