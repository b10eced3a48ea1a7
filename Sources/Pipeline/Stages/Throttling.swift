/// How long a source or a channel is left alone.
///
/// Pure.
package enum Throttling {
    /// Without a hint: after a limit of queries a second.
    package static let shortest = Duration.seconds(1)
    /// The longest, however often in a row, and whatever the hint.
    package static let longest = Duration.seconds(60)
    /// After a refusal that someone must mend; it is tried again by itself.
    package static let refusal = Duration.seconds(300)

    /// The source's parking after it was throttled.
    ///
    /// Answers to requests that left before the parking in force began do not prolong it: only a
    /// throttling after its end is "in a row".
    package static func throttled(
        _ source: String, known: Parking?, retryAfter: Duration?, perMinute: Bool, reason: String,
        at now: Timestamp
    ) -> Parking {
        if let known, now < known.until, known.isRefusal || retryAfter == nil { return known }
        let isInRow = known.map { !$0.isRefusal && now - $0.until < longest } ?? false
        let count = isInRow ? (known?.count ?? 0) + 1 : 1
        let pause = min(retryAfter ?? unhinted(count, perMinute: perMinute, at: now), longest)
        return Parking(
            subject: .source(source), until: max(now + pause, known?.until ?? now),
            reason: reason, count: count, isRefusal: false)
    }

    /// The source's parking after it was refused.
    package static func refused(
        _ source: String, known: Parking?, reason: String, at now: Timestamp
    ) -> Parking {
        Parking(
            subject: .source(source), until: now + refusal, reason: reason,
            count: (known?.isRefusal == true ? known?.count ?? 0 : 0) + 1, isRefusal: true)
    }

    private static func unhinted(_ count: Int, perMinute: Bool, at now: Timestamp) -> Duration {
        let doubled = 1 << min(max(count - 1, 0), 6)
        guard perMinute else { return shortest * doubled }
        let intoMinute = ((now.milliseconds % 60_000) + 60_000) % 60_000
        return .milliseconds(60_000 - intoMinute)
    }
}
