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
    ///
    /// Amortised, a look costs the same however large a limit is.
    package mutating func available(_ wanted: Int, at now: Timestamp) -> Int {
        var available = wanted
        for place in windows.indices {
            windows[place].forget(before: now)
            available = min(available, windows[place].room)
        }
        return available
    }

    /// Takes `count` that were available.
    package mutating func take(_ count: Int, at now: Timestamp) {
        guard count > 0 else { return }
        for place in windows.indices { windows[place].add(count, at: now) }
    }

    /// When the next one may go; nil when one may go now.
    package func nextAvailable(at now: Timestamp) -> Timestamp? {
        windows.lazy.filter { $0.room == 0 }.compactMap { window in
            window.taken.first.map { $0.at + window.span }
        }.max()
    }

    private struct Window: Hashable, Sendable {
        let limit: Int
        let span: Duration
        /// Oldest first; no two of one moment.
        private(set) var taken: ArraySlice<Taken> = []
        /// The sum of what was taken.
        private var count = 0

        init(limit: Int, span: Duration) {
            self.limit = limit
            self.span = span
        }

        var room: Int { max(0, limit - count) }

        mutating func forget(before now: Timestamp) {
            // A clock that went back makes the future ones present, so that none lasts for ever.
            var future = 0
            while let last = taken.last, last.at > now {
                future += last.count
                taken.removeLast()
            }
            insert(future, at: now)
            while let first = taken.first, now - first.at >= span {
                count -= first.count
                taken.removeFirst()
            }
        }

        mutating func add(_ added: Int, at moment: Timestamp) {
            count += added
            insert(added, at: moment)
        }

        /// The place is nearly always the last: loops that share a budget differ by a moment.
        private mutating func insert(_ added: Int, at moment: Timestamp) {
            guard added > 0 else { return }
            var place = taken.endIndex
            while place > taken.startIndex, taken[place - 1].at > moment { place -= 1 }
            if place > taken.startIndex, taken[place - 1].at == moment {
                taken[place - 1].count += added
            } else {
                taken.insert(Taken(at: moment, count: added), at: place)
            }
        }
    }

    private struct Taken: Hashable, Sendable {
        var at: Timestamp
        var count: Int
    }
}
