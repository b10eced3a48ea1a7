import CEL
import Testing

@testable import Text

@Suite("RE2")
struct RE2Tests {
    /// Pattern, text, and whether it is found.
    static let rows: [(String, String, Bool)] = [
        ("投诉|曝光", "我要曝光你们", true), ("投诉|曝光", "没事了", false), ("", "", true),
        ("^a.c$", "abc", true), ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true),
        ("(?i)VIP", "vip客户", true), (#"\d{4}"#, "电话 1234", true), (#"\d"#, "１２", false),
        ("(a|😀){2}", "x😀😀", true), ("(a+)+b", String(repeating: "a", count: 5_000), false),
    ]

    private func matches(_ matcher: any RegexMatcher, _ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matcher.matches($0) }
    }

    @Test("what a match needs is found out when a text is asked about, by whoever is first")
    func laziness() async throws {
        let pattern = try RE2Pattern("(要求|希望)投诉")
        #expect(!pattern.hasFilter)
        await withTaskGroup(of: Bool.self) { group in
            for text in ["我要求投诉", "我希望", "投诉", ""] {
                group.addTask { RE2Tests().matches(pattern, text) == (text == "我要求投诉") }
            }
            for await isRight in group { #expect(isRight) }
        }
        #expect(pattern.hasFilter)
    }

    @Test("a pattern is searched anywhere, in linear time", arguments: rows)
    func matching(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(matches(try RE2Engine().compile(pattern), text) == expected)
    }

    @Test(
        "what RE2 does not have is refused with a reason",
        arguments: [
            "(", "a**", #"(a)\1"#, "(?=a)", "(?<!a)b", "a{1001}", "[b-a]",
            "((a{1000}){1000}){1000}",
        ])
    func refusals(_ pattern: String) {
        let error = #expect(throws: PatternError.self) { try RE2Engine().compile(pattern) }
        #expect(error?.reason.isEmpty == false)
    }

    @Test("what a match needs is looked for first, and changes no answer")
    func needed() throws {
        var state: UInt64 = 17
        func number(below count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        func pick(_ choices: [String]) -> String { choices[number(below: choices.count)] }
        func word() -> String {
            (0..<number(below: 4) + 1).map { _ in pick(["投", "诉", "é", "a", "1", "😀"]) }.joined()
        }
        var found = 0, missed = 0
        for _ in 0..<600 {
            let pattern = pick([
                "\(word()).*\(word())", "(\(word())|\(word())).{0,3}\(word())",
                "(\(word()))?\(word())+x?", "[投a]\(word())[^b]*(\(word())|\(word()))",
                "^\(word()).*\(word())$", #"\d+\#(word())|\#(word()).\#(word())"#,
                "(\(word()).\(word())){1,2}", "(\(word())|.\(word())*)\(word())", word(),
            ])
            let matcher = try RE2Engine().compile(pattern)
            for _ in 0..<12 {
                var text = (0..<number(below: 12)).map { _ in word() }.joined()
                let one = text.withUTF8 { matcher.firstMatch(in: $0, from: 0) }
                #expect(matches(matcher, text) == (one != nil), "\(pattern) in \(text)")
                if one == nil { missed += 1 } else { found += 1 }
            }
        }
        #expect(found > 500 && missed > 500)
    }

    @Test("groups have byte ranges, and none when they took no part")
    func groups() throws {
        let matcher = try RE2Engine().compile("(客户|坐席)说(x)?")
        #expect(matcher.groupCount == 2)
        var text = "我听客户说"
        let found = text.withUTF8 { matcher.firstMatch(in: $0, from: 0) }
        #expect(found == [6..<15, 6..<12, nil])
        let none = text.withUTF8 { matcher.firstMatch(in: $0, from: 7) }
        #expect(none == nil)
        let outside = text.withUTF8 { matcher.firstMatch(in: $0, from: 99) }
        #expect(outside == nil)
    }

    @Test("a zone's offset follows its rules, now and in years to come")
    func zones() {
        let zones = SystemTimeZones()
        let summer: Int64 = 1_782_864_000, winter: Int64 = 4_070_908_800
        #expect(zones.offset(ofZone: "Asia/Shanghai", at: summer) == 28_800)
        #expect(zones.offset(ofZone: "America/New_York", at: summer) == -14_400)
        #expect(zones.offset(ofZone: "America/New_York", at: winter) == -18_000)
        #expect(zones.offset(ofZone: "Australia/Sydney", at: winter) == 39_600)
        #expect(zones.offset(ofZone: "Asia/Kathmandu", at: summer) == 20_700)
        for name in ["", "../../etc/passwd", "/etc/passwd", "Nowhere", "Asia", "a\u{0}b"] {
            #expect(zones.offset(ofZone: name, at: 0) == nil)
        }
    }
}
