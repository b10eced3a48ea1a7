import Testing

@testable import Pipeline

/// Spans and changes as people write them.
@Suite struct SpanTests {
    @Test(
        arguments: [
            ("30s", .time(milliseconds: 30_000)), ("30秒", .time(milliseconds: 30_000)),
            ("1m30s", .time(milliseconds: 90_000)), ("1 m 30 s", .time(milliseconds: 90_000)),
            ("1.5s", .time(milliseconds: 1_500)), ("500ms", .time(milliseconds: 500)),
            ("2分钟", .time(milliseconds: 120_000)), ("0s", .time(milliseconds: 0)),
            ("24h", .time(milliseconds: 86_400_000)), ("2 Minutes", .time(milliseconds: 120_000)),
            ("2 turns", .turns(2)), ("1 turn", .turns(1)), ("2轮", .turns(2)),
            ("5 sentences", .sentences(5)), ("5句", .sentences(5)), ("100000句", .sentences(100_000)),
        ] as [(String, Span)])
    func spansAreRead(_ text: String, _ span: Span) { #expect(Span(text) == span) }

    @Test(arguments: [
        "", " ", "s", "30", "30 x", "-3s", "25h", "24h1s", "1.s", ".5s", "1.2345s", "1.5 turns",
        "0 turns", "0句", "100001句", "2 turns 3s", "3s 2 turns", "99999999999999999999s", "1..5s",
        "３０s", "30s,", "first 30s",
    ])
    func otherTextsAreNone(_ text: String) { #expect(Span(text) == nil) }

    @Test(
        arguments: [
            ("50%", 0.5), ("150 %", 1.5), ("0%", 0), ("12.5%", 0.125),
        ] as [(String, Double)])
    func sharesAreRead(_ text: String, _ share: Double) {
        #expect(Change(percent: text) == .share(share))
    }

    @Test(arguments: ["50", "%", "-5%", "x%", "10001%", "nan%", "inf%", "50%%"])
    func otherTextsAreNoShares(_ text: String) { #expect(Change(percent: text) == nil) }
}
