package import CEL

/// What a channel may send now, as far as its groups go.
///
/// Pure.
package struct Allowance: Hashable, Sendable {
    /// How many messages may go beside those that wait already; nil: no limit.
    package var room: Int?
    /// When the budget has room again.
    package var roomAt: Timestamp?
    /// Until when the channel is left alone; nil: it is not.
    package var restsUntil: Timestamp?

    package init(room: Int? = nil, roomAt: Timestamp? = nil, restsUntil: Timestamp? = nil) {
        self.room = room
        self.roomAt = roomAt
        self.restsUntil = restsUntil
    }

    /// How long a group is held for a channel that rests: then it goes to the outbox, where its
    /// retries begin.
    package static let longestHold = Duration.seconds(3600)
    /// When a channel whose waiting messages use up the budget is looked at again at the latest.
    package static let heldPause = Duration.seconds(5)

    /// What of a due group may leave.
    package enum Admission: Hashable, Sendable {
        case all
        /// The critical alerts go in any case.
        case critical
        case nothing
    }

    package func admits(_ group: AlertGroup, at now: Timestamp) -> Admission {
        let isFree = restsUntil == nil || Self.isHeldTooLong(group, at: now)
        if isFree, room.map({ $0 > 0 }) ?? true { return .all }
        return group.isUrgent ? .critical : .nothing
    }

    /// When to look again at groups that were held back; nil for none.
    package func nextLook(at groups: [AlertGroup], after now: Timestamp) -> Timestamp? {
        groups.map { group in
            if let restsUntil, !Self.isHeldTooLong(group, at: now) {
                return min(restsUntil, (group.flushAt ?? now) + Self.longestHold)
            }
            return max(roomAt ?? now + Self.heldPause, restsUntil ?? now)
        }.min()
    }

    private static func isHeldTooLong(_ group: AlertGroup, at now: Timestamp) -> Bool {
        group.flushAt.map { now - $0 >= longestHold } ?? true
    }
}

/// How a channel's due alerts leave: each group by itself, or folded into a digest where that
/// would be more than the channel may send.
///
/// Pure. Critical alerts are not folded, and go first in the outbox. What finds no room stays in
/// its group, where it folds with what comes.
package struct FlushPlan: Sendable {
    package private(set) var flushings: [Flushing]
    /// When to look again for what was held back; nil when nothing was.
    package private(set) var lookAgainAt: Timestamp?

    /// `due` are groups that the allowance admits; `digest` is the group of the channel's digests.
    package init(
        _ due: [Flushing.Due], digest: AlertGroup, allowance: Allowance, at now: Timestamp,
        language: Language, writing: Flushing.Writing
    ) {
        func flushing(_ alerts: [Alert], of group: Flushing.Due) -> Flushing {
            Flushing(alerts, of: group, at: now, language: language, writing: writing)
        }
        func critical(of groups: [Flushing.Due]) -> [Flushing] {
            groups.filter { !$0.critical.isEmpty }.map { flushing($0.critical, of: $0) }
        }
        // A group that is due with nothing in it comes to rest.
        flushings = due.filter(\.alerts.isEmpty).map { flushing([], of: $0) }
        let filled = due.filter { !$0.alerts.isEmpty }
        // A group whose critical alerts were taken back is urgent no more: that too is written.
        flushings += filled.filter { allowance.admits($0.group, at: now) != .all }.map {
            flushing($0.critical, of: $0)
        }
        let whole = filled.filter { allowance.admits($0.group, at: now) == .all }
        let room =
            (allowance.room ?? .max) - flushings.reduce(0) { $0 + $1.deliveries.count }
        if whole.count <= room {
            let plain = whole.map { flushing($0.alerts, of: $0) }
            // What cannot be folded has as many parts as it has.
            let folds = whole.reduce(0) { $0 + $1.alerts.count - $1.critical.count } > 1
            if !folds || plain.reduce(0, { $0 + $1.deliveries.count }) <= room {
                flushings += plain
                return
            }
        }
        let urgent = critical(of: whole)
        flushings += urgent
        // A group that critical alerts leave is not as it was read any more: its others come next.
        let parts = Self.fitting(whole.filter(\.critical.isEmpty))
        guard !parts.isEmpty else { return }
        if room > urgent.reduce(0, { $0 + $1.deliveries.count }) {
            flushings.append(
                Flushing(
                    digestOf: parts, carrier: digest, at: now, language: language,
                    writing: writing))
        } else {
            lookAgainAt = allowance.nextLook(at: parts.map(\.due.group), after: now)
        }
    }

    /// As many alerts as one digest takes, in the order of the groups.
    private static func fitting(
        _ groups: [Flushing.Due]
    ) -> [(due: Flushing.Due, alerts: [Alert])] {
        var room = Digest.alertLimit
        var parts: [(due: Flushing.Due, alerts: [Alert])] = []
        for group in groups where room > 0 {
            let alerts = Array(group.alerts.prefix(room))
            room -= alerts.count
            parts.append((group, alerts))
        }
        return parts
    }
}
