/// How far something reaches: so much time, so many turns or sentences.
///
/// Written with its unit, as elsewhere in the settings: `30s`, `1m30s`, `2 turns`, `5 sentences`, or
/// `30秒`, `2轮`, `5句`. A number alone is refused: nobody could tell what it counts.
enum Span: Hashable, Sendable {
    case time(milliseconds: Int64)
    case turns(Int64)
    case sentences(Int64)

    /// The longest time, and the most turns or sentences.
    static let longestMilliseconds: Int64 = 86_400_000
    static let greatestCount: Int64 = 100_000

    private enum Unit {
        case milliseconds(Int64)
        case turns, sentences
    }

    private static let units: [String: Unit] = {
        var units: [String: Unit] = [:]
        let times: [(Int64, [String])] = [
            (1, ["ms", "millisecond", "milliseconds", "毫秒"]),
            (1_000, ["s", "sec", "second", "seconds", "秒"]),
            (60_000, ["m", "min", "minute", "minutes", "分", "分钟"]),
            (3_600_000, ["h", "hour", "hours", "小时"]),
        ]
        for (length, names) in times {
            for name in names { units[name] = .milliseconds(length) }
        }
        for name in ["turn", "turns", "轮"] { units[name] = .turns }
        for name in ["sentence", "sentences", "句"] { units[name] = .sentences }
        return units
    }()

    /// Nil when the text is no span, or one that is too long.
    init?(_ text: String) {
        var rest = text.unicodeScalars[...]
        var time: Int64?
        repeat {
            guard let (thousandths, unit) = Self.part(&rest) else { return nil }
            switch unit {
            case .milliseconds(let length):
                guard thousandths <= Self.longestMilliseconds * 1_000 / length else { return nil }
                time = (time ?? 0) + thousandths * length / 1_000
            case .turns, .sentences:
                let count = thousandths / 1_000
                guard time == nil, rest.isEmpty, thousandths % 1_000 == 0, count >= 1,
                    count <= Self.greatestCount
                else { return nil }
                if case .turns = unit { self = .turns(count) } else { self = .sentences(count) }
                return
            }
        } while !rest.isEmpty
        guard let time, time <= Self.longestMilliseconds else { return nil }
        self = .time(milliseconds: time)
    }

    /// A number in thousandths and its unit, taken off the front.
    private static func part(
        _ rest: inout Substring.UnicodeScalarView
    ) -> (thousandths: Int64, Unit)? {
        skipBlanks(&rest)
        guard let number = thousandths(&rest) else { return nil }
        skipBlanks(&rest)
        var name = ""
        while let scalar = rest.first, scalar.properties.isAlphabetic {
            name.unicodeScalars.append(scalar)
            rest.removeFirst()
        }
        skipBlanks(&rest)
        return units[name.lowercased()].map { (number, $0) }
    }

    private static func skipBlanks(_ rest: inout Substring.UnicodeScalarView) {
        while rest.first == " " { rest.removeFirst() }
    }

    /// `12` or `1.5`, in thousandths; further decimals are refused.
    private static func thousandths(_ rest: inout Substring.UnicodeScalarView) -> Int64? {
        var number: Int64 = 0
        var digits = 0
        var decimals: Int?
        while let scalar = rest.first {
            if scalar == ".", decimals == nil, digits > 0 {
                decimals = 0
            } else if ("0"..."9").contains(scalar) {
                // Twelve digits are more than any span has, and far from an overflow.
                guard digits < 12, decimals ?? 0 < 3 else { return nil }
                number = number * 10 + Int64(scalar.value - 48)
                digits += 1
                decimals = decimals.map { $0 + 1 }
            } else {
                break
            }
            rest.removeFirst()
        }
        guard digits > 0, decimals != 0 else { return nil }
        for _ in (decimals ?? 0)..<3 { number *= 10 }
        return number
    }
}

/// By how much a value changes: a number, or a share of what it was (`"50%"`).
enum Change: Hashable, Sendable {
    case number(Double)
    case share(Double)

    /// The greatest share, in percent.
    static let greatestPercent = 10_000.0

    /// `50%`; nil for anything else.
    init?(percent text: String) {
        guard text.hasSuffix("%"),
            let percent = Double(text.dropLast().filter { $0 != " " }),
            percent >= 0, percent <= Self.greatestPercent
        else { return nil }
        self = .share(percent / 100)
    }
}
