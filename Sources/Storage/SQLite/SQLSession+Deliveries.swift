import GRDB
import Pipeline

extension SQLSession {
    private static let deliveryColumns = "id, due_at, value"

    /// The lease moves only `due_at`: where the JSON and the columns differ, the columns hold.
    private func delivery(_ row: StoredRow) throws(StoreError) -> Delivery {
        var delivery = try row.value(2, as: Delivery.self)
        guard delivery.id == Delivery.ID(try row.text(0)) else {
            throw row.corrupt("it tells of another delivery", in: 2)
        }
        if let dueAt = try row.optionalMoment(1) {
            delivery.state = .waiting(dueAt: dueAt)
        } else if case .waiting = delivery.state {
            throw row.corrupt("it waits, for no moment", in: 1)
        }
        return delivery
    }

    func delivery(_ id: Delivery.ID) throws(StoreError) -> Delivery? {
        try rows(
            "SELECT \(Self.deliveryColumns) FROM deliveries WHERE id = ?", [text(id.text)],
            while: "reading delivery \(id)", decode: delivery
        ).first
    }

    func deliveries(_ query: DeliveryQuery) throws(StoreError) -> [Delivery] {
        // The first condition is always true: it puts SQLite on the index in the order asked for.
        var conditions = ["created_at >= \(Int64.min)"]
        var values: [DatabaseValue] = []
        if let channel = query.channel {
            conditions.append("+channel = ?")
            values.append(text(channel))
        }
        if let kind = query.kind {
            conditions.append("kind = ?")
            values.append(text(kind.rawValue))
        }
        let sql = """
            SELECT \(Self.deliveryColumns) FROM deliveries
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY created_at DESC, id LIMIT ?
            """
        values.append(limit(query.limit))
        return try rows(sql, values, while: "listing deliveries", decode: delivery)
    }

    func nextDeliveryDue(to channel: String) throws(StoreError) -> Timestamp? {
        try number(
            "SELECT MIN(due_at) FROM deliveries WHERE channel = ? AND due_at IS NOT NULL",
            [text(channel)], while: "asking when a delivery to \(channel) is due"
        ).map { Timestamp(milliseconds: $0) }
    }

    func save(_ delivery: Delivery) throws(StoreError) {
        let sql = """
            INSERT INTO deliveries (id, channel, kind, created_at, settled_at, due_at, value)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
                channel = excluded.channel, kind = excluded.kind,
                created_at = excluded.created_at, settled_at = excluded.settled_at,
                due_at = excluded.due_at, leased_due_at = NULL, value = excluded.value
            """
        let (kind, dueAt): (DeliveryQuery.Kind, Timestamp?) =
            switch delivery.state {
            case .waiting(let dueAt): (.waiting, dueAt)
            case .delivered: (.delivered, nil)
            case .dead: (.dead, nil)
            }
        let values = [
            text(delivery.id.text), text(delivery.channel), text(kind.rawValue),
            moment(delivery.createdAt), moment(delivery.settledAt), moment(dueAt),
            try json(delivery),
        ]
        try execute(sql, values, while: "saving delivery \(delivery.id)")
    }

    func claimDeliveries(
        to channel: String, dueBy now: Timestamp, leaseUntil lease: Timestamp, limit count: Int
    ) throws(StoreError) -> [Delivery] {
        let sql = """
            SELECT \(Self.deliveryColumns) FROM deliveries WHERE channel = ? AND due_at <= ?
            ORDER BY due_at, id LIMIT ?
            """
        var due = try rows(
            sql, [text(channel), moment(now), limit(count)],
            while: "claiming deliveries to \(channel)", decode: delivery)
        for index in due.indices {
            let id = due[index].id
            try execute(
                """
                UPDATE deliveries SET leased_due_at = COALESCE(leased_due_at, due_at), due_at = ?
                WHERE id = ?
                """, [moment(lease), text(id.text)], while: "claiming delivery \(id)")
            due[index].state = .waiting(dueAt: lease)
        }
        return due
    }
}
