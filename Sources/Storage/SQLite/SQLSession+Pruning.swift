import GRDB
import Pipeline

extension SQLSession {
    func prune(_ retention: Retention, limit count: Int) throws(StoreError) -> Int {
        var pruned = 0
        for step in Self.steps where pruned < count {
            let before = step.isOfResults ? retention.resultsBefore : retention.alertsBefore
            pruned += try changes(
                of: step.sql, [moment(before), limit(count - pruned)],
                while: "pruning \(step.table)")
        }
        return pruned
    }

    /// Deletes at most ?2 rows that are settled and older than ?1, the oldest first.
    private struct PruningStep {
        let table: String
        var isOfResults = false
        let sql: String
    }

    private static let steps = [results, deliveries, alerts, faults, tasks, groups]

    private static let results = PruningStep(
        table: "results", isOfResults: true,
        sql: """
            DELETE FROM results WHERE rowid IN (
                SELECT rowid FROM results WHERE read_at < ?1 ORDER BY read_at LIMIT ?2)
            """)

    private static let deliveries = PruningStep(
        table: "deliveries",
        sql: """
            DELETE FROM deliveries WHERE rowid IN (
                SELECT rowid FROM deliveries
                WHERE kind <> 'waiting' AND created_at < ?1 AND settled_at < ?1
                ORDER BY created_at LIMIT ?2)
            """)

    /// An alert stays as long as one of its notices waits, or a delivery of one is kept.
    ///
    /// Its notices go with it, by a trigger, and are not counted.
    private static let alerts = PruningStep(
        table: "alerts",
        sql: """
            DELETE FROM alerts WHERE rowid IN (
                SELECT rowid FROM alerts AS old WHERE raised_at < ?1 AND NOT EXISTS (
                    SELECT * FROM notices
                    WHERE notices.source = old.source AND notices.task = old.task
                        AND notices.tid = old.tid AND notices.rule = old.rule
                        AND (notices.is_waiting = 1 OR EXISTS (
                            SELECT * FROM json_each(notices.value, '$.deliveries') AS carrier
                            JOIN deliveries ON deliveries.id = carrier.value)))
                ORDER BY raised_at LIMIT ?2)
            """)

    private static let faults = PruningStep(
        table: "faults",
        sql: """
            DELETE FROM faults WHERE (source, task, tid, rule) IN (
                SELECT source, task, tid, rule FROM faults WHERE raised_at < ?1
                ORDER BY raised_at LIMIT ?2)
            """)

    /// A task is as old as its last read.
    private static let tasks = PruningStep(
        table: "tasks",
        sql: """
            DELETE FROM tasks WHERE (source, id) IN (
                SELECT source, id FROM tasks
                WHERE due_at IS NULL AND accepted_at < ?1
                    AND COALESCE(value ->> '$.lastReadAt', accepted_at) < ?1
                ORDER BY accepted_at LIMIT ?2)
            """)

    private static let groups = PruningStep(
        table: "groups",
        sql: """
            DELETE FROM alert_groups WHERE group_key IN (
                SELECT group_key FROM alert_groups WHERE flush_at IS NULL AND flushed_at < ?1
                ORDER BY flushed_at LIMIT ?2)
            """)
}
