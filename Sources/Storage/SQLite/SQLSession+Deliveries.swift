import GRDB
import Pipeline

extension SQLSession {
    /// What changes of a delivery.
    private static let standing =
        "due_at, kind, attempts, answer, reason, revived_at, settled_at"
    private static let deliveryColumns = "\(standing), id, value"
    /// With what never changes of them.
    private static let whole = "deliveries LEFT JOIN delivery_values USING (number)"

    /// The columns hold, whatever the JSON says.
    private func delivery(_ row: StoredRow) throws(StoreError) -> Delivery {
        let delivery = try row.value(8, as: Delivery.self)
        guard delivery.id == Delivery.ID(try row.text(7)) else {
            throw row.corrupt("it tells of another delivery", in: 8)
        }
        return try standing(row, of: delivery)
    }

    private func standing(
        _ row: StoredRow, of delivery: Delivery
    ) throws(StoreError) -> Delivery {
        var delivery = delivery
        let kind = DeliveryQuery.Kind(rawValue: try row.text(1))
        switch (try row.optionalMoment(0), kind) {
        case (let dueAt?, _): delivery.state = .waiting(dueAt: dueAt)
        case (nil, .delivered): delivery.state = .delivered
        case (nil, .dead): delivery.state = .dead(reason: try row.text(4))
        case (nil, .waiting): throw row.corrupt("it waits, for no moment", in: 0)
        case (nil, nil): throw row.corrupt("no state of a delivery", in: 1)
        }
        delivery.attempts = Int(try row.integer(2))
        delivery.answer = try row.text(3)
        delivery.revivedAt = try row.optionalMoment(5)
        delivery.settledAt = try row.optionalMoment(6)
        return delivery
    }

    func current(_ delivery: Delivery) throws(StoreError) -> Delivery? {
        try rows(
            "SELECT \(Self.standing), id FROM deliveries WHERE id = ?", [text(delivery.id.text)],
            while: "reading delivery \(delivery.id)"
        ) { row throws(StoreError) in try standing(row, of: delivery) }.first
    }

    func delivery(_ id: Delivery.ID) throws(StoreError) -> Delivery? {
        try rows(
            "SELECT \(Self.deliveryColumns) FROM \(Self.whole) WHERE id = ?", [text(id.text)],
            while: "reading delivery \(id)", decode: delivery
        ).first
    }

    func deliveries(_ query: DeliveryQuery) throws(StoreError) -> [Delivery] {
        let (conditions, values) = Self.conditions(query)
        let sql = """
            SELECT \(Self.deliveryColumns) FROM \(Self.whole) WHERE \(conditions)
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
                    SELECT * FROM delivery_values AS known,
                        json_each(known.value, '$.message.alerts') AS carried
                    WHERE known.number = deliveries.number AND carried.value ->> '$.rule' = ?)
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
            SELECT \(Self.deliveryColumns) FROM \(Self.whole)
            WHERE channel = ? AND due_at IS NOT NULL
                AND COALESCE(revived_at, created_at) <= ?
            ORDER BY COALESCE(revived_at, created_at), id LIMIT ?
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
        let (dueAt, reason): (Timestamp?, String) =
            switch delivery.state {
            case .waiting(let dueAt): (dueAt, "")
            case .delivered: (nil, "")
            case .dead(let reason): (nil, reason)
            }
        let standing = [
            moment(dueAt), text(delivery.kind.rawValue), delivery.attempts.databaseValue,
            text(delivery.answer), text(reason), moment(delivery.revivedAt),
            moment(delivery.settledAt), text(delivery.id.text),
        ]
        let isKnown = try changes(
            of: """
                UPDATE deliveries SET
                    due_at = ?, kind = ?, attempts = ?, answer = ?, reason = ?, revived_at = ?,
                    settled_at = ?, leased_due_at = NULL
                WHERE id = ?
                """, standing, while: "saving delivery \(delivery.id)")
        guard isKnown == 0 else { return }
        try execute(
            """
            INSERT INTO deliveries (\(Self.standing), id, channel, created_at, is_urgent)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            standing + [
                text(delivery.channel), moment(delivery.createdAt), flag(delivery.isUrgent),
            ], while: "inserting delivery \(delivery.id)")
        try execute(
            "INSERT INTO delivery_values (number, value) VALUES (last_insert_rowid(), ?)",
            [try json(delivery)], while: "inserting what delivery \(delivery.id) carries")
    }

    func release(_ claimed: [Delivery]) throws(StoreError) {
        for delivery in claimed {
            guard case .waiting(let lease) = delivery.state else { continue }
            try execute(
                """
                UPDATE deliveries SET due_at = leased_due_at, leased_due_at = NULL
                WHERE id = ? AND due_at = ? AND leased_due_at IS NOT NULL
                """, [text(delivery.id.text), moment(lease)],
                while: "releasing delivery \(delivery.id)")
        }
    }

    func claimDeliveries(
        to channel: String, dueBy now: Timestamp, leaseUntil lease: Timestamp, limit count: Int
    ) throws(StoreError) -> [Delivery] {
        let due = """
            WHERE channel = ? AND is_urgent = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?
            """
        var claimed: [Delivery] = []
        for isUrgent in [true, false] where claimed.count < count {
            let values = [
                text(channel), flag(isUrgent), moment(now), limit(count - claimed.count),
            ]
            let found = try rows(
                "SELECT \(Self.deliveryColumns) FROM \(Self.whole) \(due)", values,
                while: "asking what is due to \(channel)", decode: delivery)
            guard !found.isEmpty else { continue }
            try execute(
                """
                UPDATE deliveries SET leased_due_at = COALESCE(leased_due_at, due_at), due_at = ?
                WHERE number IN (SELECT number FROM deliveries \(due))
                """, [moment(lease)] + values, while: "claiming deliveries to \(channel)")
            claimed += found
        }
        for index in claimed.indices { claimed[index].state = .waiting(dueAt: lease) }
        return claimed
    }
}
