import GRDB
import Pipeline

extension SQLSession {
    private static let alertColumns = "source, task, tid, rule, value"

    private func alert(_ row: StoredRow) throws(StoreError) -> Alert {
        let alert = try row.value(4, as: Alert.self)
        guard alert.id == (try alertID(row)) else {
            throw row.corrupt("it tells of another alert", in: 4)
        }
        return alert
    }

    /// The identity that the first four columns hold.
    private func alertID(_ row: StoredRow) throws(StoreError) -> Alert.ID {
        Alert.ID(
            rule: try row.text(3), task: TaskID(source: try row.text(0), id: try row.text(1)),
            tid: try row.text(2))
    }

    private func key(_ id: Alert.ID) -> [DatabaseValue] {
        [text(id.task.source), text(id.task.id), text(id.tid), text(id.rule)]
    }

    func alert(_ id: Alert.ID) throws(StoreError) -> Alert? {
        let sql = """
            SELECT \(Self.alertColumns) FROM alerts
            WHERE source = ? AND task = ? AND tid = ? AND rule = ?
            """
        return try rows(sql, key(id), while: "reading \(name(id))", decode: alert).first
    }

    func alerts(_ query: AlertQuery) throws(StoreError) -> [Alert] {
        // The first condition is always true: it puts SQLite on the index in the order asked for.
        var conditions = ["raised_at >= \(Int64.min)", "severity >= ?"]
        var values = [query.atLeast.rank.databaseValue]
        if let rule = query.rule {
            conditions.append("rule = ?")
            values.append(text(rule))
        }
        if let task = query.task {
            conditions.append("source = ? AND task = ?")
            values += [text(task.source), text(task.id)]
        }
        let sql = """
            SELECT \(Self.alertColumns) FROM alerts
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY raised_at DESC, source, task, tid, rule LIMIT ?
            """
        values.append(limit(query.limit))
        return try rows(sql, values, while: "listing alerts", decode: alert)
    }

    func insert(_ alert: Alert) throws(StoreError) -> Bool {
        let sql = """
            INSERT INTO alerts (source, task, tid, rule, raised_at, severity, value)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """
        let values = [
            moment(alert.raisedAt), alert.severity.rank.databaseValue, try json(alert),
        ]
        return try changes(of: sql, key(alert.id) + values, while: "inserting \(name(alert.id))")
            > 0
    }

    private func name(_ id: Alert.ID) -> String {
        "the alert of rule \(id.rule) on task \(id.task)" + (id.tid.isEmpty ? "" : " (\(id.tid))")
    }
}

// MARK: - Faults and notices

extension SQLSession {
    func faults(limit count: Int) throws(StoreError) -> [RuleFault] {
        let sql = """
            SELECT source, task, tid, rule, value FROM faults
            ORDER BY raised_at DESC, source, task, tid, rule LIMIT ?
            """
        return try rows(sql, [limit(count)], while: "listing faults") { row throws(StoreError) in
            let fault = try row.value(4, as: RuleFault.self)
            guard fault.id == (try alertID(row)) else {
                throw row.corrupt("it tells of another fault", in: 4)
            }
            return fault
        }
    }

    func insert(_ fault: RuleFault) throws(StoreError) -> Bool {
        let sql = """
            INSERT INTO faults (source, task, tid, rule, raised_at, value)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """
        let values = key(fault.id) + [moment(fault.raisedAt), try json(fault)]
        return try changes(
            of: sql, values,
            while: "inserting the fault of rule \(fault.id.rule) on task \(fault.id.task)") > 0
    }

    func notices(of alert: Alert.ID) throws(StoreError) -> [Notice] {
        let sql = """
            SELECT source, task, tid, rule, channel, value FROM notices
            WHERE source = ? AND task = ? AND tid = ? AND rule = ? ORDER BY channel
            """
        return try rows(
            sql, key(alert), while: "reading the notices of \(name(alert))", decode: notice)
    }

    func notice(of alert: Alert.ID, on channel: String) throws(StoreError) -> Notice? {
        let sql = """
            SELECT source, task, tid, rule, channel, value FROM notices
            WHERE source = ? AND task = ? AND tid = ? AND rule = ? AND channel = ?
            """
        return try rows(
            sql, key(alert) + [text(channel)],
            while: "reading the notice to \(channel) of \(name(alert))", decode: notice
        ).first
    }

    private func notice(_ row: StoredRow) throws(StoreError) -> Notice {
        let notice = try row.value(5, as: Notice.self)
        guard notice.alert == (try alertID(row)), notice.channel == (try row.text(4)) else {
            throw row.corrupt("it tells of another notice", in: 5)
        }
        return notice
    }

    func save(_ notice: Notice) throws(StoreError) {
        // The alert's moment is kept here too: waiting alerts are asked for in its order.
        let sql = """
            INSERT INTO notices
                (source, task, tid, rule, channel, group_key, is_waiting, value, raised_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (
                SELECT raised_at FROM alerts
                WHERE source = ?1 AND task = ?2 AND tid = ?3 AND rule = ?4))
            ON CONFLICT (source, task, tid, rule, channel) DO UPDATE SET
                group_key = excluded.group_key, is_waiting = excluded.is_waiting,
                value = excluded.value, raised_at = excluded.raised_at
            """
        let values = [
            text(notice.channel), text(notice.group.text),
            flag(notice.isWaiting), try json(notice),
        ]
        try execute(
            sql, key(notice.alert) + values,
            while: "saving the notice to \(notice.channel) of \(name(notice.alert))")
    }

    func waitingAlerts(
        in key: AlertGroup.Key, criticalFirst: Bool, limit count: Int
    ) throws(StoreError) -> [Alert] {
        let first = criticalFirst ? "alerts.severity = \(Severity.critical.rank) DESC, " : ""
        let sql = """
            SELECT alerts.source, alerts.task, alerts.tid, alerts.rule, alerts.value
            FROM notices JOIN alerts USING (source, task, tid, rule)
            WHERE notices.group_key = ? AND notices.is_waiting = 1
            ORDER BY \(first)notices.raised_at, notices.source, notices.task, notices.tid,
                notices.rule
            LIMIT ?
            """
        return try rows(
            sql, [text(key.text), limit(count)],
            while: "reading what waits for \(key.channel)", decode: alert)
    }
}

extension Severity {
    /// Its place in the order, as it is stored.
    fileprivate var rank: Int {
        switch self {
        case .info: 0
        case .low: 1
        case .medium: 2
        case .high: 3
        case .critical: 4
        }
    }
}
