/// The rule by which a zone goes on after its file's last change, in POSIX form:
/// `CST6CDT,M3.2.0,M11.1.0` or `<+0545>-5:45`.
struct TimeZoneRule: Sendable {
    private enum Day {
        /// The nth weekday of a month; the fifth is the last.
        case weekday(month: Int64, week: Int64, day: Int64)
        /// A day from 1 that never counts 29 February.
        case julian(Int64)
        /// A day from 0 that counts it.
        case zeroBased(Int64)
    }

    private struct Change {
        var day: Day
        /// Seconds after local midnight.
        var time: Int64
    }

    private var standard: Int32
    private var summer: (offset: Int32, start: Change, end: Change)?

    /// Reads a rule; nil when the text is not one.
    init?(_ text: String) {
        var reader = RuleReader(text)
        guard reader.name(), let west = reader.time() else { return nil }
        standard = Int32(truncatingIfNeeded: -west)
        guard !reader.isAtEnd else { return }
        guard reader.name() else { return nil }
        var offset = standard + 3_600
        if !reader.at(","), let west = reader.time() {
            offset = Int32(truncatingIfNeeded: -west)
        }
        guard let start = TimeZoneRule.change(&reader), let end = TimeZoneRule.change(&reader),
            reader.isAtEnd
        else { return nil }
        summer = (offset, start, end)
    }

    private static func change(_ reader: inout RuleReader) -> Change? {
        guard reader.take(",") else { return nil }
        let day: Day
        if reader.take("M") {
            guard let month = reader.number(), (1...12).contains(month), reader.take("."),
                let week = reader.number(), (1...5).contains(week), reader.take("."),
                let weekday = reader.number(), (0...6).contains(weekday)
            else { return nil }
            day = .weekday(month: month, week: week, day: weekday)
        } else if reader.take("J") {
            guard let number = reader.number(), (1...365).contains(number) else { return nil }
            day = .julian(number)
        } else {
            guard let number = reader.number(), (0...365).contains(number) else { return nil }
            day = .zeroBased(number)
        }
        guard reader.take("/") else { return Change(day: day, time: 7_200) }
        return reader.time().map { Change(day: day, time: $0) }
    }

    /// The seconds east of UTC at a time.
    func offset(at second: Int64) -> Int32 {
        guard let summer else { return standard }
        let year = TimeZoneRule.year(of: second + Int64(standard))
        let start = TimeZoneRule.second(of: summer.start, year) - Int64(standard)
        let end = TimeZoneRule.second(of: summer.end, year) - Int64(summer.offset)
        let isSummer =
            start < end ? second >= start && second < end : second >= start || second < end
        return isSummer ? summer.offset : standard
    }

    private static func year(of second: Int64) -> Int64 {
        let days = (second - (second % 86_400 + 86_400) % 86_400) / 86_400
        // Four hundred years have 146 097 days; the guess is at most a year off.
        var year = 1970 + days * 400 / 146_097
        while daysBefore(year: year) > days { year -= 1 }
        while daysBefore(year: year + 1) <= days { year += 1 }
        return year
    }

    private static func second(of change: Change, _ year: Int64) -> Int64 {
        let first = daysBefore(year: year)
        let day: Int64
        switch change.day {
        case .zeroBased(let number): day = first + number
        case .julian(let number): day = first + number - 1 + (isLeap(year) && number > 59 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let start = first + daysBefore(month: month, year)
            // 1970-01-01 was a Thursday, day 4.
            let startDay = ((start + 4) % 7 + 7) % 7
            var date = start + (weekday - startDay + 7) % 7 + (week - 1) * 7
            let next =
                month == 12
                ? daysBefore(year: year + 1) : first + daysBefore(month: month + 1, year)
            if date >= next { date -= 7 }
            day = date
        }
        return day * 86_400 + change.time
    }

    private static func isLeap(_ year: Int64) -> Bool {
        (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    }

    /// The days from 1970-01-01 to the first day of a year from 1 on.
    private static func daysBefore(year: Int64) -> Int64 {
        let before = year - 1
        return before * 365 + before / 4 - before / 100 + before / 400 - 719_162
    }

    private static func daysBefore(month: Int64, _ year: Int64) -> Int64 {
        let days: [Int64] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
        return days[Int(month - 1)] + (month > 2 && isLeap(year) ? 1 : 0)
    }
}

private struct RuleReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { offset == bytes.count }

    func at(_ scalar: Unicode.Scalar) -> Bool {
        offset < bytes.count && bytes[offset] == UInt8(ascii: scalar)
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard at(scalar) else { return false }
        offset += 1
        return true
    }

    /// A zone's short name: letters, or anything between `<` and `>`.
    mutating func name() -> Bool {
        let start = offset
        if take("<") {
            while offset < bytes.count, !at(">") { offset += 1 }
            return take(">")
        }
        while offset < bytes.count, (0x41...0x5A).contains(bytes[offset] & 0xDF) { offset += 1 }
        return offset > start
    }

    mutating func number() -> Int64? {
        var value: Int64?
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]), value ?? 0 < 1_000 {
            value = (value ?? 0) * 10 + Int64(bytes[offset]) - 0x30
            offset += 1
        }
        return value
    }

    /// `hh`, `hh:mm` or `hh:mm:ss`, with a sign, in seconds.
    mutating func time() -> Int64? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard let hours = number() else { return nil }
        var seconds = hours * 3_600
        if take(":") {
            guard let minutes = number() else { return nil }
            seconds += minutes * 60
            if take(":") {
                guard let rest = number() else { return nil }
                seconds += rest
            }
        }
        return isNegative ? -seconds : seconds
    }
}
