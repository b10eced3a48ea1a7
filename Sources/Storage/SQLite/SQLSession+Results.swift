import Foundation
import GRDB
import Pipeline

extension SQLSession {
    /// The most bytes of one reply; SQLite's own bound, at which binding would trap, is 1 GB.
    static let largestReply = 512 * 1024 * 1024

    func results(of task: TaskID) throws(StoreError) -> [StoredResult] {
        let sql = """
            SELECT source, task, read_at, value, reply FROM results
            WHERE source = ? AND task = ? ORDER BY read_at
            """
        return try rows(
            sql, [text(task.source), text(task.id)], while: "reading the replies of task \(task)"
        ) { row throws(StoreError) in
            var result = try row.value(3, as: StoredResult.self)
            guard result.task == task, result.readAt == (try row.moment(2)) else {
                throw row.corrupt("it tells of another read", in: 3)
            }
            result.reply = try row.bytes(4)
            return result
        }
    }

    func save(_ result: StoredResult) throws(StoreError) {
        guard result.reply.count <= Self.largestReply else {
            throw StoreError(
                .failed,
                "saving a reply of task \(result.task): it has \(result.reply.count) bytes, and at "
                    + "most \(Self.largestReply) are kept")
        }
        // The reply is kept as bytes, beside the rest as JSON.
        let sql = """
            INSERT INTO results (source, task, read_at, value, reply)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (source, task, read_at) DO UPDATE SET
                value = excluded.value, reply = excluded.reply
            """
        var rest = result
        rest.reply = []
        let values = [
            text(result.task.source), text(result.task.id), moment(result.readAt),
            try json(rest), Data(result.reply).databaseValue,
        ]
        try execute(sql, values, while: "saving a reply of task \(result.task)")
    }
}
