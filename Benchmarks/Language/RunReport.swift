import CEL
import Foundation

/// What a runner writes, one file for each engine and mode.
struct RunReport: Encodable {
    /// One row of the table.
    struct Row: Encodable {
        let name: String
        var ns: Double?
        var medianNs: Double?
        var value: Answer?
        var error: String?

        enum CodingKeys: String, CodingKey {
            case name, ns, value, error
            case medianNs = "median_ns"
        }

        init(name: String, timing: Timing, value: Answer? = nil) {
            self.name = name
            self.value = value
            ns = timing.least
            medianNs = timing.median
        }

        init(name: String, error: any Error) {
            self.name = name
            self.error = "\(error)"
        }
    }

    let peer: String
    let mode: String
    var results: [Row] = []

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(filePath: path))
    }
}

/// A value as JSON.
enum Answer: Encodable {
    case value(Value)
    case conditions([Bool])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .conditions(let conditions): try container.encode(conditions)
        case .value(.null): try container.encodeNil()
        case .value(.bool(let value)): try container.encode(value)
        case .value(.int(let value)): try container.encode(value)
        case .value(.uint(let value)): try container.encode(value)
        case .value(.double(let value)): try container.encode(value)
        case .value(.string(let value)): try container.encode(value)
        case .value(.list(let values)): try container.encode(values.map(Answer.value))
        case .value(let value): try container.encode("\(value)")
        }
    }
}
