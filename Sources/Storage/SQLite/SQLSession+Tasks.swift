import GRDB
import Pipeline

extension SQLSession {
    private static let taskColumns = "source, id, status, due_at, value"

    /// The lease moves only `due_at`: where the JSON and the columns differ, the columns hold.
    private func task(_ row: StoredRow) throws(StoreError) -> TaskRecord {
        var task = try row.value(4, as: TaskRecord.self)
        let id = TaskID(source: try row.text(0), id: try row.text(1))
        guard task.id == id else { throw row.corrupt("it tells of another task", in: 4) }
        task.status = try row.status(2)
        task.dueAt = try row.optionalMoment(3)
        return task
    }

    func task(_ id: TaskID) throws(StoreError) -> TaskRecord? {
        try rows(
            "SELECT \(Self.taskColumns) FROM tasks WHERE source = ? AND id = ?",
            [text(id.source), text(id.id)], while: "reading task \(id)", decode: task
        ).first
    }

    func tasks(_ query: TaskQuery) throws(StoreError) -> [TaskRecord] {
        var conditions = ["TRUE"]
        var values: [DatabaseValue] = []
        if let source = query.source {
            // The sign keeps SQLite on the index that has the order asked for.
            conditions.append("+source = ?")
            values.append(text(source))
        }
        if let status = query.status {
            conditions.append("status = ?")
            values.append(text(status.rawValue))
        }
        if let hasEnded = query.hasEnded {
            conditions.append(hasEnded ? "due_at IS NULL" : "due_at IS NOT NULL")
        }
        let sql = """
            SELECT \(Self.taskColumns) FROM tasks
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY accepted_at DESC, source, id LIMIT ?
            """
        values.append(limit(query.limit))
        return try rows(sql, values, while: "listing tasks", decode: task)
    }

    func nextTaskDue(of source: String) throws(StoreError) -> Timestamp? {
        try number(
            "SELECT MIN(due_at) FROM tasks WHERE source = ? AND due_at IS NOT NULL",
            [text(source)], while: "asking when a task of \(source) is due"
        ).map { Timestamp(milliseconds: $0) }
    }

    func save(_ task: TaskRecord) throws(StoreError) {
        let sql = """
            INSERT INTO tasks (source, id, status, accepted_at, due_at, value)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (source, id) DO UPDATE SET
                status = excluded.status, accepted_at = excluded.accepted_at,
                due_at = excluded.due_at, leased_due_at = NULL, value = excluded.value
            """
        let values = [
            text(task.id.source), text(task.id.id), text(task.status.rawValue),
            moment(task.acceptedAt), moment(task.dueAt), try json(task),
        ]
        try execute(sql, values, while: "saving task \(task.id)")
    }

    func claimTasks(
        of source: String, dueBy now: Timestamp, leaseUntil lease: Timestamp, limit count: Int
    ) throws(StoreError) -> [TaskRecord] {
        let sql = """
            SELECT \(Self.taskColumns) FROM tasks WHERE source = ? AND due_at <= ?
            ORDER BY due_at, id LIMIT ?
            """
        var due = try rows(
            sql, [text(source), moment(now), limit(count)], while: "claiming tasks of \(source)",
            decode: task)
        for index in due.indices {
            let id = due[index].id
            try execute(
                """
                UPDATE tasks SET leased_due_at = COALESCE(leased_due_at, due_at), due_at = ?
                WHERE source = ? AND id = ?
                """, [moment(lease), text(id.source), text(id.id)], while: "claiming task \(id)")
            due[index].dueAt = lease
        }
        return due
    }
}
