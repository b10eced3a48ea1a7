import GRDB
import Pipeline

/// A row of a query, read with suspicion: a file that somebody edited gives an error that names
/// the row, and never a trap.
struct StoredRow {
    let row: Row
    let file: StoreFile

    func text(_ column: Int) throws(StoreError) -> String {
        guard case .string(let text) = storage(column) else { throw corrupt("no text", in: column) }
        return unescaped(text)
    }

    func integer(_ column: Int) throws(StoreError) -> Int64 {
        guard case .int64(let value) = storage(column) else {
            throw corrupt("no whole number", in: column)
        }
        return value
    }

    func optionalInteger(_ column: Int) throws(StoreError) -> Int64? {
        guard case .null = storage(column) else { return try integer(column) }
        return nil
    }

    func moment(_ column: Int) throws(StoreError) -> Timestamp {
        Timestamp(milliseconds: try integer(column))
    }

    func optionalMoment(_ column: Int) throws(StoreError) -> Timestamp? {
        try optionalInteger(column).map { Timestamp(milliseconds: $0) }
    }

    func bytes(_ column: Int) throws(StoreError) -> [UInt8] {
        switch storage(column) {
        case .blob(let data): return Array(data)
        default: throw corrupt("no bytes", in: column)
        }
    }

    func status(_ column: Int) throws(StoreError) -> TaskStatus {
        guard let status = TaskStatus(rawValue: try text(column)) else {
            throw corrupt("no status of a task", in: column)
        }
        return status
    }

    /// A model value from its JSON.
    func value<Value: Decodable>(
        _ column: Int, as type: Value.Type = Value.self
    ) throws(StoreError) -> Value {
        guard case .string(let text) = storage(column) else { throw corrupt("no text", in: column) }
        do {
            return try JSONText.value(from: text, as: type)
        } catch {
            throw corrupt(Self.reason(error), in: column)
        }
    }

    /// The error for a row that cannot be what it should be.
    func corrupt(_ reason: String, in column: Int) -> StoreError {
        let names = Array(row.columnNames)
        let name = column < names.count ? names[column] : "?"
        return StoreError(
            .corrupt,
            "reading \(file.path): the row with \(key(names)) cannot be understood (\(name): "
                + "\(reason)): correct or delete that row, or restore the file from a backup")
    }

    /// The names and values of the columns by which a person finds the row.
    private func key(_ names: [String]) -> String {
        let known: Set = ["source", "task", "id", "tid", "rule", "channel", "group_key", "name"]
        var parts: [String] = []
        for (column, name) in names.enumerated() where known.contains(name) {
            if case .string(let text) = storage(column) {
                parts.append("\(name) '\(text.prefix(80))'")
            }
        }
        return parts.isEmpty ? "no key" : parts.joined(separator: ", ")
    }

    private func storage(_ column: Int) -> DatabaseValue.Storage {
        guard column < row.count else { return .null }
        return (row[column] as DatabaseValue).storage
    }

    /// What is wrong with a JSON, without what stands in it.
    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "not understood" }
        let (problem, path) =
            switch error {
            case .keyNotFound(let key, let context):
                ("'\(key.stringValue)' is missing", context.codingPath)
            case .typeMismatch(_, let context): ("of another type", context.codingPath)
            case .valueNotFound(_, let context): ("null", context.codingPath)
            case .dataCorrupted(let context): ("not understood", context.codingPath)
            @unknown default: ("not understood", [])
            }
        let place = path.map(\.stringValue).joined(separator: ".")
        return place.isEmpty ? problem : "\(place) is \(problem)"
    }
}
