import Testing

@testable import StandIns

@Suite("The dialogue of the mail sink") struct SMTPSessionTests {
    /// What is sent, and the codes of the replies to it.
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let lines: [String]
        let codes: [String]
        var login = false

        var testDescription: String { name }
    }

    static let open = ["EHLO a", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.com>"]

    private static func longLine(_ count: Int) -> String { String(repeating: "a", count: count) }

    static let rows: [Row] = [
        Row(
            name: "a mail", lines: open + ["DATA", "Subject: x", "", "y", ".", "QUIT"],
            codes: ["250", "250", "250", "354", "250", "221"]),
        Row(
            name: "two mails", lines: open + ["DATA", "."] + open.dropFirst() + ["DATA", "."],
            codes: ["250", "250", "250", "354", "250", "250", "250", "354", "250"]),
        Row(
            name: "small letters", lines: ["helo a", "mail from:<>", "rcpt to:<b@c.d>", "quit"],
            codes: ["250", "250", "250", "221"]),
        Row(name: "no EHLO", lines: ["MAIL FROM:<a@example.com>"], codes: ["503"]),
        Row(name: "EHLO without a name", lines: ["EHLO", "EHLO "], codes: ["501", "501"]),
        Row(
            name: "no MAIL", lines: ["EHLO a", "RCPT TO:<b@c.d>", "DATA"],
            codes: ["250", "503", "503"]),
        Row(name: "no RCPT", lines: open.dropLast() + ["DATA"], codes: ["250", "250", "554"]),
        Row(name: "MAIL twice", lines: open + [open[1]], codes: ["250", "250", "250", "503"]),
        Row(
            name: "RSET", lines: open + ["RSET", "DATA", open[1]],
            codes: ["250", "250", "250", "250", "503", "250"]),
        Row(
            name: "EHLO again", lines: open + ["EHLO b", "DATA"],
            codes: ["250", "250", "250", "250", "503"]),
        Row(
            name: "DATA with more", lines: open + ["DATA now"],
            codes: ["250", "250", "250", "501"]),
        Row(
            name: "others", lines: ["NOOP", "VRFY b", "STARTTLS", "HELLO", "", "AUTH PLAIN"],
            codes: ["250", "252", "502", "500", "500", "502"]),
        Row(
            name: "SIZE",
            lines: [
                "EHLO a", "MAIL FROM:<a@b.c> SIZE=2000", "MAIL FROM:<a@b.c> SIZE=x",
                "MAIL FROM:<a@b.c> SIZE=1000 BODY=8BITMIME",
            ], codes: ["250", "552", "501", "250"]),
        Row(
            name: "parameters",
            lines: [
                "EHLO a", "MAIL FROM:<a@b.c> SMTPUTF8", open[1],
                "RCPT TO:<a@b.c> NOTIFY=NEVER",
            ], codes: ["250", "555", "250", "555"]),
        Row(
            name: "addresses",
            lines: [
                "EHLO a", "MAIL FROM:a@b.c", "MAIL FROM: <a@b.c>",
                "MAIL FROM:<a>", "MAIL FROM:<a@b@c>", "MAIL FROM:<a@-b.c>", "MAIL FROM:<a@b..c>",
                "MAIL FROM:<\"a\"@b.c>", "MAIL FROM:<a@b.c", open[1], "RCPT TO:<>",
            ],
            codes: ["250", "501", "501", "501", "501", "501", "501", "501", "501", "250", "501"]),
        Row(
            name: "letters beyond ASCII", lines: ["EHLO a", "MAIL FROM:<质@b.c>"],
            codes: ["250", "500"]),
        Row(
            name: "too many recipients", lines: open + ["RCPT TO:<c@d.e>", "RCPT TO:<d@d.e>"],
            codes: ["250", "250", "250", "250", "452"]),
        Row(
            name: "a long command", lines: [String(repeating: "A", count: 12_291), "NOOP"],
            codes: ["500", "250"]),
        Row(
            name: "a long line",
            lines: open + ["DATA", longLine(999), ".", "NOOP"],
            codes: ["250", "250", "250", "354", "500", "250"]),
        Row(
            name: "the longest line",
            lines: open + ["DATA", longLine(998), "."],
            codes: ["250", "250", "250", "354", "250"]),
        Row(
            name: "a large mail",
            lines: open + ["DATA"] + Array(repeating: "aaaaaaaaa", count: 120) + ["."],
            codes: ["250", "250", "250", "354", "552"]),
        Row(
            name: "too many mistakes", lines: Array(repeating: "X", count: 25),
            codes: Array(repeating: "500", count: 20) + ["421"]),
        Row(
            name: "PLAIN at once", lines: ["EHLO a", "AUTH PLAIN AGEAcA==", open[1]],
            codes: ["250", "235", "250"], login: true),
        Row(
            name: "PLAIN in two steps", lines: ["EHLO a", "auth plain", "AGEAcA==", open[1]],
            codes: ["250", "334", "235", "250"], login: true),
        Row(
            name: "LOGIN", lines: ["EHLO a", "AUTH LOGIN", "YQ==", "cA==", open[1]],
            codes: ["250", "334", "334", "235", "250"], login: true),
        Row(
            name: "LOGIN with the name at once", lines: ["EHLO a", "AUTH LOGIN YQ==", "cA=="],
            codes: ["250", "334", "235"], login: true),
        Row(name: "without login", lines: open, codes: ["250", "530", "503"], login: true),
        Row(
            name: "a wrong password", lines: ["EHLO a", "AUTH PLAIN AGEAeA==", open[1]],
            codes: ["250", "535", "530"], login: true),
        Row(
            name: "login gone wrong",
            lines: [
                "EHLO a", "AUTH PLAIN", "*", "AUTH PLAIN ?",
                "AUTH PLAIN YQ==", "AUTH CRAM-MD5", "AUTH", "AUTH LOGIN", "?", "NOOP",
            ],
            codes: ["250", "334", "501", "501", "501", "504", "504", "334", "501", "250"],
            login: true),
        Row(
            name: "login at the wrong time",
            lines: [
                "AUTH PLAIN AGEAcA==", "EHLO a",
                "AUTH PLAIN AGEAcA==", "AUTH PLAIN AGEAcA==", open[1], "AUTH PLAIN AGEAcA==",
            ],
            codes: ["503", "250", "235", "503", "250", "503"], login: true),
    ]

    private static func rules(login: Bool = false) -> SMTPRules {
        var rules = SMTPRules(sizeLimit: 1200, recipientLimit: 2)
        if login {
            rules.username = "a"
            rules.password = "p"
        }
        return rules
    }

    @Test("Each command is answered by its code, however the bytes arrive", arguments: rows)
    func table(row: Row) {
        let bytes = Array(row.lines.map { $0 + "\r\n" }.joined().utf8)
        for size in [bytes.count, 1, 7] {
            var session = SMTPSession(rules: Self.rules(login: row.login), number: 1)
            var events: [SMTPSession.Event] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                events += session.receive(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            let codes = events.compactMap { event -> String? in
                if case .reply(let text) = event { String(text.prefix(3)) } else { nil }
            }
            #expect(codes == row.codes)
        }
    }

    @Test(
        "A line end that is not CRLF ends the connection, in commands and in mails",
        arguments: [
            "EHLO a\n", "EHLO a\rMAIL", "EHLO a\r\r\n",
            "EHLO a\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<a@b.c>\r\nDATA\r\nx\n.\r\n",
            "EHLO a\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<a@b.c>\r\nDATA\r\nx\r\n.\n"
                + "MAIL FROM:<s@b.c>\r\n",
        ])
    func bareLineEnds(text: String) {
        var session = SMTPSession(rules: Self.rules(), number: 1)
        let events = session.receive(Array(text.utf8))
        #expect(events.suffix(2).first == .reply("521 5.5.2 Error: bare <CR> or <LF> received\r\n"))
        #expect(events.last == .close)
        #expect(!events.contains { if case .mail = $0 { true } else { false } })
        #expect(session.receive(Array("NOOP\r\n".utf8)) == [])
    }

    @Test("The greeting and the extensions") func extensions() {
        var session = SMTPSession(rules: Self.rules(login: true), number: 1)
        #expect(session.greeting.hasPrefix("220 "))
        let events = session.receive(Array("EHLO a\r\n".utf8))
        #expect(
            events == [
                .reply(
                    "250-mail.example.com\r\n250-AUTH PLAIN LOGIN\r\n250-SIZE 1200\r\n"
                        + "250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n")
            ])
    }

    @Test(
        "Dots are unstuffed",
        arguments: [
            ("..\r\n", ".\r\n"), ("...\r\n", "..\r\n"), ("a\r\n..b\r\n", "a\r\n.b\r\n"),
            ("..a\r\n..\r\n...\r\n", ".a\r\n.\r\n..\r\n"), ("", ""),
        ])
    func dots(sent: String, kept: String) throws {
        #expect(try mail("\r\n\(sent)").bytes == Array("\r\n\(kept)".utf8))
    }

    @Test("Headers are unfolded, the subject is decoded, and a good mail has no defects")
    func goodMail() throws {
        let text =
            "Date: Sat, 21 Nov 2026 04:00:00 +0000\r\nFrom: a@example.com\r\nTo: b@example.com\r\n"
            + "Subject: =?utf-8?B?6LSo5qOA?=\r\n =?utf-8?Q?_=E5=91=8A=E8=AD=A6?= 3\r\n"
            + "Message-ID: <1@example.com>\r\n\r\nbody\r\n"
        let mail = try mail(text)
        #expect(mail.subject == "质检 告警 3")
        #expect(mail.messageID == "<1@example.com>")
        #expect(mail.sender == "a@example.com")
        #expect(mail.recipients == ["b@example.com"])
        #expect(mail.defects == [])
        #expect(mail.id == "1-1")
        #expect(mail.user == nil)
    }

    @Test(
        "What a careful server would mind is listed",
        arguments: [
            (
                "Date: x\r\nFrom: a\r\nSubject: s\r\nMessage-ID: <1>\r\n\r\n质\r\n",
                ["8-bit bytes without BODY=8BITMIME"]
            ),
            (
                "Date: x\r\nFrom: a\r\nSubject: 质\r\nMessage-ID: <1>\r\n\r\n",
                ["8-bit bytes in the headers"]
            ),
            (
                " Date: x\r\nDate: x\r\nFrom: a\r\nFrom: b\r\nno name\r\nMessage-ID: <1>\r\n\r\n",
                [
                    "the first header is folded", "a header line without a name", "2 headers from",
                    "0 headers subject",
                ]
            ),
            (
                "",
                ["0 headers date", "0 headers from", "0 headers subject", "0 headers message-id"]
            ),
        ])
    func defects(text: String, expected: [String]) throws {
        #expect(try mail(text).defects == expected)
    }

    @Test(
        "Encoded words are decoded, and what is none stays",
        arguments: [
            ("plain", "plain"), ("=?UTF-8?B?56OB55uY5ruh?=", "磁盘满"),
            ("a =?utf-8?q?b=20c?= d", "a b c d"), ("=?utf-8?B?5A==?= =?utf-8?B?uK0=?=", "中"),
            ("=?gb2312?B?xOM=?=", "=?gb2312?B?xOM=?="), ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
            ("=?utf-8?B?***?=", "=?utf-8?B?***?="), ("=?utf-8?Q?=4?=", "=?utf-8?Q?=4?="),
            ("=?", "=?"), ("=?a?b?c", "=?a?b?c"),
        ])
    func encodedWords(text: String, decoded: String) {
        #expect(EncodedWords.decode(text) == decoded)
    }

    private func mail(_ text: String) throws -> ReceivedMail {
        var session = SMTPSession(rules: Self.rules(), number: 1)
        let dialogue = Self.open.map { $0 + "\r\n" }.joined() + "DATA\r\n\(text).\r\n"
        let mails = session.receive(Array(dialogue.utf8)).compactMap { event in
            if case .mail(let mail) = event { mail } else { nil }
        }
        return try #require(mails.first)
    }
}
