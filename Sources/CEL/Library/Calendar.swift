// Dates of the proleptic Gregorian calendar, and the texts of times and spans.

/// A day, by the calendar.
struct CalendarDay: Hashable {
    var year: Int64
    /// From 1.
    var month: Int64
    /// From 1.
    var day: Int64

    /// The day so many days after 1970-01-01.
    ///
    /// Years are counted from March, so that the leap day is the last of its year, in eras of 400.
    init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The days from 1970-01-01.
    var daysSince1970: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func length(ofMonth month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Timestamp {
    /// The time that an RFC 3339 text means: `2009-02-13T23:31:30.5Z`; nil when it is not such a
    /// text, or not in the years 1 to 9999.
    public init?(rfc3339 text: String) {
        var text = text
        guard let made = text.withUTF8({ Timestamp(rfc3339: $0) }) else { return nil }
        self = made
    }

    init?(rfc3339 text: UnsafeBufferPointer<UInt8>) {
        var reader = DigitReader(text: text)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
            reader.take("-"), let day = reader.number(2), reader.take("T") || reader.take("t"),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2),
            reader.take(":"), let second = reader.number(2),
            (1...12).contains(month), day >= 1, day <= CalendarDay.length(ofMonth: month, year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var nanoseconds: Int64 = 0
        if reader.take(".") || reader.take(",") {
            guard let fraction = reader.fraction() else { return nil }
            nanoseconds = fraction
        }
        guard let offset = reader.zone(), reader.isAtEnd else { return nil }
        let days = CalendarDay(year: year, month: month, day: day).daysSince1970
        self.init(
            seconds: days * 86_400 + hour * 3_600 + minute * 60 + second - offset,
            nanoseconds: Int32(truncatingIfNeeded: nanoseconds))
        guard isInRange else { return nil }
    }

    /// The time in UTC as RFC 3339 text, with as many digits of the second as it needs.
    public var rfc3339: String {
        // Rounded down, so that times before 1970 have a day and a time of day too.
        let days = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
        let rest = seconds - days * 86_400
        let date = CalendarDay(daysSince1970: days)
        var text = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
        text += "\(padded(rest / 3_600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
        return text + fractionText(Int64(nanoseconds)) + "Z"
    }
}

/// Reads fixed-width numbers.
private struct DigitReader {
    let text: UnsafeBufferPointer<UInt8>
    var offset = 0

    var isAtEnd: Bool { offset == text.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard offset < text.count, text[offset] == UInt8(ascii: scalar) else { return false }
        offset += 1
        return true
    }

    mutating func number(_ digits: Int) -> Int64? {
        guard offset + digits <= text.count else { return nil }
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private mutating func digit() -> Int64? {
        guard offset < text.count, (0x30...0x39).contains(text[offset]) else { return nil }
        offset += 1
        return Int64(text[offset - 1]) - 0x30
    }

    /// Digits of a second as nanoseconds; those after the ninth do not count.
    mutating func fraction() -> Int64? {
        guard var value = digit() else { return nil }
        var count = 1
        while let next = digit() {
            if count < 9 {
                value = value * 10 + next
                count += 1
            }
        }
        while count < 9 {
            value *= 10
            count += 1
        }
        return value
    }

    /// `Z` or `+hh:mm`, as seconds east of UTC.
    mutating func zone() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let hours = number(2), take(":"), let minutes = number(2),
            hours < 24, minutes < 60
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (isEast ? 1 : -1)
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// `.5` for half a second, nothing for a whole one.
private func fractionText(_ nanoseconds: Int64) -> String {
    if nanoseconds == 0 { return "" }
    var digits = padded(nanoseconds, 9)
    while digits.hasSuffix("0") { digits.removeLast() }
    return "." + digits
}

/// A span as `string(…)` writes it: in seconds, `5400s`, `-0.001s`.
func durationText(_ nanoseconds: Int64) -> String {
    let magnitude = nanoseconds.magnitude
    let seconds = magnitude / 1_000_000_000
    return (nanoseconds < 0 ? "-" : "") + String(seconds)
        + fractionText(Int64(magnitude % 1_000_000_000)) + "s"
}

/// The nanoseconds that a text such as `1h30m`, `-1.5s` or `0` means; nil when it is not such a text
/// or does not fit.
func parseDuration(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    var bytes = text[...]
    var isNegative = false
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        isNegative = sign == UInt8(ascii: "-")
        bytes = bytes.dropFirst()
    }
    if bytes.count == 1, bytes.first == UInt8(ascii: "0") { return 0 }
    guard !bytes.isEmpty else { return nil }
    var total: UInt64 = 0
    while !bytes.isEmpty {
        guard let part = parsePart(&bytes) else { return nil }
        let (sum, overflow) = total.addingReportingOverflow(part)
        guard !overflow, sum <= 1 << 63 else { return nil }
        total = sum
    }
    if isNegative { return total == 1 << 63 ? .min : -Int64(total) }
    return Int64(exactly: total)
}

/// One number with its unit, as nanoseconds.
private func parsePart(_ bytes: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
    var whole: UInt64 = 0, fraction: UInt64 = 0, scale: UInt64 = 1
    var digits = 0
    while let byte = bytes.first, (0x30...0x39).contains(byte) {
        let (product, over) = whole.multipliedReportingOverflow(by: 10)
        let (sum, over2) = product.addingReportingOverflow(UInt64(byte) - 0x30)
        if over || over2 || sum > 1 << 63 { return nil }
        whole = sum
        digits += 1
        bytes = bytes.dropFirst()
    }
    if bytes.first == UInt8(ascii: ".") {
        bytes = bytes.dropFirst()
        while let byte = bytes.first, (0x30...0x39).contains(byte) {
            // Beyond 15 digits nothing is left of a nanosecond, even of an hour.
            if scale < 1_000_000_000_000_000 {
                fraction = fraction * 10 + UInt64(byte) - 0x30
                scale *= 10
            }
            digits += 1
            bytes = bytes.dropFirst()
        }
    }
    guard digits > 0, let unit = parseUnit(&bytes) else { return nil }
    let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
    if overflow || product > 1 << 63 { return nil }
    let (high, low) = fraction.multipliedFullWidth(by: unit)
    let part = scale.dividingFullWidth((high, low)).quotient
    return product + part
}

private func parseUnit(_ bytes: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
    let units: [(name: String, nanoseconds: UInt64)] = [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]
    for unit in units where bytes.starts(with: unit.name.utf8) {
        bytes = bytes.dropFirst(unit.name.utf8.count)
        return unit.nanoseconds
    }
    return nil
}
