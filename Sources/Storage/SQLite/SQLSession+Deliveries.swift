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
        let (conditions, values) = Self.conditions(query)
        let sql = """
            SELECT \(Self.deliveryColumns) FROM deliveries WHERE \(conditions)
            ORDER BY created_at DESC, id LIMIT ?
            """
        return try rows(
            sql, values + [limit(query.limit)], while: "listing deliveries", decode: delivery)
    }

    func count(_ query: DeliveryQuery) throws(StoreError) -> Int {
        let (conditions, values) = Self.conditions(query)
        let sql = "SELECT COUNT(*) FROM deliveries WHERE \(conditions)"
        return Int(try number(sql, values, while: "counting deliveries") ?? 0)
    }

    private static func conditions(_ query: DeliveryQuery) -> (sql: String, [DatabaseValue]) {
        // The first condition puts SQLite on the index in the order asked for, even if it is
        // always true.
        var conditions = ["created_at >= ?"]
        var values = [query.since.map { moment($0) } ?? Int64.min.databaseValue]
        if let until = query.until {
            conditions.append("created_at < ?")
            values.append(moment(until))
        }
        if let channel = query.channel {
            conditions.append("+channel = ?")
            values.append(text(channel))
        }
        if let kind = query.kind {
            conditions.append("kind = ?")
            values.append(text(kind.rawValue))
        }
        if let rule = query.rule {
            conditions.append(
                """
                EXISTS (
                    SELECT * FROM json_each(deliveries.value, '$.message.alerts') AS carried
                    WHERE carried.value ->> '$.rule' = ?)
                """)
            values.append(rule.databaseValue)
        }
        if let after = query.after {
            conditions.append("created_at <= ? AND (created_at < ? OR id > ?)")
            values += [moment(after.createdAt), moment(after.createdAt), text(after.id.text)]
        }
        return (conditions.joined(separator: " AND "), values)
    }

    func waitingDeliveries(
        to channel: String, startedBy start: Timestamp, limit count: Int
    ) throws(StoreError) -> [Delivery] {
        let sql = """
            SELECT \(Self.deliveryColumns) FROM deliveries
            WHERE channel = ? AND due_at IS NOT NULL
                AND COALESCE(value ->> '$.revivedAt', created_at) <= ?
            ORDER BY COALESCE(value ->> '$.revivedAt', created_at), id LIMIT ?
            """
        return try rows(
            sql, [text(channel), moment(start), limit(count)],
            while: "asking what has waited long for \(channel)", decode: delivery)
    }

    func dueDeliveries(to channel: String, by moment: Timestamp) throws(StoreError) -> Int {
        let sql = """
            SELECT COUNT(*) FROM deliveries
            WHERE channel = ? AND is_urgent IN (0, 1) AND due_at <= ?
            """
        let values = [text(channel), moment.milliseconds.databaseValue]
        return Int(try number(sql, values, while: "counting what is due to \(channel)") ?? 0)
    }

    func nextDeliveryDue(to channel: String) throws(StoreError) -> Timestamp? {
        let sql = """
            SELECT MIN(due_at) FROM deliveries
            WHERE channel = ? AND is_urgent = ? AND due_at IS NOT NULL
            """
        return try earliest(sql, channel, while: "asking when a delivery to \(channel) is due")
    }

    func save(_ delivery: Delivery) throws(StoreError) {
        let sql = """
            INSERT INTO deliveries
                (id, channel, kind, created_at, settled_at, due_at, is_urgent, value)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
                channel = excluded.channel, kind = excluded.kind,
                created_at = excluded.created_at, settled_at = excluded.settled_at,
                due_at = excluded.due_at, leased_due_at = NULL,
                is_urgent = excluded.is_urgent, value = excluded.value
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
            flag(delivery.isUrgent), try json(delivery),
        ]
        try execute(sql, values, while: "saving delivery \(delivery.id)")
    }

    func claimDeliveries(
        to channel: String, dueBy now: Timestamp, leaseUntil lease: Timestamp, limit count: Int
    ) throws(StoreError) -> [Delivery] {
        let sql = """
            SELECT \(Self.deliveryColumns) FROM deliveries
            WHERE channel = ? AND is_urgent = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?
            """
        var due: [Delivery] = []
        for isUrgent in [true, false] where due.count < count {
            due += try rows(
                sql, [text(channel), flag(isUrgent), moment(now), limit(count - due.count)],
                while: "claiming deliveries to \(channel)", decode: delivery)
        }
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
