import GRDB
import Pipeline

extension SQLSession {
    private static let groupColumns =
        "group_key, flush_at, flushed_at, alert_groups.value"

    private func group(_ row: StoredRow) throws(StoreError) -> AlertGroup {
        var group = try row.value(3, as: AlertGroup.self)
        guard group.key.text == (try row.text(0)) else {
            throw row.corrupt("it tells of another group", in: 3)
        }
        group.flushAt = try row.optionalMoment(1)
        group.flushedAt = try row.optionalMoment(2)
        return group
    }

    func group(_ key: AlertGroup.Key) throws(StoreError) -> AlertGroup? {
        try rows(
            "SELECT \(Self.groupColumns) FROM alert_groups WHERE group_key = ?", [text(key.text)],
            while: "reading a group of \(key.channel)", decode: group
        ).first
    }

    func save(_ group: AlertGroup) throws(StoreError) {
        let sql = """
            INSERT INTO alert_groups (group_key, channel, flush_at, flushed_at, is_urgent, value)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (group_key) DO UPDATE SET
                flush_at = excluded.flush_at, flushed_at = excluded.flushed_at,
                is_urgent = excluded.is_urgent, value = excluded.value
            """
        let values = [
            text(group.key.text), text(group.key.channel), moment(group.flushAt),
            moment(group.flushedAt), flag(group.isUrgent), try json(group),
        ]
        try execute(sql, values, while: "saving a group of \(group.key.channel)")
    }

    func dueGroups(
        to channel: String, by now: Timestamp, limit count: Int
    ) throws(StoreError) -> [AlertGroup] {
        let sql = """
            SELECT \(Self.groupColumns) FROM alert_groups
            WHERE channel = ? AND is_urgent = ? AND flush_at <= ?
            ORDER BY flush_at, group_key LIMIT ?
            """
        var groups: [AlertGroup] = []
        for isUrgent in [true, false] where groups.count < count {
            let values = [
                text(channel), flag(isUrgent), moment(now), limit(count - groups.count),
            ]
            groups += try rows(
                sql, values, while: "asking for due groups of \(channel)", decode: group)
        }
        return groups
    }

    func nextFlushDue(
        to channel: String, after now: Timestamp?
    ) throws(StoreError) -> Timestamp? {
        let bound = now.map { "flush_at > \($0.milliseconds)" } ?? "flush_at IS NOT NULL"
        let sql = """
            SELECT MIN(flush_at) FROM alert_groups
            WHERE channel = ? AND is_urgent = ? AND \(bound)
            """
        return try earliest(sql, channel, while: "asking when a group of \(channel) is due")
    }

    /// The earlier of the answers for urgent rows and for others.
    func earliest(
        _ sql: String, _ channel: String, while action: @autoclosure () -> String
    ) throws(StoreError) -> Timestamp? {
        var earliest: Int64?
        for isUrgent in [true, false] {
            let found = try number(sql, [text(channel), flag(isUrgent)], while: action())
            earliest = [earliest, found].compactMap(\.self).min()
        }
        return earliest.map { Timestamp(milliseconds: $0) }
    }

    func waitingGroups(
        to channel: String?, limit count: Int
    ) throws(StoreError) -> [WaitingGroup] {
        let sql = """
            SELECT \(Self.groupColumns), COUNT(*), MIN(raised_at)
            FROM alert_groups JOIN notices USING (group_key)
            WHERE notices.is_waiting = 1 AND (?1 IS NULL OR alert_groups.channel = ?1)
            GROUP BY group_key ORDER BY alert_groups.channel, flush_at, group_key LIMIT ?2
            """
        let values = [channel.map { text($0) } ?? .null, limit(count)]
        return try rows(sql, values, while: "listing what waits") { row throws(StoreError) in
            WaitingGroup(
                group: try group(row), alerts: Int(try row.integer(4)),
                oldest: try row.optionalMoment(5) ?? Timestamp(milliseconds: 0))
        }
    }
}
