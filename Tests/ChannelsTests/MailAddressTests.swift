import Foundation
import Pipeline
import Testing

@testable import Channels

struct MailAddressTests {
    @Test(
        "An address of a person that can be used",
        arguments: [
            ("qa@example.com", "", "qa@example.com"), ("a.b+c@x-y.cn", "", "a.b+c@x-y.cn"),
            ("Tocsin <t@example.com>", "Tocsin", "t@example.com"),
            ("\"警钟, 一\" <t@example.com>", "警钟, 一", "t@example.com"),
            ("<t@localhost>", "", "t@localhost"), ("QA@Example.COM", "", "QA@example.com"),
            ("\"qa\"@example.com", "", "qa@example.com"),
            ("\"q a\"@example.com", "", "\"q a\"@example.com"),
            ("Q <\"a<b>@\\\"c\"@example.com>", "Q", "\"a<b>@\\\"c\"@example.com"),
            ("\"a\\b.\"@example.com", "", "\"ab.\"@example.com"),
            ("a@例子.cn", "", "a@xn--fsqu00a.cn"), ("a@例子。中国", "", "a@xn--fsqu00a.xn--fiqs8s"),
            ("a@BÜCHER.example", "", "a@xn--bcher-kva.example"),
            ("a@ｅｘａｍｐｌｅ．com", "", "a@example.com"), ("a@xn--fsqu00a.cn", "", "a@xn--fsqu00a.cn"),
            ("警钟@例子.cn", "", "警钟@xn--fsqu00a.cn"), ("e\u{301}@b.c", "", "é@b.c"),
            ("\"警 钟\"@b.c", "", "\"警 钟\"@b.c"), ("5\" Team <a@b.c>", "5\" Team", "a@b.c"),
        ])
    func sound(text: String, name: String, address: String) throws {
        let read = try MailAddress(text, key: "to")
        #expect(read.displayName == name)
        #expect(Array(read.address.utf8) == Array(address.utf8))
        #expect(read.isInternational == !address.utf8.allSatisfy { $0 < 0x80 })
        #expect(try MailAddress(read.address, key: "to").address == read.address)
    }

    @Test(
        "An address of a person that cannot",
        arguments: [
            "", "qa", "qa@", "@example.com", "a@b@c", "a b@c.d", "a@b c", "a@b..c", ".a@b.c",
            "a.@b.c", "a@-b.c", "a@b.c\r\nRCPT TO:<x@y.z>", "a@b.c\u{0}", "N <a@b.c",
            "N <a@b.c> x", "<N> <a@b.c>", "a@b.c,d@e.f", "a@b.c>", "<a@b.c>>", "a@[127.0.0.1]",
            "\"a@b.c", "\"a\"b@c.d", "\"\"@b.c", "\"a\\\"@b.c", "a@b_c.d", "a@例-.cn", "a@ab--例.cn",
            "a@\u{301}b.c", "a@例\u{200D}子.cn", "a@☃.example", "a@b\u{A0}c.d",
            String(repeating: "a", count: 65) + "@b.c", String(repeating: "警", count: 22) + "@b.c",
            "a@" + String(repeating: "b.", count: 130) + "c",
            "a@" + String(repeating: "b", count: 64) + ".c",
            "a@" + String(repeating: "例", count: 60) + ".c",
            "a@" + String(repeating: "例", count: 100_000),
        ])
    func unsound(_ text: String) {
        #expect(
            SettingsTests.failure { () throws(SettingsError) in
                try MailAddress(text, key: "to")
            } == "to")
    }

    @Test(
        "Characters of any script become ASCII as RFC 3492 shows",
        arguments: [
            ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"), ("他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb"),
            ("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"),
            ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
            ("bücher", "bcher-kva"), ("", ""),
        ])
    func punycode(text: String, code: String) {
        #expect(Punycode.encoded(Array(text.unicodeScalars), limit: 63) == code)
        #expect(Punycode.encoded(Array(text.unicodeScalars), limit: code.utf8.count) == code)
        if !code.isEmpty {
            let scalars = Array(text.unicodeScalars)
            #expect(Punycode.encoded(scalars, limit: code.utf8.count - 1) == nil)
        }
    }

    @Test(
        "An independent encoder writes the same",
        .enabled(if: Python.isThere, "no python3"))
    func independentPunycode() throws {
        var random = SeededGenerator(seed: 11)
        let letters = Array("abz09-éßжנかカ한例子中国邮件𠀋𝒜".unicodeScalars)
        let texts = (0..<300).map { _ in
            (0..<Int.random(in: 1...30, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? "a"
            }
        }
        let lines = texts.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
        let answer = try Python.output(
            of: "import sys\nfor l in sys.stdin.buffer.read().decode().split('\\n'): "
                + "print(l.encode('punycode').decode())", input: lines)
        let codes = answer.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(codes.count == texts.count)
        for (text, code) in zip(texts, codes) {
            #expect(Punycode.encoded(text, limit: 1000) == String(code))
        }
    }

    @Test("A mail stays in ASCII when one of its readers' names is not")
    func international() throws {
        let format = try EmailFormatTests.format(
            to: ["qa@example.com", "李 <警钟@例子.cn>", "Lead <lead@例子.cn>"])
        let messages = format.messages(for: [Sample.alert()], in: Sample.flush)
        #expect(
            messages.map(\.recipient) == [
                "qa@example.com", "警钟@xn--fsqu00a.cn", "lead@xn--fsqu00a.cn",
            ])
        #expect(Set(messages.map(\.body)).count == 1)
        let mail = try EmailFormatTests.Mail(try #require(messages.first).body)
        let name = Data("李 警钟@xn--fsqu00a.cn".utf8).base64EncodedString()
        #expect(
            mail["To"] == "qa@example.com, =?UTF-8?B?\(name)?= :;, \"Lead\" <lead@xn--fsqu00a.cn>")
        if Python.isThere {
            let read = try Python.parsed(try #require(messages.first).body)
            #expect(read.defects == [])
            #expect(read.to == [["", "qa@example.com"], ["Lead", "lead@xn--fsqu00a.cn"]])
        }
    }
}
