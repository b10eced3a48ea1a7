/// A type of the language, as declarations state it and the checker deduces it.
public indirect enum ValueType: Hashable, Sendable {
    /// Known only when evaluated.
    case dyn
    /// The type of `null`.
    case null
    /// `true` and `false`.
    case bool
    /// 64-bit signed.
    case int
    /// 64-bit unsigned.
    case uint
    /// IEEE 754 binary64.
    case double
    /// Text, counted in Unicode code points.
    case string
    /// Octets.
    case bytes
    /// A span of time in nanoseconds.
    case duration
    /// A point in time, see ``Timestamp``.
    case timestamp
    /// A list of one element type.
    case list(ValueType)
    /// A map from a key type (bool, int, uint, string, dyn) to a value type.
    case map(ValueType, ValueType)
    /// An object type declared with its fields, see ``Environment/declare(object:fields:)``.
    case object(String)
    /// The type of a type, such as the value `int` or `type(x)`.
    case type(ValueType)
    /// A type that only its own functions understand; `optional_type` is one.
    case opaque(String, [ValueType])
    /// A type parameter of a function's overload.
    case parameter(String)
    /// What a faulty part of an expression has: it fits everywhere, so one mistake is told once.
    case error

    /// A value that may be none.
    public static func optional(_ wrapped: ValueType) -> ValueType {
        .opaque("optional_type", [wrapped])
    }
}

extension ValueType: CustomStringConvertible {
    /// As people write it: `map(string, list(int))`.
    public var description: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .duration: "duration"
        case .timestamp: "timestamp"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .object(let name): name
        case .type(let type): "type(\(type))"
        case .opaque(let name, let parameters):
            parameters.isEmpty
                ? name : "\(name)(\(parameters.map(\.description).joined(separator: ", ")))"
        case .parameter(let name): name
        case .error: "!error!"
        }
    }

    /// The name that `type(x)` gives at run time.
    public var runtimeName: String {
        switch self {
        case .null: "null_type"
        case .list: "list"
        case .map: "map"
        case .type: "type"
        case .duration: "google.protobuf.Duration"
        case .timestamp: "google.protobuf.Timestamp"
        case .opaque(let name, _): name
        default: description
        }
    }
}
