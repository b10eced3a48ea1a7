extension Duration {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    /// The most digits of a duration in the settings.
    private static let digitLimit = 9

    /// Reads `500ms`, `30s`, `5m`, `2h` or `7d`; nil for anything else.
    package init?(settingsText text: String) {
        let digits = text.utf8.prefix { $0 >= 0x30 && $0 <= 0x39 }
        let suffix = String(text.dropFirst(digits.count))
        guard (1...Self.digitLimit).contains(digits.count),
            let number = Int64(String(digits) ?? ""),
            let unit = Self.units.first(where: { $0.suffix == suffix })
        else { return nil }
        self = .milliseconds(number * unit.milliseconds)
    }

    /// The shortest spelling of that form, cut to milliseconds.
    package var settingsText: String {
        let milliseconds = wholeMilliseconds
        let unit =
            Self.units.last { milliseconds % $0.milliseconds == 0 && milliseconds != 0 }
            ?? ("s", 1000)
        return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
    }
}
