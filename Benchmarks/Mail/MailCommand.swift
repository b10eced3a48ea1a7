import ArgumentParser
import Channels
import Foundation
import Pipeline

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
        let process = try start()
        defer { process.end() }
        guard let port = process.greeting["smtp"] else {
            throw InputError(reason: "the mail server did not start")
        }
        let settings = try EmailChannel.Settings(
            server: "smtp://127.0.0.1:\(port)", security: .none,
            from: "Tocsin <tocsin@example.com>", to: ["qa@example.com"], connections: connections)
        let outbox = FullOutbox(settings, messages: mails)
        let bodies = outbox.deliveries.map { Array($0.message.body.utf8) }
        var bare = Pace.none
        var bareMany = Pace.none
        var ours = Pace.none
        for _ in 0..<rounds {
            bare = bare.best(try await BareMails.pace(bodies, to: port, sessions: 1))
            bareMany = bareMany.best(
                try await BareMails.pace(bodies, to: port, sessions: connections))
            ours = ours.best(try await outbox.pace())
        }
        let size = bodies.reduce(0) { $0 + $1.count } / bodies.count
        print("\(server.rawValue), \(mails) mails of \(size) bytes, best of \(rounds)")
        bare.show("libcurl, 1 session", of: "mails")
        bareMany.show("libcurl, \(connections) sessions", of: "mails")
        ours.show("tocsin, outbox on disk", of: "mails")
        print("tocsin / libcurl, 1 session: \(ours.share(of: bare))")
        print("tocsin / libcurl, \(connections) sessions: \(ours.share(of: bareMany))")
    }

    private func start() throws -> ServerProcess {
        switch server {
        case .sink: try ServerProcess(command: ["mail-sink"])
        case .postfix:
            try ServerProcess(URL(filePath: "/usr/bin/python3"), [Self.postfix.path()])
        }
    }

    private static let postfix = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Tests/ChannelsTests/Servers/postfix.py").standardizedFileURL
}
