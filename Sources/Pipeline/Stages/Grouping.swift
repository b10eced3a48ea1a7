/// When a group leaves, and as what.
///
/// Pure.
package enum Grouping {
    /// The group after the alert has joined: due after its wait, but not sooner than `every` after
    /// the flush before.
    ///
    /// An alert that waits less brings the whole group forward.
    package static func joining(
        _ group: AlertGroup?, by way: Routing.Way, alert: Alert, at now: Timestamp
    ) -> AlertGroup {
        var group = group ?? AlertGroup(key: way.key)
        var due = now + way.policy.wait(for: alert)
        if let flushedAt = group.flushedAt {
            // A flush in the future is a clock that was wrong: it must not silence the group.
            due = max(due, min(flushedAt, now) + way.policy.every)
        }
        group.flushAt = group.flushAt.map { min($0, due) } ?? due
        group.every = way.policy.every
        if alert.severity == .critical { group.isUrgent = true }
        return group
    }

    /// The group after alerts have left it: due again when others are left.
    ///
    /// What was due and found no room is due still; what joined while the messages were written
    /// keeps the distance between two flushes. Without a flush nothing has left it.
    package static func left(
        _ group: AlertGroup, by leaving: Leaving, in flush: Flush?, rest: [Alert],
        at now: Timestamp
    ) -> AlertGroup {
        var group = group
        // Never back: two flushes of a group must not share an id.
        if let flush { group.flushedAt = max(flush.at, group.flushedAt ?? flush.at) }
        let every = group.every ?? GroupingPolicy.defaultEvery
        group.flushAt = rest.isEmpty ? nil : leaving.isWhole ? now + every : now
        group.isUrgent = rest.contains { $0.severity == .critical }
        return group
    }

    /// The next flush of the group.
    ///
    /// Its moment is later than the flush before even when the clock went back, so that no two
    /// flushes share an id.
    package static func flush(of group: AlertGroup, at now: Timestamp) -> Flush {
        var moment = now
        if let before = group.flushedAt, moment <= before {
            moment = before + .milliseconds(1)
        }
        let hash = StableHash.text(of: group.key.text.utf8)
        return Flush(
            id: "\(hash)-\(String(moment.milliseconds, radix: 36))", at: moment, group: hash)
    }

    /// The outbox rows of a flush, due now; those with one of the `urgent` alerts before others.
    package static func deliveries(
        _ messages: [Message], of group: AlertGroup, flush: Flush, urgent: Set<Alert.ID> = [],
        at now: Timestamp
    ) -> [Delivery] {
        messages.enumerated().map { place, message in
            Delivery(
                id: Delivery.ID("\(flush.id)-\(place + 1)"), group: group.key, message: message,
                createdAt: flush.at, isUrgent: message.alerts.contains(where: urgent.contains),
                state: .waiting(dueAt: now))
        }
    }
}

/// A group that alerts leave, as it was read.
package struct Leaving: Hashable, Sendable {
    package let group: AlertGroup
    /// Whether all that was due in it leaves.
    package let isWhole: Bool

    package init(group: AlertGroup, isWhole: Bool) {
        self.group = group
        self.isWhole = isWhole
    }
}

/// A hash that is the same in every process and on every machine: FNV-1a over 128 bits.
package enum StableHash {
    private static let offset: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b

    package static func value(of bytes: some Sequence<UInt8>) -> UInt128 {
        bytes.reduce(offset) { ($0 ^ UInt128($1)) &* prime }
    }

    /// The hash in base 36: at most 25 characters of `[0-9a-z]`.
    package static func text(of bytes: some Sequence<UInt8>) -> String {
        String(value(of: bytes), radix: 36)
    }
}
