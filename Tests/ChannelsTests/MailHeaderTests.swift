import Foundation
import Pipeline
import Testing

@testable import Channels

struct MailHeaderTests {
    /// What a reader makes of a field: encoded words joined and decoded, other text as it is.
    static func decoded(_ field: String) -> String {
        var bytes: [UInt8] = []
        for line in field.dropLast().components(separatedBy: "\r\n ") {
            let word = line.components(separatedBy: "=?UTF-8?B?")
            if word.count == 2, let data = Data(base64Encoded: String(word[1].dropLast(2))) {
                bytes += Array(word[0].utf8) + Array(data)
            } else {
                bytes += Array(line.utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static let texts = [
        "plain ascii", "磁盘满", "Ünïcödé — dash", "emoji 🔥🔥 end",
        String(repeating: "mixed 中文 and English ", count: 6), "looks like =?UTF-8?B?eA==?= a word",
        String(repeating: "a", count: 200), String(repeating: "семь ", count: 20),
        String(repeating: "👨‍👩‍👧‍👦", count: 30), "e" + String(repeating: "\u{301}", count: 100), "",
    ]

    @Test(
        "A text of any kind comes back whole, in lines of at most 76 characters", arguments: texts)
    func encodedWords(_ text: String) throws {
        let field = MailHeader.text("Subject", text)
        #expect(field.hasPrefix("Subject: ") && field.hasSuffix("\r\n"))
        let lines = field.components(separatedBy: "\r\n").dropLast()
        #expect(lines.allSatisfy { $0.utf8.count <= 76 && $0.utf8.allSatisfy { $0 < 0x7F } })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" =?UTF-8?B?") })
        for line in lines where line.contains("=?UTF-8?B?") {
            let word = line.components(separatedBy: "=?UTF-8?B?")[1].dropLast(2)
            let data = try #require(Data(base64Encoded: String(word)))
            #expect(String(validating: Array(data), as: UTF8.self) != nil, "no torn character")
        }
        let value = String(Self.decoded(field).dropFirst("Subject: ".count))
        #expect(value == PlainText.line(text))
    }

    @Test("Plain ASCII stays readable")
    func plain() {
        #expect(MailHeader.text("Subject", "[high] x") == "Subject: [high] x\r\n")
        let longest = String(repeating: "a", count: 67)
        #expect(MailHeader.text("Subject", longest) == "Subject: \(longest)\r\n")
        #expect(MailHeader.text("Subject", longest + "a").hasPrefix("Subject: =?UTF-8?B?"))
    }

    @Test("Names are quoted or encoded, never both, and long ones take a line of their own")
    func addresses() throws {
        func field(_ texts: String...) throws -> String {
            MailHeader.addresses("To", try texts.map { try MailAddress($0, key: "to") })
        }
        #expect(try field("a@b.c") == "To: a@b.c\r\n")
        #expect(try field("A \"B\" \\C <a@b.c>") == "To: \"A \\\"B\\\" \\\\C\" <a@b.c>\r\n")
        #expect(try field("\"A, B\" <a@b.c>", "d@e.f") == "To: \"A, B\" <a@b.c>,\r\n d@e.f\r\n")
        #expect(try field("警钟 <a@b.c>") == "To: =?UTF-8?B?6K2m6ZKf?= <a@b.c>\r\n")
        let long = try field(String(repeating: "警钟", count: 30) + " <a@b.c>")
        #expect(long.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 76 })
        #expect(long.hasSuffix("<a@b.c>\r\n"))
    }

    @Test(
        "A date is written on the people's clock",
        arguments: [
            (0 as Int64, 0, "Thu, 1 Jan 1970 00:00:00 +0000"),
            (1_700_000_000_000, 28_800, "Wed, 15 Nov 2023 06:13:20 +0800"),
            (1_700_000_000_000, -16_200, "Tue, 14 Nov 2023 17:43:20 -0430"),
            (1_709_164_800_000, 0, "Thu, 29 Feb 2024 00:00:00 +0000"),
            (-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"),
            (1_700_000_000_000, 29_143, "Wed, 15 Nov 2023 06:18:20 +0805"),
        ])
    func date(milliseconds: Int64, offset: Int, text: String) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(MailHeader.date(moment, offsetSeconds: offset) == text)
    }
}
