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

    func trouble(of channel: String) throws(StoreError) -> ChannelTrouble? {
        try rows(
            "SELECT channel, value FROM channel_troubles WHERE channel = ?", [text(channel)],
            while: "reading the trouble of \(channel)", decode: trouble
        ).first
    }

    func troubles() throws(StoreError) -> [ChannelTrouble] {
        try rows(
            "SELECT channel, value FROM channel_troubles ORDER BY channel",
            while: "reading the channels' troubles", decode: trouble)
    }

    private func trouble(_ row: StoredRow) throws(StoreError) -> ChannelTrouble {
        let trouble = try row.value(1, as: ChannelTrouble.self)
        guard trouble.channel == (try row.text(0)) else {
            throw row.corrupt("it tells of another channel", in: 1)
        }
        return trouble
    }

    func save(_ trouble: ChannelTrouble) throws(StoreError) {
        let sql = """
            INSERT INTO channel_troubles (channel, value) VALUES (?, ?)
            ON CONFLICT (channel) DO UPDATE SET value = excluded.value
            """
        try execute(
            sql, [text(trouble.channel), try json(trouble)],
            while: "saving the trouble of \(trouble.channel)")
    }

    func removeTrouble(of channel: String) throws(StoreError) {
        try execute(
            "DELETE FROM channel_troubles WHERE channel = ?", [text(channel)],
            while: "removing the trouble of \(channel)")
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
        counts.pending = Dictionary(
            uniqueKeysWithValues: try rows(
                "SELECT source, COUNT(*) FROM tasks WHERE due_at IS NOT NULL GROUP BY source",
                while: "counting tasks by source"
            ) { row throws(StoreError) in (try row.text(0), Int(try row.integer(1))) })
        counts.alerts = try count("alerts")
        counts.waitingGroups = try count("alert_groups WHERE flush_at IS NOT NULL")
        counts.waitingDeliveries = try count("deliveries WHERE due_at IS NOT NULL")
        counts.delivered = try count("deliveries WHERE kind = 'delivered'")
        counts.dead = try count("deliveries WHERE kind = 'dead'")
        counts.faults = try count("faults")
        return counts
    }

    func backlogs() throws(StoreError) -> [ChannelBacklog] {
        var backlogs: [String: ChannelBacklog] = [:]
        func add(
            _ sql: String, _ part: WritableKeyPath<ChannelBacklog, Int>
        ) throws(StoreError) {
            let found = try rows(sql, while: "counting by channel") { row throws(StoreError) in
                (channel: try row.text(0), count: Int(try row.integer(1)))
            }
            for (channel, count) in found {
                backlogs[channel, default: ChannelBacklog(channel: channel)][keyPath: part] = count
            }
        }
        try add(
            "SELECT channel, COUNT(*) FROM notices WHERE is_waiting = 1 GROUP BY channel",
            \.waitingAlerts)
        try add(
            "SELECT channel, COUNT(*) FROM deliveries WHERE due_at IS NOT NULL GROUP BY channel",
            \.waitingDeliveries)
        try add(
            "SELECT channel, COUNT(*) FROM deliveries WHERE kind = 'dead' GROUP BY channel", \.dead)
        return backlogs.values.sorted { $0.channel < $1.channel }
    }

    private func count(_ rows: String) throws(StoreError) -> Int {
        Int(try number("SELECT COUNT(*) FROM \(rows)", while: "counting \(rows)") ?? 0)
    }
}
