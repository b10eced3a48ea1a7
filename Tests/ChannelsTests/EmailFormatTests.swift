import Foundation
import Networking
import Pipeline
import Testing

@testable import Channels

struct EmailFormatTests {
    static func format(
        to: [String] = ["qa@example.com", "Lead 李 <lead@example.com>"],
        from: String = "Tocsin <tocsin@example.com>", context: MessageContext = Sample.chinese
    ) throws -> EmailFormat {
        EmailFormat(
            channel: "mail", from: try MailAddress(from, key: "from"),
            to: try to.map { try MailAddress($0, key: "to") }, context: context)
    }

    /// The header, unfolded, and the two parts, decoded.
    struct Mail {
        var fields: [(name: String, value: String)] = []
        var parts: [(type: String, text: String)] = []

        init(_ mail: String) throws {
            let lines = mail.components(separatedBy: "\r\n")
            let end = try #require(lines.firstIndex(of: ""))
            fields = Self.fields(lines[..<end])
            let type = self["Content-Type"] ?? ""
            let boundary = try #require(type.components(separatedBy: "boundary=\"").last)
                .dropLast()
            for section in mail.components(separatedBy: "--\(boundary)").dropFirst().dropLast() {
                let lines = section.components(separatedBy: "\r\n").dropFirst()
                let end = try #require(lines.firstIndex(of: ""))
                let text = Data(base64Encoded: lines[end...].joined()).map {
                    String(decoding: $0, as: UTF8.self)
                }
                let type = Self.fields(lines[..<end]).first { $0.name == "Content-Type" }?.value
                parts.append((type ?? "", try #require(text)))
            }
        }

        static func fields(_ lines: some Sequence<String>) -> [(name: String, value: String)] {
            var fields: [(name: String, value: String)] = []
            for line in lines {
                if line.hasPrefix(" ") {
                    fields[fields.count - 1].value += line
                } else {
                    let parts = line.components(separatedBy: ": ")
                    fields.append((parts[0], parts.dropFirst().joined(separator: ": ")))
                }
            }
            return fields
        }

        subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
    }

    @Test("A mail has every field once, and the alert as text and as HTML")
    func mail() throws {
        let messages = try Self.format().messages(for: [Sample.alert()], in: Sample.flush)
        #expect(messages.map(\.recipient) == ["qa@example.com", "lead@example.com"])
        #expect(Set(messages.map(\.body)).count == 1 && messages.allSatisfy { $0.parts == 1 })
        let mail = try Mail(try #require(messages.first).body)
        #expect(
            mail.fields.map(\.name) == [
                "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References",
                "Importance", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress",
                "MIME-Version", "Content-Type",
            ])
        #expect(mail["Date"] == "Wed, 15 Nov 2023 06:13:20 +0800")
        #expect(mail["From"] == "\"Tocsin\" <tocsin@example.com>")
        #expect(mail["To"] == "qa@example.com, =?UTF-8?B?TGVhZCDmnY4=?= <lead@example.com>")
        #expect(mail["Subject"] == "=?UTF-8?B?W+mrmF0g5a6i5oi35oOF57uq5r+A5Yqo?=")
        #expect(mail["Message-ID"]?.hasSuffix("@example.com>") == true)
        #expect(mail["Auto-Submitted"] == "auto-generated" && mail["Importance"] == "high")
        #expect(mail["List-Id"] == "<mail.tocsin.example.com>")
        #expect(
            mail.parts.map(\.type) == ["text/plain; charset=utf-8", "text/html; charset=utf-8"])
        #expect(mail.parts[0].text.contains("证据：\r\n  > 客户 03:12 响度 9：我要投诉你们\r\n"))
        #expect(mail.parts[1].text.contains("客户 03:12 响度 9</span><br>\r\n我要投诉你们"))
    }

    @Test("A quote has role, place and loudness, the sentences beside it, and the recording")
    func quotes() throws {
        let messages = try Self.format().messages(
            for: [Sample.alertWithContext], in: Sample.flush)
        let mail = try Mail(try #require(messages.first).body)
        let link = "https://rec.example.com/a?b=%281%29#t=192"
        #expect(
            mail.parts[0].text.contains(
                "证据：\r\n    坐席 03:05：您好，请讲\r\n  > 客户 03:12 响度 9：我要投诉你们\r\n"
                    + "    坐席 03:15：非常抱歉\r\n"))
        #expect(mail.parts[0].text.contains("听录音 03:12：\(link)\r\n"))
        let html = mail.parts[1].text
        #expect(html.contains("客户 <a href=\"\(link)\">03:12</a> 响度 9</span>"))
        #expect(html.contains("坐席 03:05：您好，请讲</div>"))
        #expect(html.contains("坐席 03:15：非常抱歉</div>"))
        #expect(html.contains("<a href=\"\(link)\">听录音 03:12</a>"))
        #expect(html.contains("border-left:4px solid #c4501b"))
    }

    @Test("The mails of a group are one thread a day, and no two mails share a name")
    func threads() throws {
        func mail(_ id: String, hour: Int64, group: String = "g") throws -> Mail {
            let moment = Timestamp(milliseconds: Sample.now.milliseconds + hour * 3_600_000)
            let flush = Flush(id: id, at: moment, group: group)
            let messages = try Self.format().messages(for: [Sample.alert()], in: flush)
            return try Mail(try #require(messages.first).body)
        }
        let mails = [try mail("g-1", hour: 0), try mail("g-2", hour: 17)]
        let nextDay = try mail("g-3", hour: 18)
        let other = try mail("h-1", hour: 0, group: "h")
        let thread = try #require(mails[0]["References"])
        #expect(thread.hasPrefix("<tocsin.") && thread.hasSuffix("@example.com>"))
        #expect(mails.allSatisfy { $0["References"] == thread && $0["In-Reply-To"] == thread })
        #expect(nextDay["References"] != thread && other["References"] != thread)
        let all = mails + [nextDay, other]
        #expect(Set(all.compactMap { $0["Message-ID"] }).count == 4)
        #expect(!all.contains { $0["Message-ID"] == thread })
    }

    @Test(
        "`List-Id` takes any name of a channel",
        arguments: [
            ("mail", "<mail.tocsin.example.com>"), ("QA-1", "<QA-1.tocsin.example.com>"),
            ("邮件", "<3d708e8e8b1f9247.tocsin.example.com>"),
            ("a>\r\nBcc: b", "<0fa46c2c2cb58a07.tocsin.example.com>"),
            (String(repeating: "a", count: 64), nil),
        ] as [(String, String?)])
    func listID(name: String, value: String?) throws {
        let format = EmailFormat(
            channel: name, from: try MailAddress("a@example.com", key: "from"),
            to: [try MailAddress("b@example.com", key: "to")], context: Sample.english)
        let messages = format.messages(for: [Sample.alert()], in: Sample.flush)
        let mail = try Mail(try #require(messages.first).body)
        let field = try #require(mail["List-Id"])
        #expect(value.map { $0 == field } ?? (field.utf8.count < 60))
    }

    @Test("Whatever an alert holds, the mail is ASCII in short lines, ends lines by CRLF alone")
    func wireForm() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<40 {
            let alert = Sample.alert(
                title: random.text(upTo: 80) + Sample.hostile, message: random.text(upTo: 500),
                evidence: [Quote(words: random.text(upTo: 90), roleName: random.text(upTo: 9))])
            let messages = try Self.format().messages(for: [alert], in: Sample.flush)
            let body = try #require(messages.first).body
            let lines = body.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            #expect(body.utf8.allSatisfy { $0 < 0x7F && ($0 >= 0x20 || $0 == 13 || $0 == 10) })
            #expect(lines.dropLast().allSatisfy { $0.last == 0x0D && $0.count <= 77 })
            #expect(lines.allSatisfy { !$0.dropLast().contains(0x0D) })
            #expect(body.hasSuffix("\r\n"))
        }
    }

    @Test("A title cannot add a field, nor markup in HTML")
    func injection() throws {
        let alert = Sample.alert(
            title: "x\r\nBcc: victim@example.com\u{0}\r\n\r\nbody", message: Sample.hostile,
            labels: ["<b>": "<script>alert(1)</script>"])
        let messages = try Self.format(context: Sample.english)
            .messages(for: [alert], in: Sample.flush)
        let mail = try Mail(try #require(messages.first).body)
        #expect(mail["Bcc"] == nil && mail.fields.count == 13)
        #expect(mail["Subject"] == "[high] x Bcc: victim@example.com body")
        let html = mail.parts[1].text
        for tag in ["<script", "</title", "<b>x</b>", "<at", "<!channel", "<img"] {
            #expect(!html.contains(tag), "\(tag)")
        }
    }

    @Test("Many alerts make several mails of the named size, each with its own Message-ID")
    func parts() throws {
        let alerts = (1...400).map {
            Sample.alert($0, message: String(repeating: "说了很多话。", count: 40))
        }
        let messages = try Self.format().messages(for: alerts, in: Sample.flush)
        let mails = try messages.filter { $0.recipient == "qa@example.com" }.map { message in
            try Mail(message.body)
        }
        #expect(mails.count > 1 && messages.count == mails.count * 2)
        #expect(Set(mails.compactMap { $0["Message-ID"] }).count == mails.count)
        for mail in mails {
            #expect(mail.parts.allSatisfy { $0.text.utf8.count < 102_000 })
        }
        let told = messages.filter { $0.recipient == "lead@example.com" }.flatMap(\.alerts)
        #expect(told == alerts.map(\.id))
    }

    @Test("A limit is kept to the byte, before encoding")
    func exactLimit() throws {
        let alerts = (1...3).map { Sample.alert($0) }
        let format = try Self.format(to: ["qa@example.com"])
        let whole = format.messages(for: alerts, in: Sample.flush)
        let html = try Mail(try #require(whole.first).body).parts[1].text
        let size = html.replacingOccurrences(of: "\r\n", with: "\n").utf8.count
        #expect(format.messages(for: alerts, in: Sample.flush, limit: size).count == 1)
        #expect(format.messages(for: alerts, in: Sample.flush, limit: size - 1).count == 2)
    }

    @Test("An independent reader finds the same mail", .enabled(if: Python.isThere, "no python3"))
    func independentReader() throws {
        let alert = Sample.alert(
            title: "磁盘空间即将耗尽 🔥 db-1 /var " + String(repeating: "长", count: 60),
            message: Sample.hostile)
        let messages = try Self.format().messages(
            for: [alert, Sample.alert(2)], in: Sample.flush)
        let read = try Python.parsed(try #require(messages.first).body)
        #expect(read.defects == [])
        let title = PlainText.clipped(alert.title, to: FlushText.titleLimit)
        #expect(read.subject == "[高] \(title) 等 2 条")
        #expect(read.from == [["Tocsin", "tocsin@example.com"]])
        #expect(read.to == [["", "qa@example.com"], ["Lead 李", "lead@example.com"]])
        #expect(read.date == "2023-11-15T06:13:20+08:00")
        #expect(read.types == ["text/plain", "text/html"])
        #expect(read.texts.allSatisfy { $0.contains("我要投诉你们") })
        #expect(read.texts[0].contains("<at user_id=\"all\"></at>"))
    }

    @Test(
        "The golden alerts are sound mails for an independent reader",
        .enabled(if: Golden.isThere && Python.isThere, "no golden data or no python3"))
    func goldenAlerts() throws {
        for (name, alert) in try Golden.alerts() {
            let messages = try Self.format().messages(for: [alert], in: Sample.flush)
            let read = try Python.parsed(try #require(messages.first).body)
            let title = PlainText.line(alert.title)
            #expect(read.defects == [], "\(name)")
            #expect(read.subject.contains(PlainText.clipped(title, to: 80)), "\(name)")
            #expect(read.texts.count == 2 && read.texts[0].contains(title), "\(name)")
            #expect(!read.texts[1].contains("<script>"), "\(name)")
        }
    }
}

/// Python's mail library, as a reader written by others.
enum Python {
    struct Mail: Decodable {
        let defects, types, texts: [String]
        let subject, date: String
        let from, to: [[String]]
    }

    static let path = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static var isThere: Bool { path != nil }

    private static let script = """
        import sys, json, email, email.policy
        m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
        parts = list(m.iter_parts())
        defects = [type(d).__name__ for p in m.walk() for d in p.defects]
        defects += [type(d).__name__ for h in m.values() for d in getattr(h, "defects", ())]
        def people(h): return [[a.display_name, a.addr_spec] for a in m[h].addresses]
        print(json.dumps({"defects": defects, "subject": m["Subject"], "from": people("From"),
            "to": people("To"), "date": m["Date"].datetime.isoformat(),
            "types": [p.get_content_type() for p in parts],
            "texts": [p.get_content() for p in parts]}))
        """

    static func parsed(_ mail: String) throws -> Mail {
        try JSONDecoder().decode(Mail.self, from: Data(output(of: script, input: mail).utf8))
    }

    /// What a script prints.
    static func output(of script: String, input text: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        process.arguments = ["-c", script]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
