// The parts of times and spans.
extension Library {
    static let times: [Function] = [
        calendar("getFullYear", "the year", "年") { $0.date.year },
        calendar("getMonth", "the month, from 0", "月，从 0 起") { $0.date.month - 1 },
        calendar("getDate", "the day of the month, from 1", "日，从 1 起") { $0.date.day },
        calendar("getDayOfMonth", "the day of the month, from 0", "日，从 0 起") { $0.date.day - 1 },
        calendar("getDayOfWeek", "the day of the week, Sunday is 0", "星期，周日为 0") {
            // 1970-01-01 was a Thursday.
            (($0.days + 4) % 7 + 7) % 7
        },
        calendar("getDayOfYear", "the day of the year, from 0", "年内第几天，从 0 起") {
            $0.days - CalendarDay(year: $0.date.year, month: 1, day: 1).daysSince1970
        },
        clock("getHours", "the hour, or all hours of a span", "小时，或时长的总小时数", 3_600) {
            $0.second / 3_600
        },
        clock("getMinutes", "the minute, or all minutes of a span", "分钟，或时长的总分钟数", 60) {
            $0.second / 60 % 60
        },
        clock("getSeconds", "the second, or all seconds of a span", "秒，或时长的总秒数", 1) {
            $0.second % 60
        },
        clock("getMilliseconds", "the milliseconds within the second", "秒内的毫秒数", 0) {
            Int64($0.nanoseconds) / 1_000_000
        },
    ]

    /// A time in a zone, taken apart.
    struct LocalTime {
        /// Days since 1970-01-01.
        var days: Int64
        /// Seconds since midnight.
        var second: Int64
        var nanoseconds: Int32

        var date: CalendarDay { CalendarDay(daysSince1970: days) }

        init(_ time: Timestamp, offset: Int64) {
            let seconds = time.seconds + offset
            days = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
            second = seconds - days * 86_400
            nanoseconds = time.nanoseconds
        }
    }

    private static func calendar(
        _ name: String, _ english: String, _ chinese: String,
        _ part: @escaping @Sendable (LocalTime) -> Int64
    ) -> Function {
        Function(name, english, chinese, overloads(name, part))
    }

    private static func overloads(
        _ name: String, _ part: @escaping @Sendable (LocalTime) -> Int64
    ) -> [Overload] {
        [
            Overload("timestamp_\(name)", [.timestamp], .int, isReceiver: true) {
                _, arguments throws(Fault) in
                Cell(part(LocalTime(arguments[0].timestamp, offset: 0)))
            },
            Overload("timestamp_\(name)_tz", [.timestamp, .string], .int, isReceiver: true) {
                evaluation, arguments throws(Fault) in
                let time = arguments[0].timestamp
                let offset = try evaluation.offset(ofZone: arguments[1], at: time)
                return Cell(part(LocalTime(time, offset: offset)))
            },
        ]
    }

    private static func clock(
        _ name: String, _ english: String, _ chinese: String, _ unit: Int64,
        _ part: @escaping @Sendable (LocalTime) -> Int64
    ) -> Function {
        let duration = Overload("duration_\(name)", [.duration], .int, isReceiver: true) {
            _, arguments throws(Fault) in
            let nanoseconds = arguments[0].nanoseconds
            return Cell(
                unit == 0
                    ? nanoseconds % 1_000_000_000 / 1_000_000
                    : nanoseconds / 1_000_000_000 / unit)
        }
        return Function(name, english, chinese, overloads(name, part) + [duration])
    }
}

extension UnsafeMutablePointer<Frame> {
    /// The seconds east of UTC of a zone: `''` and `UTC`, `+8:00`, or a name of the IANA database.
    func offset(ofZone zone: Cell, at time: Timestamp) throws(Fault) -> Int64 {
        let name = zone.string
        if name.isEmpty || name == "UTC" { return 0 }
        if let fixed = fixedOffset(name) { return fixed }
        guard let zones = engines.timeZones else { throw Fault(.noTimeZones, zone) }
        guard let offset = zones.offset(ofZone: name, at: time.seconds) else {
            throw Fault(.unknownZone, zone)
        }
        return Int64(offset)
    }

    private func fixedOffset(_ name: String) -> Int64? {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 2, (1...3).contains(parts[0].count),
            let hours = Int64(parts[0]), let minutes = Int64(parts[1]), (0..<60).contains(minutes),
            !parts[1].hasPrefix("+")
        else { return nil }
        let isWest = parts[0].hasPrefix("-")
        return hours * 3_600 + (isWest ? -minutes : minutes) * 60
    }
}
