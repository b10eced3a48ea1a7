import CEL
import JSON

/// A service's answer in JSON, read with patience: what is of another kind than expected is not
/// there, so that a field nobody needs never turns a success into a failure.
struct ReplyJSON {
    private let node: Tape.Node

    private init(_ node: Tape.Node) { self.node = node }

    /// Nil when it is no JSON.
    init?(_ body: [UInt8]) {
        guard let tape = try? JSON.parse(body) else { return nil }
        node = tape.root
    }

    var isObject: Bool { node.kind == .object || node.kind == .map }

    /// A member that is not `null`.
    subscript(name: String) -> ReplyJSON? {
        guard isObject, let member = node[name], !member.isNull else { return nil }
        return ReplyJSON(member)
    }

    var bool: Bool? { node.bool }
    /// Clean of control characters.
    var text: String? { node.string.map(PlainText.line) }
    /// As it is.
    var wholeText: String? { node.string }
    /// A whole number, also as a text.
    var int: Int64? { node.int ?? node.string.flatMap { Int64($0) } }
    var seconds: Double? { node.double ?? node.string.flatMap { Double($0) } }

    /// The texts of a list.
    var texts: [String] {
        guard node.kind == .list else { return [] }
        return node.elements.compactMap { $0.string.map(PlainText.line) }
    }
}
