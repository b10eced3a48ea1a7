import GRDB
import Pipeline

/// The tables, and how an older file becomes a newer one.
///
/// What is asked for by value or order has a column; `value` holds the whole model value as JSON,
/// so a field that is new and optional needs no migration. Where a column and the JSON tell the
/// same thing, the column holds.
enum Schema {
    /// "Tocs": marks the file as a store, in `PRAGMA application_id`.
    static let applicationID: Int64 = 0x546F_6373

    /// The version that this program writes, in `PRAGMA user_version`.
    static var version: Int64 { Int64(migrations.count) }

    /// What makes version n + 1 of version n, in order.
    ///
    /// Never changed once released.
    static let migrations = [first, second, third, fourth]

    private static let first = """
        CREATE TABLE tasks (
            source TEXT NOT NULL,
            id TEXT NOT NULL,
            status TEXT NOT NULL,
            accepted_at INTEGER NOT NULL,
            due_at INTEGER,
            leased_due_at INTEGER,
            value TEXT NOT NULL,
            PRIMARY KEY (source, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tasks_due ON tasks (source, due_at, id, leased_due_at)
            WHERE due_at IS NOT NULL;
        CREATE INDEX tasks_accepted ON tasks (accepted_at DESC);
        CREATE INDEX tasks_status ON tasks (status, accepted_at DESC);

        CREATE TABLE results (
            source TEXT NOT NULL,
            task TEXT NOT NULL,
            read_at INTEGER NOT NULL,
            value TEXT NOT NULL,
            reply BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX results_task ON results (source, task, read_at);
        CREATE INDEX results_read ON results (read_at);

        CREATE TABLE alerts (
            source TEXT NOT NULL,
            task TEXT NOT NULL,
            tid TEXT NOT NULL,
            rule TEXT NOT NULL,
            raised_at INTEGER NOT NULL,
            severity INTEGER NOT NULL,
            value TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX alerts_id ON alerts (source, task, tid, rule);
        CREATE INDEX alerts_raised ON alerts (raised_at);
        CREATE INDEX alerts_rule ON alerts (rule, raised_at);

        CREATE TABLE faults (
            source TEXT NOT NULL,
            task TEXT NOT NULL,
            tid TEXT NOT NULL,
            rule TEXT NOT NULL,
            raised_at INTEGER NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (source, task, tid, rule)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX faults_raised ON faults (raised_at);

        CREATE TABLE notices (
            source TEXT NOT NULL,
            task TEXT NOT NULL,
            tid TEXT NOT NULL,
            rule TEXT NOT NULL,
            channel TEXT NOT NULL,
            group_key TEXT NOT NULL,
            raised_at INTEGER,
            is_waiting INTEGER NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (source, task, tid, rule, channel)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX notices_waiting ON notices (group_key, raised_at) WHERE is_waiting = 1;
        CREATE TRIGGER alerts_deleted AFTER DELETE ON alerts BEGIN
            DELETE FROM notices
            WHERE source = old.source AND task = old.task AND tid = old.tid AND rule = old.rule;
        END;

        CREATE TABLE alert_groups (
            group_key TEXT NOT NULL PRIMARY KEY,
            channel TEXT NOT NULL,
            flush_at INTEGER,
            flushed_at INTEGER,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX alert_groups_due ON alert_groups (flush_at, group_key, channel)
            WHERE flush_at IS NOT NULL;

        CREATE TABLE deliveries (
            id TEXT NOT NULL,
            channel TEXT NOT NULL,
            kind TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            settled_at INTEGER,
            due_at INTEGER,
            leased_due_at INTEGER,
            value TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX deliveries_id ON deliveries (id);
        CREATE INDEX deliveries_due ON deliveries (channel, due_at, id, leased_due_at)
            WHERE due_at IS NOT NULL;
        CREATE INDEX deliveries_created ON deliveries (created_at);
        CREATE INDEX deliveries_kind ON deliveries (kind, created_at);

        CREATE TABLE parkings (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (kind, name)
        ) STRICT, WITHOUT ROWID;
        """

    /// What is urgent goes first; a channel's trouble is remembered; groups are asked for by
    /// channel.
    private static let second = """
        ALTER TABLE deliveries ADD COLUMN is_urgent INTEGER NOT NULL DEFAULT 0;
        DROP INDEX deliveries_due;
        CREATE INDEX deliveries_due ON deliveries (channel, is_urgent, due_at, id, leased_due_at)
            WHERE due_at IS NOT NULL;
        DROP INDEX deliveries_kind;
        CREATE INDEX deliveries_kind ON deliveries (kind, created_at, channel);

        ALTER TABLE alert_groups ADD COLUMN is_urgent INTEGER NOT NULL DEFAULT 0;
        DROP INDEX alert_groups_due;
        CREATE INDEX alert_groups_due ON alert_groups (channel, is_urgent, flush_at, group_key)
            WHERE flush_at IS NOT NULL;

        CREATE TABLE channel_troubles (
            channel TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// What changes of a delivery has columns, so that an attempt reads and writes them alone.
    ///
    /// A row whose JSON is broken stays one that cannot be understood.
    private static let third = """
        ALTER TABLE deliveries ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE deliveries ADD COLUMN answer TEXT NOT NULL DEFAULT '';
        ALTER TABLE deliveries ADD COLUMN reason TEXT NOT NULL DEFAULT '';
        ALTER TABLE deliveries ADD COLUMN revived_at INTEGER;
        UPDATE deliveries SET
            attempts = COALESCE(CAST(value ->> '$.attempts' AS INTEGER), 0),
            answer = COALESCE(
                REPLACE(value ->> '$.answer', CHAR(26), CHAR(26, 26)), ''),
            reason = COALESCE(
                REPLACE(value ->> '$.state.dead.reason', CHAR(26), CHAR(26, 26)), ''),
            revived_at = CAST(value ->> '$.revivedAt' AS INTEGER)
        WHERE json_valid(value);
        """

    /// What never changes of a delivery stands apart, so that a claim and an outcome rewrite a short
    /// row.
    private static let fourth = """
        CREATE TABLE delivery_values (
            number INTEGER PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
        INSERT INTO delivery_values SELECT rowid, value FROM deliveries;
        CREATE TABLE new_deliveries (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            channel TEXT NOT NULL,
            kind TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            is_urgent INTEGER NOT NULL,
            due_at INTEGER,
            leased_due_at INTEGER,
            attempts INTEGER NOT NULL,
            answer TEXT NOT NULL,
            reason TEXT NOT NULL,
            revived_at INTEGER,
            settled_at INTEGER
        ) STRICT;
        INSERT INTO new_deliveries SELECT
            rowid, id, channel, kind, created_at, is_urgent, due_at, leased_due_at, attempts,
            answer, reason, revived_at, settled_at
        FROM deliveries;
        DROP TABLE deliveries;
        ALTER TABLE new_deliveries RENAME TO deliveries;
        CREATE UNIQUE INDEX deliveries_id ON deliveries (id);
        CREATE INDEX deliveries_due ON deliveries (channel, is_urgent, due_at, id, leased_due_at)
            WHERE due_at IS NOT NULL;
        CREATE INDEX deliveries_created ON deliveries (created_at);
        CREATE INDEX deliveries_dead ON deliveries (created_at, channel) WHERE kind = 'dead';
        CREATE INDEX deliveries_settled ON deliveries (channel, settled_at)
            WHERE kind = 'delivered';
        CREATE TRIGGER deliveries_deleted AFTER DELETE ON deliveries BEGIN
            DELETE FROM delivery_values WHERE number = old.number;
        END;
        """

    /// Refuses a file that is not a store, or is one of a newer program.
    ///
    /// Writes nothing.
    static func check(_ database: Database, of file: StoreFile) throws {
        let application = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let found = try foundVersion(database)
        let tables = try Int64.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_schema") ?? 0
        let isNew = application == 0 && found == 0 && tables == 0
        guard isNew || application == applicationID else {
            throw StoreError(
                .incompatible,
                "opening the store \(file.path): it is the database of another program: "
                    + "give the store a path of its own")
        }
        guard (0...version).contains(found) else {
            throw StoreError(
                .incompatible,
                "opening the store \(file.path): a newer version of this program wrote it (schema "
                    + "\(found), this one knows up to \(version)): use that version, or a newer one",
                chinese: "打开 store \(file.path)：它由更新版本的程序写成（schema \(found)，"
                    + "本程序最高认得 \(version)）：请用那个版本或更新的版本")
        }
    }
}
