import CEL
import JSON
import Pipeline

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

    /// Whether there is such a member, be it `null`.
    func has(_ name: String) -> Bool { isObject && node[name] != nil }

    var bool: Bool? { node.bool }
    /// Clean of control characters.
    var text: String? { node.string.map(PlainText.line) }
    /// As it is.
    var wholeText: String? { node.string }
    /// A whole number, also as a text.
    var int: Int64? { node.int ?? node.string.flatMap { Int64($0) } }

    /// A wait, as a number of `unit` with or without a fraction, also as a text.
    func wait(in unit: Duration = .seconds(1)) -> Duration? {
        if let text = node.string { return Self.wait(inText: text, in: unit) }
        return (node.int.map(Double.init) ?? node.double).flatMap { Self.wait($0, in: unit) }
    }

    /// The same of the value of a header.
    static func wait(inText text: String, in unit: Duration = .seconds(1)) -> Duration? {
        Double(text).flatMap { wait($0, in: unit) }
    }

    /// One in the past is none at all, and none is longer than ``longestWait``; milliseconds are
    /// rounded up.
    private static func wait(_ number: Double, in unit: Duration) -> Duration? {
        // A text such as `nan` is a number to Swift, and no time to wait.
        guard !number.isNaN else { return nil }
        let milliseconds = number * Double(unit.wholeMilliseconds)
        let longest = Double(longestWait.wholeMilliseconds)
        return .milliseconds(Int64(min(max(milliseconds, 0), longest).rounded(.up)))
    }

    /// Longer than anybody obeys: channels cut it to ``HTTPVerdict/longestPause``.
    static let longestWait: Duration = .seconds(86_400)

    /// The texts of a list.
    var texts: [String] {
        guard node.kind == .list else { return [] }
        return node.elements.compactMap { $0.string.map(PlainText.line) }
    }
}
