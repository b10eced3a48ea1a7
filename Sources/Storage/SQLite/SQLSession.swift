import GRDB
import Pipeline

/// The port's verbs as SQL, on one connection, inside one transaction.
///
/// It lives as long as the transaction does.
///
/// The verbs are in the files `SQLSession+…`, by what they are about; they all go through the
/// three functions here, where an error of SQLite becomes a ``StoreError``.
final class SQLSession: StoreTransaction {
    private let database: Database
    private let file: StoreFile
    /// Why SQLite gave up the whole transaction, when it did: nothing may be written after that,
    /// since it would be kept by itself.
    private(set) var loss: StoreError?

    init(_ database: Database, file: StoreFile) {
        self.database = database
        self.file = file
    }

    /// Runs a statement to its end.
    ///
    /// `action` says what is being done, for the error.
    func execute(
        _ sql: String, _ values: [DatabaseValue] = [], while action: @autoclosure () -> String
    ) throws(StoreError) {
        try attempt(action) { database in
            try database.cachedStatement(sql: sql).execute(arguments: arguments(values))
        }
    }

    /// How many rows a statement inserted, changed or deleted.
    func changes(
        of sql: String, _ values: [DatabaseValue], while action: @autoclosure () -> String
    ) throws(StoreError) -> Int {
        try attempt(action) { database in
            try database.cachedStatement(sql: sql).execute(arguments: arguments(values))
            return database.changesCount
        }
    }

    /// What `decode` makes of each row.
    func rows<Value>(
        _ sql: String, _ values: [DatabaseValue] = [], while action: @autoclosure () -> String,
        decode: (StoredRow) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        try attempt(action) { database in
            let statement = try database.cachedStatement(sql: sql)
            let cursor = try Row.fetchCursor(statement, arguments: arguments(values))
            var found: [Value] = []
            while let row = try cursor.next() {
                found.append(try decode(StoredRow(row: row, file: file)))
            }
            return found
        }
    }

    /// The number that a query answers with; nil for none.
    func number(
        _ sql: String, _ values: [DatabaseValue] = [], while action: @autoclosure () -> String
    ) throws(StoreError) -> Int64? {
        try rows(sql, values, while: action()) { row throws(StoreError) in
            try row.optionalInteger(0)
        }.first ?? nil
    }

    /// JSON text for a `value` column.
    func json(_ value: some Encodable) throws(StoreError) -> DatabaseValue {
        do {
            return try JSONText.text(of: value).databaseValue
        } catch {
            throw StoreError(.failed, "writing JSON for \(file.path): \(error)")
        }
    }

    private func attempt<Value>(
        _ action: () -> String, _ work: (Database) throws -> Value
    ) throws(StoreError) -> Value {
        if let loss { throw loss }
        guard database.isInsideTransaction else {
            let failure = StoreError(.failed, "\(action()): the transaction is over")
            loss = failure
            throw failure
        }
        do {
            return try work(database)
        } catch {
            let failure = file.failure(error, while: action())
            if !database.isInsideTransaction { loss = failure }
            throw failure
        }
    }
}

/// The values for a statement.
///
/// GRDB's initializer for the array as it is looks up a key path.
private func arguments(_ values: [DatabaseValue]) -> StatementArguments {
    StatementArguments(values.lazy.map { $0 as (any DatabaseValueConvertible)? })
}

/// A text for a statement.
///
/// SQLite's texts end at their first NUL, in the way that they are bound here, so two keys could
/// become one: NUL is written as SUB and `0`, SUB as itself twice.
func text(_ value: String) -> DatabaseValue { escaped(value).databaseValue }

/// What ``text(_:)`` holds.
func escaped(_ value: String) -> String {
    guard value.utf8.contains(where: { $0 == 0 || $0 == escape }) else { return value }
    var bytes: [UInt8] = []
    for byte in value.utf8 {
        switch byte {
        case 0: bytes += [escape, UInt8(ascii: "0")]
        case escape: bytes += [escape, escape]
        default: bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

func moment(_ value: Timestamp) -> DatabaseValue { value.milliseconds.databaseValue }

func moment(_ value: Timestamp?) -> DatabaseValue { value.map { moment($0) } ?? .null }

func flag(_ value: Bool) -> DatabaseValue { (value ? 1 : 0).databaseValue }

/// A bound for `LIMIT`, where SQLite takes a negative number for none.
func limit(_ value: Int) -> DatabaseValue { max(0, value).databaseValue }

/// What ``text(_:)`` was made of.
func unescaped(_ stored: String) -> String {
    guard stored.utf8.contains(escape) else { return stored }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in stored.utf8 {
        if isEscaped {
            bytes.append(byte == UInt8(ascii: "0") ? 0 : byte)
            isEscaped = false
        } else if byte == escape {
            isEscaped = true
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

private let escape: UInt8 = 0x1A
