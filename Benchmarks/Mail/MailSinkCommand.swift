import ArgumentParser
import Foundation
import StandIns

/// `mail-sink`: takes mails until its standard input ends.
struct MailSinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail-sink", abstract: "A mail server that keeps nothing.",
        shouldDisplay: false)

    func run() async throws {
        var options = MailOptions()
        options.keep = 1
        let sink = MailStandIn(options: options)
        try await withStandIns([sink]) {
            print("{\"smtp\": \(try await sink.port)}")
            fflush(nil)
            while let line = readLine() { if line == "quit" { break } }
        }
    }
}
