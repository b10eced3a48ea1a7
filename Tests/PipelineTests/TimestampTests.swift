import Pipeline
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2023-11-14T22:13:20Z", 1_700_000_000_000),
            ("1969-12-31T23:59:59.999Z", -1), ("2024-02-29T12:00:00Z", 1_709_208_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func rfc3339GoesBothWays(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text) == Timestamp(milliseconds: milliseconds))
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test(
        arguments: [
            ("2023-11-15T06:13:20+08:00", 1_700_000_000_000),
            ("2023-11-14t17:43:20.5-04:30", 1_700_000_000_500),
            ("2023-11-14T22:13:20.123456789z", 1_700_000_000_123),
        ] as [(String, Int64)])
    func offsetsAndFractionsAreRead(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text) == Timestamp(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "2023-11-14", "2023-11-14T22:13:20", "2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z",
        "2023-11-14T24:00:00Z", "2023-11-14T22:13:20.Z", "2023-11-14T22:13:20Z ",
        "２０23-11-14T22:13:20Z", "2023-11-14T22:13:20+8:00",
    ])
    func whatIsNotRFC3339IsRefused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func arithmeticSaturates() {
        let last = Timestamp(milliseconds: .max)
        #expect(last + .seconds(1) == last)
        #expect(
            Timestamp(milliseconds: .min) - Duration.seconds(1) == Timestamp(milliseconds: .min))
        #expect((last - Timestamp(milliseconds: .min)).wholeMilliseconds == .max)
    }
}
