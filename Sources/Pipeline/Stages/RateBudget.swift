/// How many requests may go out: at most `limit` in any `span` (a second, a minute).
///
/// Pure. It remembers when the last ones went, so that no window of the span holds more.
package struct RateBudget: Hashable, Sendable {
    private var windows: [Window]

    /// `limit` requests in each `span`; none means no limit.
    package init(limits: [(limit: Int, span: Duration)]) {
        windows = limits.map { Window(limit: max(1, $0.limit), span: $0.span) }
    }

    /// How many may go now, at most `wanted`.
    package mutating func available(_ wanted: Int, at now: Timestamp) -> Int {
        for place in windows.indices { windows[place].forget(before: now) }
        return windows.map(\.room).reduce(wanted, min)
    }

    /// Takes `count` that were available.
    package mutating func take(_ count: Int, at now: Timestamp) {
        guard count > 0 else { return }
        for place in windows.indices { windows[place].taken.append(Taken(at: now, count: count)) }
    }

    /// When the next one may go; nil when one may go now.
    package func nextAvailable(at now: Timestamp) -> Timestamp? {
        windows.filter { $0.room == 0 }.compactMap { window in
            window.taken.first.map { $0.at + window.span }
        }.max()
    }

    private struct Window: Hashable, Sendable {
        let limit: Int
        let span: Duration
        /// Oldest first.
        var taken: [Taken] = []

        var room: Int { max(0, limit - taken.reduce(0) { $0 + $1.count }) }

        mutating func forget(before now: Timestamp) {
            // A clock that went back makes the future ones present, so that none lasts for ever.
            for place in taken.indices where taken[place].at > now { taken[place].at = now }
            taken.removeAll { now - $0.at >= span }
        }
    }

    private struct Taken: Hashable, Sendable {
        var at: Timestamp
        var count: Int
    }
}
