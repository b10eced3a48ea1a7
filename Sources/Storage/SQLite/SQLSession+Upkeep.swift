import GRDB
import Pipeline

extension SQLSession {
    func parkings() throws(StoreError) -> [Parking] {
        let sql = "SELECT name, value FROM parkings ORDER BY kind, name"
        return try rows(sql, while: "reading parkings") { row throws(StoreError) in
            try row.value(1, as: Parking.self)
        }
    }

    func save(_ parking: Parking) throws(StoreError) {
        let sql = """
            INSERT INTO parkings (kind, name, value) VALUES (?, ?, ?)
            ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value
            """
        try execute(sql, key(parking.subject) + [try json(parking)], while: "saving a parking")
    }

    func removeParking(of subject: Parking.Subject) throws(StoreError) {
        let sql = "DELETE FROM parkings WHERE kind = ? AND name = ?"
        try execute(sql, key(subject), while: "removing a parking")
    }

    private func key(_ subject: Parking.Subject) -> [DatabaseValue] {
        switch subject {
        case .source(let name): [text("source"), text(name)]
        case .channel(let name): [text("channel"), text(name)]
        }
    }

    func releaseLeases() throws(StoreError) {
        for table in ["tasks", "deliveries"] {
            try execute(
                """
                UPDATE \(table) SET due_at = leased_due_at, leased_due_at = NULL
                WHERE due_at IS NOT NULL AND leased_due_at IS NOT NULL
                """, while: "releasing the leases of \(table)")
        }
    }

    func counts() throws(StoreError) -> StoreCounts {
        var counts = StoreCounts()
        counts.tasks = Dictionary(
            uniqueKeysWithValues: try rows(
                "SELECT status, COUNT(*) FROM tasks GROUP BY status", while: "counting tasks"
            ) { row throws(StoreError) in (try row.status(0), Int(try row.integer(1))) })
        counts.pendingTasks = try count("tasks WHERE due_at IS NOT NULL")
        counts.alerts = try count("alerts")
        counts.waitingGroups = try count("alert_groups WHERE flush_at IS NOT NULL")
        counts.waitingDeliveries = try count("deliveries WHERE kind = 'waiting'")
        counts.delivered = try count("deliveries WHERE kind = 'delivered'")
        counts.dead = try count("deliveries WHERE kind = 'dead'")
        counts.faults = try count("faults")
        return counts
    }

    private func count(_ rows: String) throws(StoreError) -> Int {
        Int(try number("SELECT COUNT(*) FROM \(rows)", while: "counting \(rows)") ?? 0)
    }
}
