/// A value as the host sees it: what goes into an ``Activation`` and what a ``Program`` returns.
///
/// Equality and hashing are by kind and exact value: `int` 1 is not `double` 1.0, and texts are
/// compared by code points, without Unicode normalisation.
public indirect enum Value: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A 64-bit signed number.
    case int(Int64)
    /// A 64-bit unsigned number.
    case uint(UInt64)
    /// A floating-point number.
    case double(Double)
    /// Text.
    case string(String)
    /// Octets.
    case bytes([UInt8])
    /// Elements in order.
    case list([Value])
    /// Entries without order; keys are bool, int, uint or string.
    case map([Value: Value])
    /// A span of time; kept to the nanosecond.
    case duration(Duration)
    /// A point in time.
    case timestamp(Timestamp)
    /// A type, by the name that `type(x)` gives it.
    case type(String)
    /// A value that may be none.
    case optional(Value?)
    /// A value of a library's own type: the type's name and its text.
    case opaque(type: String, text: String)
}

extension Value: Hashable {
    /// Same kind and same content.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.uint(let left), .uint(let right)): left == right
        case (.double(let left), .double(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.map(let left), .map(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.timestamp(let left), .timestamp(let right)): left == right
        case (.type(let left), .type(let right)): left == right
        case (.optional(let left), .optional(let right)): left == right
        case (.opaque(let left, let leftText), .opaque(let right, let rightText)):
            left == right && leftText == rightText
        default: false
        }
    }

    /// Hashes kind and content.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .uint(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value)
        case .string(let value):
            for byte in value.utf8 { hasher.combine(byte) }
        case .bytes(let value): hasher.combine(value)
        case .list(let value): hasher.combine(value)
        case .map(let value): hasher.combine(value.count)
        case .duration(let value): hasher.combine(value)
        case .timestamp(let value): hasher.combine(value)
        case .type(let value): hasher.combine(value)
        case .optional(let value): hasher.combine(value)
        case .opaque(let type, let text):
            hasher.combine(type)
            hasher.combine(text)
        }
    }
}

extension Value:
    ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A bool.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An int.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A double.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A list.
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
    /// A map; of equal keys the last counts.
    public init(dictionaryLiteral entries: (Value, Value)...) {
        self = .map(Dictionary(entries) { $1 })
    }
}

extension Value {
    /// The kind of cell that holds such a value.
    public var kind: Kind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        case .duration: .duration
        case .timestamp: .timestamp
        case .type: .type
        case .optional: .optional
        case .opaque: .opaque
        }
    }
}

extension Value {
    /// A map's entries in an order that depends on the keys alone: bools, ints, uints, then texts.
    static func sorted(_ entries: [Value: Value]) -> [(key: Value, value: Value)] {
        entries.sorted { $0.key.precedes($1.key) }
    }

    private func precedes(_ other: Value) -> Bool {
        switch (self, other) {
        case (.bool(let left), .bool(let right)): !left && right
        case (.int(let left), .int(let right)): left < right
        case (.uint(let left), .uint(let right)): left < right
        case (.string(let left), .string(let right)):
            left.utf8.lexicographicallyPrecedes(right.utf8)
        default: kind.rawValue < other.kind.rawValue
        }
    }
}
