import CEL
import Pipeline

// Values of the rule language as JSON.
extension JSONText {
    /// The value with its members in order; what JSON has no form for becomes a text.
    static func value(_ node: Tape.Node) -> String {
        switch node.kind {
        case .list: array(node.elements.map { value($0) })
        case .object: object(node.members.map { ($0.name, value($0.value)) })
        case .map: object(node.entries.map { (ValueText.text(of: $0.key.value), value($0.value)) })
        default: value(node.value)
        }
    }

    static func value(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool(let bool): bool ? "true" : "false"
        case .int(let int): String(int)
        case .uint(let uint): String(uint)
        // JSON has no number for the infinite.
        case .double(let double): double.isFinite ? "\(double)" : "null"
        case .list(let elements): array(elements.map { Self.value($0) })
        case .map(let entries):
            object(
                entries.map { (ValueText.text(of: $0.key), Self.value($0.value)) }
                    .sorted { $0.0 < $1.0 })
        case .optional(let value): value.map { Self.value($0) } ?? "null"
        case .bytes(let bytes): string(Base64.text(bytes))
        case .string, .duration, .timestamp, .type, .opaque: string(ValueText.text(of: value))
        }
    }
}
