import GRDB
import Pipeline

extension SQLSession {
    /// What changes of a delivery.
    private static let standingColumns =
        "due_at, kind, attempts, answer, reason, revived_at, settled_at"
    private static let deliveryColumns = "\(standingColumns), id, value"
    /// With what never changes of them.
    private static let whole = "deliveries LEFT JOIN delivery_values USING (number)"

    /// The columns hold, whatever the JSON says.
    private func delivery(_ row: StoredRow) throws(StoreError) -> Delivery {
        let carried = try row.value(8, read: CarriedDelivery.init)
        guard carried.id == Delivery.ID(try row.text(7)) else {
            throw row.corrupt("it tells of another delivery", in: 8)
        }
        return carried.delivery(try standing(row))
    }

    private func standing(_ row: StoredRow) throws(StoreError) -> Standing {
        let kind = DeliveryQuery.Kind(rawValue: try row.text(1))
        let state: Delivery.State =
            switch (try row.optionalMoment(0), kind) {
            case (let dueAt?, _): .waiting(dueAt: dueAt)
            case (nil, .delivered): .delivered
            case (nil, .dead): .dead(reason: try row.text(4))
            case (nil, .waiting): throw row.corrupt("it waits, for no moment", in: 0)
            case (nil, nil): throw row.corrupt("no state of a delivery", in: 1)
            }
        return Standing(
            state: state, attempts: Int(try row.integer(2)), answer: try row.text(3),
            revivedAt: try row.optionalMoment(5), settledAt: try row.optionalMoment(6))
    }

    func current(_ deliveries: [Delivery]) throws(StoreError) -> [Delivery?] {
        let found = try rows(
            "SELECT \(Self.standingColumns), id FROM deliveries WHERE \(Self.isNamed)",
            [try names(of: deliveries)], while: "reading deliveries \(Self.named(deliveries))"
        ) { row throws(StoreError) in (Delivery.ID(try row.text(7)), try standing(row)) }
        let standings = Dictionary(found) { first, _ in first }
        return deliveries.map { delivery in
            standings[delivery.id].map { $0.of(delivery) }
        }
    }

    /// The condition for the deliveries that ``names(of:)`` names.
    private static let isNamed = "id IN (SELECT value FROM json_each(?))"

    private func names(of deliveries: [Delivery]) throws(StoreError) -> DatabaseValue {
        try json(deliveries.map { escaped($0.id.text) })
    }

    /// For an error, which holds one line.
    private static func named(_ deliveries: [Delivery]) -> String {
        let first = deliveries.first.map(\.id.text) ?? ""
        return deliveries.count < 2 ? first : "\(first) and \(deliveries.count - 1) more"
    }

    func delivery(_ id: Delivery.ID) throws(StoreError) -> Delivery? {
        try rows(
            "SELECT \(Self.deliveryColumns) FROM \(Self.whole) WHERE id = ?", [text(id.text)],
            while: "reading delivery \(id)", decode: delivery
        ).first
    }

    func deliveries(_ query: DeliveryQuery) throws(StoreError) -> [Delivery] {
        let (sql, values) = Self.listing(query)
        return try rows(
            sql, values + [limit(query.limit)], while: "listing deliveries", decode: delivery)
    }

    /// The statement that lists them; its last value is the limit.
    static func listing(_ query: DeliveryQuery) -> (sql: String, values: [DatabaseValue]) {
        let (conditions, values) = conditions(query)
        let order = "ORDER BY created_at DESC, id"
        guard query.kind == .waiting else {
            let sql = """
                SELECT \(deliveryColumns) FROM \(table(for: query))
                LEFT JOIN delivery_values USING (number) WHERE \(conditions) \(order) LIMIT ?
                """
            return (sql, values)
        }
        // No index has those that wait in this order: all of them are sorted, without what they
        // carry.
        let sql = """
            SELECT \(deliveryColumns) FROM (
                SELECT number FROM \(table(for: query)) WHERE \(conditions) \(order) LIMIT ?
            ) CROSS JOIN deliveries USING (number) LEFT JOIN delivery_values USING (number)
            \(order)
            """
        return (sql, values)
    }

    func count(_ query: DeliveryQuery) throws(StoreError) -> Int {
        let (conditions, values) = Self.conditions(query)
        let sql = "SELECT COUNT(*) FROM \(Self.table(for: query)) WHERE \(conditions)"
        return Int(try number(sql, values, while: "counting deliveries") ?? 0)
    }

    /// With the index that knows few deliveries, where there is one: most are delivered.
    private static func table(for query: DeliveryQuery) -> String {
        switch query.kind {
        case .waiting: "deliveries INDEXED BY deliveries_due"
        case .dead: "deliveries INDEXED BY deliveries_dead"
        case .delivered, nil: "deliveries"
        }
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
        switch query.kind {
        case .waiting: conditions.append("due_at IS NOT NULL")
        case .dead: conditions.append("kind = 'dead'")
        case .delivered: conditions.append("kind = 'delivered'")
        case nil: break
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

    /// Those that stand alike, as most of a turn do, are one statement.
    func save(_ deliveries: [Delivery]) throws(StoreError) {
        guard deliveries.count > 1 else { return try saveAlike(deliveries) }
        // Of one that comes twice the last counts, whatever stands like it.
        var last: [Delivery.ID: Int] = [:]
        for (place, delivery) in deliveries.enumerated() { last[delivery.id] = place }
        var order: [Standing] = []
        var alike: [Standing: [Delivery]] = [:]
        for (place, delivery) in deliveries.enumerated() where last[delivery.id] == place {
            let standing = Standing(of: delivery)
            if alike[standing] == nil { order.append(standing) }
            alike[standing, default: []].append(delivery)
        }
        for standing in order { try saveAlike(alike[standing] ?? []) }
    }

    /// Saves different deliveries whose standing is the same.
    private func saveAlike(_ deliveries: [Delivery]) throws(StoreError) {
        guard let first = deliveries.first else { return }
        let standing = Standing(of: first)
        let known = try changes(
            of: """
                UPDATE deliveries SET
                    due_at = ?, kind = ?, attempts = ?, answer = ?, reason = ?, revived_at = ?,
                    settled_at = ?, leased_due_at = NULL
                WHERE \(Self.isNamed)
                """, values(standing) + [try names(of: deliveries)],
            while: "saving deliveries \(Self.named(deliveries))")
        guard known < deliveries.count else { return }
        let current = known == 0 ? [] : try current(deliveries)
        for (place, delivery) in deliveries.enumerated()
        where known == 0 || current[place] == nil {
            try insert(delivery, standing)
        }
    }

    private func values(_ standing: Standing) -> [DatabaseValue] {
        [
            moment(standing.dueAt), text(standing.kind.rawValue),
            standing.attempts.databaseValue, text(standing.answer), text(standing.reason),
            moment(standing.revivedAt), moment(standing.settledAt),
        ]
    }

    private func insert(_ delivery: Delivery, _ standing: Standing) throws(StoreError) {
        try execute(
            """
            INSERT INTO deliveries (\(Self.standingColumns), id, channel, created_at, is_urgent)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            values(standing) + [
                text(delivery.id.text), text(delivery.channel), moment(delivery.createdAt),
                flag(delivery.isUrgent),
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
