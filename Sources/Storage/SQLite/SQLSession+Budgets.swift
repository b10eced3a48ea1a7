import GRDB
import Pipeline

extension SQLSession {
    func deliveryMoments(
        to channel: String, after start: Timestamp, by now: Timestamp, limit count: Int
    ) throws(StoreError) -> [Timestamp] {
        let sql = """
            SELECT settled_at FROM deliveries
            WHERE channel = ? AND kind = 'delivered' AND settled_at > ? AND settled_at <= ?
            ORDER BY settled_at DESC LIMIT ?
            """
        return try rows(
            sql, [text(channel), moment(start), moment(now), limit(count)],
            while: "asking when \(channel) was sent to"
        ) { row throws(StoreError) in try row.moment(0) }
    }
}
