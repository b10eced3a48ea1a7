/// A moment in UTC milliseconds: the one currency of time for memory, SQL and the wire.
///
/// RFC 3339 text is read and written here, so that no stage needs a calendar library.
package struct Timestamp: Hashable, Comparable, Codable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z; negative before.
    package var milliseconds: Int64

    /// A moment by its milliseconds since 1970-01-01T00:00:00Z.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `duration` later, cut to milliseconds; saturates instead of overflowing.
    package static func + (left: Timestamp, duration: Duration) -> Timestamp {
        let (sum, overflow) = left.milliseconds.addingReportingOverflow(duration.wholeMilliseconds)
        guard overflow else { return Timestamp(milliseconds: sum) }
        return Timestamp(milliseconds: duration < .zero ? .min : .max)
    }

    /// The moment `duration` earlier; saturates.
    package static func - (left: Timestamp, duration: Duration) -> Timestamp {
        left + (.zero - duration)
    }

    /// The time from `right` to `left`; saturates instead of overflowing.
    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        let (difference, overflow) = left.milliseconds.subtractingReportingOverflow(
            right.milliseconds)
        guard overflow else { return .milliseconds(difference) }
        return .milliseconds(left < right ? Int64.min : Int64.max)
    }
}

extension Duration {
    /// The duration cut to whole milliseconds; saturates.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let fraction = attoseconds / 1_000_000_000_000_000
        let (sum, carried) = scaled.addingReportingOverflow(fraction)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }
}

extension Timestamp {
    /// The date and time of day at `offsetSeconds` east of UTC (proleptic Gregorian calendar).
    package struct Fields: Hashable, Sendable {
        package var year, month, day, hour, minute, second, millisecond: Int
    }

    /// Days and time of day, by Howard Hinnant's published civil-from-days arithmetic.
    package func fields(offsetSeconds: Int = 0) -> Fields {
        let local = milliseconds.addingReportingOverflow(Int64(offsetSeconds) * 1000).partialValue
        let (days, rest) = local.flooredDivision(by: 86_400_000)
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.flooredDivision(by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return Fields(
            year: Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), month: Int(month),
            day: Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1),
            hour: Int(rest / 3_600_000), minute: Int(rest / 60_000 % 60),
            second: Int(rest / 1000 % 60), millisecond: Int(rest % 1000))
    }

    /// RFC 3339 in UTC, with milliseconds only when there are any: `2026-11-21T04:00:00Z`.
    package var rfc3339: String {
        let fields = fields()
        let fraction = fields.millisecond == 0 ? "" : "." + padded(fields.millisecond, to: 3)
        return "\(padded(fields.year, to: 4))-\(padded(fields.month, to: 2))"
            + "-\(padded(fields.day, to: 2))T\(padded(fields.hour, to: 2))"
            + ":\(padded(fields.minute, to: 2)):\(padded(fields.second, to: 2))\(fraction)Z"
    }

    /// `2026-11-21 12:00:05` on a clock `offsetSeconds` east of UTC: for people.
    package func text(offsetSeconds: Int) -> String {
        let fields = fields(offsetSeconds: offsetSeconds)
        return "\(padded(fields.year, to: 4))-\(padded(fields.month, to: 2))"
            + "-\(padded(fields.day, to: 2)) \(padded(fields.hour, to: 2))"
            + ":\(padded(fields.minute, to: 2)):\(padded(fields.second, to: 2))"
    }

    /// Reads RFC 3339 text (`2026-11-21T12:00:00.5+08:00`); nil when it is not, or out of range.
    package init?(rfc3339 text: String) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2),
            scanner.skip("-"), let day = scanner.number(2), scanner.skip("T") || scanner.skip("t"),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2),
            scanner.skip(":"), let second = scanner.number(2), let fraction = scanner.fraction(),
            let offset = scanner.offsetMinutes(), scanner.isAtEnd
        else { return nil }
        guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year),
            hour < 24, minute < 60, second < 61
        else { return nil }
        let days = Self.daysSinceEpoch(year: year, month: month, day: day)
        let minutes = Int64(days) * 1440 + Int64(hour * 60 + minute - offset)
        self.init(milliseconds: minutes * 60_000 + Int64(second) * 1000 + Int64(fraction))
    }

    private static func days(in month: Int, of year: Int) -> Int {
        guard month == 2 else { return [4, 6, 9, 11].contains(month) ? 30 : 31 }
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    }

    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }
}

/// Reads the fixed-width pieces of RFC 3339 text.
private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let digit = rest.first, digit >= 0x30, digit <= 0x39 else { return nil }
            value = value * 10 + Int(digit - 0x30)
            rest = rest.dropFirst()
        }
        return value
    }

    /// The milliseconds of an optional fraction; further digits are cut.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        var value = 0
        var digits = 0
        while let digit = number(1) {
            if digits < 3 { value = value * 10 + digit }
            digits += 1
        }
        guard digits > 0 else { return nil }
        for _ in digits..<max(digits, 3) { value *= 10 }
        return value
    }

    mutating func offsetMinutes() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let isWest = skip("-")
        guard isWest || skip("+") else { return nil }
        guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isWest ? -1 : 1)
    }
}

/// `value` in decimal, filled with zeros on the left up to `width` digits.
package func padded(_ value: Int, to width: Int) -> String {
    let digits = String(value.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (value < 0 ? "-" : "") + zeros + digits
}

extension Int64 {
    /// Division that rounds down, so that the remainder is never negative.
    func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
