import GRDB
import Pipeline

extension SQLSession {
    private static let groupColumns = "group_key, flush_at, flushed_at, value"

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
            INSERT INTO alert_groups (group_key, channel, flush_at, flushed_at, value)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (group_key) DO UPDATE SET
                flush_at = excluded.flush_at, flushed_at = excluded.flushed_at,
                value = excluded.value
            """
        let values = [
            text(group.key.text), text(group.key.channel), moment(group.flushAt),
            moment(group.flushedAt), try json(group),
        ]
        try execute(sql, values, while: "saving a group of \(group.key.channel)")
    }

    func dueGroups(
        to channel: String, by now: Timestamp, limit count: Int
    ) throws(StoreError) -> [AlertGroup] {
        let sql = """
            SELECT \(Self.groupColumns) FROM alert_groups WHERE channel = ? AND flush_at <= ?
            ORDER BY flush_at, group_key LIMIT ?
            """
        return try rows(
            sql, [text(channel), moment(now), limit(count)],
            while: "asking for due groups of \(channel)", decode: group)
    }

    func nextFlushDue(to channel: String) throws(StoreError) -> Timestamp? {
        try number(
            "SELECT MIN(flush_at) FROM alert_groups WHERE channel = ? AND flush_at IS NOT NULL",
            [text(channel)], while: "asking when a group of \(channel) is due"
        ).map { Timestamp(milliseconds: $0) }
    }
}
