/// A point in time of the proleptic Gregorian calendar in UTC, to the nanosecond.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    public var seconds: Int64
    /// Nanoseconds after ``seconds``, 0 to 999 999 999.
    public var nanoseconds: Int32

    /// A point in time from its parts; nothing is checked or normalised.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The first second of the year 1, the earliest that an expression may reach.
    public static let earliestSecond: Int64 = -62_135_596_800
    /// The last second of the year 9999, the latest that an expression may reach.
    public static let latestSecond: Int64 = 253_402_300_799

    /// Whether the point lies in the years 1 to 9999, as every result of an expression does.
    public var isInRange: Bool {
        seconds >= Timestamp.earliestSecond && seconds <= Timestamp.latestSecond
            && nanoseconds >= 0 && nanoseconds < 1_000_000_000
    }

    /// Earlier comes first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}
