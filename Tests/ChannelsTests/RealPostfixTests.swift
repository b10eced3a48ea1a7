import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

@Suite(
    "Mail at a real Postfix", .serialized,
    .enabled(if: Postfix.isThere, "Postfix is not installed, or this is not root"),
    .timeLimit(.minutes(3)))
struct RealPostfixTests {
    @Test("Chinese, emoji, dots and markup come through as they were sent")
    func roundTrip() async throws {
        try await Postfix.beside { server, transport in
            let channel = try server.channel(
                transport, to: ["Lead 李 <lead@example.com>", "qa@example.com"],
                from: "警钟 Tocsin <tocsin@example.com>")
            var alert = Sample.alertWithContext
            alert.title = "客户情绪激动 🔥 " + String(repeating: "长", count: 60)
            alert.message = Sample.hostile + "\n.\n..\n.\n\nMAIL FROM:<x@example.com>"
            let messages = channel.messages(for: [alert, Sample.alert(2)], in: Sample.flush)
            for message in messages {
                let outcome = await channel.send(Sample.delivery(message), at: Sample.now)
                #expect(outcome.text.hasPrefix("250 2.0.0 Ok: queued as "), "\(outcome)")
            }
            let sent = try #require(messages.first).body
            for box in ["lead", "qa"] {
                let mails = try await server.mails(of: box, count: 1)
                let mail = try #require(mails.first)
                #expect(mails.count == 1)
                #expect(mail.hasSuffix(sent.replacingOccurrences(of: "\r\n", with: "\n")))
                #expect(mail.contains("Delivered-To: \(box)@example.com\n"))
                let read = try Python.parsed(mail)
                #expect(read.defects == [])
                let title = PlainText.clipped(alert.title, to: FlushText.titleLimit)
                #expect(read.subject == "[高] \(title) 等 2 条")
                #expect(read.from == [["警钟 Tocsin", "tocsin@example.com"]])
                #expect(read.to == [["Lead 李", "lead@example.com"], ["", "qa@example.com"]])
                #expect(read.texts.allSatisfy { $0.contains("我要投诉你们") })
                #expect(read.texts.allSatisfy { $0.contains("坐席 03:05：您好，请讲") })
            }
            #expect(try await server.log("Anonymous TLS connection established").count >= 1)
        }
    }

    @Test("One bad recipient costs the others nothing, and each has the reason that is its own")
    func recipients() async throws {
        try await Postfix.beside { server, transport in
            let names = ["nobody", "qa", "later", "full", "lead"].map { $0 + "@example.com" }
            let channel = try server.channel(
                transport, to: names + ["x@elsewhere.example", "q@xn--fsqu00a.cn"])
            let outcomes = await channel.outcomes()
            let kinds = [
                "refusedMessage", "delivered", "postponed", "postponed", "delivered",
                "refusedMessage", "refusedMessage",
            ]
            #expect(outcomes.map(\.kind) == kinds, "\(outcomes)")
            #expect(outcomes[0].text.contains("550 5.1.1"))
            #expect(outcomes[2].text.contains("450 4.7.1"))
            #expect(outcomes[3].text.contains("452 4.2.2"))
            #expect(try await server.mails(of: "qa", count: 1).count == 1)
            #expect(try await server.mails(of: "lead", count: 1).count == 1)

            // The same in one mail.
            var mail = MailSubmission(
                server: MailServer(host: "localhost", port: server.smtp, security: .startTLS),
                from: "tocsin@example.com", recipients: names, message: Array("Subject: x\n".utf8))
            mail.caFile = server.authority
            let reply = try await transport.send(mail)
            #expect(reply.recipients.map(\.status) == [550, 250, 450, 452, 250])
            #expect(try await server.mails(of: "qa", count: 2).count == 2)
            #expect(try await server.mails(of: "lead", count: 2).count == 2)
        }
    }

    @Test("A greylisted mail is taken at its second attempt: once, under the same Message-ID")
    func greylisting() async throws {
        try await Postfix.beside { server, transport in
            let channel = try server.channel(transport, to: ["grey@example.com"])
            let message = try #require(
                channel.messages(for: [Sample.alert()], in: Sample.flush).first)
            let first = await channel.send(Sample.delivery(message), at: Sample.now)
            #expect(first.kind == "postponed" && first.text.contains("450 4.2.0"))
            let second = await channel.send(Sample.delivery(message), at: Sample.now)
            #expect(second.kind == "delivered")
            let mails = try await server.mails(of: "grey", count: 1)
            let name = try #require(
                message.body.components(separatedBy: "\r\n").first { $0.hasPrefix("Message-ID") })
            #expect(mails.count == 1 && mails[0].contains(name + "\n"))
        }
    }

    @Test("What the server will never take is final: too large, refused by its content")
    func final() async throws {
        try await Postfix.beside(["message_size_limit = 20000"]) { server, transport in
            let channel = try server.channel(transport)
            let large = Sample.alert(message: String(repeating: "说了很多话。", count: 1500))
            let outcomes = await channel.outcomes(of: large)
            #expect(outcomes.map(\.kind) == ["refusedMessage"])
            #expect(outcomes[0].text.contains("552 5.3.4"), "\(outcomes)")

            let english = EmailChannel(
                name: "mail",
                settings: try .init(
                    server: "smtp://localhost:\(server.smtp)", from: "a@example.com",
                    to: ["qa@example.com"], caFile: server.authority),
                context: Sample.english, transport: transport)
            let spam = Sample.alert(title: "no thanks", severity: .info)
            let refused = await english.outcomes(of: spam)
            #expect(refused.map(\.kind) == ["refusedMessage"])
            #expect(refused[0].text.contains("550 5.7.1 not such mail"), "\(refused)")

            let stranger = try server.channel(transport, from: "stranger@example.com")
            let unwanted = await stranger.outcomes()
            #expect(unwanted[0].text.contains("550 5.7.1"), "\(unwanted)")
            #expect(unwanted.map(\.kind) == ["refusedMessage"])
            #expect(await channel.outcomes().map(\.kind) == ["delivered"])
            #expect(try await server.mails(of: "qa", count: 1).count == 1)
        }
    }

    @Test("Mails share a session, and many at once share few")
    func sessions() async throws {
        try await Postfix.beside { server, transport in
            let channel = try server.channel(transport)
            let messages = (0..<60).flatMap { number in
                channel.messages(
                    for: [Sample.alert(number)], in: Flush(id: "f-\(number)", at: Sample.now))
            }
            for message in messages.prefix(20) {
                #expect(
                    await channel.send(Sample.delivery(message), at: Sample.now).kind
                        == "delivered")
            }
            #expect(try await server.log(": connect from ", count: 3).count == 1 + Self.probes)
            await withTaskGroup(of: Outcome.self) { group in
                for message in messages.dropFirst(20) {
                    group.addTask { await channel.send(Sample.delivery(message), at: Sample.now) }
                }
                for await outcome in group { #expect(outcome.kind == "delivered", "\(outcome)") }
            }
            await transport.shutdown()
            let ends = try await Self.ends(in: server, mails: 60)
            #expect((1...4).contains(ends.count) && ends.allSatisfy { $0.contains("quit=1") })
            #expect(ends.map(Self.mails).reduce(0, +) == 60, "\(ends)")
            let mails = try await server.mails(of: "qa", count: 60)
            let names = mails.compactMap { mail in
                mail.components(separatedBy: "\n").first { $0.hasPrefix("Message-ID") }
            }
            #expect(mails.count == 60 && Set(names).count == 60)
        }
    }

    /// The script's own connections at the start, one to each port.
    private static let probes = 2

    /// What Postfix says at the end of each session, as soon as all mails are in them.
    private static func ends(in server: Postfix, mails count: Int) async throws -> [String] {
        var ends: [String] = []
        for sessions in 1...10 {
            ends = try await server.log(" mail=", count: sessions)
            if ends.map(mails).reduce(0, +) >= count { break }
        }
        return ends
    }

    /// How many mails a session had: `… ehlo=2 starttls=1 mail=20 rcpt=20 data=20 quit=1 …`.
    private static func mails(_ end: String) -> Int {
        let count = end.components(separatedBy: " mail=").last?.prefix { $0.isNumber }
        return count.flatMap { Int($0) } ?? 0
    }

    @Test("A session that Postfix ended meanwhile is opened anew: nothing lost, nothing doubled")
    func droppedSession() async throws {
        try await Postfix.beside(["smtpd_timeout = 1s"]) { server, transport in
            let channel = try server.channel(transport)
            for number in 0..<3 {
                let flush = Flush(id: "f-\(number)", at: Sample.now)
                #expect(await channel.outcomes(in: flush).map(\.kind) == ["delivered"])
                _ = try await server.log("timeout after", count: number + 1)
            }
            #expect(try await server.mails(of: "qa", count: 3).count == 3)
            #expect(try await server.log(": connect from ").count == 3 + Self.probes)
        }
    }

    @Test("A name outside ASCII, one in quotes, and a server that knows no such names")
    func spellings() async throws {
        let names = ["警钟@例子.cn", "\"q a\"@example.com", "qa@example.com"]
        try await Postfix.beside { server, transport in
            let outcomes = try await server.channel(transport, to: names).outcomes()
            #expect(outcomes.map(\.kind) == ["delivered", "delivered", "delivered"], "\(outcomes)")
            for box in ["bell", "quoted", "qa"] {
                let mails = try await server.mails(of: box, count: 1)
                #expect(mails.count == 1)
                #expect(try Python.parsed(try #require(mails.first)).defects == [])
            }
        }
        try await Postfix.beside(["smtputf8_enable = no"]) { server, transport in
            let outcomes = try await server.channel(transport, to: names).outcomes()
            #expect(
                outcomes.map(\.kind) == ["refusedMessage", "delivered", "delivered"],
                "\(outcomes)")
            #expect(outcomes[0].text.contains("SMTPUTF8"))
        }
    }
}
